"""Exercises on initial weights whose answer is a number or two.

They are meant for a pencil, so that three digits are enough.
"""

import math
from fractions import Fraction

import numpy as np

from dlf.exercises.core import Exercise


def weight_size() -> float:
    """Size c of weights ±c for which ReLU hands on the mean square.

    With the inputs 3, 1, 1 the sums 3 ± 1 ± 1 are 5, 3, 3 and 1.
    """
    squares = (25 + 9 + 9 + 1) / 4  # 11, the sum of squares of the inputs
    return math.sqrt((11 / 3) / (squares / 2))


def convolution_bounds() -> tuple[float, float]:
    """Where He's and Glorot's uniform weights of a 3 × 3 convolution end."""
    fan_in, fan_out = 16 * 9, 32 * 9
    return math.sqrt(6 / fan_in), math.sqrt(6 / (fan_in + fan_out))


def layers_to_a_millionth() -> int:
    """Count layers until the root mean square is below one millionth."""
    layers = 0
    while (1 / 6) ** (layers / 2) >= 1e-6:  # 1/6 of the mean square is left
        layers += 1
    return layers


def layers_to_tenfold(alpha: float = 0.2) -> int:
    """Count leaky layers under 2/n until the mean square is ten times."""
    return math.ceil(math.log(10) / math.log(1 + alpha**2))


SIZE = Exercise(
    "initialization-1",
    weight_size(),
    wrong=(
        1 / math.sqrt(3),
        2 / 3,
        1.0,
        1 / 3,
        math.sqrt(2),
        math.sqrt(11 / 3),
        np.nan,
        "0.816",
    ),
    right=(0.816, math.sqrt(2 / 3), np.float32(0.8165)),
    rtol=1e-3,
)
BOUNDS = Exercise(
    "initialization-2",
    convolution_bounds(),
    wrong=(
        (math.sqrt(6 / 16), math.sqrt(6 / 48)),
        (math.sqrt(2 / 144), math.sqrt(2 / 432)),
        (0.118, 0.204),
        (math.sqrt(6 / 288), math.sqrt(6 / 432)),
        (math.sqrt(3 / 144), math.sqrt(6 / 432)),
        0.204,
        (0.204,),
    ),
    right=(
        (0.2041, 0.1179),
        [0.204, 0.118],
        np.array([0.2041, 0.1179], np.float32),
    ),
    rtol=2e-3,
)
MILLIONTH = Exercise(
    "initialization-3",
    layers_to_a_millionth(),
    wrong=(8, 15, 17, 40, 15.42, 7, np.nan),
    right=(16, 16.0, np.int64(16)),
)
TENFOLD = Exercise(
    "initialization-4",
    layers_to_tenfold(),
    wrong=(58, 58.7, 60, 118, 12, 5, np.inf),
    right=(59, 59.0, Fraction(59)),
)
COPIES = Exercise(
    "initialization-9",
    (3, 10),
    wrong=((3, 3), (10, 10), (1, 10), (10, 3), (1, 3), 3, (3,)),
    right=((3, 10), [3, 10], np.array([3, 10])),
)
