"""A cosine schedule against a constant rate: design of C55."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, ratio
from dlf.stacked import recipes
from dlf.stacked.character_recipes import Characters
from dlf.stacked.recipes import Recipe

QUARTERS = (0.0316, 0.0562, 0.1, 0.178, 0.316)
SCHEDULES = ("cosine", "constant")


@dataclass(frozen=True, kw_only=True)
class Scheduled(Recipe):
    """A recipe whose rate is chosen by accuracy, or by the training loss."""

    by_loss: bool = False


@dataclass(frozen=True, kw_only=True)
class ScheduledCharacters(Characters):
    """A transformer whose rate is chosen so."""

    by_loss: bool = False


M1 = Scheduled(data="M1", steps=1200, first=300)
ADAM = {"optimizer": "adam", "scale": 0.1}
NETS = {
    "M1, momentum": M1,
    "M1, Adam": replace(M1, **ADAM),
    "CH, Adam": ScheduledCharacters(
        steps=800, first=300, seeds=10, grid=(0.0316, 0.0562, 0.1), **ADAM
    ),
}


def train(
    cell: Scheduled, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train, and let the choice go by the training loss where the cell does."""
    out = recipes.train(cell, settings, seeds)
    if cell.by_loss:
        out["score"] = -np.log(np.nan_to_num(out["loss"], nan=1e6))
    return out


C55 = Contrast(
    number="C55",
    title="Learning-rate schedules improve convergence",
    sources=(
        Source("S0", "§2.6", "Learning rate scheduling … improve convergence"),
        Source("S2", "Training", "Solution: Use Learning Rate Scheduling"),
    ),
    hypothesis=(
        "“Improve convergence”: after equally many steps, each at its own best "
        "rate, a cosine schedule ends with a training loss at most 0.95 times "
        "that of a constant rate, and with a test accuracy at least 1 point "
        "above."
    ),
    rule=(
        "R(ratio 0.95) on training loss, at the rate that is best for that, "
        "and R(1 point) on test accuracy, at the rate with the best validation "
        "accuracy: in MLPs of two hidden layers on MNIST-1D with momentum and "
        "with Adam (1,200 steps), and in a transformer of one layer on English "
        "text with Adam (800 steps). Six cells, intervals widened together. "
        "Rates a quarter of a decade apart, five and for the transformer "
        "three, chosen on three tuning seeds; 20 fresh seeds, the transformer "
        "ten."
    ),
    literature=(
        "Loshchilov and Hutter (2017): cosine and restarts. Defazio et al. "
        "(2023): linear decay to zero the best of the standard schedules."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts=(
        "One schedule; no CNN; Adam in place of AdamW. An earlier run, of 600 "
        "steps on other seeds, judged the training loss too at rates that were "
        "chosen by accuracy."
    ),
    cells={
        f"{name}, by {'loss' if by_loss else 'accuracy'}": replace(
            cell, by_loss=by_loss
        )
        for by_loss in (True, False)
        for name, cell in NETS.items()
    },
    arms=SCHEDULES,
    grid=QUARTERS,
    train=recipes.arms({s: {"schedule": s} for s in SCHEDULES}, train),
    seeds=20,
    tuning=3,
    effects=(
        *(
            Effect(
                f"{name}, training loss",
                (f"{name}, by loss",),
                recipes.speedup("cosine", "constant", "loss"),
                ratio(0.95),
                "ratio",
                words="improve convergence",
            )
            for name in NETS
        ),
        *(
            Effect(
                f"{name}, accuracy",
                (f"{name}, by accuracy",),
                recipes.gain("cosine", "constant"),
                larger(0.01),
                words="improve convergence",
            )
            for name in NETS
        ),
    ),
)
