"""Exercises on regularization whose answer is a number or a few.

They are meant for a pencil, so that three digits are enough, of logarithms
too; and they may come as text, as fractions or as a row, in the order asked
for. Names are not read: a dict says nothing of an order.
"""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from dlf.exercises.comparison import as_plain, difference, text
from dlf.exercises.core import Exercise

RTOL = 6e-3  # 0.88 for 7/8
SEPARATORS = r"(?:\band\b|[\s,;])+"


def number(written: Any) -> Any:
    """Read one number from text, with any minus sign and as a fraction.

    Args:
        written: anything; what is no text, or no number, is handed back.

    >>> number("7/8"), number("\N{MINUS SIGN}1"), number("some")
    (0.875, -1.0, 'some')
    """
    if not isinstance(written, str):
        return written
    try:
        return float(Fraction(written.strip().replace("\N{MINUS SIGN}", "-")))
    except (ValueError, ZeroDivisionError, OverflowError):
        return written


def numbers(answer: Any) -> Any:
    """Read numbers from text, from texts, or from one row.

    Args:
        answer: anything.

    >>> numbers("3, 11/3"), numbers("3 and 3.667"), numbers([["2", 0]])
    ([3.0, 3.6666666666666665], [3.0, 3.667], [2.0, 0])
    """
    answer = as_plain(answer)
    if isinstance(answer, str):
        inside = answer.strip(" ()[]")
        return [number(part) for part in re.split(SEPARATORS, inside)]
    if isinstance(answer, np.ndarray) and answer.ndim == 2:
        return answer.ravel() if len(answer) == 1 else answer
    if isinstance(answer, list | tuple) and len(answer) == 1:
        answer = answer[0] if isinstance(answer[0], list | tuple) else answer
    if isinstance(answer, list | tuple):
        return [number(part) for part in answer]
    return answer


def close_to(wanted: tuple[float, ...]) -> Callable[[Any], str]:
    """Make the judge of an answer of a few numbers.

    Args:
        wanted: the numbers, in order.
    """

    def judge(answer: Any) -> str:
        row = numbers(answer)
        if isinstance(row, dict):
            return "give the numbers in the order asked for, without names"
        if isinstance(row, list) and any(isinstance(v, str) for v in row):
            return f"{text(answer)} could not be read as numbers"
        wrong = difference(row, wanted, RTOL, 1e-6)
        return f"{text(answer)} is not what is asked for" if wrong else ""

    return judge


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
    judge=close_to(two_penalties()),
    wrong=(
        (3.0, 3.0),
        (1.0, 11 / 3),
        (3.0, 1.0),
        (3.667, 3.0),
        (2.4, 3.667),
        (3.0,),
        3.0,
        "3 and more",
        {"L1": 3, "L2": 3.667},
    ),
    right=(
        (3, 3.667),
        (3, 3.66),
        [3, 11 / 3],
        np.array([3.0, 3.6667]),
        "3, 3.667",
        "3, 11/3",
        "3 and 3.667",
        ("3", "11/3"),
    ),
)
SHRUNK = Exercise(
    "regularization-2",
    thresholded(),
    judge=close_to(thresholded()),
    wrong=(
        (2, 0.5, 0, -1),
        (2, 0, 0, -3),
        (3, 0, 0, -2),
        (2, 0, 1, -1),
        (2, 0, 0),
        2,
    ),
    right=(
        [2, 0, 0, -1],
        np.array([2.0, -0.0, 0, -1]),
        [[2, 0, 0, -1]],
        np.array([[2, 0, 0, -1]]),
        "2 0 0 -1",
        "2, 0, 0, \N{MINUS SIGN}1",
    ),
)
DROPPED = Exercise(
    "regularization-3",
    dropped(),
    judge=close_to(dropped()),
    wrong=(
        (8.0, 25.0),
        (12.5, 16.0),
        (50.0, 25.0),
        (12.5, 5.0),
        (25.0, 12.5),
        {"variance": 12.5, "kept": 25},
    ),
    right=([12.5, 25], np.array([12.5, 25.0])),
)
STOPPED = Exercise(
    "regularization-4",
    stopped(),
    judge=close_to(stopped()),
    wrong=((0.125, 0.6), (0.875, 0.4), (0.6, 0.875), (0.875, 0.875)),
    right=(
        (7 / 8, 3 / 5),
        [0.875, 0.6],
        (0.88, 0.6),
        "7/8, 3/5",
        ("7/8", "3/5"),
    ),
)
SMOOTHED = Exercise(
    "regularization-5",
    smoothed(),
    judge=close_to(smoothed()),
    wrong=(
        (0.8, 0.05, 2.773),
        (0.84, 0.05, 3.045),
        (0.84, 0.04, math.log(20)),
        (0.84, 0.04, 21.0),
        (0.84, 0.04, 1.322),
        (0.84, 0.04),
        {"gap": 0.84, "true": 0.04, "other": 3.04},
    ),
    right=(
        (0.84, 0.04, 3.045),
        (0.84, 0.04, 3.04),
        (0.84, 0.04, 3.05),
        [0.84, 0.04, math.log(21)],
    ),
)
