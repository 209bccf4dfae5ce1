"""Exercises of the chapter on convolution, with their solutions."""

from dlf.exercises import (
    convolution_functions,
    convolution_kernels,
    convolution_logs,
    convolution_numbers,
)
from dlf.exercises.convolution_functions import (
    count_weights,
    dilated,
    mean_pool_gradient,
    missing_rows,
    transposed_size,
    weight_gradient,
)
from dlf.exercises.convolution_kernels import edge_kernel, is_equivariant
from dlf.exercises.convolution_logs import print_nets
from dlf.exercises.convolution_numbers import (
    by_hand,
    count_nets,
    layer_by_hand,
    lenet_field,
)

__all__ = [
    "EXERCISES",
    "by_hand",
    "count_nets",
    "count_weights",
    "dilated",
    "edge_kernel",
    "is_equivariant",
    "layer_by_hand",
    "lenet_field",
    "mean_pool_gradient",
    "missing_rows",
    "print_nets",
    "transposed_size",
    "weight_gradient",
]

EXERCISES = (
    convolution_numbers.HAND,
    convolution_numbers.LAYER,
    convolution_numbers.NETS,
    convolution_numbers.FIELD,
    convolution_functions.DILATED,
    convolution_functions.GRADIENT,
    convolution_functions.SIZE,
    convolution_functions.MISSING,
    convolution_functions.WEIGHTS,
    convolution_functions.MEAN,
    convolution_kernels.EQUIVARIANT,
    convolution_kernels.KERNEL,
    convolution_logs.MATCH,
)
