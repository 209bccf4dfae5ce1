"""Claims about interpretability: C122, C123, C124.

What is trained and measured stands in the modules `interpretability_…`.
"""

from typing import Any

import numpy as np

from dlf.experiments import interpretability_attention as attention
from dlf.experiments import interpretability_shortcut as shortcut
from dlf.experiments import interpretability_sparse as sparse
from dlf.experiments import statistics
from dlf.experiments.core import Measured, Outcome, Source, assemble
from dlf.experiments.judging import UNTESTABLE
from dlf.experiments.statistics import (
    REFUTED,
    SUPPORTED,
    UNDECIDED,
    larger,
    not_worse,
    ratio,
)

# C122: attention weights

LEAST = 0.4
WEIGHED = {
    f"{called}, depth {depth}": {
        "task": task,
        "depth": depth,
        "steps": steps,
        "items": 200,
    }
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
    verdict = UNDECIDED
    if tau.high < LEAST or lead.high < 0:
        verdict = REFUTED
    elif tau.low >= LEAST:
        verdict = SUPPORTED
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
        f"{name}: controls", UNDECIDED, note="; ".join(said), counted=False
    )
    return main, control


def votes_here() -> dict[str, dict]:
    """Run the planted task on a page, three fresh seeds, shorter."""
    from dlf.experiments import records

    here = {"seeds": 3, "first": 200, "steps": 400, "items": 30}
    name = "planted votes, depth 1"
    cell = C122.cells[name] | here | {"dtype": "float64"}
    return records.plain({name: C122.measured(cell)})


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

# C123: sparsity

CODED = {
    f"{data} {model}": {
        "data": data,
        "model": model,
        "steps": 800,
        "rate": 1e-3 if data == "G28" else 3e-3,
    }
    for data in ("D8", "G28")
    for model in ("classifier", "autoencoder")
}


