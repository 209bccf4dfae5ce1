"""C97 to C99: lags are counted as their rules say; cells do what they time."""

import numpy as np
import pytest

from dlf.claims.recurrence import C97, memory, speed


def arms(right, errors=None):
    """Three cells of recall, or of adding, for one arm."""
    if errors is None:
        return tuple({"LSTM": {"test": np.array(r)}} for r in right)
    return tuple({"LSTM": {"nats": np.array(e)}} for e in errors)


def test_the_longest_lag_up_to_which_all_are_solved_counts():
    right = [[0.99, 0.5, 1.0], [0.96, 0.99, 0.95], [0.94, 0.99, 1.0]]
    found = memory.longest("recall", "LSTM", arms(right))
    assert 2**found == pytest.approx([20, 5, 40])
    errors = [[0.001, 0.021], [0.02, 0.0], [0.15, 0.0]]
    found = memory.longest("adding", "LSTM", arms([], errors))
    assert 2**found == pytest.approx([20, 5])


def test_the_rule_names_the_lags_and_the_bounds():
    for lag in memory.LAGS:
        assert str(lag) in C97.rule
    assert "0.02" in C97.rule
    assert "95 %" in C97.rule
    steps = {cell.steps for name, cell in C97.cells.items() if name != "TS"}
    assert steps == {800}


@pytest.mark.parametrize("way", speed.WAYS)
def test_both_cells_of_a_contest_run(way):
    contenders = speed.WAYS[way](3)
    assert list(contenders) == ["gru", "lstm"]
    found = speed.turns(contenders, 1)
    assert all(spent > 0 for spent in found.values())


def test_a_ratio_below_twice_its_spread_decides_nothing():
    def judged(quotients):
        view = {
            "NumPy, width 32": {
                "lstm over gru": np.array(quotients),
                "found": {"microseconds": {"gru": 1.0, "lstm": 1.3}},
            }
        }
        return speed.costs(view)[0].verdict

    assert judged([1.3, 1.31] * 5) == "supported"
    assert judged([0.7, 0.71] * 5) == "opposite"
    assert judged([1.0, 1.9] * 5) == "unclear"
