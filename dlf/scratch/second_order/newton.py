"""Newton's method: go to the stationary point of the local quadratic.

    m(p) = f + g^T p + p^T H p / 2                            (second_order.1)
    m(p) - f = |p + H^-1 g|²_H / 2 - |g|²_(H^-1) / 2          (second_order.2)

so that p = -H^-1 g is where the gradient of m is 0: a minimum if H is positive
definite, and otherwise a saddle or a maximum. Three repairs: a multiple of the
identity added to H (damped), |H| in place of H (saddle-free), and steps that
are only made if they go down.
Source: Nocedal & Wright (2006), Numerical Optimization, 3.3 and 4.1; Dauphin
et al. (2014) for the second; the damping is changed as by Moré (1978).
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.second_order.objectives import (
    Array,
    Minimum,
    Objective,
    begin,
    check_symmetric,
    evaluate,
    is_singular,
    limits,
    not_below_zero,
    widened,
)
from dlf.scratch.shapes import sizes


def quadratic_model(
    p: Float[Array, " D"], g: Float[Array, " D"], h: Float[Array, "D D"]
) -> tuple[float, Callable]:
    """Compute the change of the quadratic model at a step (second_order.1).

    Args:
        p: step.
        g: gradient.
        h: Hessian; of another matrix the symmetric part counts.

    Returns:
        g^T p + p^T H p / 2, and ``vjp(dm=1.0) -> (dp, dg, dh)``.

    >>> quadratic_model(np.ones(1), np.array([-2.0]), np.array([[2.0]]))[0]
    -1.0
    """
    sizes(quadratic_model, p, g, h)
    p, g, h, dtype = widened(p), widened(g), widened(h), p.dtype

    def vjp(dm: float = 1.0) -> tuple[Array, Array, Array]:
        dm = float(dm)
        pulls = g + (h @ p + h.T @ p) / 2, p, np.outer(p, p) / 2
        dp, dg, dh = ((dm * pull).astype(dtype, copy=False) for pull in pulls)
        return dp, dg, dh

    return float(g @ p + p @ h @ p / 2), vjp


def newton_step(
    g: Float[Array, " D"], h: Float[Array, "D D"], damping: float = 0.0
) -> tuple[Float[Array, " D"], Callable]:
    """Compute Newton's step, damped (second_order.2): (H + damping I) p = -g.

    Args:
        g: gradient.
        h: Hessian.
        damping: added to its diagonal; large ones give short steps along -g.

    Returns:
        The step, and ``vjp(dp) -> (dg, dh)``. NaN goes on into the step.

    Raises:
        ValueError: damping is negative, or the matrix is infinite or
            singular; without damping, also if it is so to within rounding.

    >>> newton_step(np.array([2.0, 2.0]), np.diag([2.0, -2.0]))[0]
    array([-1.,  1.])
    """
    (D,) = sizes(newton_step, g, h)
    not_below_zero("newton_step", damping)
    dtype = g.dtype
    a = widened(h) + float(damping) * np.eye(D, dtype=widened(h).dtype)
    if np.isinf(a).any():
        raise ValueError(
            "newton_step: `h` must hold finite numbers, because a system is "
            "solved with them; got inf"
        )
    try:
        if damping == 0 and is_singular(a):
            raise np.linalg.LinAlgError
        p = np.linalg.solve(a, -widened(g))
    except np.linalg.LinAlgError:
        raise ValueError(
            "newton_step: `h` must be invertible, because its inverse is "
            "applied to the gradient; got a singular matrix. Add damping"
        ) from None

    def vjp(dp: Float[Array, " D"]) -> tuple[Array, Array]:
        u = -np.linalg.solve(a.T, widened(dp))
        return u.astype(dtype), np.outer(u, p).astype(dtype)

    return p.astype(dtype, copy=False), vjp


def saddle_free_step(
    g: Float[Array, " D"], h: Float[Array, "D D"], damping: float = 0.0
) -> tuple[Float[Array, " D"], Callable]:
    """Compute the saddle-free Newton step: -(|H| + damping I)^-1 g.

    |H| has the eigenvectors of H and the absolute values of its eigenvalues.

    Args:
        g: gradient.
        h: Hessian, symmetric.
        damping: added to the absolute eigenvalues.

    Returns:
        The step, and ``vjp(dp) -> dg``.

    Raises:
        ValueError: damping is negative, or the matrix is not finite, not
            symmetric, or singular.

    Source: Dauphin et al. (2014), algorithm 1.

    >>> saddle_free_step(np.array([2.0, 2.0]), np.diag([2.0, -2.0]))[0]
    array([-1., -1.])
    """
    sizes(saddle_free_step, g, h)
    not_below_zero("saddle_free_step", damping)
    a, dtype = widened(h), g.dtype
    check_symmetric("saddle_free_step", "h", a)
    values, vectors = np.linalg.eigh(a)
    absolute = np.abs(values) + float(damping)
    rounding = float(np.finfo(a.dtype).eps) * absolute.max(initial=0)
    if (absolute <= rounding).any():
        raise ValueError(
            "saddle_free_step: `h` must be invertible, because its inverse is "
            "applied to the gradient; got a singular matrix. Add damping"
        )

    def vjp(dp: Float[Array, " D"]) -> Float[Array, " D"]:
        along = vectors.T @ widened(dp)
        return -(vectors @ (along / absolute)).astype(dtype, copy=False)

    return vjp(g), vjp


def newton(
    objective: Objective,
    hessian: Callable[[Array], Array],
    w: Array,
    damping: float = 1e-3,
    max_iter: int = 100,
    tolerance_grad: float = 1e-7,
) -> Minimum:
    """Minimize by damped Newton steps; the damping follows their success.

    The damping is raised until H + damping I is positive definite and the
    step goes down; it falls when the quadratic model foretold the decrease.

    Args:
        objective: maps a vector to its value and gradient.
        hessian: maps a vector to its Hessian.
        w: start.
        damping: the first, positive.
        max_iter: how many steps are tried at most.
        tolerance_grad: ends the search: the largest entry of the gradient.

    Raises:
        ValueError: a bad start, or a Hessian of another shape.
    """
    limits("newton", max_iter=max_iter, tolerance_grad=tolerance_grad)
    if not damping > 0:
        raise ValueError(
            "newton: `damping` must be positive, because it is multiplied "
            f"until a step goes down; got {damping}"
        )
    f, g = begin("newton", objective, w)
    h, evaluations, hessians, values = None, 1, 0, [f]
    for _ in range(int(max_iter)):
        if np.abs(g).max(initial=0) <= tolerance_grad:
            break
        if h is None:
            h, hessians = square("newton", hessian(w), w), hessians + 1
        least = float(np.linalg.eigvalsh(h)[0])
        damping = max(damping, 2 * -least)
        p, _ = newton_step(g, h, damping)
        foretold, _ = quadratic_model(p, g, h)
        new, g_new = evaluate("newton", objective, w + p)
        evaluations += 1
        good = (new - f) / foretold if foretold < 0 else -np.inf
        if good > 1e-4 and np.isfinite(g_new).all():
            w, f, g, h = w + p, new, g_new, None
            values.append(f)
        if good > 0.75:
            damping = max(damping / 5, 1e-15)
        elif not good > 0.25:
            damping *= 4
        if foretold > -1e-16 * max(abs(f), 1e-300):
            break
    return Minimum(w, f, g, len(values) - 1, evaluations, hessians, values)


def square(operation: str, h: Array, w: Array) -> Array:
    """Refuse a Hessian that has not a row and a column for each entry.

    Args:
        operation: the minimizer, for errors.
        h: the Hessian.
        w: the point.

    Raises:
        ValueError: naming the shape expected, or that it is not finite.
    """
    wanted = (w.size, w.size)
    if not isinstance(h, np.ndarray) or h.shape != wanted:
        raise ValueError(
            f"{operation}: `hessian` must return an array of shape {wanted}, "
            f"because the point has {w.size} entries; got {type(h).__name__} "
            f"of shape {np.shape(h)}"
        )
    if not np.isfinite(h).all():
        raise ValueError(
            f"{operation}: `hessian` must return finite numbers, because a "
            "system is solved with them; got NaN or inf"
        )
    return (h + h.T) / 2