def coded(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge selectivity, decoding from five units, and what it costs."""
    level = statistics.family(3 * len(view))
    found = []
    for name, v in view.items():
        plain, few = v["plain"], v["sparse"]
        effects = (
            (
                "(a) selectivity, sparse over plain",
                np.log(few["selectivity"] / plain["selectivity"]),
                ratio(1.2),
                "ratio",
                f"untrained {v['untrained']['selectivity'].mean():.2f}, plain "
                f"{plain['selectivity'].mean():.2f}",
            ),
            (
                "(b) accuracy from five units − 80",
                few["five"] - 0.8,
                larger(0.0),
                "points",
                f"plain {100 * plain['five'].mean():.0f}, sparse "
                f"{100 * few['five'].mean():.0f}",
            ),
            (
                "(c) accuracy, sparse − plain",
                few["right"] - plain["right"],
                not_worse(0.01),
                "points",
                f"L1 penalty {v['found']['penalty']:g}, "
                f"{100 * few['zeros'].mean():.0f} % zeros",
            ),
        )
        for what, values, rule, unit, note in effects:
            e = statistics.estimate(values, level)
            cell = f"{name}, {what}"
            found.append(Outcome(cell, rule(e), e, unit, rule, note))
    return tuple(found)


def as_stated(outcomes: Any) -> tuple[str, str]:
    """Keep the sentence untestable; say what the sharpened one came to."""
    verdict, reason = assemble(outcomes)
    return UNTESTABLE, f"the sharpened hypothesis: {verdict}; {reason}"


def coded_here() -> dict[str, dict]:
    """Run the digits' classifier at the recorded penalty, four fresh seeds."""
    from dlf.experiments import records

    name = "D8 classifier"
    found = records.load("C123")["runs"][name]["found"]
    here = {"seeds": 4, "first": 200, "dtype": "float64", "steps": 400}
    return records.plain({name: C123.measured(C123.cells[name] | here | found)})


C123 = Measured(
    number="C123",
    title="Sparsity improves interpretability",
    sources=(Source("S2", "Sparsity", "improving interpretability"),),
    hypothesis=(
        "As stated it names no measure and no reader. Sharpened: with an L1 "
        "penalty on 64 hidden activations (a) the mean class selectivity of "
        "units rises by 20 % or more, (b) the class is decoded from five units "
        "with 80 % accuracy or more, (c) at a loss of accuracy of one point at "
        "most: for a classifier and an autoencoder, on D8 and G28."
    ),
    rule=(
        "(a) R(ratio 1.2), (b) R(0) on the accuracy less 80 %, (c) not worse "
        "by 1 point; twelve cells, intervals widened together. The penalty is "
        "the largest that costs at most a point of validation accuracy on "
        "seeds 10 to 12. The five units are chosen on training examples, and "
        "classes decoded by a linear discriminant; an autoencoder's accuracy "
        "is that of the discriminant on all units. The sentence itself stays "
        "untestable, whatever comes out."
    ),
    literature=(
        "Olshausen and Field (1996): sparse codes of images look like edges; "
        "Morcos et al. (2018): selective units are not the important ones; "
        "no reader was asked in either."
    ),
    expects=(UNTESTABLE,),
    cuts="On G28 2,000 training and 1,000 test images.",
    mode="live",
    replica=coded_here,
    here="The classifier on D8; four fresh seeds, 400 steps.",
    cells=CODED,
    measure=sparse.measure,
    judge=coded,
    conclude=as_stated,
    seeds=10,
)

# C124: shortcuts

PLANTED = {
    f"{data}, {kind}": {"data": data, "kind": kind, "steps": 400}
    for data in ("D8", "G28")
    for kind in ("pixel", "texture")
}
SEEN, FALSE = 0.9, 0.1


def planted(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge whether maps show what nets rely on, and nothing else."""
    level = statistics.family(len(view) * len(shortcut.METHODS))
    return tuple(
        _shown(f"{name}, {method}", v, method, level)
        for name, v in view.items()
        for method in shortcut.METHODS
    )


def _shown(name: str, v: dict, method: str, level: float) -> Outcome:
    relies = v["drop"] >= shortcut.LOSS
    true, false = v[method][relies], v[method][~relies]
    if not len(true) or not len(false):
        return Outcome(name, UNDECIDED, note="no nets to compare")
    hit, alarm = (
        statistics.share(int(shown.sum()), len(shown), level)
        for shown in (true, false)
    )
    verdict = UNDECIDED
    if hit.low >= SEEN and alarm.high <= FALSE:
        verdict = SUPPORTED
    elif hit.high < SEEN or alarm.low > FALSE:
        verdict = REFUTED
    raw = v[f"{method}, untrained"].mean()
    note = (
        f"of those that rely {hit.n} nets; without: shown by "
        f"{int(false.sum())} of {alarm.n}; before training by {100 * raw:.0f} %"
    )
    return Outcome(name, verdict, hit, "points", note=note)


def planted_here() -> dict[str, dict]:
    """Run the digits on a page, three fresh seeds."""
    from dlf.experiments import records

    here = {"seeds": 3, "first": 200, "dtype": "float64", "steps": 200}
    name = "D8, texture"
    return records.plain({name: C124.measured(C124.cells[name] | here)})


C124 = Measured(
    number="C124",
    title="Interpretability ensures responsible deployment",
    sources=(
        Source(
            "S0",
            "§12",
            "interpretability and ethical considerations ensure responsible "
            "deployment",
        ),
    ),
    hypothesis=(
        "As stated it names no measure of responsibility. Sharpened: a map of "
        "pixels shows a planted shortcut whenever the net relies on it, and "
        "never when it does not; this for a corner pixel and for a faint "
        "texture over a quarter of the image, on D8 and G28, by gradient, "
        "gradient × input and occlusion."
    ),
    rule=(
        "A net relies on the shortcut if randomising it in test images costs 3 "
        "points of accuracy or more. The mean map shows it if half or more of "
        "its |S| strongest pixels are among the |S| pixels of the shortcut. A "
        "cell is a data set, a shortcut and a method: supported if the share "
        "shown among nets that rely has a lower bound of 0.9 or more and the "
        "share shown among the others an upper bound of 0.1 or less; refuted "
        "if the former's upper bound is below 0.9 or the latter's lower bound "
        "above 0.1. Twelve cells, exact intervals widened together; 60 nets at "
        "each of four reliances. The sentence itself stays untestable."
    ),
    literature=(
        "Adebayo et al. (2018): some maps hardly depend on the weights; "
        "(2022): maps do not reveal shortcuts that no reader looks for."
    ),
    expects=(UNTESTABLE,),
    cuts="On G28 2,000 training and 500 test images.",
    mode="live",
    replica=planted_here,
    here="D8, the texture; three fresh seeds (12 nets a reliance), 200 steps.",
    cells=PLANTED,
    measure=shortcut.measure,
    judge=planted,
    conclude=as_stated,
    seeds=15,
)
