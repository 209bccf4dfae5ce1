"""Exercises of the chapter on convolution, with their solutions."""

from dlf.exercises import (
    convolution_functions,
    convolution_kernels,
    convolution_logs,
    convolution_numbers,
    convolution_shifts,
)
from dlf.exercises.convolution_functions import (
    dilated,
    mean_pool_gradient,
    missing_rows,
    weight_gradient,
)
from dlf.exercises.convolution_kernels import edge_kernel, is_equivariant
from dlf.exercises.convolution_logs import print_nets
from dlf.exercises.convolution_numbers import (
    by_hand,
    count_nets,
    layer_by_hand,
    stem_field,
)
from dlf.exercises.convolution_shifts import from_two_rows, smallest_move

__all__ = [
    "EXERCISES",
    "by_hand",
    "count_nets",
    "dilated",
    "edge_kernel",
    "from_two_rows",
    "is_equivariant",
    "layer_by_hand",
    "mean_pool_gradient",
    "missing_rows",
    "print_nets",
    "smallest_move",
    "stem_field",
    "weight_gradient",
]

EXERCISES = (
    convolution_numbers.HAND,
    convolution_numbers.LAYER,
    convolution_numbers.NETS,
    convolution_numbers.FIELD,
    convolution_functions.DILATED,
    convolution_functions.GRADIENT,
    convolution_shifts.MOVES,
    convolution_functions.MISSING,
    convolution_shifts.ROWS,
    convolution_functions.MEAN,
    convolution_kernels.EQUIVARIANT,
    convolution_kernels.KERNEL,
    convolution_logs.MATCH,
)
