"""Dense and highway nets against plain ones: design of C96."""

from typing import Any

import numpy as np

from dlf.claims.residual import near
from dlf.claims.residual.near import Reach
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, not_worse
from dlf.stacked import recipes

DEPTH, FIRST = 16, 300
ARMS: dict[str, dict[str, Any]] = {
    "plain": {"kind": "plain", "width": 24},
    "residual": {"kind": "residual", "width": 24, "scaled": True},
    "highway": {"kind": "highway", "width": 17},
    "dense": {"kind": "dense", "width": 23, "growth": 7},
    "near": {"kind": "dense", "width": 21, "growth": 15, "reach": 2},
}
CELLS = {
    "M1": Reach(data="M1", depth=DEPTH, batch=50, first=FIRST),
    "D8": Reach(data="D8", depth=DEPTH, batch=50, keep=300, first=FIRST),
}


def gained(arms: dict) -> np.ndarray:
    """Give by how much training raised the part of the weights far back."""
    return arms["dense"]["reuse"] - arms["dense"]["before"]


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
        "“Better gradient flow”: at 16 layers and with about equally many "
        "parameters dense and highway nets are at least 1 point more accurate "
        "than plain ones. “Feature reuse”: dense nets are at least 1 point "
        "more accurate than nets of the same kind whose layers read only what "
        "the last two found."
    ),
    rule=(
        "R(1 point) on the lead of dense and of highway nets over plain ones, "
        "and on that of dense nets over those of reach 2, on MNIST-1D and on "
        "300 digits of 8 × 8: six cells, intervals widened together. ReLU "
        "MLPs. Parameters, all counted, on MNIST-1D and the digits: plain and "
        "residual nets 10,834 and 11,410 (width 24), highway nets 10,669 and "
        "11,077 (width 17, gates start at -2), dense nets 10,871 and 11,423 "
        "(stem 23, 7 features a layer), those of reach 2 10,876 and 11,380 "
        "(stem 21, 15 features a layer; the outputs read all features). 600 "
        "steps of momentum, batches of 50; four rates for each arm, chosen on "
        "two tuning seeds; 12 fresh seeds. Shown as background: that dense and "
        "highway nets are not worse than scaled residual ones by 0.5 point; by "
        "how much training raises the part of a dense net's squared weights "
        "on features from three or more layers back; and what it loses without "
        "those weights, not trained again; R(1 point) for both. “Multi-scale "
        "representation” cannot be tested as stated."
    ),
    literature=(
        "Huang et al. (2017): DenseNets as accurate as ResNets with a third of "
        "the parameters; fig. 5, their layers do use early features. "
        "Srivastava, Greff and Schmidhuber (2015): highway nets train at 100 "
        "layers."
    ),
    expects=("supported", "mostly supported"),
    cuts="MLPs in place of CNNs, 11,000 parameters in place of 40,000.",
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.00316, 0.01, 0.0316, 0.1),
    train=recipes.arms(ARMS, near.train),
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
        *(
            Effect(
                f"dense over near, {data}",
                (data,),
                recipes.gain("dense", "near"),
                larger(0.01),
                words="Feature reuse",
            )
            for data in CELLS
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
        Effect(
            "weights far back, gained in training, M1",
            ("M1",),
            gained,
            larger(0.01),
            counted=False,
        ),
        Effect(
            "lost without them, M1",
            ("M1",),
            needed,
            larger(0.01),
            counted=False,
        ),
    ),
)
