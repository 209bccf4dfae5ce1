"""The derivations and errata of the chapter on training, gathered."""

from dlf.derive.training.averages import accumulation, moving_average
from dlf.derive.training.descent import (
    batch_mean,
    batch_variance,
    convex_rate,
    step_length,
)
from dlf.derive.training.errata import E28, E29, E30

__all__ = [
    "E28",
    "E29",
    "E30",
    "accumulation",
    "batch_mean",
    "batch_variance",
    "convex_rate",
    "moving_average",
    "step_length",
]
