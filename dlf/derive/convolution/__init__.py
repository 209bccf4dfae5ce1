"""The derivations and the erratum of the chapter on convolution, gathered."""

from dlf.derive.convolution.backward import (
    input_gradient,
    max_gradient,
    unfold_and_fold,
    weight_gradient,
)
from dlf.derive.convolution.errata import E69
from dlf.derive.convolution.shifts import (
    flipped_kernel,
    shared_weights,
    strided_shift,
)
from dlf.derive.convolution.sizes import receptive_field, separable_cost

__all__ = [
    "E69",
    "flipped_kernel",
    "input_gradient",
    "max_gradient",
    "receptive_field",
    "separable_cost",
    "shared_weights",
    "strided_shift",
    "unfold_and_fold",
    "weight_gradient",
]
