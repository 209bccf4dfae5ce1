"""Which numbers a function takes, at the rims of their ranges.

A row is a call, and for each of its arguments that is a number a `Range`: what
is just allowed, and what is just not. NaN lies in none of them.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from ...concepts import all_concepts

CONCEPTS = {c.name: c for c in all_concepts()}


class Range(NamedTuple):
    """Numbers inside, next to the rim, and numbers beyond it.

    Args:
        taken: what is just allowed.
        refused: what is just not.
        named: which argument the error names, if it is another.
    """

    taken: tuple
    refused: tuple
    named: str = ""


Row = tuple[Callable, dict[str, Range]]
TINY, BELOW_1, ABOVE_1 = 1e-300, np.nextafter(1, 0), np.nextafter(1, 2)
POSITIVE = Range((TINY,), (0.0, -TINY))
FROM_0 = Range((0.0,), (-TINY,))
FINITE = Range((0.0, 1e30), (-TINY, np.inf))
FINITE_POSITIVE = Range((TINY, 1e30), (0.0, np.inf))
BELOW_ONE = Range((0.0, BELOW_1), (-TINY, 1.0))
UP_TO_1 = Range((0.0, 1.0), (-TINY, ABOVE_1))
ABOVE_ZERO_TO_1 = Range((TINY, 1.0), (0.0, ABOVE_1))
BETWEEN_0_AND_1 = Range((TINY, BELOW_1), (0.0, 1.0))


def whole(least: int, most: int | None = None) -> Range:
    """Whole numbers from one to another, if there is another."""
    if most is None:
        return Range((least,), (least - 1,))
    return Range((least, most), (least - 1, most + 1))


def drawn(name: str, **more) -> Callable:
    """Give a concept's function with ordinary arguments."""
    concept = CONCEPTS[name]
    args = concept.draw(np.random.default_rng(0))
    return partial(concept.scratch, *args, **concept.settings[0] | more)
