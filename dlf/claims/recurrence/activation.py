"""Tanh, sigmoid and ReLU in a plain recurrent net: design of C99."""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, ratio
from dlf.stacked import recipes, sequence_recipes
from dlf.stacked.sequence_recipes import Sequences

ARMS: dict[str, dict[str, Any]] = {
    "tanh": {},
    "sigmoid": {"activation": "sigmoid"},
    "ReLU": {"activation": "relu", "gain": 6**0.5},
    "ReLU, identity": {"activation": "relu", "start": "identity", "gain": 0.3},
}
RIVALS = tuple(ARMS)[1:]
CELLS = {
    "CH": Sequences(data="CH", steps=600),
    "recall, lag 40": Sequences(data="recall", lag=40),
}


def fewer(rival: str) -> Callable[[dict], np.ndarray]:
    """Make the log ratio of a rival's nats a character to tanh's."""
    return lambda arms: np.log(arms[rival]["nats"] / arms["tanh"]["nats"])


def better(rival: str) -> Callable[[dict], np.ndarray]:
    """Make the lead of tanh in accuracy."""
    return lambda arms: arms["tanh"]["test"] - arms[rival]["test"]


C99 = Contrast(
    number="C99",
    title="Tanh is the recurrent activation",
    sources=(
        Source("S0", "§3.2", "commonly used in recurrent neural networks"),
        Source("S2", "Tanh", "Used in RNNs"),
    ),
    hypothesis=(
        "In a plain recurrent net tanh is better than sigmoid, than ReLU from "
        "He's start and than ReLU from the identity: at least 2 % fewer nats a "
        "character of English, and at least 1 point more of recall over 40 "
        "steps."
    ),
    rule=(
        "R(ratio 1.02) on the test loss of the character that follows 16 "
        "others, and R(1 point) on recall, against three rivals: six cells, "
        "intervals widened together. One layer (64 units; of recall 46), 600 "
        "steps (1,000) of Adam, batches of 20, gradients clipped at norm 1. "
        "Weights have PyTorch's spread, 1/(3H), with ReLU He's 2/H, or the "
        "identity. Five rates half a decade apart for each arm, by validation "
        "loss on two tuning seeds; 10 fresh seeds. A net that does not learn "
        "recall stays in the mean."
    ),
    literature=(
        "Le, Jaitly & Hinton (2015): a ReLU RNN that starts at the identity "
        "competes with LSTMs on adding and on pixels one by one."
    ),
    expects=("mixed", "mostly supported", "mostly not"),
    cuts="Recall over 40 steps in place of 20, which nearly all solve.",
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.001, 0.00316, 0.01, 0.0316, 0.1),
    train=recipes.arms(ARMS, sequence_recipes.train),
    seeds=10,
    tuning=2,
    effects=(
        *(
            Effect(
                f"CH, tanh against {rival}",
                ("CH",),
                fewer(rival),
                ratio(1.02),
                "ratio",
                words="commonly used in recurrent neural networks",
            )
            for rival in RIVALS
        ),
        *(
            Effect(
                f"recall, tanh against {rival}",
                ("recall, lag 40",),
                better(rival),
                larger(0.01),
                words="commonly used in recurrent neural networks",
            )
            for rival in RIVALS
        ),
    ),
)
