"""What C8 and C11 build and judge, on cases whose answer is known."""

import numpy as np
import pytest

from dlf.claims.mlp import curves, tables


def test_a_random_tree_is_constant_on_its_leaves():
    rng = np.random.default_rng(0)
    value = tables.tree_of(rng)
    x = rng.uniform(size=(5_000, 10))
    values = value(x)
    assert 5 < len(np.unique(values)) <= 32
    other = x.copy()
    other[:, 5:] = rng.uniform(size=(5_000, 5))  # five columns do nothing
    assert np.array_equal(value(other), values)


@pytest.mark.parametrize("name", tables.CELLS)
def test_a_table_is_a_seeds_own(name):
    table = tables.CELLS[name].table
    x, y, classes = tables.draw(table, 1)
    assert len(x) == len(y) == 2 * tables.ROWS
    assert x.shape[1] == {
        "Friedman 2": 4,
        "Friedman 3": 4,
        "Friedman 1, 20 uninformative": 30,
    }.get(name, 10)
    assert classes == (name == "Hastie 10-2")
    assert not np.array_equal(y, tables.draw(table, 2)[1])


def test_the_mlp_meets_the_rival_best_in_tuning():
    tried = {"mlp": [0.9], "linear": [0.5], "forest": [0.8], "boosting": [0.7]}
    noise = np.linspace(0, 0.001, 10)
    kept = {"mlp": 0.9 + noise, "forest": 0.8 - noise}
    kept |= {"linear": 0.95 + noise, "boosting": 0.7 + noise}
    view = {"Friedman 1": kept | {"found": {"tried": tried}}}
    [cell] = tables.judge(view)
    assert cell.estimate.mean == pytest.approx(0.101)
    assert cell.verdict == "supported"
    assert cell.note.startswith("forest")


@pytest.mark.parametrize(
    ("many", "word"),
    [
        (0.01, "supported"),
        (0.3, "unclear"),
        (0.9, "too small"),
        (2, "opposite"),
    ],
)
def test_width_must_buy_a_tenth_of_the_error(many, word):
    found = {"16": np.ones(3), "512": np.full(3, many)}
    built = {"constructed": {"16": 0.1, "512": 0.0}}
    *_, cell = curves.judge({"abs x, relu": found | {"found": built}})
    assert cell.verdict == word


def test_by_hand_512_units_reach_both_targets():
    assert curves.interpolant("abs x", 512) < 1e-12
    assert curves.interpolant("sin 8x", 512) < 0.01
    assert curves.interpolant("sin 8x", 16) > 0.1
