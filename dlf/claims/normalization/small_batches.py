"""Layer norm where batches are small: design of C76."""

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger
from dlf.stacked import recipes, regularized_recipes
from dlf.stacked.regularized_recipes import Regularized

ARMS = {"layer": {"norm": "layer"}, "batch": {"norm": "batch"}}
M1 = Regularized(data="M1", first=200, seeds=20)
G14 = Regularized(data="G14", classes=36, first=200, seeds=40)
SMALL = {"batch": 4, "steps": 3000, "grid": (0.001, 0.00316, 0.01, 0.0316)}
CELLS = {
    "M1, batch 4": Regularized(data="M1", first=200, seeds=20, **SMALL),
    "M1, batch 100": M1,
    "G14, batch 4": Regularized(
        data="G14", classes=36, first=200, seeds=40, **SMALL
    ),
    "G14, batch 100": G14,
}


def lead(arms: dict) -> np.ndarray:
    """Give the accuracy of layer norm less that of batch norm."""
    return arms["layer"]["test"] - arms["batch"]["test"]


def grown(small: dict, usual: dict) -> np.ndarray:
    """Give how much larger layer norm's lead is where batches are small."""
    return lead(small) - lead(usual)


C76 = Contrast(
    number="C76",
    title="Layer norm does not depend on the batch size",
    sources=(Source("S0", "§9 B", "Does not depend on batch size"),),
    hypothesis=(
        "“Does not depend on batch size”, as batch norm does: with batches of "
        "4 the test accuracy of layer norm is at least 1 point above that of "
        "batch norm, and this lead is at least 1 point larger than with "
        "batches of 100."
    ),
    rule=(
        "R(1 point) on the lead with batches of 4, and on the difference of "
        "the leads with batches of 4 and of 100, in MLPs of two hidden layers "
        "on MNIST-1D and on printed characters of 36 classes: four cells. "
        "3,000 steps with batches of 4, 600 with batches of 100; four or five "
        "rates for each arm, chosen on three tuning seeds; 20 fresh seeds, 40 "
        "for the characters. That an example's output is the same in any batch "
        "is exact."
    ),
    literature=(
        "Ba, Kiros and Hinton (2016). Wu and He (2018): with batches of 2 "
        "batch norm is about 10 points behind group norm on ImageNet."
    ),
    expects=("supported", "mostly supported"),
    cuts="No recurrent net and no transformer; one small batch.",
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.0316, 0.0562, 0.1, 0.178, 0.316),
    train=recipes.arms(ARMS, regularized_recipes.train),
    seeds=20,
    tuning=3,
    effects=(
        *(
            Effect(
                f"{name}, batch 4",
                (f"{name}, batch 4",),
                lead,
                larger(0.01),
                words="does not depend on batch size",
            )
            for name in ("M1", "G14")
        ),
        *(
            Effect(
                f"{name}, batch 4 less 100",
                (f"{name}, batch 4", f"{name}, batch 100"),
                grown,
                larger(0.01),
                words="does not depend on batch size",
            )
            for name in ("M1", "G14")
        ),
    ),
)
