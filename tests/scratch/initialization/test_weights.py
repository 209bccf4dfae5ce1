"""Initial weights have the moments they promise, and torch's."""

from functools import partial

import numpy as np
import pytest
import torch
from torch.nn import init as theirs

from dlf.scratch.activations import elementwise, gated
from dlf.scratch.initialization import weights as ours

SHAPES = [(300, 500), (500, 300), (64, 32, 5, 5)]
PAIRS = {
    "xavier normal": (ours.xavier_normal, theirs.xavier_normal_),
    "xavier uniform": (ours.xavier_uniform, theirs.xavier_uniform_),
    "he normal": (
        ours.he_normal,
        partial(theirs.kaiming_normal_, nonlinearity="relu"),
    ),
    "he uniform": (
        ours.he_uniform,
        partial(theirs.kaiming_uniform_, nonlinearity="relu"),
    ),
    "torch's layers": (
        partial(ours.he_uniform, gain=3**-0.5),
        partial(theirs.kaiming_uniform_, a=5**0.5),
    ),
    "truncated": (
        partial(ours.truncated_normal, scale=0.3),
        partial(theirs.trunc_normal_, std=0.3, a=-0.6, b=0.6),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", PAIRS)
def test_moments_and_bounds_are_torchs(name, shape):
    mine, make = PAIRS[name]
    torch.manual_seed(0)
    w = mine(shape, np.random.default_rng(0))
    other = make(torch.empty(shape)).double().numpy()
    assert w.shape == shape
    assert abs(w.mean()) < 0.01 * np.sqrt(w.var()) + 5 * w.std() / w.size**0.5
    np.testing.assert_allclose(w.std(), other.std(), rtol=0.02)
    if "normal" not in name:
        np.testing.assert_allclose(np.abs(w).max(), np.abs(other).max(), 1e-3)


def test_torchs_linear_layer_has_a_sixth_of_hes_variance():
    torch.manual_seed(0)
    layer = torch.nn.Linear(500, 2000)
    ratio = 2 / 500 / layer.weight.var().item()
    assert ratio == pytest.approx(6, rel=0.01)
    assert layer.bias.abs().max().item() <= 500**-0.5


@pytest.mark.parametrize("shape", [(5, 8), (8, 5), (6, 6), (4, 3, 2, 2)])
def test_orthogonal_weights_keep_lengths(shape):
    w = ours.orthogonal(shape, np.random.default_rng(0), 1.5)
    values = np.linalg.svd(w.reshape(shape[0], -1))[1]
    np.testing.assert_allclose(values, 1.5)


def test_every_rotation_is_equally_likely():
    """Without the signs of R the determinant would not be a fair coin."""
    rng = np.random.default_rng(0)
    q = np.array([ours.orthogonal((2, 2), rng) for _ in range(2000)])
    assert abs(q[:, 0, 0].mean()) < 0.06
    assert abs((np.linalg.det(q) > 0).mean() - 0.5) < 0.04


@pytest.mark.parametrize(
    ("f", "squared"),
    [
        (elementwise.identity, 1.0),
        (elementwise.relu, 2.0),
        (partial(elementwise.leaky_relu, negative_slope=0.5), 2 / 1.25),
        (elementwise.tanh, 1 / 0.394294),
        (gated.gelu, 1 / 0.425161),
    ],
)
def test_gains(f, squared):
    assert ours.gain(f) ** 2 == pytest.approx(squared, rel=1e-3)


def test_torchs_gain_for_tanh_is_a_rule_of_thumb():
    """5/3 is not 1/√E[tanh²] = 1.593: with it the signal grows at first."""
    assert theirs.calculate_gain("tanh") == pytest.approx(5 / 3)
    assert ours.gain(elementwise.tanh) == pytest.approx(1.5926, abs=1e-3)


def test_a_deep_relu_net_keeps_its_mean_square_under_he():
    rng = np.random.default_rng(0)
    a = rng.normal(size=(200, 400))
    for _ in range(20):
        a = elementwise.relu(a @ ours.he_normal((400, 400), rng).T)[0]
    assert 0.3 < (a * a).mean() < 3


def test_lsuv_brings_the_variance_to_one():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 30)) * 7
    w = ours.lsuv(ours.orthogonal((20, 30), rng), x, lambda x, w: x @ w.T)
    assert (x @ w.T).var() == pytest.approx(1, abs=0.01)


def test_fixup_of_one_branch_changes_nothing():
    assert ours.fixup_scale(1, 3) == 1.0
    assert ours.fixup_scale(16, 2) == pytest.approx(0.25)
    assert ours.fixup_scale(16, 3) == pytest.approx(0.5)


def test_lecun_draws_one_weight_for_each_place_with_variance_one_over_inputs():
    w = ours.lecun_normal((300, 500), np.random.default_rng(0))
    assert w.shape == (300, 500)
    assert w.var() == pytest.approx(1 / 500, rel=0.02)
    assert w.mean() == pytest.approx(0, abs=1e-3)
