"""Learning-rate decay: functions from the steps made so far to a rate.

    step          lr g^⌊t/s⌋
    exponential   lr g^t                                        (schedules.4)
    cosine        least + (lr - least)(1 + cos(π t/T))/2
    polynomial    least + (lr - least)(1 - t/T)^p
    noam          d^-½ min((t + 1)^-½, (t + 1) warm^-3/2)

    mean of the cosine's rates  (lr + least)/2 + (lr - least)/(2T)
                                                                (schedules.3)
    steps of n cycles           T (m^n - 1)/(m - 1)             (schedules.5)

The first step is made at ``schedule(0)``. A decay over T steps reaches its
least rate at t = T, after the last step, and stays there.
Source: Loshchilov & Hutter (2017), SGDR, equation 5; Vaswani et al. (2017),
5.3; Smith (2017), cyclical learning rates, for the range test, whose rate
rises linearly there and by a constant factor here, as in fastai.
"""

import math
from collections.abc import Callable

import numpy as np

from dlf.scratch.checks import check_positive

Schedule = Callable[[int], float]
DOWNHILL = "a step goes downhill"


def at_least_one(name: str, **counts: int) -> None:
    """Refuse counts below 1, or with a fraction.

    Args:
        name: of the schedule, for errors.
        counts: arguments by name.

    Raises:
        ValueError: naming the first that is one.
    """
    for argument, value in counts.items():
        if not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(
                f"{name}: `{argument}` must be at least 1, and whole, because "
                f"it counts; got {value}"
            )


def check_rates(name: str, lr: float, least: float = 0.0) -> None:
    """Refuse rates that no decay can lead from and to.

    Args:
        name: of the schedule, for errors.
        lr: the highest rate.
        least: the rate that it comes down to.

    Raises:
        ValueError: unless 0 ≤ least ≤ lr, and lr is positive and finite.
    """
    check_positive(name, "lr", lr, DOWNHILL)
    if not math.isfinite(lr) or not 0 <= least <= lr:
        raise ValueError(
            f"{name}: `lr` must be finite and `least` lie in [0, lr], because "
            f"a decay leads from one down to the other; got {lr} and {least}"
        )


def check_factor(name: str, factor: float) -> None:
    """Refuse a factor that does not keep or lower a rate.

    Args:
        name: of the schedule, for errors.
        factor: what a rate is multiplied by.

    Raises:
        ValueError: unless it lies in (0, 1].
    """
    if not 0 < factor <= 1:
        raise ValueError(
            f"{name}: `factor` must lie in (0, 1], because a decay does not "
            f"raise the rate; got {factor}"
        )


def step_decay(lr: float, every: int, factor: float = 0.1) -> Schedule:
    """Step decay: multiply the rate by a factor after every so many steps.

    Args:
        lr: rate of the first step, positive.
        every: steps between two drops, at least 1.
        factor: what a drop multiplies by, in (0, 1].

    Raises:
        ValueError: a setting is out of its range.

    >>> rate = step_decay(0.1, every=10, factor=0.5)
    >>> rate(9), rate(10)
    (0.1, 0.05)
    """
    check_rates("step_decay", lr)
    check_factor("step_decay", factor)
    at_least_one("step_decay", every=every)
    return lambda t: lr * factor ** (t // every)


def exponential(lr: float, factor: float) -> Schedule:
    """Exponential decay: multiply the rate by a factor after every step.

    Args:
        lr: rate of the first step, positive.
        factor: what every step multiplies by, in (0, 1].

    Raises:
        ValueError: a setting is out of its range.
    """
    check_rates("exponential", lr)
    check_factor("exponential", factor)
    return lambda t: lr * factor**t


def cosine(lr: float, steps: int, least: float = 0.0) -> Schedule:
    """Cosine annealing: half a period of a cosine, from lr to the least rate.

    Args:
        lr: rate of the first step, positive.
        steps: length T of the decay, at least 1.
        least: rate after it, in [0, lr].

    Raises:
        ValueError: a setting is out of its range.

    >>> rate = cosine(0.2, steps=10)
    >>> rate(0), round(rate(5), 3), rate(10)
    (0.2, 0.1, 0.0)
    """
    check_rates("cosine", lr, least)
    at_least_one("cosine", steps=steps)

    def rate(t: int) -> float:
        turn = math.cos(math.pi * min(t, steps) / steps)
        return least + (lr - least) * (1 + turn) / 2

    return rate


def warm_restarts(
    lr: float, first: int, factor: int = 1, least: float = 0.0
) -> Schedule:
    """Warm restarts (SGDR): cosines one after another, each as long or longer.

    Args:
        lr: rate at the start of each cosine, positive.
        first: steps of the first cosine, at least 1.
        factor: each cosine is so many times as long as the one before.
        least: rate that each comes down toward, in [0, lr].

    Raises:
        ValueError: a setting is out of its range.
    """
    check_rates("warm_restarts", lr, least)
    at_least_one("warm_restarts", first=first, factor=factor)

    def rate(t: int | np.integer) -> float:
        t, length = int(t), int(first)  # a uint8 would overflow
        if factor == 1:
            t %= length
        while t >= length:
            t -= length
            length *= int(factor)
        return cosine(lr, length, least)(t)

    return rate


def polynomial(
    lr: float, steps: int, power: float = 1.0, least: float = 0.0
) -> Schedule:
    """Polynomial decay; with power 1, linear decay.

    Args:
        lr: rate of the first step, positive.
        steps: length T of the decay, at least 1.
        power: of what is left of the way, positive.
        least: rate after it, in [0, lr].

    Raises:
        ValueError: a setting is out of its range.
    """
    check_rates("polynomial", lr, least)
    check_positive("polynomial", "power", power, "the rate must fall")
    at_least_one("polynomial", steps=steps)
    return lambda t: least + (lr - least) * (1 - min(t, steps) / steps) ** power


def noam(width: int, warm: int, scale: float = 1.0) -> Schedule:
    """Inverse square root (Noam): a linear rise, then one over the root of t.

    Args:
        width: of the model, at least 1; the rate falls with its root.
        warm: steps of the rise, at least 1.
        scale: factor of the whole, positive.

    Raises:
        ValueError: a setting is out of its range.
    """
    check_positive("noam", "scale", scale, DOWNHILL)
    at_least_one("noam", width=width, warm=warm)

    def rate(t: int | np.integer) -> float:
        made = int(t) + 1  # the paper counts from 1
        return scale * width**-0.5 * min(made**-0.5, made * warm**-1.5)

    return rate


def range_test(low: float, high: float, steps: int) -> Schedule:
    """Learning-rate range test: rise by a constant factor from low to high.

    Args:
        low: rate of the first step, positive.
        high: rate of the last, positive.
        steps: in all, at least 2.

    Raises:
        ValueError: a setting is out of its range.
    """
    check_positive("range_test", "low", low, DOWNHILL)
    check_positive("range_test", "high", high, DOWNHILL)
    at_least_one("range_test", steps=steps)
    if steps < 2:
        raise ValueError(
            "range_test: `steps` must be at least 2, because the rate rises "
            f"from the first to the last; got {steps}"
        )
    return lambda t: low * (high / low) ** (min(t, steps - 1) / (steps - 1))
