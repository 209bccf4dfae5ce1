"""What the measured claims of optimizers compute, on cases that are known."""

from dataclasses import replace

import numpy as np
import pytest

from dlf.claims.optimizers import adaptive, races, robustness, weight_decay
from dlf.stacked.recipes import Recipe
from dlf.stacked.text_recipes import Reviews, rotation

SEEDS = [0, 1]
SHORT = Recipe(data="D8", depth=1, steps=60)


@pytest.mark.parametrize("claim", [races.C42, races.C48, races.C51])
def test_each_arm_races_with_its_own_optimizer(claim):
    cell = replace(SHORT, target=1.0, every=10)
    steps = {
        arm: claim.train(cell, arm, [0.0316, 0.1], SEEDS)["steps"]
        for arm in claim.arms
    }
    first, second = steps.values()
    assert first.shape == (2, 2)
    assert (first != second).any()
    assert (first[1] < 60).all()


def test_the_width_of_usable_rates_is_interpolated():
    tent = np.array([0.1, 0.5, 0.6, 0.5, 0.1])
    curves = np.stack([tent, tent])
    # 0.55 is crossed in the middle of the neighboring intervals
    assert robustness.width(curves) == pytest.approx([0.5, 0.5], abs=0.02)
    flat = np.stack([np.full(5, 0.6), tent])
    wide = robustness.width(flat)
    assert wide[0] == pytest.approx(2.0, abs=0.02)
    assert wide[0] > wide[1]


def test_robust_is_wider_and_the_default_is_told():
    peak = np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.4, 0.3, 0.2, 0.1])
    plain = np.stack([peak + 0.001 * k for k in range(8)])
    broad = np.maximum(plain, np.where(np.abs(np.arange(9) - 4) < 3, 0.58, 0))
    kept = {"momentum": plain, "rmsprop": broad, "adam": broad}
    against, alike = robustness.judge({"M1, 2 layers": kept})
    assert (against.verdict, alike.verdict) == ("supported", "too small")
    assert against.estimate.mean == pytest.approx(1.9, abs=0.3)
    assert "0.001 costs Adam 2.4 points" in against.note


def test_labels_that_change_keep_the_loss_up():
    cell = Recipe(data="M1", steps=200, batch=50, optimizer="sgd")
    out = adaptive.drifting(cell, [0.1, 0.3], SEEDS)
    assert out["loss"].shape == out["initial"].shape == (2, 2)
    assert (out["loss"] > 1.0).all()
    assert np.isfinite(out["score"]).all()
    assert adaptive.train(cell, [0.1, 0.3], SEEDS)["loss"] == pytest.approx(
        out["loss"]
    )


def test_the_lead_is_that_on_sparse_less_that_on_rotated_features():
    def arms(lead):
        test = {"adagrad": 0.8 + lead, "sgd": 0.8}
        return {
            name: {"test": np.array([value]), "tuned": value}
            for name, value in test.items()
        }

    assert adaptive.rotated(arms(0.03), arms(0.01)) == pytest.approx([0.02])


def test_a_rotation_keeps_lengths_and_reviews_have_two_classes():
    q = rotation()
    x = q.new_ones(3, len(q))
    assert (x @ q).norm(dim=1).tolist() == pytest.approx(
        x.norm(dim=1).tolist(), rel=1e-4
    )
    assert Reviews().widths() == [2_000, 2]


def test_decays_and_rates_are_equally_many():
    kinds = {}
    for name in weight_decay.ARMS:
        kinds.setdefault(name.split(",")[0], []).append(name)
    assert {len(names) for names in kinds.values()} == {4}
    made = {
        name: Recipe(data="D8", **change).make()
        for name, change in weight_decay.ARMS.items()
    }
    assert len(made) == 12
    cell = replace(SHORT, steps=10)
    plain, l2, beside = (
        weight_decay.C50.train(cell, arm, [0.1], SEEDS)["loss"]
        for arm in ("Adam, rates × 0.115", "L2, 0.001", "AdamW, decay 0.1")
    )
    assert (plain != l2).all()
    assert (plain != beside).all()
