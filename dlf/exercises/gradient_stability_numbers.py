"""Exercises on gradient stability whose answer is a number or two.

They are meant for a pencil, so that three digits are enough.
"""

import math
from typing import Any

import numpy as np

from dlf.exercises.comparison import text
from dlf.exercises.core import Exercise


def blocks_to_a_tenth(norm: float = 0.1) -> int:
    """Count residual blocks until the lower bound is below one tenth.

    Args:
        norm: spectral norm of every branch's Jacobian.
    """
    blocks = 0
    while (1 - norm) ** blocks >= 0.1:
        blocks += 1
    return blocks


def steps_to_a_tenth(corner: float = 3.0, r: float = 0.5) -> int:
    """Count steps until the corner of the power is below one tenth.

    Args:
        corner: upper right entry of the matrix.
        r: its eigenvalue.
    """
    k = 1
    while k * corner * r ** (k - 1) >= 0.1:
        k += 1
    return k


def cosine_by_value() -> float:
    """Cosine of (2, 3, 6) and of what is left of it at the limit 2."""
    g = np.array([2.0, 3, 6])
    clipped = g.clip(-2, 2)
    return float(g @ clipped / np.linalg.norm(g) / np.linalg.norm(clipped))


def wrong_way() -> tuple[float, float]:
    """Probabilities of +9 between which clipping at 1 turns the mean."""
    return 1 / 10, 1 / 2  # 9 q = 1 - q before, q = 1 - q after


def recovery(spike: float = 1000.0, b2: float = 0.999) -> int:
    """Count steps until Adam's root mean square is below 2 again.

    Args:
        spike: the one gradient that is not 1.
        b2: decay of the running mean of squares.
    """
    v, steps = b2 + (1 - b2) * spike**2, 0
    while v >= 4:
        v = b2 * v + (1 - b2)
        steps += 1
    return steps


def _judge_recovery(answer: Any) -> str:
    """Accept a count of steps within one in a hundred."""
    try:
        got = float(answer)
    except (TypeError, ValueError):
        return f"expected a number of steps; got {text(answer)}"
    good = abs(got - recovery()) <= 0.01 * recovery()
    return "" if good else f"{got:g} is not the number of steps"


BLOCKS = Exercise(
    "gradient_stability-1",
    blocks_to_a_tenth(),
    wrong=(1, 9, 21, 21.85, 23, 25, np.nan),
    right=(22, 22.0, np.int64(22)),
)
TENTH = Exercise(
    "gradient_stability-2",
    steps_to_a_tenth(),
    wrong=(4, 5, 9, 11, 8, 0.1, np.inf),
    right=(10, 10.0, np.int32(10)),
)
COSINE = Exercise(
    "gradient_stability-3",
    cosine_by_value(),
    wrong=(1.0, 22 / 7, 24.9, 1 / math.sqrt(3), 0.943, 22, "0.907"),
    right=(0.907, 22 / (7 * math.sqrt(12)), np.float32(0.9073)),
    rtol=2e-3,
)
TURNED = Exercise(
    "gradient_stability-4",
    wrong_way(),
    wrong=((0.5, 0.1), (0, 0.5), (1 / 9, 0.5), (0.1, 0.9), 0.1, (0.1,)),
    right=((0.1, 0.5), [0.1, 0.5], np.array([0.1, 0.5], np.float32)),
    rtol=2e-3,
)
RECOVERY = Exercise(
    "gradient_stability-8",
    recovery(),
    wrong=(0, 1, 10, 44, 1000, 6904, 2300, 693, np.nan),
    right=(5806, 5807, 5810.0, 5800, np.float32(5808)),
    judge=_judge_recovery,
)
