"""Seeds: pilots use 0 to 9, tuning begins at 10, scored runs at 100."""

from collections.abc import Mapping
from typing import Any

TUNING, SCORED = 10, 100  # first seeds; pilots use 0 to 9


def scored_seeds(cell: Mapping[str, Any], count: int) -> list[int]:
    """Give the scored seeds of a cell with these settings.

    Args:
        cell: its settings; ``first`` and ``seeds`` override the usual ones.
        count: how many seeds, if it does not say.
    """
    first = cell.get("first", SCORED)
    return list(range(first, first + cell.get("seeds", count)))
