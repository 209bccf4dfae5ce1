"""Tuned contests of activations: designs of C13 and C21.

Weights start with the gain that keeps each activation's variance.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from dlf.claims.activations.speed import FIVE, HALF_DECADES
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, not_worse
from dlf.experiments.tuning import of_classes
from dlf.stacked import activation_nets as nets
from dlf.stacked import glyph_nets
from dlf.stacked.activation_nets import Net
from dlf.stacked.glyph_nets import Glyphs

LOW_FIVE = HALF_DECADES[1:6]


def level(
    cell: Net, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train from weights that keep each activation's variance."""
    cell = replace(cell, gain=nets.unit_gain(arm))
    return glyph_nets.train(cell, arm, settings, seeds)


def ahead(new: str, old: str, what: str = "test") -> Callable[[dict], Any]:
    """Make the difference of two arms."""
    return lambda arms: arms[new][what] - arms[old][what]


# C13: ReLU against the best of nine

NINE = (
    "relu",
    "sigmoid",
    "tanh",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "swish",
    "mish",
)

TASKS = {
    "M1, 2 layers": Net(data="M1", depth=2, first=200, seeds=20),
    "M1, 8 layers, norm": Net(data="M1", depth=8, norm=True, first=200),
    "D8, 2 layers": Net(data="D8", depth=2, first=200),
    "D8, 8 layers, norm": Net(data="D8", depth=8, norm=True, first=200),
    "G14, 2 layers": Glyphs(classes=36, depth=2, first=200),
    "G14, 8 layers, norm": Glyphs(classes=36, depth=8, norm=True, first=200),
}


def behind(arms: dict[str, dict]) -> np.ndarray:
    """Give ReLU's accuracy less that of the activation best in tuning."""
    rival = max(arms, key=lambda arm: arms[arm]["tuned"])
    return arms["relu"]["test"] - arms[rival]["test"]


C13 = Contrast(
    number="C13",
    title="ReLU is a safe default",
    sources=(
        Source("S0", "§3.3", "performs well across a wide range of tasks"),
        Source("S3", "§1", "default recommendation"),
        Source("S1", "l.193", "most widely used"),
    ),
    hypothesis=(
        "“Performs well across a wide range of tasks”, as a “default” should: "
        "in each of six nets ReLU's test accuracy is at most 1 point below "
        "that of the best of nine activations."
    ),
    rule=(
        "Not worse by more than 1 point: supported if the interval of ReLU's "
        "accuracy less the rival's lies above −1 point, opposite if it lies "
        "below. M1, D8 and printed characters of 36 classes (G14), each with 2 "
        "layers and with 8 and batch norm: six cells, intervals widened "
        "together. The rival is the activation best in tuning; both are then "
        "run on fresh seeds. “Most widely used” is a matter for a survey and "
        "not tested."
    ),
    literature=(
        "Ramachandran et al. (2017): several match or beat ReLU; Eger et al. "
        "(2018), 21 functions on 8 language tasks: penalised tanh the most "
        "stable; Dubey et al. (2022), survey and benchmark."
    ),
    expects=("mixed", "mostly supported", "mostly not"),
    cuts=(
        "No net of 8 layers without batch norm, no CNN and no text; D8 keeps "
        "its 1,000 training images, and G14 stands for FM, since in the pilot "
        "a linear model was as good as the nets on 200 images and on FM."
    ),
    cells=TASKS,
    arms=NINE,
    grid=LOW_FIVE,
    train=level,
    constant=of_classes,
    seeds=10,
    tuning=3,
    effects=tuple(
        Effect(
            cell,
            (cell,),
            behind,
            not_worse(0.01),
            words="performs well across a wide range of tasks",
        )
        for cell in TASKS
    ),
)

# C21: Swish against ReLU in deep nets

QUARTER_DECADES = (0.0178, 0.0316, 0.0562, 0.1, 0.178)
DEEP = {
    "M1, plain": Net(data="M1", depth=8, grid=QUARTER_DECADES, first=200),
    "M1, norm": Net(data="M1", depth=8, norm=True, first=200),
    "M1, skips": Net(data="M1", depth=8, residual=True, first=200),
    "D8, plain": Net(data="D8", depth=8, grid=QUARTER_DECADES, first=200),
    "D8, norm": Net(data="D8", depth=8, norm=True, first=200),
    "G14, norm": Glyphs(classes=36, depth=8, norm=True, first=200),
}
SHALLOW = {
    "M1, plain": Net(data="M1", depth=2, first=200),
    "D8, plain": Net(data="D8", depth=2, first=200),
}
swish = ahead("swish", "relu")

C21 = Contrast(
    number="C21",
    title="Swish beats ReLU in deeper models",
    sources=(
        Source("S0", "§3.7", "Outperforms ReLU in deeper models"),
        Source("S0", "§3, table", "High performance, deep models"),
    ),
    hypothesis=(
        "“Outperforms ReLU in deeper models”: with 8 hidden layers Swish has "
        "a test accuracy at least 1 point above ReLU's."
    ),
    rule=(
        "R(1 point) in six nets of 8 layers: M1 plain, with batch norm and "
        "with skips, D8 plain and with batch norm, printed characters of 36 "
        "classes (G14) with batch norm; intervals widened together. Whether "
        "the gain grows with depth (8 layers less 2, plain, on M1 and D8) is "
        "shown and not counted."
    ),
    literature=(
        "Ramachandran et al. (2017): +0.9 points top-1 (Mobile NASNet-A), +0.6 "
        "(Inception-ResNet-v2); in its first version MNIST MLPs are alike up "
        "to 40 layers. Eger et al. (2018): rectifier-like functions can top "
        "the list but are not stable."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts=(
        "No CNN, no FM and no D8 with 200 images, where a linear model was as "
        "good as either arm; characters instead. Plain nets are tuned in "
        "quarter-decades, since half a decade above the best rate they fail."
    ),
    cells={f"{name}, 8 layers": cell for name, cell in DEEP.items()}
    | {f"{name}, 2 layers": cell for name, cell in SHALLOW.items()},
    arms=("relu", "swish"),
    grid=FIVE,
    train=level,
    constant=of_classes,
    seeds=20,
    tuning=3,
    effects=(
        *(
            Effect(
                name,
                (f"{name}, 8 layers",),
                swish,
                larger(0.01),
                words="outperforms ReLU in deeper models",
            )
            for name in DEEP
        ),
        *(
            Effect(
                f"{name}: 8 layers less 2",
                (f"{name}, 8 layers", f"{name}, 2 layers"),
                lambda deep, shallow: swish(deep) - swish(shallow),
                larger(0.01),
                counted=False,
            )
            for name in SHALLOW
        ),
    ),
)
