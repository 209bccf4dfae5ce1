"""Max pooling against no pooling and against strides: design of C92."""

from dataclasses import replace
from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, not_worse
from dlf.stacked import recipes
from dlf.stacked.image_recipes import Images

CELLS = {
    "G14": Images(data="G14", classes=36, seeds=10),
    "FM": Images(data="FM", seeds=10),
}
#: channels of nets without pooling, for about equally many multiply-adds
NARROW = {"G14": 3, "FM": 4}
ARMS = {
    "max": {"shrink": "max"},
    "none": {"shrink": "none"},
    "stride": {"shrink": "stride"},
}


def train(
    cell: Images, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train an arm's nets; without pooling they are narrower.

    Args:
        cell: data and training.
        arm: of `ARMS`.
        settings: learning rates.
        seeds: of data, weights and batches.
    """
    from dlf.stacked import image_recipes

    size = NARROW[cell.data] if arm == "none" else cell.size
    cell = replace(cell, size=size, **ARMS[arm])
    return image_recipes.train(cell, settings, seeds)


def steadier(arms: dict) -> np.ndarray:
    """Give how much more often a shift by a pixel leaves the class."""
    return arms["max"]["agreement"] - arms["stride"]["agreement"]


C92 = Contrast(
    number="C92",
    title="Pooling keeps what matters and cuts cost",
    sources=(
        Source("S0", "§2.2", "preserving important information"),
        Source("S0", "§2.2", "lower computational cost"),
    ),
    hypothesis=(
        "(b) “Lower computational cost” without loss: at about equally many "
        "multiply-adds a net with max pooling is not worse than a narrower one "
        "without, by more than 0.5 point. (c) “Preserving important "
        "information”: with equally many parameters it is at least 0.5 point "
        "more accurate than one that halves its maps by strides of 2 instead, "
        "which looks at every other window only."
    ),
    rule=(
        "Not worse (margin 0.5 point) for (b), R(0.5 point) for (c), on "
        "printed characters of 36 classes (G14) and on Fashion-MNIST: four "
        "cells. Two 3 × 3 convolutions of C and 2C channels, dense; C = 8, "
        "without pooling 3 or 4: 101,376 multiply-adds against 103,680, and "
        "290,080 against 316,736. With strides convolutions cost a quarter. "
        "Momentum, batches of 100, 600 steps; four rates for each arm on three "
        "tuning seeds, 10 fresh seeds. That classes survive a shift by one "
        "pixel more often, by 2 points, is shown as background. “Important "
        "information” is tested by what the task needs."
    ),
    literature=(
        "Springenberg et al. (2015): strided convolutions in place of pooling "
        "lose nothing. R. Zhang (2019): pooling as it is used is not "
        "invariant to shifts."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts=(
        "That 2 × 2 pooling divides the multiply-adds of the next convolution "
        "by 4 (a) is exact and stands on the page. Mean pooling is left out."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.01, 0.0316, 0.1, 0.316),
    train=train,
    seeds=10,
    tuning=3,
    effects=(
        *(
            Effect(
                f"(b) {name}",
                (name,),
                recipes.gain("max", "none"),
                not_worse(0.005),
                words="lower computational cost",
            )
            for name in CELLS
        ),
        *(
            Effect(
                f"(c) {name}",
                (name,),
                recipes.gain("max", "stride"),
                larger(0.005),
                words="preserving important information",
            )
            for name in CELLS
        ),
        *(
            Effect(
                f"shift, {name}",
                (name,),
                steadier,
                larger(0.02),
                counted=False,
            )
            for name in CELLS
        ),
    ),
)
