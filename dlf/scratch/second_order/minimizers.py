"""BFGS, L-BFGS and nonlinear conjugate gradient: minimize by gradients alone.

All three repeat two steps: choose a direction p from what the gradients have
told, and search along it for a step under the strong Wolfe conditions.

    BFGS        p = -B g, with B updated by every step        (second_order.7)
    L-BFGS      the same from the last pairs                  (second_order.9)
    CG          p = -g + max(0, g^T (g - g_old) / |g_old|²) p_old

Source: Nocedal & Wright (2006), algorithms 6.1, 7.5 and 5.4, with Polak and
Ribière's factor, cut at 0. L-BFGS makes the steps of `torch.optim.LBFGS`.

As there, two thresholds have units: a search ends where the derivative along p
is above -tolerance_change, and a pair counts if y^T s > 1e-10. Multiply a
function whose values are of the order of 1e-6. One that falls without end is
followed until evaluations or numbers run out.
"""

import math
from collections.abc import Callable

import numpy as np

from dlf.scratch.second_order.line_search import strong_wolfe
from dlf.scratch.second_order.objectives import (
    Array,
    Minimum,
    Objective,
    begin,
    limits,
    widened,
)
from dlf.scratch.second_order.quasi_newton import bfgs_update, two_loop

LEAST = 1e-10  # y^T s of a pair that is kept


def bfgs(
    objective: Objective,
    w: Array,
    max_iter: int = 200,
    max_eval: int | None = None,
    tolerance_grad: float = 1e-7,
    tolerance_change: float = 1e-9,
) -> Minimum:
    """Minimize by BFGS, which keeps a D × D matrix.

    Args:
        objective: maps a vector to its value and gradient.
        w: start.
        max_iter: how many steps at most.
        max_eval: how many evaluations at most; 5/4 of the steps, and 2 or
            more, if None.
        tolerance_grad: ends the search: the largest entry of the gradient.
        tolerance_change: ends it: the change of every entry, or of the
            value, or minus the derivative along the direction.

    Raises:
        ValueError: a bad start, or a negative budget.
    """
    inverse: list[Array] = []

    def direction(s: Array, y: Array, g: Array) -> tuple[Array, float]:
        if float(s @ y) > LEAST:
            scale = float(s @ y) / float(y @ y)
            b = inverse[0] if inverse else scale * np.eye(w.size, dtype=w.dtype)
            inverse[:] = [bfgs_update(b, s, y)[0]]
        return -(inverse[0] @ g) if inverse else -g, 1.0

    return _search(
        "bfgs",
        objective,
        w,
        direction,
        0.9,
        (max_iter, max_eval, tolerance_grad, tolerance_change),
    )


def lbfgs(
    objective: Objective,
    w: Array,
    max_iter: int = 200,
    max_eval: int | None = None,
    tolerance_grad: float = 1e-7,
    tolerance_change: float = 1e-9,
    history_size: int = 100,
) -> Minimum:
    """Minimize by L-BFGS, which keeps the last pairs of vectors.

    Args:
        objective: maps a vector to its value and gradient.
        w: start.
        max_iter: how many steps at most.
        max_eval: how many evaluations at most; 5/4 of the steps, and 2 or
            more, if None.
        tolerance_grad: ends the search: the largest entry of the gradient.
        tolerance_change: ends it: the change of every entry, or of the
            value, or minus the derivative along the direction.
        history_size: how many pairs are kept.

    Raises:
        ValueError: a bad start, or a negative budget.
    """
    if not 1 <= history_size < math.inf:
        raise ValueError(
            "lbfgs: `history_size` must be 1 or more and finite, because "
            f"curvature is read from pairs; got {history_size}. Without any, "
            "descend -g"
        )
    pairs: list[tuple[Array, Array]] = []

    def direction(s: Array, y: Array, g: Array) -> tuple[Array, float]:
        if float(s @ y) > LEAST:
            pairs.append((s, y))
            del pairs[: -int(history_size)]
        if not pairs:
            return -g, 1.0
        steps, changes = map(np.stack, zip(*pairs, strict=True))
        return -two_loop(g, steps, changes)[0], 1.0

    return _search(
        "lbfgs",
        objective,
        w,
        direction,
        0.9,
        (max_iter, max_eval, tolerance_grad, tolerance_change),
    )


