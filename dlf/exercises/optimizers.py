"""Exercises of the chapter on optimizers, with their solutions, gathered."""

from dlf.exercises import (
    optimizer_logs,
    optimizer_moments,
    optimizer_settings,
)
from dlf.exercises.optimizer_logs import print_logs
from dlf.exercises.optimizer_moments import (
    correction,
    largest_step,
    recurrence,
    uphill_gradients,
)
from dlf.exercises.optimizer_settings import (
    converted,
    damping_rates,
    memory,
    second_steps,
    torch_settings,
)

__all__ = [
    "EXERCISES",
    "converted",
    "correction",
    "damping_rates",
    "largest_step",
    "memory",
    "print_logs",
    "recurrence",
    "second_steps",
    "torch_settings",
    "uphill_gradients",
]

EXERCISES = (
    optimizer_settings.HAND,
    optimizer_settings.SETTINGS,
    optimizer_settings.DAMPING,
    optimizer_settings.CONVERT,
    optimizer_settings.MEMORY,
    optimizer_moments.CORRECTION,
    optimizer_moments.LONGEST,
    optimizer_logs.SCALED,
    optimizer_logs.TURNED,
    optimizer_moments.BREAK,
    optimizer_logs.MATCH,
    optimizer_moments.READ_OFF,
)
