"""What the claims about norms, dropout and smoothing compute."""

from dataclasses import replace

import numpy as np
import pytest

from dlf.claims.initialization import gains
from dlf.claims.normalization import sensitivity, small_batches
from dlf.claims.regularization import dropout, mixup, smoothing
from dlf.stacked.regularized_recipes import Regularized

SEEDS = [0, 1]
SHORT = Regularized(data="D8", depth=1, steps=40)


@pytest.mark.parametrize(
    "claim",
    [
        gains.C59,
        sensitivity.C72,
        small_batches.C76,
        dropout.C83,
        smoothing.C88,
        mixup.C90,
    ],
)
def test_every_arm_trains_in_its_own_way(claim):
    losses = {
        arm: float(claim.train(SHORT, arm, [0.1], SEEDS)["loss"][0, 0])
        for arm in claim.arms
    }
    assert len(set(losses.values())) == len(claim.arms)


def test_what_fits_an_activation_is_ahead_where_the_effect_is_positive():
    arms = {
        name: {"test": np.array([value]), "tuned": value}
        for name, value in (("xavier", 0.5), ("he", 0.6))
    }
    assert gains.matched("ReLU, M1")(arms) == pytest.approx([0.1])
    assert gains.matched("tanh, M1")(arms) == pytest.approx([-0.1])


def test_sensitivity_is_the_range_over_scales():
    plain, norm = (0.1, 0.5, 0.6, 0.2), (0.5, 0.6, 0.6, 0.55)
    arms = {
        f"{name} × {f:g}": {
            "test": np.array([v, v + 0.01, v + 0.02]),
            "failed": np.array([v == 0.1, False, False]),
        }
        for name, of in (("plain", plain), ("norm", norm))
        for f, v in zip(sensitivity.FACTORS, of, strict=True)
    }
    (outcome, other) = sensitivity.judge(dict.fromkeys(sensitivity.DEEP, arms))
    assert np.exp(outcome.estimate.mean) == pytest.approx(5.0)
    assert outcome.verdict == other.verdict == "supported"
    assert outcome.note == "failed runs: plain × 0.1: 1"


def test_a_run_that_fails_at_a_scale_counts_as_a_guess():
    kept = sensitivity.measure(replace(SHORT, depth=2), [100, 101])
    assert set(kept) == {"found", *sensitivity.SCALED}
    assert set(kept["found"]) == set(sensitivity.SCALED)
    for name in sensitivity.SCALED:
        arm = kept[name]
        assert arm["test"].shape == arm["failed"].shape == (2,)
        assert (arm["test"][arm["failed"]] == 0.1).all()
    trained = kept["norm × 1"]
    assert not trained["failed"].any()
    assert (trained["test"] > 0.5).all()


def test_norm_relieves_dropout_where_it_gains_less():
    values = {"plain": 0.5, "dropout": 0.55, "norm": 0.6, "both": 0.58}
    arms = {name: {"test": np.array([v])} for name, v in values.items()}
    assert sensitivity.relieved(arms) == pytest.approx([0.07])


def test_the_lead_of_layer_norm_grows_where_batches_are_small():
    def arms(layer, batch):
        return {
            "layer": {"test": np.array([layer])},
            "batch": {"test": np.array([batch])},
        }

    grown = small_batches.grown(arms(0.5, 0.4), arms(0.6, 0.57))
    assert grown == pytest.approx([0.07])


def test_the_arms_without_dropout_try_as_many_settings():
    assert len(dropout.NONE) == len(dropout.DROPOUT) == 3


def test_calibration_error_is_the_gap_of_confidence_and_accuracy():
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.5, 1.0, 60_000)
    right = rng.random(60_000) < confidence
    assert smoothing.calibration_error(confidence, right) < 0.01
    sure = np.minimum(confidence + 0.2, 1.2)
    gap = smoothing.calibration_error(sure, right)
    assert gap == pytest.approx(0.2, abs=0.01)


def test_calibration_is_measured_on_scored_seeds_alone():
    cell = replace(SHORT, smoothing=0.1)
    assert "calibration" not in smoothing.train(cell, [0.1], SEEDS)
    out = smoothing.train(cell, [0.1, 0.05], [100, 101])
    assert out["calibration"].shape == (2, 2)
    assert ((out["calibration"] > 0) & (out["calibration"] < 1)).all()
