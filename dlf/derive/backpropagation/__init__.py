"""The derivations and errata of the chapter on backpropagation, gathered."""

from dlf.derive.backpropagation.autodiff import (
    checkpoint_memory,
    jvp_vjp_duality,
    multivariable_chain_rule,
    pushforward_twice,
)
from dlf.derive.backpropagation.deltas import (
    hidden_error,
    one_weight,
    output_error,
    softmax_error,
    weight_gradient,
)
from dlf.derive.backpropagation.errata import E24, E25, E27

__all__ = [
    "E24",
    "E25",
    "E27",
    "checkpoint_memory",
    "hidden_error",
    "jvp_vjp_duality",
    "multivariable_chain_rule",
    "one_weight",
    "output_error",
    "pushforward_twice",
    "softmax_error",
    "weight_gradient",
]
