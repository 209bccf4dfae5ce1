"""Exercises on convolution: which shifts layers go along with, and a proof.

All sequences lie on a circle, so that nothing is lost at an end.
"""

from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray
Layer = Callable[[Array], Array]
PLACES = 12


def strided(x: Array) -> Array:
    """Cross-correlate with three taps at stride 2."""
    return (x + 2 * np.roll(x, -1) - np.roll(x, -2))[::2]


def pooled(x: Array) -> Array:
    """Max pooling by two."""
    return x.reshape(-1, 2).max(axis=1)


LAYERS: dict[str, Layer] = {
    "A": strided,
    "B": lambda x: pooled(strided(x)),
    "C": lambda x: np.maximum(x - 0.5, 0),
    "D": lambda x: (x - x.mean()) / x.std(),
    "E": lambda x: x - 3 * np.roll(x, -2),
    "F": lambda x: np.correlate(x, [1.0, 2, -1], mode="same"),
    "G": lambda x: x + np.sin(np.arange(len(x))),
}


def smallest_move(layer: Layer, x: Array) -> int:
    """Find the smallest move of the input that moves the output along."""
    y = layer(x)
    for r in range(1, len(x)):
        move, rest = divmod(r * len(y), len(x))
        if rest == 0 and np.allclose(layer(np.roll(x, r)), np.roll(y, move)):
            return r
    return 0


def smallest_moves() -> list[int]:
    """Do so for each of the seven layers."""
    x = np.random.default_rng(0).normal(size=PLACES)
    return [smallest_move(layer, x) for layer in LAYERS.values()]


def from_two_rows(first: Array, second: Array) -> Array:
    """Every pair of rows is the pair above, moved by two."""
    pairs = range(0, len(first), 2)
    rows = [np.roll(row, i) for i in pairs for row in (first, second)]
    return np.stack(rows)


def some_rows(rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw two rows of an even number of weights."""
    n = 2 * int(rng.integers(2, 6))
    return rng.normal(size=n), rng.normal(size=n)


MOVES = Exercise(
    "convolution-7",
    smallest_moves(),
    wrong=(
        [2, 2, 1, 1, 1, 0, 0],
        [2, 4, 1, 0, 1, 0, 0],
        [2, 4, 1, 1, 2, 0, 0],
        [2, 4, 1, 1, 1, 1, 0],
        [2, 4, 1, 1, 1, 0, 1],
        [1, 1, 1, 1, 1, 1, 1],
        [2, 4, 1, 1, 1],
        2,
    ),
    right=(
        (2, 4, 1, 1, 1, 0, 0),
        np.array([2, 4, 1, 1, 1, 0, 0]),
        [2.0, 4, 1, 1, 1, 0, 0],
    ),
)
ROWS = Exercise(
    "convolution-9",
    from_two_rows,
    some_rows,
    edges=((np.array([1.0, 2, 3, 4]), np.array([5.0, 6, 7, 8])),),
    wrong=(
        lambda a, b: np.stack([np.roll(a, i) for i in range(len(a))]),
        lambda a, b: np.stack(
            [np.roll((a, b)[i % 2], i) for i in range(len(a))]
        ),
        lambda a, b: from_two_rows(b, a),
        lambda a, b: from_two_rows(a, b).T,
        lambda a, b: np.stack([(a, b)[i % 2] for i in range(len(a))]),
        lambda a, b: np.stack(
            [np.roll((a, b)[i % 2], -(i - i % 2)) for i in range(len(a))]
        ),
    ),
    right=(
        lambda a, b: [
            [(a, b)[i % 2][(j - i + i % 2) % len(a)] for j in range(len(a))]
            for i in range(len(a))
        ],
        lambda a, b: np.stack(
            [np.roll((a, b)[i % 2], i // 2 * 2) for i in range(len(a))]
        ),
    ),
)
