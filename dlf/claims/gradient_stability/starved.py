"""Sigmoid and tanh in deeper nets: design of C63."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger
from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe

ARMS = {
    "sigmoid": {"activation": "sigmoid", "scale": 10.0},
    "tanh": {"activation": "tanh"},
}
DEEPER = 3
NETS = {
    "M1": Recipe(data="M1", steps=1200, first=200),
    "G14": Recipe(data="G14", classes=36, steps=1200, first=200),
}


def falls(activation: str) -> Callable[[dict, dict], np.ndarray]:
    """Make the accuracy with two layers less that with more."""
    return lambda two, more: two[activation]["test"] - more[activation]["test"]


C63 = Contrast(
    number="C63",
    title="Small derivatives starve early layers",
    sources=(
        Source("S0", "§9", "causing earlier layers to learn very slowly"),
        Source("S2", "Tanh", "Still suffers"),
        Source("S2", "Tanh", "Preferred over Sigmoid in hidden layers"),
    ),
    hypothesis=(
        "“Very slowly”: after equally many steps a sigmoid net of three layers "
        "has a test accuracy at least 1 point below that of one with two; "
        "tanh “still suffers” likewise; and it is “preferred”: with two layers "
        "at least 1 point above sigmoid."
    ),
    rule=(
        "R(1 point) for each of the three on MNIST-1D and on printed "
        "characters of 36 classes: six cells, intervals widened together. "
        "1,200 steps of momentum; five rates a quarter of a decade apart for "
        "each arm, those of sigmoid ten times as high, chosen on three tuning "
        "seeds; 20 fresh seeds."
    ),
    literature=(
        "Hochreiter (1991); Glorot and Bengio (2010): deep sigmoid nets stall, "
        "tanh less."
    ),
    expects=("mixed", "mostly supported"),
    cuts=(
        "Three layers, since of four no sigmoid net learned the characters; "
        "ratios of gradients are computed in the text."
    ),
    cells={
        f"{name}, {depth} layers": replace(cell, depth=depth)
        for name, cell in NETS.items()
        for depth in (2, DEEPER)
    },
    arms=tuple(ARMS),
    grid=(0.0178, 0.0316, 0.0562, 0.1, 0.178),
    train=recipes.arms(ARMS),
    seeds=20,
    tuning=3,
    effects=(
        *(
            Effect(
                f"{activation}, {name}, 2 less {DEEPER} layers",
                (f"{name}, 2 layers", f"{name}, {DEEPER} layers"),
                falls(activation),
                larger(0.01),
                words="learn very slowly",
            )
            for activation in ARMS
            for name in NETS
        ),
        *(
            Effect(
                f"{name}, tanh less sigmoid",
                (f"{name}, 2 layers",),
                recipes.gain("tanh", "sigmoid"),
                larger(0.01),
                words="preferred over sigmoid",
            )
            for name in NETS
        ),
    ),
)
