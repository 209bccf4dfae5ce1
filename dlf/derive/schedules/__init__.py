"""The derivations of the chapter on learning-rate schedules, gathered."""

from dlf.derive.schedules.noise import (
    averaging_rate,
    cosine_mean,
    decay_constant,
    linear_scaling,
    noise_floor,
    restart_steps,
)
from dlf.derive.schedules.thresholds import adam, heavy_ball, nesterov

__all__ = [
    "adam",
    "averaging_rate",
    "cosine_mean",
    "decay_constant",
    "heavy_ball",
    "linear_scaling",
    "nesterov",
    "noise_floor",
    "restart_steps",
]
