"""Cells: what a rule states of them, and what may be replaced."""

from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from dlf.experiments import registry, store, tuning
from dlf.experiments.cells import Cell, stated
from tests.experiments import toy


@dataclass(frozen=True, kw_only=True)
class Net(Cell):
    data: str
    depth: int = 2
    dtype: str = field()


CELL = Net(data="M1", dtype="float32")


def test_a_rule_states_what_has_no_default_and_what_differs_from_it():
    assert stated(CELL) == {"data": "M1", "dtype": "float32"}
    deep = replace(CELL, depth=8, seeds=5, grid=(0.1, 1.0))
    said = {"depth": 8, "seeds": 5, "grid": (0.1, 1.0)}
    assert stated(deep) == stated(CELL) | said


def test_a_setting_that_does_not_exist_or_is_missing_is_an_error():
    with pytest.raises(TypeError, match="dept"):
        replace(CELL, dept=8)
    with pytest.raises(TypeError, match="dtype"):
        Net(data="M1")
    with pytest.raises(FrozenInstanceError):
        CELL.depth = 8


def test_a_cell_overrides_the_claims_seeds():
    assert Cell().scored_seeds(3) == [100, 101, 102]
    assert Cell(seeds=2, first=130).scored_seeds(3) == [130, 131]
    assert Cell(seeds=0).scored_seeds(3) == []


def test_a_cell_overrides_the_claims_grid_and_tuning_seeds():
    asked = []

    def train(cell, arm, settings, seeds):
        asked.append((tuple(settings), seeds))
        return toy.train(cell, arm, settings, seeds)

    cell = toy.Named(name="a", grid=(0.0316, 0.1, 0.316), tuning=2)
    tuning.tuned(replace(toy.C901, train=train), cell)
    assert asked[0] == ((0.0316, 0.1, 0.316), [10, 11])


@pytest.mark.parametrize(
    "number", [n for n in registry.addresses() if store.path(n).exists()]
)
def test_recorded_rules_state_the_cells_as_they_stand(number):
    claim, rule = registry.find(number), store.load(number)["rule"]
    cells = getattr(claim, "cells", None)
    now = cells and {name: stated(cell) for name, cell in cells.items()}
    assert store.plain(now) == rule.get("cells")
