"""Schedules in phases: warm-up, joints, trapezoids and cycles.

    warm-up              first (start + (1 - start) t/warm), then the schedule
    WSD                  warm-up, a plateau, a linear fall
    one cycle            cosine up to the rate, cosine down to almost nothing

Each part counts its own steps from the joint where it begins, so that the rate
does not jump there.
Source: Goyal et al. (2017), 2.2, for warm-up; Smith & Topin (2019),
super-convergence; Hu et al. (2024), MiniCPM, for warm-up, stable, decay.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence

from dlf.scratch.checks import check_positive
from dlf.scratch.schedules.decays import (
    DOWNHILL,
    Schedule,
    at_least_one,
    check_rates,
    polynomial,
)


def warmed_up(after: Schedule, warm: int, start: float = 0.0) -> Schedule:
    """Linear warm-up: rise from a part of the rate, then hand over.

    The rise ends where the schedule begins, and the schedule counts its own
    steps from there.

    Args:
        after: the schedule that follows.
        warm: steps of the rise, at least 1.
        start: part of the first rate that the rise begins with, in [0, 1].

    Raises:
        ValueError: a setting is out of its range.

    >>> rate = warmed_up(lambda t: 0.1, warm=4)
    >>> [round(rate(t), 3) for t in range(6)]
    [0.0, 0.025, 0.05, 0.075, 0.1, 0.1]
    """
    at_least_one("warmed_up", warm=warm)
    if not 0 <= start <= 1:
        raise ValueError(
            "warmed_up: `start` must lie in [0, 1], because the rate rises "
            f"from that part of it; got {start}"
        )

    def rate(t: int) -> float:
        if t >= warm:
            return after(t - warm)
        return after(0) * (start + (1 - start) * t / warm)

    return rate


def chain(schedules: Sequence[Schedule], joints: Sequence[int]) -> Schedule:
    """Join schedules; each counts its own steps from its joint.

    Args:
        schedules: in order.
        joints: the step at which each but the first begins, whole and rising.

    Raises:
        ValueError: there is not one joint fewer than schedules, or they do
            not rise, or one is no whole number of steps.
    """
    schedules, joints = tuple(schedules), tuple(joints)
    for joint in joints:
        at_least_one("chain", joints=joint)
    if len(joints) != len(schedules) - 1 or list(joints) != sorted(set(joints)):
        raise ValueError(
            "chain: `joints` must rise, and be one fewer than `schedules`, "
            "because a joint stands between two; got "
            f"{list(joints)} for {len(schedules)} schedules"
        )

    def rate(t: int) -> float:
        n = bisect_right(joints, t)
        return schedules[n](t - joints[n - 1] if n else t)

    return rate


def warmup_stable_decay(
    lr: float, warm: int, stable: int, decay: int, least: float = 0.0
) -> Schedule:
    """Warm-up, stable, decay (WSD): a trapezoid whose plateau can be extended.

    Args:
        lr: rate of the plateau, positive.
        warm: steps of the linear rise, at least 1.
        stable: steps of the plateau, not negative.
        decay: steps of the linear fall, at least 1.
        least: rate after it, in [0, lr].

    Raises:
        ValueError: a setting is out of its range.
    """
    check_rates("warmup_stable_decay", lr, least)
    at_least_one("warmup_stable_decay", warm=warm, decay=decay)
    if stable:
        at_least_one("warmup_stable_decay", stable=stable)
    plateau = warmed_up(lambda t: lr, warm)
    fall = polynomial(lr, decay, least=least)
    return chain([plateau, fall], [warm + stable])


def one_cycle(
    lr: float,
    steps: int,
    rise: float = 0.3,
    start: float = 25.0,
    end: float = 1e4,
) -> Schedule:
    """One cycle: cosine up to the rate, then cosine down to almost nothing.

    As in PyTorch, the highest rate is met exactly only where the product of
    `rise` and `steps` is whole.

    Args:
        lr: the highest rate, positive.
        steps: in all, at least 2.
        rise: part of the steps that go up, in (0, 1), more than one step.
        start: the first rate is the highest divided by it, positive.
        end: the last rate is the first divided by it, positive.

    Raises:
        ValueError: a setting is out of its range.
    """
    check_rates("one_cycle", lr)
    at_least_one("one_cycle", steps=steps)
    check_positive("one_cycle", "start", start, DOWNHILL)
    check_positive("one_cycle", "end", end, DOWNHILL)
    if not 0 < rise < 1 or not 1 < rise * steps < steps:
        raise ValueError(
            "one_cycle: `steps` must be at least 2, `rise` in (0, 1), and "
            "their product over 1, because the rate goes up and down; got "
            f"{steps} and {rise}"
        )
    top, first, last = rise * steps - 1, lr / start, lr / start / end

    def between(a: float, b: float, part: float) -> float:
        return b + (a - b) * (1 + math.cos(math.pi * part)) / 2

    def rate(t: int) -> float:
        t = min(t, steps - 1)
        if t <= top:
            return between(first, lr, t / top)
        return between(lr, last, (t - top) / (steps - 1 - top))

    return rate


def cyclic(low: float, high: float, rise: int) -> Schedule:
    """Cyclical rates: a triangle wave between two rates.

    Args:
        low: rate of the first step, positive.
        high: rate at the top of each triangle, not below ``low``.
        rise: steps from low to high, and back; at least 1.

    Raises:
        ValueError: a setting is out of its range.

    Source: Smith (2017), Cyclical learning rates, the triangular policy.
    """
    check_positive("cyclic", "low", low, DOWNHILL)
    check_positive("cyclic", "high", high, DOWNHILL)
    check_rates("cyclic", high, low)
    at_least_one("cyclic", rise=rise)
    return lambda t: high - (high - low) * abs(t % (2 * rise) / rise - 1)
