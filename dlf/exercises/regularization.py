"""Exercises of the chapter on regularization, gathered from three modules."""

from dlf.exercises import (
    regularization_functions,
    regularization_logs,
    regularization_numbers,
)
from dlf.exercises.regularization_functions import (
    decay_for,
    expected_error,
    own_part,
    proximal_step,
    rising_stop,
    smoothed_loss,
)
from dlf.exercises.regularization_logs import print_logs
from dlf.exercises.regularization_numbers import (
    dropped,
    smoothed,
    stopped,
    thresholded,
    two_penalties,
)

__all__ = [
    "EXERCISES",
    "decay_for",
    "dropped",
    "expected_error",
    "own_part",
    "print_logs",
    "proximal_step",
    "rising_stop",
    "smoothed",
    "smoothed_loss",
    "stopped",
    "thresholded",
    "two_penalties",
]

EXERCISES = (
    regularization_numbers.PENALTIES,
    regularization_numbers.SHRUNK,
    regularization_numbers.DROPPED,
    regularization_numbers.STOPPED,
    regularization_numbers.SMOOTHED,
    regularization_functions.DECAY,
    regularization_functions.PROXIMAL,
    regularization_functions.EXPECTED,
    regularization_functions.SOFT,
    regularization_functions.STOP,
    regularization_functions.CUT,
    regularization_logs.LOGS,
)
