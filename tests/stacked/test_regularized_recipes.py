"""Regularized nets: norms, dropout, smoothing and mixup do what they say."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlf.stacked import recipes, regularized_recipes
from dlf.stacked.regularized_nets import RegularizedMlp, training_loss
from dlf.stacked.regularized_recipes import Regularized

SEEDS = [0, 1]
CELL = Regularized(data="D8", steps=40, dtype="float64")
X = torch.randn(4, 6, 64, generator=torch.Generator().manual_seed(0)).double()


def test_a_plain_one_is_trained_as_any():
    here = regularized_recipes.train(CELL, [0.1], SEEDS)
    plain = recipes.Recipe(data="D8", steps=40, dtype="float64")
    there = recipes.train(plain, [0.1], SEEDS)
    np.testing.assert_array_equal(here["loss"], there["loss"])


@pytest.mark.parametrize(
    "change",
    [
        {"norm": "batch"},
        {"norm": "layer"},
        {"norm": "batch", "after": True},
        {"dropout": 0.3},
        {"smoothing": 0.1},
        {"mixup": 0.4},
        {"init": "xavier"},
        {"factor": 2.0},
        {"residual": True},
    ],
)
def test_each_setting_changes_the_training_and_it_learns(change):
    plain = regularized_recipes.train(CELL, [0.1], SEEDS)["loss"]
    cell = replace(CELL, **change)
    out = regularized_recipes.train(cell, [0.1, 0.2], SEEDS)
    assert (np.abs(out["loss"][0] - plain[0]) > 1e-6).all()
    assert (out["loss"] < out["initial"]).all()
    alone = regularized_recipes.train(cell, [0.1], SEEDS[1:])
    assert alone["loss"][0, 0] == pytest.approx(out["loss"][0, 1], rel=1e-9)


def test_layer_norm_is_torchs_and_does_not_see_the_batch():
    net = replace(CELL, norm="layer").net(SEEDS, 2)
    norm = net.norms[0]
    with torch.no_grad():
        norm.weight.mul_(2)
        norm.bias.add_(1)
    expected = F.layer_norm(X[1], (64,), norm.weight[1, 0], norm.bias[1, 0])
    assert torch.allclose(norm(X)[1], expected)
    assert torch.allclose(net(X)[:, :2], net(X[:, :2]))


def test_dropout_keeps_the_mean_and_rests_when_judged():
    net = replace(CELL, dropout=0.4, depth=1).net(SEEDS, 2)
    kept: list[torch.Tensor] = []
    net(torch.ones(4, 20_000, 64).double(), after=kept)
    on = kept[0][0]
    net.eval()
    net(torch.ones(4, 20_000, 64).double(), after=kept)
    plain = kept[1][0]
    alive = plain[0] > 0
    assert torch.allclose(on.mean(0)[alive] / plain[0][alive],
                          torch.ones(1).double(), atol=0.05)  # fmt: skip
    dropped = (on == 0)[:, alive].double().mean()
    assert float(dropped) == pytest.approx(0.4, abs=0.01)
    assert torch.equal(kept[0][0] == 0, kept[0][2] == 0)  # alike for settings


def test_smoothing_is_torchs():
    net = CELL.net(SEEDS, 2)
    logits, labels = net(X), torch.arange(24).view(4, 6) % 10
    here = training_loss(net, 0.1)(logits, labels)
    for k in range(4):
        there = F.cross_entropy(logits[k], labels[k], label_smoothing=0.1)
        assert torch.allclose(here[k], there)
    net.eval()
    judged = training_loss(net, 0.1)(logits, labels)
    assert torch.allclose(judged[0], F.cross_entropy(logits[0], labels[0]))


def test_mixup_mixes_examples_and_labels_alike():
    net = replace(CELL, mixup=1.0).net(SEEDS, 2)
    assert isinstance(net, RegularizedMlp)
    mixed = net.mix(X)
    part, other = net.mixed
    for k in range(4):
        c = part[k]
        assert 0 < float(c) < 1
        expected = c * X[k] + (1 - c) * X[k][other[k]]
        assert torch.allclose(mixed[k], expected)
    assert torch.equal(part[0], part[2])
    logits, labels = CELL.net(SEEDS, 2)(X), torch.arange(24).view(4, 6) % 10
    here = training_loss(net)(logits, labels)
    one, two = (
        F.cross_entropy(logits[1], t) for t in (labels[1], labels[1][other[1]])
    )
    assert torch.allclose(here[1], part[1] * one + (1 - part[1]) * two)
