"""The derivations and errata of the chapter on initialization, gathered."""

from dlf.derive.initialization.depth import (
    adam_step_of_a_unit,
    fixup_exponent,
    orthogonal_product,
    residual_growth,
    tanh_edge,
)
from dlf.derive.initialization.distributions import (
    leaky_second_moment,
    relu_gradient_factor,
    torch_default,
    truncated_variance,
    uniform_variance,
    width_fluctuation,
)
from dlf.derive.initialization.errata import E39, E40, E41, E42, E43
from dlf.derive.initialization.symmetry import (
    backward_variance,
    equal_units,
    forward_variance,
    glorot_compromise,
)

__all__ = [
    "E39",
    "E40",
    "E41",
    "E42",
    "E43",
    "adam_step_of_a_unit",
    "backward_variance",
    "equal_units",
    "fixup_exponent",
    "forward_variance",
    "glorot_compromise",
    "leaky_second_moment",
    "orthogonal_product",
    "relu_gradient_factor",
    "residual_growth",
    "tanh_edge",
    "torch_default",
    "truncated_variance",
    "uniform_variance",
    "width_fluctuation",
]
