"""Exercises on regularization whose answer is a number or a few.

They are meant for a pencil, so that three digits are enough.
"""

import math

import numpy as np

from dlf.exercises.core import Exercise


def two_penalties() -> tuple[float, float]:
    """Parts that L2 and L1 with λ = 1 leave of a weight 4 at curvature 3."""
    return 3 * 4 / (3 + 1), 4 - 1 / 3


def thresholded() -> tuple[float, float, float, float]:
    """Soft threshold at 1 of 3, -0.5, 1 and -2."""
    return 2.0, 0.0, 0.0, -1.0


def dropped() -> tuple[float, float]:
    """Dropout, p = 0.2: a kept activation of 10, and its variance."""
    return 10 / 0.8, 0.2 / 0.8 * 10**2


def stopped() -> tuple[float, float]:
    """Part left after three steps of ½ at curvature 1; and of its ridge."""
    return 1 - (1 - 0.5) ** 3, 1 / (1 + 1 / (0.5 * 3))


def smoothed() -> tuple[float, float, float]:
    """Smoothed targets and gap of logits: C = 5, α = 0.2."""
    return 1 - 0.2 + 0.2 / 5, 0.2 / 5, math.log(1 + 5 * 0.8 / 0.2)


PENALTIES = Exercise(
    "regularization-1",
    two_penalties(),
    wrong=(
        (3.0, 3.0),
        (1.0, 11 / 3),
        (3.0, 1.0),
        (3.667, 3.0),
        (2.4, 3.667),
        (3.0,),
        3.0,
    ),
    right=((3, 3.667), [3, 11 / 3], np.array([3.0, 3.6667])),
    rtol=1e-3,
)
SHRUNK = Exercise(
    "regularization-2",
    thresholded(),
    wrong=(
        (2, 0.5, 0, -1),
        (2, 0, 0, -3),
        (3, 0, 0, -2),
        (2, 0, 1, -1),
        (2, 0, 0),
        2,
    ),
    right=([2, 0, 0, -1], np.array([2.0, -0.0, 0, -1])),
    rtol=1e-3,
)
DROPPED = Exercise(
    "regularization-3",
    dropped(),
    wrong=((8.0, 25.0), (12.5, 16.0), (50.0, 25.0), (12.5, 5.0), (25.0, 12.5)),
    right=([12.5, 25], np.array([12.5, 25.0])),
    rtol=1e-3,
)
STOPPED = Exercise(
    "regularization-4",
    stopped(),
    wrong=((0.125, 0.6), (0.875, 0.4), (0.6, 0.875), (0.875, 0.875)),
    right=((7 / 8, 3 / 5), [0.875, 0.6]),
    rtol=1e-3,
)
SMOOTHED = Exercise(
    "regularization-5",
    smoothed(),
    wrong=(
        (0.8, 0.05, 2.773),
        (0.84, 0.05, 3.045),
        (0.84, 0.04, 21.0),
        (0.84, 0.04, 1.322),
        (0.84, 0.04),
    ),
    right=((0.84, 0.04, 3.045), [0.84, 0.04, math.log(21)]),
    rtol=1e-3,
)
