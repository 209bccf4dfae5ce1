"""The derivations and errata of the chapter on activations, gathered."""

from dlf.derive.activations.errata import (
    E7,
    E8,
    E9,
    E11,
    E12,
    E13,
    E14,
    E15,
    E16,
)
from dlf.derive.activations.rectifiers import (
    elu_derivative,
    gelu_expectation,
    mish_derivative,
    prelu_gradient,
    swish_derivative,
    swish_minimum,
)
from dlf.derive.activations.sigmoids import (
    derivative_ratio,
    sigmoid_derivative,
    softmax_jacobian,
    tanh_derivative,
    tanh_sigmoid_identity,
)
from dlf.derive.activations.signal_propagation import (
    positive_inputs_share_sign,
    saturation_bound,
    selu_mean,
    selu_second_moment,
)

__all__ = [
    "E7",
    "E8",
    "E9",
    "E11",
    "E12",
    "E13",
    "E14",
    "E15",
    "E16",
    "derivative_ratio",
    "elu_derivative",
    "gelu_expectation",
    "mish_derivative",
    "positive_inputs_share_sign",
    "prelu_gradient",
    "saturation_bound",
    "selu_mean",
    "selu_second_moment",
    "sigmoid_derivative",
    "softmax_jacobian",
    "swish_derivative",
    "swish_minimum",
    "tanh_derivative",
    "tanh_sigmoid_identity",
]
