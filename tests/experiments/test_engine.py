"""Order, tuning, failures, fragility: what the engine does to every claim."""

from dataclasses import replace

import numpy as np
import pytest

from dlf.experiments import outcomes as experiments_outcomes
from dlf.experiments import registry, store, tuning
from tests.experiments import toy


def test_an_arms_best_at_an_edge_extends_the_grid_for_every_arm():
    run = tuning.tuned(toy.C901, {"name": "a"})
    grids = [arm["grid"] for arm in run["arms"]]
    assert grids[0] == grids[1] == [0.00316, 0.01, 0.0316, 0.1, 0.316, 1.0]
    assert [arm["chosen"] for arm in run["arms"]] == [0.1, 0.01]
    assert not any(arm["at_edge"] for arm in run["arms"])
    assert all(arm["trials"] == 6 for arm in run["arms"])


def test_the_grid_ends_somewhere():
    def endless(cell, arm, settings, seeds):
        val = np.log(settings)[:, None] + np.zeros(len(seeds))
        return {"val": val, "loss": val * 0, "initial": val * 0 + 1}

    trials = tuning.choose(endless, {}, ("x",), (1.0, 10.0), 2)
    assert list(trials["x"]) == [1.0, 10.0, 100.0, 1e3, 1e4, 1e5]


def test_seeds_are_those_of_the_rules():
    seen = []

    def train(cell, arm, settings, seeds):
        seen.append(tuple(seeds))
        return toy.train(cell, arm, settings, seeds)

    tuning.tuned(replace(toy.C901, train=train), {"name": "a", "seeds": 5})
    assert set(seen) == {(10, 11, 12), (100, 101, 102, 103, 104)}


def test_test_data_of_tuning_seeds_are_refused():
    def peeking(cell, arm, settings, seeds):
        out = toy.train(cell, arm, settings, seeds)
        return out | {"test": out["val"]}

    with pytest.raises(ValueError, match="read once"):
        tuning.tuned(replace(toy.C901, train=peeking), {"name": "a"})


@pytest.mark.parametrize("loss", [np.nan, 3.0, np.inf])
def test_a_failed_run_scores_chance_and_stays(loss):
    def failing(cell, arm, settings, seeds):
        out = toy.train(cell, arm, settings, seeds)
        if arm == "old" and min(seeds) >= 100:
            out["loss"] = out["loss"].copy()
            out["loss"][:, 0] = loss
        return out

    claim = replace(toy.C901, train=failing)
    run = store.plain(tuning.tuned(claim, {"name": "a"}))
    scored = run["scored"]["old"]
    assert scored["test"][0] == 0.1
    assert min(scored["test"][1:]) > 0.7
    assert [arm["diverged"] for arm in run["arms"]] == [0, 1]


def test_small_test_sets_are_kept_example_by_example():
    right = np.random.default_rng(0).random((3, 21)) < 0.5
    lost = np.array([False, True, False])
    stored = store.plain(tuning.at_chance(right, lost, 0.1))
    back = experiments_outcomes.array(stored)
    assert np.array_equal(back[[0, 2]], right[[0, 2]])
    assert (back[1] == 0.1).all()


def test_fragile_is_what_one_seed_flips():
    values = {"seeds": list(range(100, 106))}
    effect = experiments_outcomes.Effect(
        "x", ("a",), lambda r: r["v"], toy.larger(0.0)
    )

    def claim_of(numbers: list[float]) -> bool:
        runs = {"a": values | {"scored": {"v": numbers}}}
        claim = replace(toy.C901, cells={"a": {}}, effects=(effect,))
        return experiments_outcomes.fragile(claim, runs)

    assert not claim_of([1.0, 1.1, 0.9, 1.0, 1.05, 0.95])
    assert claim_of([1.0, 1.1, 0.9, 1.0, 1.05, -0.8])


def test_leaving_a_seed_out_touches_scored_values_only():
    run = {
        "seeds": [100, 101],
        "scored": {"arm": {"test": [0.5, 0.7]}},
        "arms": [{"grid": [0.1, 0.2]}],
    }
    rest = experiments_outcomes.without(run, 100)
    assert rest["seeds"] == [101]
    assert rest["scored"]["arm"]["test"].tolist() == [0.7]
    assert rest["arms"] == run["arms"]
    assert experiments_outcomes.without(run, 105) is run


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
    assert [o.verdict for o in outcomes] == ["supported", "refuted"]
    assert toy.C902.verdict(outcomes)[0] == "holds in part"


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
        assert set(claim.expects) <= {
            experiments_outcomes.HOLDS,
            experiments_outcomes.PART,
            experiments_outcomes.FAILS,
            experiments_outcomes.OPEN,
            experiments_outcomes.UNTESTABLE,
        }
        for text in ("title", "hypothesis", "rule", "literature"):
            assert len(getattr(claim, text)) > 8, (claim, text)
