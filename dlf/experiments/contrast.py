"""A claim whose arms are tuned alike and compared on fresh seeds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell, stated
from dlf.experiments.claim import Claim
from dlf.experiments.outcomes import Effect, Outcome, decide, dull
from dlf.experiments.scored_values import arrays
from dlf.experiments.seeds import SCORED


@dataclass(frozen=True, kw_only=True, repr=False)
class Contrast(Claim):
    """Arms with equally many tried settings, compared on fresh seeds.

    Args:
        cells: name to settings, such as ``Cell(data="M1", depth=8)``.
        arms: what is compared.
        grid: settings tried, in geometric steps (learning rates).
        train: maps ``(cell, arm, settings, seeds)`` to arrays with axes
            setting and seed: ``val`` (or ``score``, if the choice is not by
            validation accuracy), ``loss`` and ``initial`` (training loss after
            and before, which tell failures), and, for seeds from 100 only,
            ``test`` (with a third axis, boolean, where the test set is small:
            right or wrong) and whatever the effects need.
        effects: the contrasts that decide.
        seeds: scored seeds, where the cell does not say.
        tuning: tuning seeds, likewise.
        chance: score of a failed run.
        constant: maps a cell and an arm to the training loss of
            the best constant prediction, if training does not return it; a run
            no better failed. None where it is not known.
    """

    cells: Mapping[str, Cell]
    arms: tuple[str, ...]
    grid: tuple[float, ...]
    train: Callable[..., dict[str, Any]]
    effects: tuple[Effect, ...] = ()
    seeds: int = 10
    tuning: int = 3
    chance: float = 0.1
    constant: Callable[[Any, str], float] | None = None

    def units(self) -> tuple[str, ...]:
        return tuple(self.cells)

    def run(self, unit: str) -> dict[str, Any]:
        """Tune the arms of a cell alike, then run each on the scored seeds.

        Args:
            unit: its name.
        """
        from dlf.experiments.tuning import tuned

        return tuned(self, self.cells[unit])

    def small(
        self,
        cells: Sequence[str],
        chosen: dict[str, dict[str, float]] | None = None,
        **settings: Any,
    ) -> dict[str, dict]:
        """Run some cells again, at the recorded choice, for a replica.

        Args:
            cells: which.
            chosen: cell to arm to setting; the recorded ones if None.
            settings: what the cells have otherwise: ``seeds``, ``dtype``, …
        """
        from dlf.experiments import store, tuning

        chosen = chosen or store.chosen(self.number)
        settings = {"first": 2 * SCORED, "dtype": "float64"} | settings
        few = {c: replace(self.cells[c], **settings) for c in cells}
        return store.plain(
            {c: tuning.scored(self, few[c], chosen[c]) for c in cells}
        )

    def plan(self) -> dict[str, Any]:
        return super().plan() | {
            "cells": {name: stated(cell) for name, cell in self.cells.items()},
            "arms": list(self.arms),
            "grid": list(self.grid),
            "seeds": self.seeds,
            "tuning": self.tuning,
            "effects": [e.plan() for e in self.effects],
        }

    def seeds_of(self, unit: str) -> list[int] | None:
        """Give the scored seeds of a cell.

        Args:
            unit: its name.
        """
        return self.cells[unit].scored_seeds(self.seeds)

    def marked(self, view: dict[str, dict]) -> dict[str, dict]:
        """Mark as failed runs no better than the best constant prediction.

        Args:
            view: scored arrays by cell and arm, as `scored_values.arrays` reads
                them; their ``failed`` is changed in place.
        """
        for unit, arms in view.items():
            for name, arm in arms.items():
                if self.constant and isinstance(arm, dict) and "loss" in arm:
                    level = self.constant(self.cells[unit], name)
                    arm["failed"] = np.maximum(arm["failed"], dull(arm, level))
        return view

    def outcomes(self, runs: Mapping[str, dict]) -> tuple[Outcome, ...]:
        """Judge the effects, or leave it to ``judge``.

        Args:
            runs: what `run` returned, by cell.
        """
        view = self.marked(arrays(runs))
        if self.judge:
            return tuple(self.judge(view))
        return decide(self.effects, view)
