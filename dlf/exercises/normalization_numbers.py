"""Exercises on normalization whose answer is a number or a few.

They are meant for a pencil, so that three digits are enough.
"""

import math

import numpy as np

from dlf.exercises.core import Exercise


def five_values() -> tuple[float, float]:
    """Normalize the last of 2, 2, 2, 2, 12, and move a stored variance.

    The mean is 4, the deviations are −2 four times and 8.
    """
    squares = 4 * 2**2 + 8**2  # 80
    normalized = 8 / math.sqrt(squares / 5)
    stored = 0.9 * 1 + 0.1 * squares / 4
    return normalized, stored


def gradient_by_hand() -> tuple[float, float, float]:
    """Gradients of 2, 4, 4, 10 when the loss is the first output, γ = 3."""
    hat = np.array([-3, -1, -1, 5]) / 3
    p = np.array([3.0, 0, 0, 0])
    dx = (p - p.mean() - hat * (p * hat).mean()) / 3
    return float(dx[0]), float(dx[1]), float(dx[3])


def count_means(
    N: int = 32, C: int = 64, groups: int = 16
) -> tuple[int, int, int, int]:
    """Count the means of batch, layer, group and instance norm."""
    return C, N, N * groups, N * C


def folded() -> tuple[float, float]:
    """Fold γ = 6, β = −1, μ = 5, s² + ε = 4 into w = 2, b = 1."""
    r = 6 / math.sqrt(4)
    return r * 2, r * (1 - 5) - 1


FIVE = Exercise(
    "normalization-1",
    five_values(),
    wrong=(
        (8 / math.sqrt(20), 2.9),
        (2.0, 2.5),
        (2.0, 18.1),
        (2.0, 20.0),
        (0.5, 2.9),
        (-0.5, 2.9),
        (2.9, 2.0),
        2.0,
    ),
    right=((2, 2.9), [2.0, 2.9], np.array([2.0, 2.9], np.float32)),
    rtol=1e-3,
)
HAND = Exercise(
    "normalization-2",
    gradient_by_hand(),
    wrong=(
        (1.0, 0.0, 0.0),
        (0.75, -0.25, -0.25),
        (0.5, -1 / 3, 1 / 3),
        (1.5, -1, 0.5),
        (1 / 6, -1 / 9, 1 / 18),
        (1 / 6, -1 / 3, 0.5),
        (0.5, 1 / 3, 1 / 6),
        0.5,
    ),
    right=(
        (0.5, -0.333, 0.167),
        [1 / 2, -1 / 3, 1 / 6],
        np.array([0.5, -1 / 3, 1 / 6], np.float32),
    ),
    rtol=3e-3,
)
COUNT = Exercise(
    "normalization-3",
    count_means(),
    wrong=(
        (64, 32, 16, 2048),
        (64, 32, 512, 64),
        (4096, 32, 512, 2048),
        (32, 64, 512, 2048),
        (64, 2048, 512, 2048),
        (64, 64, 64, 64),
        64,
    ),
    right=(
        (64, 32, 512, 2048),
        [64, 32, 512, 2048],
        np.array([64, 32, 512, 2048]),
    ),
)
FOLDED = Exercise(
    "normalization-4",
    folded(),
    wrong=((6, 3), (3, -7), (6, -11), (12, -25), (3, -13), (-13, 6), 6),
    right=((6, -13), [6.0, -13.0], np.array([6, -13])),
)
SCALED = Exercise(
    "normalization-9",
    (1 / 5, 25.0),
    wrong=(
        (5, 25),
        (1, 1),
        (1 / 5, 5),
        (1 / 25, 25),
        (1 / 5, 1 / 25),
        (0.2, 0.2),
        25,
    ),
    right=((0.2, 25), [1 / 5, 5**2], np.array([0.2, 25.0])),
)
