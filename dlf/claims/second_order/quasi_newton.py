"""L-BFGS beside Adam, AdaHessian beside AdamW: design of C53."""

from collections.abc import Sequence

import numpy as np

from dlf.claims.second_order.races import GRIDS, Race, measure, medians
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import estimate, family, ratio

PAIR = ("L-BFGS", "Adam")
DIAGONAL = ("AdaHessian", "AdamW", "AdaHessian, b2 = 0.9")
CELLS = {
    "(a) D8, logistic": Race(
        data="D8", hidden=0, target=1e-3, budget=5_000, arms=PAIR
    ),
    "(a) D8, MLP 1×32": Race(
        data="D8", hidden=32, target=1e-3, budget=3_000, arms=PAIR
    ),
    "(a) M1, MLP 1×32": Race(
        data="M1", hidden=32, target=0.1, budget=3_000, arms=PAIR
    ),
    "(b) D8, MLP 1×32": Race(
        data="D8", hidden=32, target=1e-2, budget=3_000, arms=DIAGONAL
    ),
    "(b) M1, MLP 1×32": Race(
        data="M1", hidden=32, target=0.5, budget=3_000, arms=DIAGONAL
    ),
}


def judge(view: dict) -> tuple[Outcome, ...]:
    """Set the rival's evaluations over those of the claimed method."""
    found, level = [], family(len(CELLS))
    for cell, kept in view.items():
        first, rival, *others = CELLS[cell].arms
        rule = ratio(0.5 if cell.startswith("(a)") else 0.8)
        for arm in (first, *others):
            e = estimate(np.log(kept[rival] / kept[arm]), level)
            name = cell if arm == first else f"{cell}, b2 = 0.9"
            note = medians(kept, (arm, rival))
            edges = at_edge(kept.get("found", {}), (arm, rival))
            note += "".join(f"; {a} at the edge of its grid" for a in edges)
            counted = arm == first
            found.append(
                Outcome(name, rule(e), e, "ratio", rule, note, counted)
            )
    return tuple(found)


def at_edge(found: dict, arms: Sequence[str]) -> list[str]:
    """List the arms whose best rate is the least or the largest tried."""
    tried = {
        arm: [float(setting) for setting in found["tuning"][arm]]
        for arm in arms
        if found and arm not in GRIDS
    }
    return [
        arm
        for arm, rates in tried.items()
        if found["chosen"][arm] in (min(rates), max(rates))
    ]


C53 = Measured(
    number="C53",
    title="L-BFGS and AdaHessian: curvature without a Hessian pays",
    sources=(
        Source("S4", "§1.1.2", "Approximate Hessian inverse"),
        Source("S0", "abstract", "L-BFGS, AdaHessian"),
    ),
    hypothesis=(
        "With all examples in every gradient, (a) L-BFGS reaches a training "
        "loss with at most half of Adam's evaluations of the gradient; (b) "
        "AdaHessian, its product with the Hessian counted as one more, reaches "
        "it with at most 0.8 of AdamW's."
    ),
    rule=(
        "Evaluations until the loss is first met, those of the line search "
        "included; a miss counts as the budget. (a) R(ratio 0.5) on logistic "
        "regression and on MLP 1×32 of tanh on D8, and on MLP 1×32 on M1; (b) "
        "R(ratio 0.8) on MLP 1×32 on D8 and on M1. A thousand examples, ten "
        "seeds, five intervals widened together. Five learning rates for "
        "Adam, AdamW and AdaHessian, half-decades, extended at an edge; five "
        "lengths of history for L-BFGS; three tuning seeds. AdaHessian with "
        "b2 = 0.9, tuned alike, asks whether its long memory is what counts: "
        "background. No weight decay."
    ),
    literature=(
        "Liu and Nocedal (1989); Le et al. (2011): L-BFGS and CG are "
        "competitive with large batches. Yao et al. (2021): AdaHessian ahead "
        "of Adam and AdamW in the final accuracy of stochastic training, with "
        "averaging over blocks, which is not tried here."
    ),
    expects=("supported", "mixed", "mostly supported"),
    cuts=(
        "The control at batches of 64 is not measured; the page shows L-BFGS "
        "with changing batches live. M1 added as a second data set. One signs "
        "vector a step, no averaging over blocks."
    ),
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=10,
)
