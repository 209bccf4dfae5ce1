"""The settings that the cells of several claims about training have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dlf.experiments.cells import Cell


@dataclass(frozen=True, kw_only=True)
class Training(Cell):
    """Settings of a net with two hidden layers.

    Args:
        data: M1, D8 or FM.
        keep: training examples, the first of each seed; all if None.
        activation: of the hidden units.
    """

    data: str
    keep: int | None = None
    activation: str | Callable[[Any], Any] = "relu"
