"""Twelve claims about activations, C12 to C23.

Each is stated with its rule before its first scored run; what trains is in
`activations_training` and beside it. Where a text says R(δ), the interval must
lie above 0 and the mean reach δ (see `dlf.experiments.statistics`).
"""

import numpy as np

from dlf.experiments import activations_training as nets
from dlf.experiments.core import Contrast, Effect, Source
from dlf.experiments.statistics import ratio

HALF_DECADES = (0.001, 0.00316, 0.01, 0.0316, 0.1, 0.316, 1.0)


def faster(rival: str, by_time: bool) -> object:
    """Make the log ratio of the rival's steps, or seconds, to ReLU's."""

    def effect(arms: dict) -> np.ndarray:
        spent = {
            arm: np.log(r["steps"]) + by_time * np.log(r["cost"])
            for arm, r in arms.items()
        }
        return spent[rival] - spent["relu"]

    return effect


RACES = {
    "M1, 2 layers": {"data": "M1", "depth": 2, "target": 1.0, "steps": 1000},
    "M1, 8 layers": {"data": "M1", "depth": 8, "target": 1.0, "steps": 1000},
    "D8, 2 layers": {"data": "D8", "depth": 2, "target": 0.1, "every": 10},
    "D8, 8 layers": {"data": "D8", "depth": 8, "target": 0.1, "every": 10},
    "FM, CNN-4": {
        "data": "FM",
        "model": "cnn",
        "depth": 4,
        "target": 0.7,
        "steps": 600,
        "grid": HALF_DECADES[2:],
        "seeds": 5,
        "tuning": 1,
    },
}

C12 = Contrast(
    number="C12",
    title="ReLU speeds up training",
    sources=(
        Source("S2", "ReLU", "(Speeds up learning)"),
        Source("S0", "§3.3", "which speeds up training"),
        Source("S3", "§1", "accelerating training"),
    ),
    hypothesis=(
        "ReLU takes fewer steps, and fewer seconds, to a training loss of 1.0 "
        "(M1), 0.1 (D8) or 0.7 (FM) than sigmoid and than tanh, each at its "
        "own best learning rate."
    ),
    rule=(
        "R(ratio 0.8) on the rival's steps over ReLU's, and on seconds, in "
        "each of five nets against two rivals: 20 cells, intervals widened "
        "together. Steps are read off the loss of 1,000 training examples, "
        "every 20 steps (D8 10), and interpolated; a miss counts as the whole "
        "budget (M1 1,000 steps, D8 and FM 600). Seconds are steps times the "
        "ratio of median step times (processor time, measured in turns). Rates are chosen by "
        "fewest steps."
    ),
    literature=(
        "Krizhevsky et al. (2012): a four-layer CNN with ReLU reaches 25 % "
        "training error on CIFAR-10 six times faster than with tanh, and the "
        "size of the effect varies with the architecture; Glorot, Bordes and "
        "Bengio (2011)."
    ),
    expects=("holds", "holds in part"),
    cuts=(
        "FM: CNN of 600 steps, 5 seeds, one tuning seed, 5 rates instead of 7."
    ),
    cells=RACES,
    arms=("relu", "tanh", "sigmoid"),
    grid=HALF_DECADES,
    train=nets.timed_race,
    effects=tuple(
        Effect(
            f"{cell}, {unit} against {rival}",
            (cell,),
            faster(rival, unit == "seconds"),
            ratio(0.8),
            "ratio",
        )
        for unit in ("steps", "seconds")
        for rival in ("sigmoid", "tanh")
        for cell in RACES
    ),
)
