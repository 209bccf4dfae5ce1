"""Order, tuning, failures, fragility: what the engine does to every claim."""

from dataclasses import replace

import numpy as np
import pytest

from dlf.experiments import (
    headline,
    registry,
    scored_values,
    statistics,
    store,
    tuning,
)
from dlf.experiments import outcomes as experiments_outcomes
from dlf.experiments.cells import Cell
from tests.experiments import toy


def test_an_arms_best_at_an_edge_extends_the_grid_for_every_arm():
    run = tuning.tuned(toy.C901, toy.Named(name="a"))
    grids = [arm["grid"] for arm in run["arms"]]
    assert grids[0] == grids[1] == [0.00316, 0.01, 0.0316, 0.1, 0.316, 1.0]
    assert [arm["chosen"] for arm in run["arms"]] == [0.1, 0.01]
    assert not any(arm["at_edge"] for arm in run["arms"])
    assert all(arm["trials"] == 6 for arm in run["arms"])


def test_the_grid_ends_somewhere():
    def endless(cell, arm, settings, seeds):
        val = np.log(settings)[:, None] + np.zeros(len(seeds))
        return {"val": val, "loss": val * 0, "initial": val * 0 + 1}

    trials = tuning.choose(endless, Cell(), ("x",), (1.0, 10.0), 2)
    assert list(trials["x"]) == [1.0, 10.0, 100.0, 1e3, 1e4, 1e5]


def test_seeds_are_those_of_the_rules():
    seen = []

    def train(cell, arm, settings, seeds):
        seen.append(tuple(seeds))
        return toy.train(cell, arm, settings, seeds)

    tuning.tuned(replace(toy.C901, train=train), toy.Named(name="a", seeds=5))
    assert set(seen) == {(10, 11, 12), (100, 101, 102, 103, 104)}


def test_test_data_of_tuning_seeds_are_refused():
    def peeking(cell, arm, settings, seeds):
        out = toy.train(cell, arm, settings, seeds)
        return out | {"test": out["val"]}

    with pytest.raises(ValueError, match="read once"):
        tuning.tuned(replace(toy.C901, train=peeking), toy.Named(name="a"))


@pytest.mark.parametrize("loss", [np.nan, 3.0, np.inf])
def test_a_failed_run_scores_chance_and_stays(loss):
    def failing(cell, arm, settings, seeds):
        out = toy.train(cell, arm, settings, seeds)
        if arm == "old" and min(seeds) >= 100:
            out["loss"] = out["loss"].copy()
            out["loss"][:, 0] = loss
        return out

    claim = replace(toy.C901, train=failing)
    run = store.plain(tuning.tuned(claim, toy.Named(name="a")))
    scored = run["scored"]["old"]
    assert scored["test"][0] == 0.1
    assert min(scored["test"][1:]) > 0.7
    assert [arm["diverged"] for arm in run["arms"]] == [0, 1]


def test_small_test_sets_are_kept_example_by_example():
    right = np.random.default_rng(0).random((3, 21)) < 0.5
    lost = np.array([False, True, False])
    stored = store.plain(tuning.at_chance(right, lost, 0.1))
    back = scored_values.array(stored)
    assert np.array_equal(back[[0, 2]], right[[0, 2]])
    assert (back[1] == 0.1).all()


def test_fragile_is_what_one_seed_flips():
    values = {"seeds": list(range(100, 106))}
    effect = experiments_outcomes.Effect(
        "x", ("a",), lambda r: r["v"], toy.larger(0.0)
    )

    def claim_of(numbers: list[float]) -> tuple:
        runs = {"a": values | {"scored": {"v": numbers}}}
        claim = replace(toy.C901, cells={"a": Cell()}, effects=(effect,))
        return experiments_outcomes.fragile(claim, runs)

    steady = [1.0, 1.1, 0.9, 1.0, 1.05, 0.95]
    assert claim_of(steady) == (False, {"x": False})
    assert claim_of([*steady[:5], -0.8]) == (True, {"x": True})


def test_a_cell_may_be_fragile_where_the_headline_is_not():
    effects = tuple(
        experiments_outcomes.Effect(
            n, ("a",), lambda r, n=n: r[n], toy.larger(0.0)
        )
        for n in ("v", "w", "x")
    )
    steady = [1.0, 1.1, 0.9, 1.0, 1.05, 0.95]
    scored = {"v": steady, "w": [-v for v in steady], "x": [*steady[:5], -0.8]}
    runs = {"a": {"seeds": list(range(100, 106)), "scored": scored}}
    claim = replace(toy.C901, cells={"a": Cell()}, effects=effects)
    assert experiments_outcomes.fragile(claim, runs) == (
        False,
        {"v": False, "w": False, "x": True},
    )


