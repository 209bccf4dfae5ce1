"""Clipping in place, deep nets side by side, recurrence."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlf.nn.gradient_stability import clipping, deep_nets, recurrent
from dlf.nn.gradient_stability.deep_nets import DeepNets, Setting
from dlf.scratch import gradient_stability as scratch

RNG = np.random.default_rng(0)
X = torch.tensor(RNG.normal(size=(40, 64)))
Y = torch.tensor(RNG.integers(10, size=40))


def leaves(shapes: tuple) -> tuple[dict, dict, list[nn.Parameter]]:
    w = {str(n): RNG.normal(size=s) for n, s in enumerate(shapes)}
    g = {k: 3 * RNG.normal(size=a.shape) for k, a in w.items()}
    made = [nn.Parameter(torch.tensor(a)) for a in w.values()]
    for leaf, a in zip(made, g.values(), strict=True):
        leaf.grad = torch.tensor(a)
    return w, g, made


def test_adaptive_clipping_is_ours():
    w, g, made = leaves(((4, 3), (5,), (2, 3, 2, 2)))
    clipping.adaptive_clip_grad_(made, 0.2)
    ours, _ = scratch.clip_adaptively(g, w, 0.2)
    for leaf, a in zip(made, ours.values(), strict=True):
        np.testing.assert_allclose(leaf.grad, a)


def test_adaptive_clipping_of_weights_and_gradients_that_are_zero():
    w = nn.Parameter(torch.zeros(2, 2))
    w.grad = torch.tensor([[3.0, 4], [0, 0]])
    unused = nn.Parameter(torch.ones(2))
    clipping.adaptive_clip_grad_([w, unused], 0.01)
    assert w.grad[0].norm().item() == pytest.approx(1e-5)
    assert not w.grad[1].any()
    assert unused.grad is None


def test_a_limit_must_be_positive():
    for limit, eps in ((0.0, 1e-3), (0.1, 0.0), (float("nan"), 1.0)):
        with pytest.raises(ValueError, match="must be positive"):
            clipping.adaptive_clip_grad_([], limit, eps)


def test_half_precision_has_room_for_small_factors():
    w = nn.Parameter(torch.zeros(1, 2, dtype=torch.float16))
    w.grad = torch.tensor([[3000.0, 4000.0]], dtype=torch.float16)
    clipping.adaptive_clip_grad_(w, 0.01)
    assert w.grad.dtype == torch.float16
    torch.testing.assert_close(
        w.grad.double(),
        torch.tensor([[6e-6, 8e-6]]).double(),
        rtol=0.01,
        atol=0,
    )


@pytest.mark.parametrize(
    "clip", [clipping.adaptive_clip_grad_, clipping.clip_grad_by_layer_]
)
def test_one_parameter_may_be_given_alone(clip):
    w = nn.Parameter(torch.ones(2, 2))
    w.grad = torch.full((2, 2), 5.0)
    clip(w, 0.1)
    assert w.grad.norm() <= 0.2 + 1e-6


def test_a_limit_by_layer_must_be_positive():
    for limit in (-1.0, 0.0, float("nan")):
        with pytest.raises(ValueError, match="clip_grad_by_layer_: `limit`"):
            clipping.clip_grad_by_layer_([], limit)


def test_each_layer_is_clipped_by_itself():
    _, _, made = leaves(((4, 3), (5,)))
    clipping.clip_grad_by_layer_(made, 0.5)
    assert [m.grad.norm().item() for m in made] == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    "setting",
    [
        Setting(),
        Setting("relu", norm="batch", skips=True),
        Setting("tanh", norm="layer"),
    ],
)
def test_nets_side_by_side_are_those_that_stand_alone(setting):
    both = DeepNets(setting, [3, 4], depth=3, width=5)
    alone = DeepNets(setting, [4], depth=3, width=5)
    torch.testing.assert_close(both(X)[1], alone(X)[0])
    for nets, rates in ((both, [0.1, 0.2]), (alone, [0.2])):
        deep_nets.train(nets, rates, X, Y, steps=4, batch=7)
    torch.testing.assert_close(both(X)[1], alone(X)[0])


@pytest.mark.parametrize("norm", ["batch", "layer"])
def test_norms_are_torchs(norm):
    nets = DeepNets(Setting(norm=norm), [0], depth=1, width=8)
    theirs = (
        nn.BatchNorm1d(8, dtype=X.dtype)
        if norm == "batch"
        else nn.LayerNorm(8, dtype=X.dtype)
    )
    z = X[:, :8] * 3 + 1
    torch.testing.assert_close(nets.normalize(z[None], 0)[0], theirs(z))


def test_one_net_trains_as_under_torchs_sgd():
    setting = Setting("tanh", clip=0.1, decay=0.01)
    nets = DeepNets(setting, [0], depth=2, width=6)
    twin = DeepNets(setting, [0], depth=2, width=6)
    deep_nets.train(nets, [0.3], X, Y, steps=5, batch=9)
    order, velocity = np.random.default_rng(1), {}
    for _ in range(5):
        i = order.integers(len(X), size=9)
        twin.zero_grad()
        F.cross_entropy(twin(X[i])[0], Y[i]).backward()
        nn.utils.clip_grad_norm_(twin.parameters(), 0.1)
        with torch.no_grad():
            for n, p in enumerate(twin.parameters()):
                velocity[n] = 0.9 * velocity.get(n, 0) + p.grad
                p -= 0.3 * (velocity[n] + 0.01 * p)
    torch.testing.assert_close(nets(X), twin(X), rtol=1e-4, atol=1e-6)


def test_one_net_trains_as_under_torchs_adam():
    nets = DeepNets(Setting(optimizer="adam"), [0], depth=2, width=6)
    twin = DeepNets(Setting(optimizer="adam"), [0], depth=2, width=6)
    deep_nets.train(nets, [0.01], X, Y, steps=5, batch=9)
    order = np.random.default_rng(1)
    adam = torch.optim.Adam(twin.parameters(), 0.01, eps=1e-12)
    for _ in range(5):
        i = order.integers(len(X), size=9)
        adam.zero_grad()
        F.cross_entropy(twin(X[i])[0], Y[i]).backward()
        adam.step()
    torch.testing.assert_close(nets(X), twin(X), rtol=1e-8, atol=1e-10)


def test_frozen_layers_keep_their_weights_and_say_so():
    nets = DeepNets(Setting("tanh"), [0], depth=3, width=5)
    before = [w.detach().clone() for w in nets.weights]
    moved = deep_nets.train(nets, [0.1], X, Y, steps=3, frozen=2)
    same = [
        torch.equal(w, v) for w, v in zip(nets.weights, before, strict=True)
    ]
    assert same == [True, True, False, False]
    assert [bool(b.any()) for b in nets.biases] == [False, False, True, True]
    assert moved.shape == (3, 1, 4)
    assert np.isneginf(moved[:, 0, :2]).all()
    assert np.isfinite(moved[:, 0, 2:]).all()


def test_the_logged_ratio_is_that_of_scratch():
    nets = DeepNets(Setting("tanh"), [0], depth=2, width=5)
    before = {
        str(n): w.detach().numpy() * 1 for n, w in enumerate(nets.weights)
    }
    moved = deep_nets.train(nets, [0.1], X, Y, steps=1)
    after = {str(n): w.detach().numpy() for n, w in enumerate(nets.weights)}
    ours = list(scratch.update_ratios(before, after).values())
    np.testing.assert_allclose(moved[0, 0], ours, atol=1e-8)


def test_gradients_by_layer():
    nets = DeepNets(Setting("tanh"), [0, 1], depth=2, width=5)
    rows = deep_nets.gradients_by_layer(nets, X, Y)
    alone = DeepNets(Setting("tanh"), [1], depth=2, width=5)
    F.cross_entropy(alone(X)[0], Y).backward()
    wanted = [w.grad.square().mean().sqrt() for w in alone.weights]
    torch.testing.assert_close(rows[1], torch.stack(wanted))


def test_outputs_that_are_not_finite_are_wrong():
    nets = DeepNets(Setting("tanh"), [0, 0], depth=1, width=5)
    with torch.no_grad():
        nets.biases[-1][0] = float("nan")
        nets.biases[-1][1, 0, 3] = 1e3
    right = deep_nets.accuracies(nets, X, torch.full((40,), 3))
    np.testing.assert_array_equal(right, [0, 1])


def test_what_no_net_is_made_of():
    for setting, depth, said in (
        (replace(Setting(), norm="group"), 2, "`norm` must be one of"),
        (Setting(optimizer="Adam"), 2, "`optimizer` must be one of"),
        (Setting(activation="elu"), 2, "`activation` must be one of"),
        (Setting(), 0, "`depth` must be at least 1"),
    ):
        with pytest.raises(ValueError, match=f"DeepNets: {said}"):
            DeepNets(setting, [0], depth)


def test_adams_epsilon_stops_gradients_that_have_vanished():
    moved = []
    for eps in (1e-12, 1e-8):
        nets = DeepNets(Setting(optimizer="adam", eps=eps), [0], depth=16)
        moved.append(deep_nets.train(nets, [0.01], X, Y, steps=1)[0, 0, 0])
    assert moved[0] > -2.5
    assert moved[1] < moved[0] - 2


def test_recurrence_is_torchs():
    net = recurrent.RecurrentNet(units=6, seed=1)
    theirs = nn.RNN(1, 6, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight_hh_l0.copy_(net.recurrent)
        theirs.weight_ih_l0.copy_(net.input)
        theirs.bias_hh_l0.zero_()
        theirs.bias_ih_l0.copy_(net.bias)
    x, y = recurrent.sequences(np.random.default_rng(0), 5, 7)
    states, _ = theirs(x[:, :, None])
    torch.testing.assert_close(torch.stack(net.states(x), 1), states)
    assert net(x).shape == (5, 2)
    torch.testing.assert_close(x[:, 0], 2.0 * y.double() - 1)


def test_the_recurrent_start_is_orthogonal():
    w = recurrent.RecurrentNet(units=5, scale=2.0).recurrent.detach()
    torch.testing.assert_close(w @ w.T, 4 * torch.eye(5, dtype=w.dtype))


def test_training_logs_the_norm_before_clipping():
    runs = {}
    for clip in (1e-3, np.inf):
        net = recurrent.RecurrentNet(units=4)
        start = [p.detach().clone() for p in net.parameters()]
        losses, norms, sizes = recurrent.train(net, 1, clip=clip, length=5)
        moved = [
            (p - v).norm() for p, v in zip(net.parameters(), start, strict=True)
        ]
        runs[clip] = losses[0], norms[0], torch.stack(moved).norm().item()
        assert sizes.shape == (1,)
    assert runs[1e-3][:2] == runs[np.inf][:2]
    assert runs[1e-3][2] == pytest.approx(0.1 * 1e-3, rel=1e-2)
    assert runs[np.inf][2] == pytest.approx(0.1 * runs[np.inf][1])
