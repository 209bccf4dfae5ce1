"""What C52 to C54 judge, on cases whose answer is known."""

import numpy as np
import pytest

from dlf.claims.second_order import conjugate, quasi_newton, races, saddles


def ends(minima, saddle, total=100):
    """Of so many nets, those in a minimum and those in a saddle."""
    kept = np.zeros((total, 2))
    kept[:minima, 0] = kept[minima : minima + saddle, 1] = 1
    return kept


@pytest.mark.parametrize(
    ("minima", "word"), [(100, "supported"), (0, "too small"), (90, "unclear")]
)
def test_only_the_printed_step_counts(minima, word):
    kept = {arm: ends(100, 0) for arm in saddles.ARMS}
    kept["printed"] = ends(minima, 100 - minima)
    found = saddles.judge({"(b) net 2-4-1": kept})
    [counted] = [o for o in found if o.counted]
    assert counted.verdict == word
    assert f"{minima} of 100 in a minimum" in counted.note


def test_a_quadratic_that_is_not_solved_is_told():
    for left, word in ((1e-14, "supported"), (1e-3, "false")):
        view = {"(a) quadratics": {"left": np.full(20, left)}}
        [o] = saddles.judge(view)
        assert (o.verdict, o.counted) == (word, False)


def test_one_newton_step_solves_a_quadratic():
    assert saddles.one_step(10, 0) < 1e-12


def counts(cell, ratio):
    """Counts of the two or three arms of a cell, ten seeds."""
    rng = np.random.default_rng(0)
    kept = {}
    for n, arm in enumerate(quasi_newton.CELLS[cell].arms):
        kept[arm] = 100 * (ratio if n == 1 else 1) * rng.uniform(0.95, 1.05, 10)
        kept[f"{arm} missed"] = np.zeros(10)
    return kept


@pytest.mark.parametrize(
    ("ratio", "word"),
    [(3, "supported"), (1.5, "too small"), (0.5, "opposite")],
)
def test_fewer_evaluations_than_the_rival_is_as_claimed(ratio, word):
    cell = "(a) D8, logistic"
    [o] = quasi_newton.judge({cell: counts(cell, ratio)})
    assert o.verdict == word
    assert np.exp(o.estimate.mean) == pytest.approx(ratio, rel=0.05)


def test_the_rival_explanation_is_background():
    cell = "(b) D8, MLP 1×32"
    kept = counts(cell, 0.5)
    kept["AdaHessian missed"][:3] = 1
    counted, shown = quasi_newton.judge({cell: kept})
    assert (counted.counted, shown.counted) == (True, False)
    assert "3 of 10 missed" in counted.note


def test_a_rate_at_the_edge_of_its_grid_is_told():
    cell = "(a) D8, logistic"
    kept = counts(cell, 3)
    tried = {"0.01": -5.0, "0.1": -4.0, "1": -3.0}
    kept["found"] = {
        "chosen": {"Adam": 1.0, "L-BFGS": 10.0},
        "tuning": {"Adam": tried, "L-BFGS": {"10": -3.0}},
    }
    [edge] = quasi_newton.judge({cell: kept})
    assert "at the edge" in edge.note
    kept["found"]["chosen"]["Adam"] = 0.1
    [inside] = quasi_newton.judge({cell: kept})
    assert "at the edge" not in inside.note


def test_only_the_largest_nets_count():
    kept = {"CG": np.linspace(90, 110, 10), "Adam": np.linspace(190, 210, 10)}
    kept |= {"CG missed": np.zeros(10), "Adam missed": np.zeros(10)}
    for cell, counted in (
        ("(b) D8, 1,000 weights", False),
        (conjugate.LARGEST[0], True),
    ):
        [o] = conjugate.judge({cell: kept})
        assert (o.verdict, o.counted) == ("supported", counted)


def test_a_broken_bound_is_told():
    [o] = conjugate.judge({"(a) quadratics": {"worst": np.array([0.5, 1.2])}})
    assert (o.verdict, o.counted) == ("false", False)
    assert conjugate.worst_over_bound(10, 100.0, 0) < 1


def test_a_race_counts_every_call_and_stops_at_its_budget():
    cell = races.Race(
        data="D8", hidden=0, target=1.0, budget=60, arms=("L-BFGS", "Adam")
    )
    count, missed = races.race(cell, "L-BFGS", 10.0, 0)
    assert 1 < count < 60
    assert not missed
    assert races.race(cell, "Adam", 1e-5, 0) == (60, True)
    fewer, _ = races.race(cell, "AdaHessian", 1e-5, 0)
    assert fewer == 60


def test_widths_have_the_weights_that_the_cells_name():
    for name, cell in conjugate.CELLS.items():
        if name.startswith("(b)"):
            named = int(name.split(" ")[2].replace(",", ""))
            total = sum(w.size for w in races.start(cell, 0).values())
            assert total == pytest.approx(named, rel=0.03)
