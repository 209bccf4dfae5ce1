"""Training loss of deep nets with skips and without: design of C94."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import not_worse, ratio
from dlf.stacked import recipes
from dlf.stacked.skip_nets import Skips

DEEP, SHALLOW = 32, 8
ARMS: dict[str, dict[str, Any]] = {
    "plain": {},
    "skips": {"kind": "residual"},
    "skips, norm": {"kind": "residual", "norm": True},
    "scaled skips": {"kind": "residual", "scaled": True},
}
DATA = "M1", "FM"
CELLS = {
    f"{data}, {depth} layers": Skips(data=data, depth=depth, width=24, batch=50)
    for data in DATA
    for depth in (SHALLOW, DEEP)
}


def train(
    cell: Skips, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train, and let the choice go by the training loss."""
    from dlf.stacked import skip_nets

    out = skip_nets.train(cell, settings, seeds)
    out["score"] = -np.log(np.nan_to_num(out["loss"], nan=1e6))
    return out


def height(arms: dict, arm: str) -> np.ndarray:
    """Give the log of an arm's training loss, at most that of a guess."""
    loss = np.asarray(arms[arm]["loss"], float)
    guess = np.asarray(arms[arm]["constant"], float)
    return np.log(np.where(loss < guess, loss, guess))


def raised(shallow: dict, deep: dict) -> np.ndarray:
    """Give the log ratio of plain nets' training losses, deep to shallow."""
    return height(deep, "plain") - height(shallow, "plain")


def lowered(arm: str) -> Any:
    """Make the log ratio of an arm's training losses, shallow to deep."""
    return lambda shallow, deep: height(shallow, arm) - height(deep, arm)


def runs(data: str) -> tuple[str, str]:
    """Name the shallow and the deep cell of some data."""
    return f"{data}, {SHALLOW} layers", f"{data}, {DEEP} layers"


C94 = Contrast(
    number="C94",
    title="Skips enable very deep networks",
    sources=(
        Source("S4", "§1.5.2", "Enables training of very deep networks"),
        Source("S4", "§1.5.2", "Identity mapping capability"),
        Source(
            "S1",
            "l.263, Conclusion",
            "enable stable training of very deep networks",
        ),
    ),
    hypothesis=(
        "“Enables training of very deep networks”. (a) There is something to "
        "enable: without skips the training loss of 32 layers is at least 1.05 "
        "times that of 8. (b) With skips and batch norm it is not worse, by 5 "
        "%. (c) Skips alone do it, as y = F(x) + x from He's start."
    ),
    rule=(
        "R(ratio 1.05) for (a), not worse by a ratio of 1.05 for (b) and (c), "
        "on training loss, MNIST-1D and Fashion-MNIST: six cells, intervals "
        "widened together. ReLU MLPs of width 24; a residual block is x + W2 "
        "relu(W1 relu(x)), two of the layers. 600 steps of momentum, batches "
        "of 50. Five rates half a decade apart for each arm, chosen by "
        "training loss on two tuning seeds; 10 fresh seeds. A loss above that "
        "of a constant guess counts as that. Skips without norm whose branches "
        "start smaller by the root of their number are shown as background."
    ),
    literature=(
        "He et al. (2016): 56 plain layers worse than 20 on CIFAR-10, in "
        "training error too; 110 residual ones better. Zhang, Dauphin & Ma "
        "(2019): skips without norm need a scaled start. Xiao et al. (2018): "
        "10,000 layers without skips."
    ),
    expects=("mostly supported", "mixed"),
    cuts=(
        "No CNN, no 56 layers, no orthogonal start; equally many steps and not "
        "to a plateau. That F = 0 gives the identity is exact and stands on "
        "the page."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.001, 0.00316, 0.01, 0.0316, 0.1),
    train=recipes.arms(ARMS, train),
    seeds=10,
    tuning=2,
    effects=(
        *(
            Effect(
                f"(a) {data}, plain",
                runs(data),
                raised,
                ratio(1.05),
                "ratio",
                words="Enables",
            )
            for data in DATA
        ),
        *(
            Effect(
                f"({part}) {data}, {arm}",
                runs(data),
                lowered(arm),
                not_worse(float(np.log(1.05))),
                "ratio",
                arm != "scaled skips",
                words="training of very deep networks",
            )
            for part, arm in (
                ("b", "skips, norm"),
                ("c", "skips"),
                ("d", "scaled skips"),
            )
            for data in DATA
        ),
    ),
)
