"""Conjugate gradient: solve H x = b by products with H alone.

    t = |r|² / p^T H p       x <- x + t p       r <- r - t H p
    p <- r + (|r_new|² / |r|²) p

In exact arithmetic n steps reach the solution, and after k of them

    |x_k - x|_H <= 2 ((√κ - 1) / (√κ + 1))^k |x_0 - x|_H      (second_order.6)

with the condition number κ. A direction of negative curvature, p^T H p <= 0,
ends the search; inside a trust region it is followed to the boundary.
Source: Hestenes & Stiefel (1952); Steihaug (1983); Nocedal & Wright (2006),
algorithms 5.2 and 7.2.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import floating
from dlf.scratch.second_order.objectives import Array, limits, widened


class Solution(NamedTuple):
    """What conjugate gradient found.

    Args:
        x: the solution, or the best within the region.
        residuals: norm of b - H x at the start and after each step.
        products: how many of H with a vector it took.
        ended: ``"residual"``, ``"steps"``, ``"boundary"`` or ``"negative
            curvature"``.
    """

    x: Array
    residuals: list[float]
    products: int
    ended: str


def conjugate_gradient(
    product: Callable[[Array], Array],
    b: Float[Array, " D"],
    tolerance: float = 1e-10,
    max_iter: int | None = None,
    radius: float = math.inf,
) -> Solution:
    """Solve H x = b for symmetric H from x = 0, by products H p alone.

    Args:
        product: maps p to H p; a matrix's is ``lambda p: h @ p``.
        b: right side; for a Newton step, minus the gradient.
        tolerance: ends the search: residual over that of x = 0.
        max_iter: how many steps at most; as many as entries if None.
        radius: of the trust region, in which x must stay.

    Raises:
        ValueError: ``b`` is no vector, or its squares are too large or too
            small for its type; a product does not fit, is not finite, or
            shows that H is not symmetric.

    >>> h = np.array([[4.0, 1.0], [1.0, 3.0]])
    >>> conjugate_gradient(lambda p: h @ p, np.array([1.0, 2.0])).x.round(4)
    array([0.0909, 0.6364])
    """
    if not isinstance(b, np.ndarray) or b.ndim != 1:
        raise ValueError(
            "conjugate_gradient: `b` must be a vector, because one system is "
            f"solved; got shape {np.shape(b)}"
        )
    floating("conjugate_gradient", b=b)
    max_iter = b.size if max_iter is None else max_iter
    limits("conjugate_gradient", tolerance=tolerance, max_iter=max_iter)
    if not radius > 0:
        raise ValueError(
            "conjugate_gradient: `radius` must be positive, because a step "
            f"has to fit into it; got {radius}"
        )
    dtype, b = b.dtype, widened(b)
    with np.errstate(over="ignore"):
        first = float(b @ b)
    if not first < math.inf or (first == 0 and b.any()):
        raise ValueError(
            "conjugate_gradient: `b` must have a squared norm that its type "
            f"can hold, because directions come from it; got {first} with an "
            f"entry of {np.abs(b).max():.3g}. Solve for a multiple of b"
        )
    x, r, p, last = np.zeros_like(b), b, b, None
    residuals, ended = [float(np.linalg.norm(b))], "steps"
    for _ in range(int(max_iter)):
        if residuals[-1] <= tolerance * residuals[0]:
            break
        hp = _product(product, p, last)
        last, curved, square = (p, hp), float(p @ hp), float(r @ r)
        if curved <= 0:
            ended = "negative curvature"
            x = x if radius == math.inf else _to_boundary(x, p, radius)
            return Solution(x.astype(dtype), residuals, len(residuals), ended)
        ahead = x + square / curved * p
        if np.linalg.norm(ahead) >= radius:
            x = _to_boundary(x, p, radius)
            ended = "boundary"
            return Solution(x.astype(dtype), residuals, len(residuals), ended)
        x, r = ahead, r - square / curved * hp
        residuals.append(float(np.linalg.norm(r)))
        p = r + float(r @ r) / square * p
    if residuals[-1] <= tolerance * residuals[0]:
        ended = "residual"
    return Solution(x.astype(dtype), residuals, len(residuals) - 1, ended)


def _product(
    product: Callable[[Array], Array], p: Array, last: tuple | None
) -> Array:
    """Multiply, and hold the product to its shape and to symmetry."""
    hp = product(p.copy())  # which it may overwrite
    if not isinstance(hp, np.ndarray) or hp.shape != p.shape:
        raise ValueError(
            "conjugate_gradient: `product` must return an array of shape "
            f"{p.shape}, because its argument has it; got {np.shape(hp)}"
        )
    if hp.dtype.kind == "c":
        raise ValueError(
            "conjugate_gradient: `product` must return real numbers, because "
            f"steps are compared by them; got {hp.dtype}"
        )
    if not np.isfinite(hp).all():
        raise ValueError(
            "conjugate_gradient: `product` must return finite numbers, "
            "because steps are computed from them; got NaN or inf"
        )
    if last is not None:
        q, hq = last
        scale = np.linalg.norm(p) * np.linalg.norm(hq)
        if abs(float(q @ hp) - float(p @ hq)) > 1e-2 * scale:
            raise ValueError(
                "conjugate_gradient: `product` must be that of a symmetric "
                "matrix, because directions are chosen for one; got q^T H p = "
                f"{float(q @ hp):.3g} and p^T H q = {float(p @ hq):.3g}. "
                "Solve H^T H x = H^T b instead"
            )
    return hp.astype(p.dtype)  # a copy, if the product keeps a buffer


def _to_boundary(x: Array, p: Array, radius: float) -> Array:
    """Go from x along p until the norm is the radius."""
    a, b = float(p @ p), float(x @ p)
    c = float(x @ x) - radius**2
    t = (
        -c / (b + math.sqrt(b * b - a * c))
        if b > 0
        else ((math.sqrt(b * b - a * c) - b) / a)
    )
    return x + t * p
