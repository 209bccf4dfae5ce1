"""Recipes: what arms change, and what nets, data and schedules then are."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from dlf.stacked import activation_nets, recipes, schedules
from dlf.stacked.character_recipes import Characters
from dlf.stacked.recipes import Recipe

SEEDS = [0, 1]
CELL = Recipe(data="D8", depth=1, steps=40, dtype="float64")


def test_the_plain_recipe_is_the_net_of_the_other_claims():
    net = activation_nets.Net(data="D8", depth=1, steps=40, dtype="float64")
    here = recipes.train(CELL, [0.1], SEEDS)
    there = activation_nets.train(net, "relu", [0.1], SEEDS)
    np.testing.assert_allclose(here["loss"], there["loss"], rtol=1e-12)
    np.testing.assert_array_equal(here["val"], there["val"])


def test_an_arm_is_what_it_changes():
    train = recipes.arms(
        {"half": {"scale": 0.5}, "adam": {"optimizer": "adam"}}
    )
    half = train(CELL, "half", [0.2], SEEDS)["loss"]
    np.testing.assert_array_equal(
        half, recipes.train(CELL, [0.1], SEEDS)["loss"]
    )
    adam = recipes.train(replace(CELL, optimizer="adam"), [0.01], SEEDS)
    np.testing.assert_array_equal(
        train(CELL, "adam", [0.01], SEEDS)["loss"], adam["loss"]
    )


def test_a_race_is_scored_by_its_steps():
    cell = replace(CELL, target=1.0, every=10, steps=200)
    out = recipes.train(cell, [0.1, 0.001], SEEDS)
    assert (out["steps"][0] < 200).all()
    assert (out["steps"][1] == 200).all()
    np.testing.assert_allclose(out["score"][0], -np.log(out["steps"][0]))
    assert (out["score"][1] < out["score"][0]).all()


def test_noise_is_in_the_training_labels_alone():
    clean, noisy = (
        replace(CELL, noise=n, keep=300).examples(SEEDS) for n in (0.0, 0.4)
    )
    assert noisy.train.shape == (2, 300)
    moved = clean.y != noisy.y
    share = moved[noisy.train].double().mean()
    assert 0.3 < share < 0.42  # a tenth of the drawn labels are right
    for rows in (noisy.validation, noisy.test):
        assert not moved[rows].any()


def test_decay_and_clipping_change_the_training():
    plain = recipes.train(CELL, [0.1], SEEDS)["loss"]
    for change in ({"decay": 0.1}, {"clip": 0.1}, {"schedule": "cosine"}):
        other = recipes.train(replace(CELL, **change), [0.1], SEEDS)["loss"]
        assert (np.abs(other - plain) > 1e-6).all()


def test_the_best_in_tuning_is_compared():
    scored = {
        "new 1": {"tuned": 0.5, "test": np.array([0.9])},
        "new 2": {"tuned": 0.6, "test": np.array([0.7])},
        "old": {"tuned": 0.4, "test": np.array([0.5])},
    }
    assert recipes.gain("new", "old")(scored) == pytest.approx([0.2])
    half = recipes.speedup("new", "old", "test")(scored)
    assert half == pytest.approx([np.log(5 / 7)])


def test_schedules_end_where_they_should():
    ends = {"constant": 1.0, "step": 0.01, "exponential": 0.01}
    for name in schedules.SCHEDULES:
        factor = schedules.schedule(name, 10_000)
        assert factor(0) == 1.0
        assert factor(9_999) == pytest.approx(ends.get(name, 0.0), abs=1e-3)
    warm = schedules.schedule("warmup linear", 100)
    assert warm(0) == pytest.approx(0.2)
    assert warm(4) == pytest.approx(0.96)
    assert schedules.schedule("restarts", 300)(100) == 1.0


def test_characters_are_cut_from_parts_that_do_not_overlap():
    data = Characters().examples(SEEDS)
    parts = data.train, data.validation, data.test
    for early, late in itertools.pairwise(parts):
        assert early.max() + 16 < late.min() + 1
    row = data.train[1, 5]
    assert torch.equal(data.x[row + 1, :-1], data.x[row, 1:])
    assert data.x[row + 1, -1] == data.y[row]


def test_a_transformer_sees_what_was_read_and_learns():
    cell = Characters(steps=60, optimizer="adam", dtype="float64", depth=2)
    net = cell.net(SEEDS, 2)
    x = cell.examples(SEEDS).x[:10].expand(4, -1, -1)
    logits = net(x)
    assert torch.allclose(logits[0], logits[2])
    for place in (0, 15):
        other = x.clone()
        other[..., place] = (other[..., place] + 1) % 5
        assert not torch.allclose(net(other), logits)
    out = recipes.train(cell, [0.01], SEEDS)
    assert (out["loss"] < out["constant"]).all()
