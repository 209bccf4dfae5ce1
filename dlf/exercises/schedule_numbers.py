"""Exercises on schedules whose answer is a number or a few.

They are meant for a pencil, so that three digits are enough.
"""

import numpy as np

from dlf.exercises.core import Exercise


def largest_rate(curvature: float = 50.0) -> float:
    """Largest rate at which heavy ball with β = 0.9 does not diverge."""
    return (2 + 2 * 0.9) / curvature


def annealed_rates() -> tuple[float, float, float, float]:
    """Rates of CosineAnnealingLR, 0.1 to 0 in 100 steps, at 0, 50, 100, 150."""
    return 0.1, 0.05, 0.0, 0.05


def mean_rate() -> float:
    """Mean of the four rates of a cosine from 0.1 to 0 in 4 steps."""
    return 0.1 / 2 + 0.1 / (2 * 4)


def mean_of_three() -> tuple[float, float]:
    """Mean squares after three steps of ½, and of 1, ½, ⅓, from 4 and s = 1."""
    v = 16.0
    for _ in range(3):
        v = v / 4 + 1 / 4
    return v, 1 / 3


LARGEST = Exercise(
    "schedules-1",
    largest_rate(),
    wrong=(0.04, 0.02, 3.8, 0.004, 0.4, 0.0271, np.nan),
    right=(0.076, 3.8 / 50, np.float32(0.076)),
    rtol=1e-3,
)
ANNEALED = Exercise(
    "schedules-2",
    annealed_rates(),
    wrong=(
        (0.1, 0.05, 0.0, 0.0),
        (0.1, 0.05, 0.0, -0.05),
        (0.1, 0.05, 0.1, 0.05),
        (0.1, 0.0707, 0.0, 0.0707),
        (0.1, 0.05, 0.0),
        0.05,
    ),
    right=([0.1, 0.05, 0, 0.05], np.array([0.1, 0.05, 0.0, 0.05])),
    rtol=1e-3,
)
MEAN = Exercise(
    "schedules-3",
    mean_rate(),
    wrong=(0.05, 0.0375, 0.1, 0.25, np.nan),
    right=(0.0625, 1 / 16),
    rtol=1e-3,
)
THREE = Exercise(
    "schedules-4",
    mean_of_three(),
    wrong=(
        (0.5, 1 / 3),
        (0.578, 0.578),
        (1 / 3, 0.578),
        (0.578, 5.67),
        (2.328, 1 / 3),
        (0.578,),
        0.578,
    ),
    right=((0.578, 0.333), [37 / 64, 1 / 3], np.array([0.578125, 0.33333])),
    rtol=2e-3,
)
