"""Learning-rate schedules: the factor of the rate at each step of T.

    cosine       (1 + cos πt/T) / 2
    linear       1 - t/T
    step         a tenth after T/2, a hundredth after 3T/4
    exponential  100^(-t/T)
    restarts     three cosines, one after the other

A warmup raises the factor from 0 over the first twentieth.
Source: Loshchilov & Hutter (2017); He et al. (2016); Goyal et al. (2017).
"""

import math
from collections.abc import Callable

Schedule = Callable[[int], float]
CYCLES = 3  # of `restarts`
WARMUP = 0.05  # the fraction of the steps in which a warmup rises


def schedule(name: str, steps: int) -> Schedule:
    """Give a schedule by name.

    Args:
        name: ``constant`` or a schedule of this module; with ``warmup`` before
            it and a blank, it is warmed up.
        steps: of the whole training.

    Raises:
        KeyError: no such schedule.

    >>> [round(schedule("cosine", 4)(t), 3) for t in range(4)]
    [1.0, 0.854, 0.5, 0.146]
    >>> [round(schedule("step", 8)(t), 3) for t in (0, 4, 6)]
    [1.0, 0.1, 0.01]
    """
    kind = name.removeprefix("warmup ")
    rises = WARMUP * steps if kind != name else 0.0
    factor = SCHEDULES[kind]

    def at(step: int) -> float:
        rise = min(1.0, (step + 1) / rises) if rises else 1.0
        return rise * factor(step / steps)

    return at


def cosine(part: float) -> float:
    """Fall like half a cosine.

    Args:
        part: of the training, in [0, 1).
    """
    return (1 + math.cos(math.pi * part)) / 2


def step(part: float) -> float:
    """Fall to a tenth at one half, and again at three quarters.

    Args:
        part: of the training, in [0, 1).
    """
    return 0.1 ** ((part >= 0.5) + (part >= 0.75))


def restarts(part: float) -> float:
    """Fall like a cosine, and begin again.

    Args:
        part: of the training, in [0, 1).
    """
    return cosine(CYCLES * part % 1)


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda part: 1.0,
    "cosine": cosine,
    "linear": lambda part: 1 - part,
    "step": step,
    "exponential": lambda part: 0.01**part,
    "restarts": restarts,
}
