"""Line search: a step length that goes down far enough and not too far.

Along a direction p a step t is accepted under the strong Wolfe conditions,

    f(w + t p) <= f(w) + c1 t g^T p           it goes down enough
    |g(w + t p)^T p| <= c2 |g^T p|            the derivative has become small

The second makes sure that the gradient's change has a positive product with
the step, which quasi-Newton methods need (second_order.8). First an interval
that holds such a step is bracketed, then it is narrowed.
Source: Nocedal & Wright (2006), algorithms 3.5 and 3.6; the details are those
of `torch.optim.LBFGS`, which has them from Schmidt's minFunc (2005).
"""

import math
from typing import NamedTuple

import numpy as np

from dlf.scratch.second_order.objectives import Array, Objective, evaluate


class Trial(NamedTuple):
    """A step length with value, gradient, and derivative along the line."""

    t: float
    f: float
    g: Array
    derivative: float


def cubic_minimizer(
    a: Trial, b: Trial, bounds: tuple[float, float] | None = None
) -> float:
    """Find where the cubic through two trials and their derivatives is least.

    Args:
        a: one end.
        b: another, elsewhere.
        bounds: between which the answer is kept; a and b themselves if None.
            Where the cubic has no minimum, or a number is not finite, their
            middle is taken.

    Raises:
        ValueError: the two trials are at the same place.

    >>> g = np.zeros(1)
    >>> cubic_minimizer(Trial(0.0, 1.0, g, -2.0), Trial(3.0, 4.0, g, 4.0))
    1.0
    """
    if a.t == b.t:
        raise ValueError(
            "cubic_minimizer: `b` must lie elsewhere than `a`, because a cubic "
            f"needs two places; got {a.t} twice"
        )
    left, right = (a, b) if a.t < b.t else (b, a)
    low, high = bounds or (left.t, right.t)
    d1 = left.derivative + right.derivative
    d1 -= 3 * (left.f - right.f) / (left.t - right.t)
    square = d1 * d1 - left.derivative * right.derivative
    if not 0 <= square < math.inf:
        return (low + high) / 2
    d2 = math.sqrt(square)
    below = right.derivative - left.derivative + 2 * d2
    if below == 0 or not math.isfinite(below):
        return (low + high) / 2
    t = right.t - (right.t - left.t) * (right.derivative + d2 - d1) / below
    return min(max(t, low), high)


def strong_wolfe(
    objective: Objective,
    w: Array,
    p: Array,
    f: float,
    g: Array,
    t: float = 1.0,
    c1: float = 1e-4,
    c2: float = 0.9,
    max_eval: int = 25,
    tolerance_change: float = 1e-9,
) -> tuple[Trial, int]:
    """Search along a line for a step under the strong Wolfe conditions.

    Args:
        objective: maps a vector to its value and gradient; where either is
            not finite a step counts as too long.
        w: the point.
        p: direction, downhill.
        f: value at the point.
        g: gradient at the point.
        t: first step length tried.
        c1: fraction of the first-order decrease asked for, in (0, c2).
        c2: fraction of the derivative that may be left, in (c1, 1).
        max_eval: how often the objective may be evaluated.
        tolerance_change: ends the search: an interval in which no entry of
            the step changes by more.

    Returns:
        The best trial, and how many evaluations it took. If these run out, it
        need not fulfill the conditions; it may be the start itself, with t = 0.

    Raises:
        ValueError: the direction has another shape or is not downhill, or a
            setting is out of its range.
    """
    if not np.shape(w) == np.shape(p) == np.shape(g):
        raise ValueError(
            f"strong_wolfe: `p` must have shape {np.shape(w)}, because a step "
            f"is added to `w`; got {np.shape(p)}, with `g` {np.shape(g)}"
        )
    start = Trial(0.0, f, g, float(g @ p))
    if not start.derivative < 0:
        raise ValueError(
            "strong_wolfe: `p` must point downhill, because a lower value is "
            f"searched along it; got g^T p = {start.derivative:.6g}. Negate "
            "it, or use -g"
        )
    if not 0 < c1 < c2 < 1 or not 0 < t < math.inf or max_eval < 1:
        raise ValueError(
            "strong_wolfe: `c1` must lie in (0, c2) and `c2` in (c1, 1), so "
            "that such steps exist, with `t` positive and `max_eval` 1 or "
            f"more; got c1 = {c1}, c2 = {c2}, t = {t}, max_eval = {max_eval}"
        )

    def at(t: float) -> Trial:
        value, gradient = evaluate("strong_wolfe", objective, w + t * p)
        if not (math.isfinite(value) and np.isfinite(gradient).all()):
            value = math.inf  # and so too high
        return Trial(t, value, gradient, float(gradient @ p))

    def too_high(trial: Trial) -> bool:
        return not trial.f <= f + c1 * trial.t * start.derivative

    def flat(trial: Trial) -> bool:
        return abs(trial.derivative) <= -c2 * start.derivative

    before, here, count = start, at(float(t)), 1
    while True:  # bracket
        if too_high(here) or (count > 2 and here.f >= before.f):
            break
        if flat(here):
            return here, count
        if not here.derivative < 0:
            break
        if count >= max_eval:
            return here, count
        reach = here.t + 0.01 * (here.t - before.t), 10 * here.t
        t = cubic_minimizer(before, here, reach)
        before, here, count = here, at(t), count + 1
    low, high = _ordered(before, here)
    length, stuck = float(np.abs(p).max()), False
    while count < max_eval:  # narrow
        left, right = min(low.t, high.t), max(low.t, high.t)
        if (right - left) * length < tolerance_change:
            break
        t = cubic_minimizer(low, high)
        margin = 0.1 * (right - left)
        near = min(right - t, t - left) < margin
        if near and (stuck or t >= right or t <= left):
            t = right - margin if right - t < t - left else left + margin
            near = False
        stuck = near
        here, count = at(t), count + 1
        if too_high(here) or here.f >= low.f:
            low, high = _ordered(low, here)
        else:
            if flat(here):
                return here, count
            if here.derivative * (high.t - low.t) >= 0:
                high = low
            low = here
    return low, count


def _ordered(a: Trial, b: Trial) -> tuple[Trial, Trial]:
    """Put the trial of lower value first; what is not finite is the other."""
    return (b, a) if b.f < a.f else (a, b)
