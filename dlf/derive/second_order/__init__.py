"""The derivations and errata of second-order methods, gathered."""

from dlf.derive.second_order.errata import E38
from dlf.derive.second_order.estimates import (
    hutchinson,
    kronecker,
    orthogonal_step,
)
from dlf.derive.second_order.iterations import (
    conjugate_gradient_bound,
    positive_curvature,
    secant,
    two_loop,
)
from dlf.derive.second_order.models import (
    fisher,
    gauss_newton,
    hessian_vector_product,
    newton_step,
)

__all__ = [
    "E38",
    "conjugate_gradient_bound",
    "fisher",
    "gauss_newton",
    "hessian_vector_product",
    "hutchinson",
    "kronecker",
    "newton_step",
    "orthogonal_step",
    "positive_curvature",
    "secant",
    "two_loop",
]
