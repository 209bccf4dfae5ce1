"""Dense and highway nets against plain ones: design of C96."""

from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, not_worse
from dlf.stacked import recipes, skip_nets
from dlf.stacked.skip_nets import Skips

DEPTH = 16
ARMS: dict[str, dict[str, Any]] = {
    "plain": {"kind": "plain", "width": 24},
    "residual": {"kind": "residual", "width": 24, "scaled": True},
    "highway": {"kind": "highway", "width": 17},
    "dense": {"kind": "dense", "width": 24, "growth": 7},
}
CELLS = {
    "M1": Skips(data="M1", depth=DEPTH, batch=50),
    "D8": Skips(data="D8", depth=DEPTH, batch=50, keep=300),
}


def reused(arms: dict) -> np.ndarray:
    """Give the part of the squared weights on features far back."""
    return arms["dense"]["reuse"] - 0.1


def needed(arms: dict) -> np.ndarray:
    """Give the accuracy that is lost with those weights."""
    right = np.asarray(arms["dense"]["test"], float)
    return right.reshape(len(right), -1).mean(1) - arms["dense"]["cut"]


C96 = Contrast(
    number="C96",
    title="Dense and highway connections: flow and reuse",
    sources=(
        Source("S4", "§1.5.3", "Better gradient flow"),
        Source("S4", "§1.5.3", "Feature reuse"),
        Source("S4", "§1.5.3", "Multi-scale representation"),
    ),
    hypothesis=(
        "“Better gradient flow”: at 16 layers and about equally many "
        "parameters dense and highway nets are at least 1 point more accurate "
        "than plain ones. “Feature reuse”: a dense net's layers put at least "
        "10 % of their squared weights on features from three or more layers "
        "back, and without those weights it loses at least 1 point."
    ),
    rule=(
        "R(1 point) on the lead of dense and of highway nets over plain ones, "
        "on MNIST-1D and on 300 digits of 8 × 8: four cells; R(0) on the part "
        "of the weights less 10 %, and R(1 point) on the loss of accuracy, "
        "both on MNIST-1D: six cells, intervals widened together. ReLU MLPs. "
        "Between stem and outputs plain and residual nets have 9,600 "
        "parameters (width 24), highway nets 9,792 (width 17, gates start at "
        "-2), dense nets 8,680 (stem 24, 7 features a layer). 600 steps of "
        "momentum, batches of 50; four rates for each arm, chosen on two "
        "tuning seeds; 12 fresh seeds. That dense and highway nets are not "
        "worse than scaled residual ones by 0.5 point is shown as background. "
        "“Multi-scale representation” cannot be tested as stated."
    ),
    literature=(
        "Huang et al. (2017): DenseNets as accurate as ResNets with a third of "
        "the parameters; fig. 5, their layers do use early features. "
        "Srivastava, Greff and Schmidhuber (2015): highway nets train at 100 "
        "layers."
    ),
    expects=("supported", "mostly supported"),
    cuts="MLPs in place of CNNs, 9,000 parameters in place of 40,000.",
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.00316, 0.01, 0.0316, 0.1),
    train=recipes.arms(ARMS, skip_nets.train),
    seeds=12,
    tuning=2,
    effects=(
        *(
            Effect(
                f"{arm} over plain, {data}",
                (data,),
                recipes.gain(arm, "plain"),
                larger(0.01),
                words="Better gradient flow",
            )
            for arm in ("dense", "highway")
            for data in CELLS
        ),
        Effect(
            "weights far back, M1",
            ("M1",),
            reused,
            larger(0.0),
            words="Feature reuse",
        ),
        Effect(
            "lost without them, M1",
            ("M1",),
            needed,
            larger(0.01),
            words="Feature reuse",
        ),
        *(
            Effect(
                f"{arm} over residual, {data}",
                (data,),
                recipes.gain(arm, "residual"),
                not_worse(0.005),
                counted=False,
            )
            for arm in ("dense", "highway")
            for data in CELLS
        ),
    ),
)
