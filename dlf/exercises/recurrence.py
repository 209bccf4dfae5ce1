"""Exercises of the chapter on recurrent networks, with their solutions."""

from dlf.exercises import (
    recurrence_functions,
    recurrence_gates,
    recurrence_logs,
    recurrence_numbers,
)
from dlf.exercises.recurrence_functions import (
    combine,
    forget_bias,
    gradient_through_time,
    kernel,
    truncated_gradient,
)
from dlf.exercises.recurrence_gates import forget_gates, mean_state, parity
from dlf.exercises.recurrence_logs import print_layers
from dlf.exercises.recurrence_numbers import (
    count_by_hand,
    pairs_by_hand,
    relu_by_hand,
    rounds_by_hand,
)

__all__ = [
    "EXERCISES",
    "combine",
    "count_by_hand",
    "forget_bias",
    "forget_gates",
    "gradient_through_time",
    "kernel",
    "mean_state",
    "pairs_by_hand",
    "parity",
    "print_layers",
    "relu_by_hand",
    "rounds_by_hand",
    "truncated_gradient",
]

EXERCISES = (
    recurrence_numbers.RELU,
    recurrence_numbers.COUNT,
    recurrence_numbers.PAIRS,
    recurrence_numbers.ROUNDS,
    recurrence_functions.TIME,
    recurrence_functions.CHUNKS,
    recurrence_functions.BIAS,
    recurrence_functions.COMBINE,
    recurrence_functions.KERNEL,
    recurrence_gates.MEAN,
    recurrence_gates.FORGET,
    recurrence_gates.PARITY,
    recurrence_logs.MATCH,
)
