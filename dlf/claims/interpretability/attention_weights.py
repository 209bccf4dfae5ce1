"""C122: do attention weights say what decides a prediction?

What is trained and measured stands in `attention`.
"""

from dataclasses import replace

from dlf.claims.interpretability import attention
from dlf.experiments import statistics
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import OPPOSITE, UNCLEAR, at_least

LEAST = 0.4

WEIGHED = {
    f"{called}, depth {depth}": attention.Attention(
        task=task, depth=depth, steps=steps, items=200
    )
    for called, task, steps in (
        ("planted votes", "votes", 1500),
        ("characters", "characters", 1500),
        ("IMDB", "films", 800),
    )
    for depth in (1, 2)
}


def weighed(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge each task and depth by tau and by its lead over the gradient."""
    level = statistics.family(len(view))
    found = [_weighed(name, v, level) for name, v in view.items()]
    return tuple(o for pair in found for o in pair)


def _weighed(name: str, v: dict, level: float) -> tuple[Outcome, ...]:
    tau = statistics.estimate(v["attention"], level)
    lead = statistics.estimate(v["attention"] - v["gradient"], level)
    verdict = at_least(tau, LEAST)
    if lead.high < 0:
        verdict = OPPOSITE
    note = (
        f"gradient × input {v['gradient'].mean():.2f}, difference "
        f"{lead.mean:.2f} [{lead.low:.2f}, {lead.high:.2f}]"
    )
    main = Outcome(name, verdict, tau, "τ", note=note)
    said = [
        f"accuracy {v['right'].mean():.2f}",
        f"shuffled weights move {v['moved'].mean():.2f} of the probability",
        f"top token by weight is top by removal in {v['same top'].mean():.2f}",
    ]
    if "attention, truth" in v:
        known = (f"{v[f'{n}, truth'].mean():.2f}" for n in
                 ("attention", "gradient", "removal"))  # fmt: skip
        said.append(
            "τ with what tokens are worth: attention {}, gradient × input {}, "
            "removal {}".format(*known)
        )
    control = Outcome(
        f"{name}: controls", UNCLEAR, note="; ".join(said), counted=False
    )
    return main, control


def votes_here() -> dict[str, dict]:
    """Run the planted task on a page, three fresh seeds, shorter."""
    from dlf.experiments import store

    name = "planted votes, depth 1"
    few = replace(
        WEIGHED[name],
        seeds=3,
        first=200,
        steps=400,
        items=30,
        dtype="float64",
    )
    return store.plain({name: C122.measured(few)})


C122 = Measured(
    number="C122",
    title="Attention weights tell importance",
    sources=(
        Source("S0", "§2.4", "weigh the importance of each part"),
        Source("S0", "§2.4", "decide which other words it should focus on"),
    ),
    hypothesis=(
        "Within a sequence, Kendall's τ between the attention weight of a "
        "token and the size of the change of the loss when the token is "
        "removed is at least 0.4, and no lower than τ of the size of gradient "
        "× input: with one layer of attention and with two (width 64), for "
        "planted votes, next characters and IMDB reviews."
    ),
    rule=(
        "A cell is a task and a depth. Supported if the interval of the mean τ "
        "lies at or above 0.4 and that of the difference to gradient × input "
        "does not lie below 0; refuted if the former lies below 0.4 or the "
        "latter below 0; six cells, intervals widened together. The weights "
        "are those of the last layer's readout token, one head; a removed "
        "token is seen by no query; five seeds, 200 test items each."
    ),
    literature=(
        "Jain and Wallace (2019): weak correlation with gradients and "
        "leave-one-out, and shuffled weights often change little; Wiegreffe "
        "and Pinter (2019): it depends on what counts as an explanation."
    ),
    expects=("holds in part", "does not hold"),
    cuts="200 test items instead of 500.",
    replica=votes_here,
    here="One layer, planted votes; three fresh seeds, 400 steps, 30 items.",
    cells=WEIGHED,
    measure=attention.measure,
    judge=weighed,
    seeds=5,
)
