"""The settings of a cell of C103."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlf.experiments.cells import Cell


@dataclass(frozen=True, kw_only=True)
class Network(Cell):
    """A network, and what is trained on it.

    Args:
        network: its name.
        model: a published one, on the standard split; the five arms if none.
        depths: one GCN of every depth instead.
        found: the settings, where they are known.
        decay: of the first layer's weights.
    """

    network: str
    model: str = ""
    depths: bool = False
    found: Mapping[str, Any] | None = None
    decay: float = 0.0
