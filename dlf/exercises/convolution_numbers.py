"""Exercises on convolution whose answer is a number or a few, for a pencil."""

from itertools import pairwise
from typing import Any

import numpy as np

from dlf.exercises.core import Exercise

X, W = np.array([1.0, 0, 2, 3, -1]), np.array([1.0, 2, -1])


def by_hand() -> tuple[float, ...]:
    """Slide (1, 2, −1) along (1, 0, 2, 3, −1), as it is and flipped."""
    windows = [X[i : i + 3] for i in range(3)]
    as_it_is = [float(w @ W) for w in windows]
    flipped = [float(w @ W[::-1]) for w in windows]
    return (*as_it_is, *flipped)


def layer_by_hand() -> tuple[int, int, int]:
    """Count height, parameters and multiply-adds of one layer.

    5 × 5 taps from 3 to 16 channels, stride 2, padding 2, on 32 × 32 pixels.
    """
    height = (32 + 2 * 2 - 5) // 2 + 1
    weights = 16 * 3 * 5 * 5
    return height, weights + 16, weights * height**2


def count_nets() -> tuple[int, int]:
    """Count a net of three convolutions, and the dense net of its units.

    15 channels, kernel 3, stride 2, no padding, on 40 numbers: 19, 9 and 4
    positions. Then a dense layer to 10.
    """
    convolutional = (15 * 3 + 15) + 2 * (15 * 15 * 3 + 15) + (60 * 10 + 10)
    widths = [40, 15 * 19, 15 * 9, 15 * 4, 10]
    dense = sum(n * m + m for n, m in pairwise(widths))
    return convolutional, dense


def stem_field() -> tuple[int, int]:
    """Receptive field and jump after 7 × 7, 3 × 3 (strides 2), 3 × 3."""
    size, jump = 1, 1
    for kernel, stride in ((7, 2), (3, 2), (3, 1)):
        size += (kernel - 1) * jump
        jump *= stride
    return size, jump


def _judge_six(answer: Any) -> str | None:
    """Compare six numbers, in one row or in two of three."""
    try:
        got = np.asarray(answer, float).ravel()
    except (TypeError, ValueError):
        return "expected six numbers"
    if got.shape != (6,):
        return f"expected six numbers; got {got.size}"
    if np.allclose(got, by_hand()):
        return ""
    if np.allclose(got, (*by_hand()[3:], *by_hand()[:3])):
        return "cross-correlation first, then convolution"
    return "not the values asked for"


HAND = Exercise(
    "convolution-1",
    by_hand(),
    wrong=(
        by_hand()[:3],
        by_hand()[3:],
        (*by_hand()[3:], *by_hand()[:3]),
        (*by_hand()[:3], *by_hand()[:3]),
        (*by_hand()[:3], *by_hand()[:2:-1]),
        (1.0, 0, -2, 3, -4, 5),
        1.0,
        "-1 1 9 1 7 3",
        (by_hand()[3:], by_hand()[:3]),
    ),
    right=(
        list(by_hand()),
        np.array(by_hand()),
        tuple(int(v) for v in by_hand()),
        (by_hand()[:3], by_hand()[3:]),
        np.array(by_hand()).reshape(2, 3),
    ),
    judge=_judge_six,
)
LAYER = Exercise(
    "convolution-2",
    layer_by_hand(),
    wrong=(
        (16, 1200, 307200),
        (16, 416, 307200),
        (14, 1216, 235200),
        (32, 1216, 1228800),
        (16, 1216, 1228800),
        (16, 1216, 1200),
        (16, 1216, 614400),
        16,
    ),
    right=(
        [16, 1216, 307_200],
        np.array([16, 1216, 307200]),
        (16.0, 1216, 3.072e5),
    ),
)
NETS = Exercise(
    "convolution-3",
    count_nets(),
    wrong=(
        (59065, 2050),
        (2050, 59055),
        (2005, 59065),
        (670, 59065),
        (2050, 57790),
        (2050, 2050),
        2050,
    ),
    right=([2050, 59_065], np.array([2050, 59065]), (2050.0, 59065.0)),
)
FIELD = Exercise(
    "convolution-4",
    stem_field(),
    wrong=((11, 4), (13, 4), (16, 4), (15, 4), (19, 2), (4, 19), (27, 4), 19),
    right=([19, 4], np.array([19, 4]), (19.0, 4.0)),
)
