"""Reduce on plateau: lower the rate when the validation loss stops falling.

A pair as optimizers are: ``state = init()`` starts it, and ``rate, state =
update(loss, state)`` hears one validation loss and gives the rate to go on
with. The loss counts as better only if it is below (1 - threshold) times the
best so far, which is meant for losses that are not negative. NaN never does.
Source: as `torch.optim.lr_scheduler.ReduceLROnPlateau` has it.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dlf.scratch.schedules.decays import check_rates

EPS = 1e-8  # a drop by no more than this is left out, as in PyTorch


class State(NamedTuple):
    """What is remembered between two validations."""

    rate: float
    best: float = math.inf
    worse: int = 0
    rest: int = 0


def reduce_on_plateau(
    lr: float,
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    cooldown: int = 0,
    least: float = 0.0,
) -> tuple[Callable, Callable]:
    """Make a rate that falls after so many validations without improvement.

    Args:
        lr: rate to begin with, positive.
        factor: what a drop multiplies by, in (0, 1).
        patience: validations in a row without improvement that are forgiven:
            the rate falls at the next.
        threshold: relative improvement that counts as one, in [0, 1).
        cooldown: validations after a drop that are not counted.
        least: rate that is not undercut, not negative.

    Raises:
        ValueError: a setting is out of its range.

    >>> init, update = reduce_on_plateau(0.1, factor=0.5, patience=1)
    >>> state = init()
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     rate, state = update(loss, state)
    >>> rate
    0.05
    """
    check_rates("reduce_on_plateau", lr)
    if not 0 < factor < 1 or not 0 <= threshold < 1:
        raise ValueError(
            "reduce_on_plateau: `factor` must lie in (0, 1) and `threshold` "
            "in [0, 1), because a drop lowers the rate and an improvement "
            f"the loss; got {factor} and {threshold}"
        )
    for count in (patience, cooldown):
        if not isinstance(count, int | np.integer) or count < 0:
            raise ValueError(
                "reduce_on_plateau: `patience` and `cooldown` must be whole "
                "and not negative, because they count; got "
                f"{patience} and {cooldown}"
            )
    if not 0 <= least < math.inf:
        raise ValueError(
            "reduce_on_plateau: `least` must not be negative, because it is "
            f"a rate; got {least}"
        )

    def lower(rate: float) -> float:
        lowered = max(rate * factor, least)
        return lowered if rate - lowered > EPS else rate

    def init() -> State:
        return State(lr)

    def update(loss: float, state: State) -> tuple[float, State]:
        rate, best, worse, rest = state
        if loss < best * (1 - threshold):
            best, worse = loss, 0
        else:
            worse += 1
        if rest > 0:
            rest, worse = rest - 1, 0
        if worse > patience:
            rate, worse, rest = lower(rate), 0, cooldown
        return rate, State(rate, best, worse, rest)

    return init, update
