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

SQUEEZED, PAIR = ("D8", "D8-200", "M1"), ("D8", "M1")

POINT, TAU = 0.01, 0.2


@dataclass(frozen=True, kw_only=True)
class Nets(Cell):
    """What is done to nets on some data, at a rate if it is known."""

    do: str
    data: str
    rate: float | None = None


def measure(cell: Nets, seeds: list[int]) -> dict:
    """Train nets and squeeze them, or rank them by their gap."""
    from dlf.claims.mathematics import rank

    return {"squeeze": rank.squeeze, "gap": rank.ranked}[cell.do](cell, seeds)


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide (a) to (d), with D8-200 where D8 is saturated."""
    holds, note = exact.nearest()
    outcomes = [outcome("(a) nearest matrix", holds, note, counted=False)]
    level = statistics.family(6)
    saturated = bool("D8" in view and view["D8"]["svd"].mean() > 0.98)
    for name in SQUEEZED:
        if name not in view:
            continue
        arms = view[name]
        counted = name == "M1" or (name == "D8-200") == saturated
        for cell, a, b, rule, ours in (
            ("(b) svd, against whole", "svd", "full",
             statistics.not_worse(POINT), True),
            ("(c) svd, against random", "svd", "random",
             statistics.larger(POINT), True),
            ("weighted by inputs, against svd", "weighted", "svd",
             statistics.larger(POINT), False),
        ):  # fmt: skip
            e = statistics.estimate(arms[a] - arms[b], level)
            outcomes.append(
                Outcome(
                    f"{cell}, {name}",
                    rule(e),
                    e,
                    "points",
                    rule,
                    counted=ours and counted,
                )
            )
    rule = statistics.larger(TAU)
    for name in PAIR:
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
    """Train five nets on D8 and on M1 at the recorded rates, for a replica."""
    from dlf.experiments import store

    kept = store.load("C1")["runs"]
    few = {
        name: replace(
            CELLS[name],
            seeds=5,
            first=200,
            dtype="float64",
            rate=kept[name]["found"]["rate"],
        )
        for name in PAIR
    }
    return store.plain({name: C1.measured(c) for name, c in few.items()})


CELLS = {
    **{name: Nets(do="squeeze", data=name) for name in SQUEEZED},
    **{f"{name} gap": Nets(do="gap", data=name) for name in PAIR},
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
        "(a) No matrix of rank r is nearer than the truncated SVD, in the "
        "Frobenius, the spectral or the nuclear norm. In trained MLPs with "
        "two hidden layers of 128, at the largest rank that keeps half of the "
        "stored weights, truncation (b) loses less than 1 point of test "
        "accuracy and (c) beats a random subspace of that rank by 1 point. "
        "(d) The stable rank of the hidden layers' weights ranks networks by "
        "their train–test gap."
    ),
    rule=(
        "(a) exact, with 200 competitors for each of four matrices. (b) not "
        "worse, margin 1 point, and (c) R(1 point), on D8 and on M1; where "
        "truncated nets exceed 98 % on D8, D8 with 200 training images counts "
        "in its place. (d) Kendall's τ over twelve nets (four widths at three "
        "rates, equal steps) of the mean log stable rank with the gap: "
        "R(0.2) on D8 and on M1. Seven cells, the six intervals widened "
        "together. No fine-tuning; one rate for all, chosen by validation "
        "accuracy before truncation. An SVD weighted by the layer's inputs "
        "is reported beside, not counted."
    ),
    literature=(
        "Eckart and Young (1936), Mirsky (1960) prove (a). Denil et al. "
        "(2013): most weights can be predicted from a few. Denton et al. "
        "(2014): convolutions about twice as fast at 1 % loss, after tuning."
    ),
    expects=("holds in part",),
    cuts="1,000 steps of momentum SGD, batches of 100.",
    mode="live",
    cells=CELLS,
    measure=measure,
    judge=judge,
    replica=again,
    here="Five seeds, float64, and no ranking by stable rank.",
)
