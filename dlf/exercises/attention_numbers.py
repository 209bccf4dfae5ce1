"""Exercises on attention whose answer is a few numbers, for a pencil."""

from math import log, sqrt

import numpy as np

from dlf.exercises.core import Exercise


def look_up() -> tuple[float, ...]:
    """Three keys of width 4, dot products 0, 2 ln 2, 2 ln 5; values 8, 4, 0.

    Divided by √4 and put into exp they are 1, 2 and 5, which sum to 8.
    """
    e = [np.exp(s / sqrt(4)) for s in (0.0, 2 * log(2), 2 * log(5))]
    weights = [float(v / sum(e)) for v in e]
    values = 8.0, 4.0, 0.0
    return *weights, sum(p * v for p, v in zip(weights, values, strict=True))


def count_pairs() -> tuple[int, int, int]:
    """Pairs that may look, of six places: causal, a window of 3, a prefix of 2.

    The window takes away what is three or more back; the prefix adds the pair
    in which the first place looks at the second.
    """
    causal = sum(range(1, 7))
    return causal, causal - sum(range(1, 4)), causal + 1


def count_work() -> tuple[int, int, int]:
    """Multiply-adds of 256 places of width 512, and where both are equal."""
    n, d = 256, 512
    return 2 * n * n * d, 4 * n * d * d, 2 * d


def count_memory() -> tuple[int, int]:
    """Parameters of a block of width 64, and bytes of a cache of four.

    Four square matrices, a perceptron four times as wide with its biases, two
    norms; and keys and values of 1,000 places in float32.
    """
    D = 64
    block = 4 * D**2 + (8 * D**2 + 4 * D + D) + 2 * 2 * D
    return block, 2 * 4 * D * 1000 * 4


LOOK_UP = Exercise(
    "attention-1",
    look_up(),
    wrong=(
        (1 / 8, 2 / 8, 5 / 8, 4),
        (1 / 30, 4 / 30, 25 / 30, 24 / 30),
        (0, 0.3, 0.7, 1.2),
        (1, 2, 5, 16),
        (5 / 8, 2 / 8, 1 / 8, 6),
        (1 / 8, 2 / 8, 5 / 8),
        2,
    ),
    right=(
        [0.125, 0.25, 0.625, 2],
        np.array([1, 2, 5, 16]) / 8,
        (1 / 8, 1 / 4, 5 / 8, 2.0),
    ),
)
PAIRS = Exercise(
    "attention-2",
    count_pairs(),
    wrong=(
        (36, 15, 22),
        (15, 12, 22),
        (21, 18, 22),
        (21, 15, 23),
        (21, 15, 25),
        (21, 11, 22),
        21,
    ),
    right=([21, 15, 22], np.array([21, 15, 22]), (21.0, 15.0, 22.0)),
)
WORK = Exercise(
    "attention-3",
    count_work(),
    wrong=(
        (33_554_432, 268_435_456, 1024),
        (67_108_864, 201_326_592, 1024),
        (268_435_456, 67_108_864, 1024),
        (67_108_864, 268_435_456, 512),
        (67_108_864, 268_435_456, 256),
        67_108_864,
    ),
    right=(
        [67_108_864, 268_435_456, 1024],
        np.array([2**26, 2**28, 2**10]),
        (67108864.0, 268435456, 1024),
    ),
)
MEMORY = Exercise(
    "attention-4",
    count_memory(),
    wrong=(
        (49_408, 2_048_000),
        (49_152, 2_048_000),
        (49_728, 1_024_000),
        (49_728, 512_000),
        (49_728, 256_000),
        (45_632, 2_048_000),
        49_728,
    ),
    right=([49_728, 2_048_000], np.array([49728, 2048000]), (49728.0, 2048e3)),
)
