"""The derivations and errata of the chapter on mlp, gathered."""

from dlf.derive.mlp.dense import (
    E5,
    E6,
    collapse,
    dense_flops,
    parameter_count,
    permutation,
    rescaling,
    squares_at_integers,
    weight_gradient,
)
from dlf.derive.mlp.piecewise_linear import (
    hat,
    hats_approximate,
    sawtooth_pieces,
    shallow_pieces,
)

__all__ = [
    "E5",
    "E6",
    "collapse",
    "dense_flops",
    "hat",
    "hats_approximate",
    "parameter_count",
    "permutation",
    "rescaling",
    "sawtooth_pieces",
    "shallow_pieces",
    "squares_at_integers",
    "weight_gradient",
]
