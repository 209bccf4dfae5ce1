"""The derivations and the errata of the chapter on attention."""

from dlf.derive.attention.dot_products import (
    kernel_smoother,
    permuted,
    score_gradient,
    score_variance,
)
from dlf.derive.attention.errata import E73, E74
from dlf.derive.attention.parts import cost, joined_parts, sum_of_heads
from dlf.derive.attention.places import relative_rotation, sinusoid_product

__all__ = [
    "E73",
    "E74",
    "cost",
    "joined_parts",
    "kernel_smoother",
    "permuted",
    "relative_rotation",
    "score_gradient",
    "score_variance",
    "sinusoid_product",
    "sum_of_heads",
]
