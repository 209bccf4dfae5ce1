"""One claim about graphs, C103, and the published figures beside it.

What is compared and trained stands in the modules `graphs_…` beside this one.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from dlf.claims.graphs import depth, published, training
from dlf.claims.graphs.cells import Network
from dlf.experiments import statistics
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import Estimate, Rule, equivalent, larger

NETWORKS = ("karate", "cora", "citeseer", "pubmed")

CALLED = {
    "karate": "karate club",
    "cora": "Cora",
    "citeseer": "CiteSeer",
    "pubmed": "PubMed",
}

MODELS = {
    "gcn": "GCN",
    "gat": "GAT",
    "gat as written": "GAT as written",
    "gat by loss": "GAT stopped by loss",
}


CELLS = {
    "karate": Network(network="karate", tuning=10),
    **{name: Network(network=name) for name in NETWORKS[1:]},
    **{
        f"{name}, {model}": Network(network=name, model=model)
        for model in MODELS
        for name in published.PUBLISHED[model]
    },
    "cora, depth": Network(network="cora", depths=True, seeds=5),
}


def measure(cell: Network, seeds: list[int]) -> dict[str, Any]:
    """Measure a cell by the module that its settings name."""
    if cell.model:
        return published.measure(cell, seeds)
    if cell.depths:
        return depth.measure(cell, seeds)
    return training.measure(cell, seeds)


def judge(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge (a), (b) and (c) on each network; report the rest."""
    there = [n for n in NETWORKS if n in view]
    level = statistics.family(3 * len(there))
    outcomes = [o for n in there for o in parts(CALLED[n], view[n], level)]
    outcomes += [
        reported(model, name, view[f"{name}, {model}"])
        for model in MODELS
        for name in published.PUBLISHED[model]
        if f"{name}, {model}" in view
    ]
    if "cora, depth" in view:
        outcomes += depths(view["cora, depth"])
    return tuple(outcomes)


def parts(name: str, cell: dict, level: float) -> list[Outcome]:
    """Judge one network: the gain, its cause, and whether it is unique."""
    rival = cell["found"]["rival"]
    gain = cell["gcn"] - cell["mlp"]
    lost = cell["gcn"] - cell["rewired"]
    means = {arm: 100 * cell[arm].mean() for arm in training.ARMS}
    share = lost.mean() / gain.mean() if gain.mean() > 0 else np.nan
    effects = (
        ("(a) GCN − MLP", gain, larger(0.03), f"{means['mlp']:.1f} by MLP"),
        (
            "(b) lost by rewiring − 80 % of (a)",
            lost - 0.8 * gain,
            larger(0.0),
            f"rewiring takes {100 * share:.0f} % of the gain",
        ),
        (
            f"(c) GCN − {rival.upper()}",
            cell["gcn"] - cell[rival],
            larger(0.01),
            f"GCN {means['gcn']:.1f}, SGC {means['sgc']:.1f}, "
            f"LP {means['lp']:.1f}",
        ),
    )
    return [
        outcome(f"{name}, {what}", values, rule, note, level)
        for what, values, rule, note in effects
    ]


def outcome(
    cell: str, values: np.ndarray, rule: Rule, note: str, level: float
) -> Outcome:
    """Judge one effect by its rule."""
    e = statistics.estimate(values, level)
    return Outcome(cell, rule(e), e, "points", rule, note)


def reported(model: str, name: str, cell: dict) -> Outcome:
    """Set accuracy on the standard split beside the published one."""
    paper = published.PUBLISHED[model][name]
    e = statistics.estimate(cell["test"] - paper)
    rule = equivalent(0.01)
    here = Estimate(*(100 * (v + paper) for v in e[:3]), *e[3:])
    note = f"{here.mean:.1f} [{here.low:.1f}, {here.high:.1f}] against "
    note += f"{100 * paper:.1f} published"
    cell_name = f"{CALLED[name]}, standard split, {MODELS[model]} − published"
    return Outcome(cell_name, rule(e), e, "points", rule, note, counted=False)


def depths(cell: dict) -> list[Outcome]:
    """Report what depth costs a GCN, and the same layers without messages."""
    outcomes = []
    for arm, called in (("gcn", "GCN"), ("mlp", "MLP")):
        e = statistics.estimate(cell[arm][:, 1] - cell[arm][:, -1])
        rule = larger(0.01)
        means = 100 * cell[arm].mean(axis=0)
        note = "depth 1 to 8: " + ", ".join(f"{m:.0f}" for m in means)
        outcomes.append(
            Outcome(
                f"Cora, {called}: depth 2 − depth 8",
                rule(e),
                e,
                "points",
                rule,
                note,
                counted=False,
            )
        )
    return outcomes


def small() -> dict[str, dict]:
    """Run the karate club at the recorded settings, on other splits."""
    from dlf.experiments import store

    found = store.load("C103")["runs"]["karate"]["found"]
    cell = replace(
        CELLS["karate"], found=found, seeds=10, first=200, dtype="float64"
    )
    return store.plain({"karate": C103.measured(cell)})


C103 = Measured(
    number="C103",
    title="Graph networks have unique capabilities for graph data",
    sources=(
        Source(
            "S0",
            "§12 (in other words S4 §1.9.1)",
            "GNNs offer unique capabilities for graph-structured data",
        ),
    ),
    hypothesis=(
        "(a) A graph convolutional network labels nodes better than the same "
        "network without edges, by 3 points or more. (b) The edges are the "
        "cause: rewiring them, every degree kept, removes 80 % or more of the "
        "gain. (c) “Unique”: it beats the better of two methods that use the "
        "edges without being such a network, label propagation (LP) and "
        "logistic regression on propagated features (SGC), by 1 point or more."
    ),
    rule=(
        "Four networks, 20 random splits each: (a) R(3 points), (c) R(1 "
        "point), (b) the loss less 0.8 of the gain, R(0). Every arm, the "
        "rewired network among them, is tuned alike by validation on seeds 10 "
        "to 12 (karate club: 10 to 19): five rates times three decays (for LP "
        "restart and steps), and "
        "its best is run once on seeds 100 to 119; the rival in (c) is the one "
        "with the better validation. The twelve intervals are widened "
        "together; on the karate club, with 20 test members, members are "
        "resampled too. Standard splits and depths are reported, not counted; "
        "there “supported” means within one point of the published figure."
    ),
    literature=(
        "Kipf and Welling (2017): Cora 81.5 against 55.1 by an MLP. Wu et al. "
        "(2019), Huang et al. (2021): simple propagation matches. Shchur et "
        "al. (2018): the ranking changes with the split."
    ),
    expects=("holds in part",),
    cuts=(
        "Width, dropout and the number of steps are fixed, not tuned; depths "
        "have five seeds; GAT takes at most 1,000 steps. After a first run, "
        "in which GAT on PubMed came out 1.2 points low, two of the rows that "
        "are reported and not counted were dropped and “stopped by loss” was "
        "added; what counts ran again as it was."
    ),
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=20,
    replica=small,
    here="It runs ten other splits of the karate club at the recorded rates.",
)
