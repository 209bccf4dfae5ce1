"""Exercises of the chapter on initialization, with their solutions."""

from dlf.exercises import (
    initialization_functions,
    initialization_logs,
    initialization_numbers,
)
from dlf.exercises.initialization_functions import (
    best_variance,
    branch_scale,
    critical_weight_variance,
    end_to_end,
    gain,
    remembered,
    tanh_moments,
    uncut_scale,
)
from dlf.exercises.initialization_logs import print_starts
from dlf.exercises.initialization_numbers import (
    convolution_bounds,
    layers_to_a_millionth,
    layers_to_tenfold,
    weight_size,
)

__all__ = [
    "EXERCISES",
    "best_variance",
    "branch_scale",
    "convolution_bounds",
    "critical_weight_variance",
    "end_to_end",
    "gain",
    "layers_to_a_millionth",
    "layers_to_tenfold",
    "print_starts",
    "remembered",
    "tanh_moments",
    "uncut_scale",
    "weight_size",
]

EXERCISES = (
    initialization_numbers.SIZE,
    initialization_numbers.BOUNDS,
    initialization_numbers.MILLIONTH,
    initialization_numbers.TENFOLD,
    initialization_functions.GAIN,
    initialization_functions.CRITICAL,
    initialization_functions.BEST,
    initialization_functions.TELESCOPE,
    initialization_numbers.COPIES,
    initialization_functions.BRANCHES,
    initialization_logs.MATCH,
    initialization_functions.UNCUT,
    initialization_functions.FORGOTTEN,
)
