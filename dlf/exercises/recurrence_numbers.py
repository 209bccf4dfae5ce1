"""Exercises on recurrent nets whose answer is a few numbers, for a pencil."""

import numpy as np

from dlf.exercises.core import Exercise


def relu_by_hand() -> tuple[float, ...]:
    """States and gradients of one ReLU unit, W = 2, U = −½, x = 1, 1, 3."""
    w, u = 2.0, -0.5
    h1 = w * 1.0
    h2 = w * 1.0 + u * h1
    h3 = w * 3.0 + u * h2
    du = h2 + u * h1
    dw = 3.0 + u * 1.0 + u * u * 1.0
    return h1, h2, h3, du, dw


def count_by_hand() -> tuple[int, int, int]:
    """Parameters of RNN, LSTM and GRU with 8 inputs and 16 units."""
    block = 16 * (8 + 16 + 2)
    return block, 4 * block, 3 * block


def pairs_by_hand() -> tuple[int, int, int]:
    """Pairs of steps of six: all, in chunks of three, in chunks of two."""
    return 6 * 7 // 2, 2 * (3 * 4 // 2), 3 * (2 * 3 // 2)


def rounds_by_hand() -> tuple[int, int]:
    """Count rounds of doubling that reach across 5 and 1,000 elements."""
    return int(np.ceil(np.log2(5))), int(np.ceil(np.log2(1000)))


RELU = Exercise(
    "recurrence-1",
    relu_by_hand(),
    wrong=(
        (2, 1, 5.5, 1, 3),
        (2, 1, 5.5, 0, 3.25),
        (2, 1, 5.5, 0, 2.75 + 2),
        (2, 3, 7.5, 0, 2.75),
        (2, 1, 5.5, 2, 2.75),
        (2, 1, 5.5),
        5.5,
    ),
    right=(
        [2, 1, 5.5, 0, 2.75],
        np.array([2, 1, 5.5, 0, 2.75]),
        (2.0, 1.0, 11 / 2, 0.0, 11 / 4),
    ),
)
COUNT = Exercise(
    "recurrence-2",
    count_by_hand(),
    wrong=(
        (400, 1600, 1200),
        (384, 1536, 1152),
        (416, 1248, 1664),
        (416, 1664, 832),
        (416, 1664),
        416,
    ),
    right=([416, 1664, 1248], np.array([416, 1664, 1248])),
)
PAIRS = Exercise(
    "recurrence-3",
    pairs_by_hand(),
    wrong=((15, 6, 3), (36, 18, 12), (21, 9, 12), (21, 6, 3), (21, 12), 21),
    right=([21, 12, 9], np.array([21, 12, 9]), (21.0, 12.0, 9.0)),
)
ROUNDS = Exercise(
    "recurrence-4",
    rounds_by_hand(),
    wrong=((2, 10), (4, 999), (3, 9), (5, 1000), (10, 3), 3),
    right=([3, 10], np.array([3, 10]), (3.0, 10.0)),
)
