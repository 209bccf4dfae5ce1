"""An exercise on schedules: what a log of rates says about the code.

Six training loops of 60 steps, 10 of them warm-up, ask PyTorch for a rise and
a cosine to 0. Five have a mistake, one has none.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch.optim import lr_scheduler

from dlf.exercises.matching import match_exercise

STEPS, WARM, PEAK = 60, 10, 0.4
SHOWN = (0, 5, 9, 10, 11, 29, 30, 31, 40, 50, 59)


def asked_for(t: int) -> float:
    """Rise for ten steps, then fall by a cosine to 0 at step 60."""
    if t < WARM:
        return (t + 1) / WARM
    return (1 + math.cos(math.pi * (t - WARM) / (STEPS - WARM))) / 2


def counted_through(t: int) -> float:
    """Let the cosine count the steps of the warm-up too."""
    if t < WARM:
        return (t + 1) / WARM
    return (1 + math.cos(math.pi * t / STEPS)) / 2


def too_short(t: int) -> float:
    """Let the cosine end after 30 steps, and come up again."""
    return asked_for(t) if t < WARM else (
        1 + math.cos(math.pi * (t - WARM) / 30)
    ) / 2  # fmt: skip


def by_epoch(t: int) -> float:
    """Step the scheduler once an epoch of ten steps."""
    return asked_for(t // 10)


def resumed(t: int) -> float:
    """Stop before step 30, and go on with a new scheduler."""
    return asked_for(t if t < 30 else t - 30)


def multiplied(t: int) -> float:
    """Give the rate, not the factor, to `LambdaLR`, which multiplies."""
    return PEAK * asked_for(t)


LOOPS: dict[str, Callable[[int], float]] = {
    "A": resumed,
    "B": counted_through,
    "C": multiplied,
    "D": asked_for,
    "E": by_epoch,
    "F": too_short,
}
NUMBERS = {
    asked_for: 1,
    counted_through: 2,
    too_short: 3,
    by_epoch: 4,
    resumed: 5,
    multiplied: 6,
}
CAUSES = "".join(str(NUMBERS[loop]) for loop in LOOPS.values())


def log(factor: Callable[[int], float]) -> list[float]:
    """Record the rates that the optimizer steps with.

    Args:
        factor: what the loop gives to `LambdaLR`.
    """
    leaf = torch.zeros(1, requires_grad=True)
    leaf.grad = torch.zeros(1)
    optimizer = torch.optim.SGD([leaf], PEAK)
    scheduler = lr_scheduler.LambdaLR(optimizer, factor)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def print_rates() -> None:
    """Print the rates of the six loops at some steps."""
    print("step", *(f"{t:5d}" for t in SHOWN))
    for name, factor in LOOPS.items():
        rates = log(factor)
        print(f"{name}   ", *(f"{rates[t]:5.3f}" for t in SHOWN))


RATES = match_exercise(
    "schedules-13",
    CAUSES,
    ("123456", "562143", "526134", 612345, 526, [np.nan] * 6, {"A": 5}),
    also=(
        [float(c) for c in CAUSES],
        torch.tensor([int(c) for c in CAUSES]),
        dict(zip(LOOPS, map(int, CAUSES), strict=True)),
    ),
)
