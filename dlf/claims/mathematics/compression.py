"""C1: does the singular value decomposition compress trained networks?

What is trained stands in `rank`, what is proved in `exact`.
"""

from dataclasses import dataclass, replace

import numpy as np

from dlf.claims.mathematics import exact
from dlf.experiments import statistics
from dlf.experiments.cards import outcome
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome

DATA = "D8", "M1"

POINT, TAU = 0.01, 0.2


@dataclass(frozen=True, kw_only=True)
class Nets(Cell):
    """What is done to nets on some data; rate and steps, if not the usual."""

    do: str
    data: str
    rate: float | None = None
    steps: int | None = None


def measure(cell: Nets, seeds: list[int]) -> dict:
    """Train nets and squeeze them, or rank them by their gap."""
    from dlf.claims.mathematics import rank

    return {"squeeze": rank.squeeze, "gap": rank.ranked}[cell.do](cell, seeds)


CONTRASTS = (
    ("(b) SVD, against whole", "svd", "full", statistics.not_worse(POINT)),
    ("(c) SVD, against pruning", "svd", "pruned", statistics.larger(POINT)),
    ("SVD, against pruning without indices", "svd", "pruned, no indices",
     statistics.larger(POINT)),
    ("SVD, against random", "svd", "random", statistics.larger(POINT)),
    ("weighted by inputs, against SVD", "weighted", "svd",
     statistics.larger(POINT)),
)  # fmt: skip


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide (a) to (d)."""
    holds, note = exact.nearest()
    outcomes = [outcome("(a) nearest matrix", holds, note, counted=False)]
    level = statistics.family(6)
    for name in DATA:
        if name not in view:
            continue
        arms = view[name]
        for cell, ours, other, rule in CONTRASTS:
            e = statistics.estimate(arms[ours] - arms[other], level)
            outcomes.append(
                Outcome(
                    f"{cell}, {name}",
                    rule(e),
                    e,
                    "points",
                    rule,
                    counted=cell.startswith("("),
                )
            )
    rule = statistics.larger(TAU)
    for name in DATA:
        if f"{name} gap" in view:
            runs = view[f"{name} gap"]
            tau = [
                statistics.kendall(r, g)
                for r, g in zip(runs["rank"], runs["gap"], strict=True)
            ]
            e = statistics.estimate(np.array(tau), level)
            cell = f"(d) stable rank and gap, {name}"
            outcomes.append(Outcome(cell, rule(e), e, "τ", rule))
    return tuple(outcomes)


def again() -> dict[str, dict]:
    """Train five nets on D8 for 300 steps at the recorded rate."""
    from dlf.experiments import store

    rate = store.load("C1")["runs"]["D8"]["found"]["rate"]
    cell = replace(
        CELLS["D8"], seeds=5, first=300, dtype="float64", rate=rate, steps=300
    )
    return store.plain({"D8": C1.measured(cell)})


CELLS = {
    **{name: Nets(do="squeeze", data=name, first=200) for name in DATA},
    **{f"{name} gap": Nets(do="gap", data=name, first=200) for name in DATA},
}


C1 = Measured(
    number="C1",
    title="SVD for compression, and for capacity",
    sources=(
        Source(
            "S4",
            "§1.1.1",
            "crucial for understanding network capacity and compression",
        ),
    ),
    hypothesis=(
        "“Crucial for compression”: in trained MLPs with two hidden layers of "
        "128, truncated to the largest rank that keeps half of the stored "
        "weights, the SVD (b) loses less than 1 point of test accuracy and (c) "
        "is at least 1 point better than magnitude pruning with as many stored "
        "numbers. “Crucial for understanding capacity”: (d) among nets of one "
        "width the stable rank of the hidden layers' weights ranks them by "
        "their gap between training and test accuracy."
    ),
    rule=(
        "On D8 and on M1: (b) not worse, margin 1 point; (c) R(1 point), where "
        "a pruned matrix stores an index beside every weight, so that it keeps "
        "half as many weights as numbers; (d) R(0.2) on Kendall's τ of the "
        "mean log stable rank with the gap over twelve nets a seed (three "
        "rates, weight decay 0 and 0.001, labels as they are and a fifth of "
        "them random, equal steps). Six cells, intervals widened together. No "
        "fine-tuning; one rate for all, chosen by validation accuracy before "
        "truncation. (a) That no matrix of that rank is nearer is exact; "
        "pruning without counting indices, a random subspace and an SVD "
        "weighted by the layer's inputs are shown and not counted."
    ),
    literature=(
        "Eckart and Young (1936), Mirsky (1960) prove (a). Xue, Li and Gong "
        "(2013): SVD of speech nets, retrained. Denton et al. (2014): "
        "convolutions about twice as fast at 1 % loss, after tuning. Han et "
        "al. (2015): pruning to a tenth, after retraining."
    ),
    expects=("mixed", "mostly not", "mostly supported"),
    cuts="1,000 steps of momentum SGD, batches of 100; no D8-200.",
    mode="live",
    cells=CELLS,
    measure=measure,
    judge=judge,
    replica=again,
    here="Five fresh seeds of D8, 300 steps, float64; no ranking.",
)
