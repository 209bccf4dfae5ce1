"""Quasi-Newton updates: an inverse Hessian learned from gradients.

A step s that changed the gradient by y tells of the Hessian that H s ≈ y. The
update of BFGS makes its estimate B of H^-1 map y to s, and stays near to what
it was in every other way. With rho = 1 / y^T s,

    B <- (I - rho s y^T) B (I - rho y s^T) + rho s s^T        (second_order.7)

L-BFGS keeps the last pairs (s, y) in place of the matrix, and multiplies a
vector by B in two loops over them                            (second_order.9).
Source: Nocedal & Wright (2006), equation 6.17 and algorithm 7.4; Broyden,
Fletcher, Goldfarb, Shanno (1970); Nocedal (1980); Liu & Nocedal (1989).
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.second_order.objectives import Array, widened
from dlf.scratch.shapes import sizes


def bfgs_update(
    b: Float[Array, "D D"], s: Float[Array, " D"], y: Float[Array, " D"]
) -> tuple[Float[Array, "D D"], Callable]:
    """Apply the BFGS update to an inverse Hessian (second_order.7).

    Args:
        b: estimate of the inverse Hessian; symmetric and positive definite,
            which the result is then too. This is not checked.
        s: the step.
        y: how it changed the gradient.

    Returns:
        The new estimate, and ``vjp(dy) -> db``.

    Raises:
        ValueError: y^T s is not positive; a strong Wolfe step's is.

    >>> b, s, y = np.eye(2), np.array([1.0, 0.0]), np.array([2.0, 1.0])
    >>> bfgs_update(b, s, y)[0] @ y
    array([1., 0.])
    """
    sizes(bfgs_update, b, s, y)
    dtype, s, y = b.dtype, widened(s), widened(y)
    rho = 1 / _curvature("bfgs_update", s, y)
    new = _both_sides(widened(b), y, s, rho) + rho * np.outer(s, s)

    def vjp(dy: Float[Array, "D D"]) -> Float[Array, "D D"]:
        return _both_sides(widened(dy), s, y, rho).astype(dtype, copy=False)

    return new.astype(dtype, copy=False), vjp


def two_loop(
    g: Float[Array, " D"], s: Float[Array, "M D"], y: Float[Array, "M D"]
) -> tuple[Float[Array, " D"], Callable]:
    """Apply L-BFGS's two-loop recursion (second_order.9).

    Args:
        g: a vector, usually the gradient.
        s: the last steps, oldest first.
        y: how they changed the gradient.

    Returns:
        B g, of which the step is the negative, and ``vjp(dy) -> dg``; B is
        symmetric, so that this is the same product.

    Raises:
        ValueError: there is no pair, or a pair's y^T s is not positive.

    >>> one = np.array([[2.0, 0.0]])
    >>> two_loop(np.array([4.0, 3.0]), one, 2 * one)[0]
    array([2. , 1.5])
    """
    _, M = sizes(two_loop, g, s, y)
    if M == 0:
        raise ValueError(
            "two_loop: `s` must hold a step, because the scale comes from the "
            f"last one; got shape {s.shape}. Without any, use g itself"
        )
    dtype, s, y = g.dtype, widened(s), widened(y)
    curvatures = [
        _curvature("two_loop", a, b) for a, b in zip(s, y, strict=True)
    ]
    scale = curvatures[-1] / float(y[-1] @ y[-1])

    def vjp(dy: Float[Array, " D"]) -> Float[Array, " D"]:
        q, kept = widened(dy), [0.0] * M
        for m in reversed(range(M)):  # newest to oldest
            kept[m] = float(s[m] @ q) / curvatures[m]
            q = q - kept[m] * y[m]
        q = scale * q
        for m in range(M):  # and back
            q = q + (kept[m] - float(y[m] @ q) / curvatures[m]) * s[m]
        return q.astype(dtype, copy=False)

    return vjp(g), vjp


def _both_sides(b: Array, y: Array, s: Array, rho: float) -> Array:
    """Multiply (I - rho s y^T) b (I - rho y s^T) out, in D² operations."""
    by, yb = b @ y, y @ b
    inner = rho * float(y @ by) * s
    return b - rho * (np.outer(s, yb - inner) + np.outer(by, s))


def _curvature(operation: str, s: Array, y: Array) -> float:
    """Give y^T s, which must be positive."""
    found = float(s @ y)
    if found <= 0:  # NaN passes through
        raise ValueError(
            f"{operation}: `y` must have a positive product with `s`, because "
            "a positive definite matrix has to map it to s; got "
            f"{found:.6g}. Skip this pair, or search by strong_wolfe"
        )
    return found
