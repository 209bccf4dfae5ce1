"""Batch norm against the scale of weights, and beside dropout: C71 and C72."""

from collections.abc import Callable

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, ratio
from dlf.stacked import recipes, regularized_recipes
from dlf.stacked.regularized_recipes import Regularized

FACTORS = (0.1, 0.316, 1.0, 3.16)
SCALED = {
    f"{name} × {factor:g}": {"norm": norm, "factor": factor}
    for name, norm in (("plain", ""), ("norm", "batch"))
    for factor in FACTORS
}
DEEP = {
    "M1, 4 layers": Regularized(data="M1", depth=4, first=200),
    "G14, 4 layers": Regularized(data="G14", classes=36, depth=4, first=200),
}


def spread(arms: dict) -> np.ndarray:
    """Give the log ratio of the ranges over scales, plain to batch norm."""

    def span(name: str) -> np.ndarray:
        of = np.stack([arms[f"{name} × {f:g}"]["test"] for f in FACTORS])
        return np.ptp(of, axis=0)

    return np.log(span("plain") / span("norm"))


C71 = Contrast(
    number="C71",
    title="Batch norm reduces sensitivity to initialization",
    sources=(
        Source("S1", "l.65", "Reduces sensitivity to weight initialization"),
    ),
    hypothesis=(
        "“Reduces sensitivity”: over initial weights of 0.1, 0.316, 1 and 3.16 "
        "times He's scale, each with its own best rate, the range of test "
        "accuracy is at most half as large with batch norm as without."
    ),
    rule=(
        "R(ratio 0.5) on the range over the four scales, in MLPs of four "
        "hidden layers on MNIST-1D and on printed characters of 36 classes. "
        "Four rates half a decade apart for each scale, with and without norm, "
        "chosen on two tuning seeds; 600 steps, ten fresh seeds."
    ),
    literature=(
        "Ioffe and Szegedy (2015). Van Laarhoven (2017): with norm the scale "
        "of the weights becomes a factor of the rate."
    ),
    expects=("supported", "mostly supported"),
    cuts="Four scales instead of five; two nets.",
    cells=DEEP,
    arms=tuple(SCALED),
    grid=(0.0316, 0.1, 0.316, 1.0),
    train=recipes.arms(SCALED, regularized_recipes.train),
    seeds=10,
    tuning=2,
    effects=tuple(
        Effect(
            cell,
            (cell,),
            spread,
            ratio(0.5),
            "ratio",
            words="reduces sensitivity",
        )
        for cell in DEEP
    ),
)

ARMS = {
    "plain": {},
    "norm": {"norm": "batch"},
    "dropout": {"dropout": 0.2},
    "both": {"norm": "batch", "dropout": 0.2},
}
CELLS = {
    "M1-1000": Regularized(data="M1", keep=1000, first=200),
    "M1": Regularized(data="M1", first=200),
    "G14": Regularized(data="G14", classes=36, first=200),
}


def relieved(arms: dict) -> np.ndarray:
    """Give dropout's gain without batch norm less that with it."""
    test = {name: arms[name]["test"] for name in ARMS}
    return (test["dropout"] - test["plain"]) - (test["both"] - test["norm"])


def each(
    part: str, of: Callable[[dict], np.ndarray], words: str
) -> tuple[Effect, ...]:
    """Make an effect of each cell."""
    return tuple(
        Effect(f"{part} {cell}", (cell,), of, larger(0.01), words=words)
        for cell in CELLS
    )


C72 = Contrast(
    number="C72",
    title="Batch norm generalizes, and makes dropout less needed",
    sources=(
        Source("S1", "l.247", "Improves generalization"),
        Source("S1", "l.167", "reducing … reliance on dropout"),
    ),
    hypothesis=(
        "(a) “Improves generalization”: with batch norm test accuracy is at "
        "least 1 point higher. (b) “Reducing reliance on dropout”: what a "
        "dropout of 0.2 adds to it is at least 1 point less with batch norm "
        "than without."
    ),
    rule=(
        "R(1 point) on test accuracy, and on the difference of dropout's two "
        "gains, in MLPs of two hidden layers on MNIST-1D with 4,000 and with "
        "1,000 training examples and on printed characters of 36 classes: six "
        "cells, intervals widened together. Five rates a quarter of a decade "
        "apart for each of the four arms, chosen on three tuning seeds; 600 "
        "steps, 40 fresh seeds. Dropout follows each "
        "activation, norm precedes it."
    ),
    literature=(
        "Ioffe and Szegedy (2015) drop dropout. Luo et al. (2019): batch norm "
        "as a regularizer that depends on the batch. Li et al. (2019): dropout "
        "before norm does harm."
    ),
    expects=("mixed", "supported", "mostly supported"),
    cuts=(
        "Generalization is the test accuracy of tuned nets, not that at equal "
        "training loss; the size of the batch is not varied; no CNN."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.0316, 0.0562, 0.1, 0.178, 0.316),
    train=recipes.arms(ARMS, regularized_recipes.train),
    seeds=40,
    tuning=3,
    effects=(
        *each("(a)", recipes.gain("norm", "plain"), "improves generalization"),
        *each("(b)", relieved, "reducing reliance on dropout"),
    ),
)
