"""The derivations and errata of gradient stability, gathered."""

from dlf.derive.gradient_stability.clipping import (
    angle_by_value,
    clipping_bias,
    nearest_in_ball,
    norm_by_layer,
    relative_step,
)
from dlf.derive.gradient_stability.errata import E44, E45, E46, E47, E48, E49
from dlf.derive.gradient_stability.jacobians import (
    first_layer,
    past_a_skip,
    product_bounds,
    repeated_matrix,
    sigmoid_layer,
    sum_over_time,
)

__all__ = [
    "E44",
    "E45",
    "E46",
    "E47",
    "E48",
    "E49",
    "angle_by_value",
    "clipping_bias",
    "first_layer",
    "nearest_in_ball",
    "norm_by_layer",
    "past_a_skip",
    "product_bounds",
    "relative_step",
    "repeated_matrix",
    "sigmoid_layer",
    "sum_over_time",
]
