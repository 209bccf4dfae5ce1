"""Cells: the settings under which a claim is tested, as a typed record.

A claim derives a record of its own from `Cell`. A rule states of a cell what
differs from the record's defaults, and every field that has none.
"""

from dataclasses import dataclass, fields
from typing import Any

from dlf.experiments.seeds import SCORED


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What the engine reads of every cell.

    Args:
        dtype: number format of data and nets.
        classes: how many there are, equally frequent.
        seeds: how many are scored, if not as many as the claim says.
        first: the first of them.
        grid: settings tried for every arm, if not those of the claim.
        tuning: tuning seeds, if not as many as the claim says.
    """

    dtype: str = "float32"
    classes: int = 10
    seeds: int | None = None
    first: int = SCORED
    grid: tuple[float, ...] | None = None
    tuning: int | None = None

    def scored_seeds(self, count: int) -> list[int]:
        """Give the scored seeds: as many as the claim says, or the cell.

        Args:
            count: seeds of the claim, used where the cell does not say.
        """
        count = count if self.seeds is None else self.seeds
        return list(range(self.first, self.first + count))


def stated(cell: Cell) -> dict[str, Any]:
    """Give what a rule states of a cell.

    Args:
        cell: of any type derived from `Cell`.

    >>> stated(Cell(seeds=5)), stated(Cell())
    ({'seeds': 5}, {})
    """
    values = {f.name: (getattr(cell, f.name), f.default) for f in fields(cell)}
    return {
        name: value for name, (value, usual) in values.items() if value != usual
    }
