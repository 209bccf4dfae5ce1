"""Exercises on residual nets whose answer is a few numbers, for a pencil."""

from math import comb
from typing import Any

import numpy as np

from dlf.exercises.core import Exercise


def two_blocks() -> tuple[float, ...]:
    """One unit, x = 1, W1 = 2, b1 = 1, W2 = −1, b2 = ½.

    ReLU is idle in front of the branch, since x is positive, so that both
    blocks have the same branch.
    """
    x, w1, b1, w2, b2 = 1.0, 2.0, 1.0, -1.0, 0.5
    total = x + w2 * (w1 * x + b1) + b2
    gradient = 1 + w2 * w1
    behind_relu = max(total, 0.0), gradient * (total > 0)
    return total, gradient, *behind_relu


def count_paths() -> tuple[int, int, int]:
    """Paths of five blocks: all, of length two, and with one branch cut."""
    return 2**5, comb(5, 2), 2**4


def bottleneck_by_hand() -> tuple[int, int]:
    """Weights of a bottleneck 256-64-64-256, and of two 3 × 3 of 256."""
    return 256 * 64 + 9 * 64**2 + 64 * 256, 2 * 9 * 256**2


def count_layers() -> tuple[int, int]:
    """Layers of two ResNets: stem, blocks of three or two, classifier."""
    return 1 + 3 * (3 + 4 + 23 + 3) + 1, 1 + 2 * (3 + 4 + 6 + 3) + 1


def _judge_four(answer: Any) -> str | None:
    """Compare four numbers, in a row or in two pairs."""
    if answer is None or answer is ...:
        return None
    try:
        got = np.asarray(answer, dtype=float).ravel()
    except (TypeError, ValueError):
        return "expected four numbers"
    if len(got) != 4:
        return f"expected four numbers; got {len(got)}"
    if not np.allclose(got, two_blocks(), atol=1e-6):
        return "not all four are what is asked for"
    return ""


BLOCKS = Exercise(
    "residual-1",
    two_blocks(),
    wrong=(
        (-1.5, -2, 0, 0),
        (-1.5, -1, -1.5, -1),
        (-2.5, -2, 0, 0),
        (-1.5, -1, 0, -1),
        (-1.5, -1, 0, 1),
        (0, 0, -1.5, -1),
        (-1.5, -1),
        -1.5,
    ),
    right=(
        [-1.5, -1, 0, 0],
        np.array([-1.5, -1.0, 0, 0]),
        (-3 / 2, -1, 0.0, 0.0),
        [(-1.5, -1), (0, 0)],
    ),
    judge=_judge_four,
)
PATHS = Exercise(
    "residual-2",
    count_paths(),
    wrong=(
        (32, 10, 31),
        (25, 10, 16),
        (32, 20, 16),
        (32, 5, 16),
        (10, 2, 8),
        (16, 10, 32),
        (120, 10, 24),
        32,
    ),
    right=([32, 10, 16], np.array([32, 10, 16]), (32.0, 10.0, 16.0)),
)
COST = Exercise(
    "residual-3",
    bottleneck_by_hand(),
    wrong=(
        (1179648, 69632),
        (69632, 589824),
        (53248, 1179648),
        (36864, 1179648),
        (182_272, 1179648),
        (70016, 1180160),
        69632,
    ),
    right=([69_632, 1_179_648], np.array([69632, 1179648]), (69632.0, 1179648)),
)
LAYERS = Exercise(
    "residual-4",
    count_layers(),
    wrong=((99, 32), (33, 16), (34, 101), (68, 34), (101, 50), (100, 33), 101),
    right=([101, 34], np.array([101, 34]), (101.0, 34.0)),
)