def failing(old: list[float], lost: list[int]) -> experiments_outcomes.Outcome:
    """Judge new less old, some runs of which failed."""
    view = {
        "a": {
            "new": {"test": np.linspace(0.8, 0.81, 8), "failed": np.zeros(8)},
            "old": {
                "test": np.array(old),
                "failed": np.isin(np.arange(8), lost).astype(float),
            },
        }
    }
    effect = experiments_outcomes.Effect(
        "x",
        ("a",),
        lambda r: r["new"]["test"] - r["old"]["test"],
        statistics.larger(0.01),
    )
    return experiments_outcomes.judged(effect, view, 0.95)


def test_failed_runs_stay_in_the_mean_and_do_not_decide():
    level = list(np.linspace(0.75, 0.76, 8))
    assert failing(level, []).verdict == "supported"
    assert failing(level, []).note == ""
    one = failing([0.7, *level[1:]], [0])
    assert (one.verdict, one.estimate.n) == ("supported", 8)
    assert "without failed runs (1 of 8 seeds) 5 points" in one.note


def test_a_cell_that_failed_runs_decide_is_unclear():
    alike = list(np.linspace(0.8, 0.81, 8))
    decided = failing([0.1, 0.1, 0.1, 0.1, 0.1, *alike[5:]], [0, 1, 2, 3, 4])
    assert decided.estimate.low > 0.01  # all seeds together would support it
    assert decided.verdict == "unclear"
    assert "too small" in decided.note
    all_lost = failing([0.1] * 8, list(range(8)))
    assert (all_lost.verdict, all_lost.estimate.low > 0.5) == ("unclear", True)
    assert "8 of 8 seeds decide" in all_lost.note


def test_runs_no_better_than_a_constant_prediction_failed():
    out = {
        "loss": np.array([[0.5, 2.3026, 2.31, np.nan]]),
        "initial": np.full((1, 4), 2.4),
    }
    assert tuning.failed(out).tolist() == [[False, False, False, True]]
    out["constant"] = np.full((1, 4), np.log(10))
    assert tuning.failed(out).tolist() == [[False, True, True, True]]
    view = {"a": {"old": {"loss": out["loss"][0], "failed": np.zeros(4)}}}
    claim = replace(toy.C901, constant=tuning.of_classes)
    marked = claim.marked(view)["a"]["old"]["failed"]
    assert marked.tolist() == [0, 1, 1, 0]
    cells = claim.marked({"a": {"old": {"test": np.ones(3)}}})
    assert "failed" not in cells["a"]["old"]  # no loss, nothing to mark


def test_arms_are_tuned_together_and_every_trial_is_kept():
    from dlf.claims.training import common

    rates, tried = common.best(
        toy.train, toy.Named(name="a"), ("new", "old"), (0.1, 0.316, 1.0)
    )
    assert rates == {"new": 0.1, "old": 0.01}
    assert list(tried["new"]) == list(tried["old"])
    assert len(tried["new"]) == 6
    assert set(tried["old"]) == {
        "0.00316", "0.01", "0.0316", "0.1", "0.316", "1"
    }  # fmt: skip


def test_leaving_a_seed_out_touches_scored_values_only():
    run = {
        "seeds": [100, 101],
        "scored": {"arm": {"test": [0.5, 0.7]}},
        "arms": [{"grid": [0.1, 0.2]}],
    }
    rest = scored_values.without(run, 100)
    assert rest["seeds"] == [101]
    assert rest["scored"]["arm"]["test"].tolist() == [0.7]
    assert rest["arms"] == run["arms"]
    assert scored_values.without(run, 105) is run


def test_an_effect_that_was_not_measured_is_left_out():
    view = {"a": {"v": np.array([1.0, 2.0]), "t": np.array([np.nan] * 2)}}
    effects = [
        experiments_outcomes.Effect(
            n, ("a",), lambda r, n=n: r[n], toy.larger(0.1)
        )
        for n in ("v", "t")
    ]
    assert [o.cell for o in experiments_outcomes.decide(effects, view)] == ["v"]


def test_an_exact_claim_is_judged_part_by_part():
    runs = {unit: toy.C902.run(unit) for unit in toy.C902.units()}
    outcomes = toy.C902.outcomes(runs)
    assert [o.verdict for o in outcomes] == ["supported", "false"]
    assert toy.C902.verdict(outcomes)[:2] == (
        "false as printed",
        "1 of 2 cells supported, 1 false",
    )


def test_claims_are_found_by_number():
    addresses = registry.addresses()
    assert addresses["C12"] == "dlf.claims.activations.speed:C12"
    assert len(addresses) >= 45
    assert list(addresses) == sorted(addresses, key=lambda n: int(n[1:]))
    for number, address in addresses.items():
        assert registry.find(address).number == number
    with pytest.raises(KeyError, match="C9999"):
        registry.address("C9999")


def test_claims_say_everything():
    for address in registry.addresses().values():
        claim = registry.find(address)
        assert claim.sources, claim
        words = {*headline.SCALE, *headline.EARLIER}
        assert set(claim.expects) <= words
        for text in ("title", "hypothesis", "rule", "literature"):
            assert len(getattr(claim, text)) > 8, (claim, text)