def nonlinear_cg(
    objective: Objective,
    w: Array,
    max_iter: int = 200,
    max_eval: int | None = None,
    tolerance_grad: float = 1e-7,
    tolerance_change: float = 1e-9,
) -> Minimum:
    """Minimize by nonlinear conjugate gradient, which keeps three vectors.

    Args:
        objective: maps a vector to its value and gradient.
        w: start.
        max_iter: how many steps at most.
        max_eval: how many evaluations at most; three a step if None.
        tolerance_grad: ends the search: the largest entry of the gradient.
        tolerance_change: ends it: the change of every entry, or of the
            value, or minus the derivative along the direction.

    Raises:
        ValueError: a bad start, or a negative budget.
    """
    last: list[Array] = []

    def direction(s: Array, y: Array, g: Array) -> tuple[Array, float]:
        old = g - y
        if not float(old @ old) > 0:  # lost beside a far larger one
            last[:] = [-g]
            return -g, min(1.0, 1.0 / float(np.abs(g).sum()))
        p = last[0] if last else -old
        t = float(np.linalg.norm(s) / np.linalg.norm(p))
        before = float(old @ p)
        beta = max(0.0, float(g @ y) / float(old @ old))
        p = -g + beta * p
        if not float(g @ p) < 0:
            p = -g
        last[:] = [p]
        return p, min(1e4, t * before / float(g @ p))

    max_eval = 3 * max_iter if max_eval is None else max_eval
    return _search(
        "nonlinear_cg",
        objective,
        w,
        direction,
        0.4,
        (max_iter, max_eval, tolerance_grad, tolerance_change),
    )


def _search(
    operation: str,
    objective: Objective,
    w: Array,
    direction: Callable[[Array, Array, Array], tuple[Array, float]],
    c2: float,
    ends: tuple[int, int | None, float, float],
) -> Minimum:
    """Search along one direction after another.

    Args:
        operation: the minimizer, for errors.
        objective: maps a vector to its value and gradient.
        w: start.
        direction: maps the last step, the change of the gradient and the
            gradient to the next direction, and to the step length tried first.
        c2: of the line search.
        ends: steps, evaluations, tolerances of gradient and change.
    """
    max_iter, max_eval, tolerance_grad, tolerance_change = ends
    limits(operation, max_iter=max_iter)
    max_eval = max(2, max_iter * 5 // 4) if max_eval is None else max_eval
    limits(
        operation,
        max_eval=max_eval,
        tolerance_grad=tolerance_grad,
        tolerance_change=tolerance_change,
    )
    f, g = begin(operation, objective, w)
    dtype, w, g = w.dtype, widened(w), widened(g)
    evaluations, values = 1, [f]
    p, t = -g, min(1.0, 1.0 / max(float(np.abs(g).sum()), 1e-300))
    s = y = np.zeros_like(g)
    while len(values) <= max_iter and evaluations < max_eval:
        if np.abs(g).max(initial=0) <= tolerance_grad:
            break
        if len(values) > 1:
            p, t = direction(s, y, g)
        if not float(g @ p) < -tolerance_change:
            break
        found, count = strong_wolfe(
            objective, w, p, f, g, t, c2=c2, max_eval=max_eval - evaluations
        )
        s, y, change = found.t * p, found.g - g, abs(found.f - f)
        w, f, g, evaluations = w + s, found.f, found.g, evaluations + count
        values.append(f)
        if np.abs(s).max() <= tolerance_change or change < tolerance_change:
            break
    w, g = w.astype(dtype, copy=False), g.astype(dtype, copy=False)
    return Minimum(w, f, g, len(values) - 1, evaluations, 0, values)
