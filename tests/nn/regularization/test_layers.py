"""Regularization in PyTorch: against scratch, and in its two modes."""

import numpy as np
import pytest
import torch

from dlf.nn.regularization import layers as reg
from dlf.scratch.losses.classification import cross_entropy
from dlf.scratch.regularization import targets

X = torch.linspace(1, 2, 2 * 5 * 400, dtype=torch.float64).reshape(2, 5, 400)


def test_matrices_decay_and_vectors_do_not():
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.LayerNorm(4))
    decayed, kept = reg.decay_groups(net, 0.1)
    assert [p.shape for p in decayed["params"]] == [(4, 3)]
    assert [p.shape for p in kept["params"]] == [(4,)] * 3
    assert (decayed["weight_decay"], kept["weight_decay"]) == (0.1, 0.0)


def test_frozen_parameters_are_in_no_group():
    layer = torch.nn.Linear(3, 4)
    layer.weight.requires_grad_(False)
    assert reg.decay_groups(layer, 0.1)[0]["params"] == []


def test_a_sequence_has_one_mask():
    torch.manual_seed(0)
    factor = (reg.SequenceDropout(0.25)(X) / X).round(decimals=9)
    assert (factor == factor[:, :1]).all()
    assert not (factor[0] == factor[1]).all()
    assert sorted(set(factor.ravel().tolist())) == pytest.approx([0, 4 / 3])


def test_gaussian_dropout_has_the_moments_of_dropout():
    torch.manual_seed(0)
    y = reg.GaussianDropout(0.2)(torch.ones(200_000, dtype=torch.float64))
    assert y.mean().item() == pytest.approx(1, abs=0.01)
    assert y.var().item() == pytest.approx(0.25, abs=0.01)


def test_a_branch_is_dropped_whole():
    torch.manual_seed(0)
    x = torch.ones(500, 3, dtype=torch.float64)
    added = (reg.StochasticDepth(torch.nn.Identity(), 0.2)(x) - x).round(
        decimals=9
    )
    assert (added == added[:, :1]).all()
    assert sorted(set(added[:, 0].tolist())) == pytest.approx([0, 1.25])
    assert added.mean().item() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    ("module", "want"),
    [
        (reg.SequenceDropout(), X),
        (reg.GaussianDropout(), X),
        (reg.StochasticDepth(torch.nn.Identity()), 2 * X),
    ],
)
def test_nothing_is_random_in_use(module, want):
    assert torch.equal(module.eval()(X), want)


@pytest.mark.parametrize(
    "make",
    [
        reg.SequenceDropout,
        reg.GaussianDropout,
        lambda p: reg.StochasticDepth(torch.nn.Identity(), p),
    ],
)
@pytest.mark.parametrize("p", [1.0, -0.1, float("nan")])
def test_probabilities_out_of_range_are_refused(make, p):
    with pytest.raises(ValueError, match=r"`p` must lie in \[0, 1\)"):
        make(p)


def test_two_losses_are_the_loss_of_mixed_targets():
    rng = np.random.default_rng(0)
    x, y, w = rng.normal(size=(6, 4)), rng.integers(0, 3, 6), np.eye(3, 4)
    order, part = rng.permutation(6), 0.3
    soft = part * np.eye(3)[y] + (1 - part) * np.eye(3)[y[order]]
    z = (part * x + (1 - part) * x[order]) @ w.T
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    want = -(soft * logs).sum(1).mean()
    net = torch.nn.Linear(4, 3, bias=False, dtype=torch.float64)
    net.weight.data = torch.tensor(w)
    got = reg.mixup_loss(
        net, torch.tensor(x), torch.tensor(y), part, torch.tensor(order)
    )
    assert got.item() == pytest.approx(want)


def test_smoothing_of_zero_is_the_plain_loss():
    y, z = np.array([0, 2]), np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]])
    soft = targets.smooth_labels(y, 3, 0.0)
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    assert -(soft * logs).sum(1).mean() == pytest.approx(cross_entropy(z, y)[0])


def test_groups_go_by_axes_and_refuse_lazy_layers():
    net = torch.nn.Sequential(
        torch.nn.Embedding(5, 2), torch.nn.LayerNorm([2, 3])
    )
    decayed, kept = reg.decay_groups(net, 0.1)
    assert [p.shape for p in decayed["params"]] == [(5, 2), (2, 3), (2, 3)]
    assert kept["params"] == []
    with pytest.raises(ValueError, match="`net` must have seen data"):
        reg.decay_groups(torch.nn.LazyLinear(3), 0.1)


@pytest.mark.parametrize(
    ("part", "order"), [(2.0, [1, 0]), (float("nan"), [1, 0]), (0.5, [1, 1])]
)
def test_mixup_refuses_parts_and_orders_that_are_none(part, order):
    x, y = torch.ones(2, 3), torch.tensor([0, 1])
    with pytest.raises(ValueError, match="mixup_loss: `part` must lie in"):
        reg.mixup_loss(torch.nn.Identity(), x, y, part, torch.tensor(order))
