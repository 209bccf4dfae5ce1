"""Gauss-Newton and Levenberg-Marquardt: least squares by linear fits.

For f = |r|² / 2 with residuals r and their Jacobian J,

    H = J^T J + sum_i r_i (Hessian of r_i)                    (second_order.4)

and the first term alone is positive semidefinite and needs no second
derivative. The step that it gives is a linear least-squares fit of -r.
Source: Nocedal & Wright (2006), 10.3; Levenberg (1944); Marquardt (1963).
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.second_order.objectives import (
    Array,
    Minimum,
    begin,
    is_singular,
    limits,
    not_below_zero,
    widened,
)
from dlf.scratch.shapes import sizes


def gauss_newton_step(
    j: Float[Array, "N D"], r: Float[Array, " N"], damping: float = 0.0
) -> tuple[Float[Array, " D"], Callable]:
    """Compute the Gauss-Newton step, damped (second_order.4).

    It solves (J^T J + damping I) p = -J^T r.

    Args:
        j: Jacobian of the residuals.
        r: residuals.
        damping: added to the diagonal; must be positive unless the columns
            of the Jacobian are independent.

    Returns:
        The step, and ``vjp(dp) -> (dj, dr)``.

    Raises:
        ValueError: damping is negative, or the matrix is singular; without
            damping, also if it is so to within rounding.

    >>> gauss_newton_step(np.array([[1.0], [1.0]]), np.array([-2.0, -4.0]))[0]
    array([3.])
    """
    _, D = sizes(gauss_newton_step, j, r)
    not_below_zero("gauss_newton_step", damping)
    dtype, j, r = j.dtype, widened(j), widened(r)
    a = j.T @ j + float(damping) * np.eye(D, dtype=j.dtype)
    try:
        if damping == 0 and is_singular(a):
            raise np.linalg.LinAlgError
        p = -np.linalg.solve(a, j.T @ r)
    except np.linalg.LinAlgError:
        raise ValueError(
            "gauss_newton_step: `j` must have independent columns, because "
            "J^T J is inverted; got a singular product. Add damping"
        ) from None

    def vjp(dp: Float[Array, " D"]) -> tuple[Array, Array]:
        u = -np.linalg.solve(a, widened(dp))
        dj = np.outer(r + j @ p, u) + np.outer(j @ u, p)
        return dj.astype(dtype), (j @ u).astype(dtype)

    return p.astype(dtype, copy=False), vjp


def levenberg_marquardt(
    residuals: Callable[[Array], tuple[Array, Array]],
    w: Array,
    damping: float = 1e-3,
    max_iter: int = 100,
    tolerance_grad: float = 1e-7,
) -> Minimum:
    """Minimize half a sum of squares by damped Gauss-Newton steps.

    Args:
        residuals: maps a vector to its residuals and their Jacobian, both
            arrays; a step to where they are not finite is not made.
        w: start.
        damping: the first, positive; smaller after a step that goes down as
            the linear fit foretold, larger after one that does not.
        max_iter: how many steps are tried at most.
        tolerance_grad: ends the search: the largest entry of the gradient.

    Raises:
        ValueError: a bad start, or a Jacobian that does not fit.
    """
    limits(
        "levenberg_marquardt", max_iter=max_iter, tolerance_grad=tolerance_grad
    )
    if not damping > 0:
        raise ValueError(
            "levenberg_marquardt: `damping` must be positive, because it is "
            f"multiplied until a step goes down; got {damping}"
        )

    def fit(w: Array) -> tuple[float, Array, Array, Array]:
        r, j = map(np.asarray, residuals(w))
        if r.ndim != 1:
            raise ValueError(
                "levenberg_marquardt: `residuals` must return a vector of "
                "residuals, because their squares are added; got shape "
                f"{r.shape}"
            )
        if np.shape(j) != (np.size(r), w.size):
            raise ValueError(
                "levenberg_marquardt: `residuals` must return a Jacobian of "
                f"shape {(np.size(r), w.size)}, because of {np.size(r)} "
                f"residuals and {w.size} entries; got {np.shape(j)}"
            )
        return float(r @ r) / 2, j.T @ r, r, j

    found: list[tuple[Array, Array]] = []

    def first(w: Array) -> tuple[float, Array]:
        f, g, *rest = fit(w)
        found.append((rest[0], rest[1]))
        return f, g

    f, g = begin("levenberg_marquardt", first, w)
    (r, j), evaluations, values = found[0], 1, [f]
    for _ in range(int(max_iter)):
        if np.abs(g).max(initial=0) <= tolerance_grad:
            break
        p, _ = gauss_newton_step(j, r, damping)
        foretold = float(g @ p) + float((j @ p) @ (j @ p)) / 2
        new, *rest = fit(w + p)
        evaluations += 1
        good = (new - f) / foretold if foretold < 0 else -math.inf
        if good > 1e-4 and np.isfinite(rest[0]).all():
            w, f, (g, r, j) = w + p, new, rest
            values.append(f)
        if good > 0.75:
            damping = max(damping / 5, 1e-15)
        elif not good > 0.25:
            damping *= 4
        if foretold > -1e-16 * f:
            break
    return Minimum(w, f, g, len(values) - 1, evaluations, 0, values)
