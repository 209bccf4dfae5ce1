"""Residual nets: the identity at zero, paths, cuts, and PyTorch's twin."""

from itertools import combinations

import numpy as np
import pytest
import torch

from dlf.nn.residual.nets import DeepNet
from dlf.scratch.residual import blocks, images, nets

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 3))
ZERO = (
    RNG.normal(size=(4, 3)),
    RNG.normal(size=4),
    np.zeros((3, 4)),
    np.zeros(3),
)


def test_a_zero_branch_is_the_identity_for_any_input_before_activation():
    assert X.min() < 0 < X.max()
    y, vjp = blocks.preactivation_block(X, *ZERO)
    assert np.array_equal(y, X)
    assert np.array_equal(vjp(X)[0], X)


def test_with_a_relu_behind_the_sum_only_for_nonnegative_input():
    y, vjp = blocks.residual_block(X, *ZERO)
    assert np.array_equal(y, np.maximum(X, 0))
    assert np.array_equal(vjp(np.ones_like(X))[0], (X > 0) * 1.0)
    y, _ = blocks.residual_block(abs(X), *ZERO)
    assert np.array_equal(y, abs(X))


def test_a_shut_gate_carries_and_an_open_one_does_not():
    w, eye, b = RNG.normal(size=(3, 3)), np.zeros((3, 3)), np.ones(3)
    shut, vjp = blocks.highway(X, w, b, eye, -1e3 * b)
    assert np.array_equal(shut, X)
    assert np.array_equal(vjp(X)[0], X)
    opened, _ = blocks.highway(X, w, b, eye, 1e3 * b)
    assert opened == pytest.approx(np.maximum(X @ w.T + b, 0))


def test_a_dense_layer_keeps_what_it_was_given():
    y, vjp = blocks.dense_layer(X, np.zeros((2, 3)), np.full(2, -1.0))
    assert np.array_equal(y[:, :3], X)
    assert not y[:, 3:].any()
    assert np.array_equal(vjp(np.ones_like(y))[0], np.ones_like(X))


@pytest.mark.parametrize(
    ("f", "layers", "shapes"),
    [
        (blocks.preactivation_block, 2, [(1, 3), (6, 2), (6, 1)]),
        (blocks.residual_block, 2, [(1, 3), (6, 2)]),
        (blocks.highway, 2, [(1, 3), (6, 2)]),
        (blocks.dense_layer, 1, [(6, 5), (1, 6), (6, 4), (6, 7)]),
    ],
)
def test_pullbacks_take_a_gradient_of_the_outputs_shape_only(f, layers, shapes):
    _, vjp = f(X, *(np.eye(3), np.ones(3)) * layers)
    for shape in shapes:
        with pytest.raises(ValueError, match="given a cotangent of shape"):
            vjp(np.ones(shape))


def test_zero_weights_make_a_bottleneck_the_identity_on_what_is_positive():
    x = RNG.normal(size=(2, 4, 3, 3))
    shapes = (2, 4, 1, 1), (2,), (2, 2, 3, 3), (2,), (4, 2, 1, 1), (4,)
    y, _ = images.bottleneck(x, *(np.zeros(s) for s in shapes))
    assert np.array_equal(y, np.maximum(x, 0))


def net(blocks_=3):
    params = nets.init(4, 5, blocks_, 3, np.random.default_rng(1))
    twin = DeepNet(4, 5, blocks_, 3).double()
    twin.load_state_dict({k: torch.tensor(v) for k, v in params.items()})
    return params, twin


@pytest.mark.parametrize("cut", [(), (1,), (0, 2), (0, 1, 2)])
def test_the_net_and_its_gradients_are_pytorchs(cut):
    params, twin = net()
    x = RNG.normal(size=(7, 4))
    y, vjp = nets.residual_net(params, x, cut)
    leaf = torch.tensor(x, requires_grad=True)
    z = twin(leaf, cut)
    assert y == pytest.approx(z.detach().numpy(), rel=1e-12, abs=1e-12)
    z.square().sum().backward()
    grads, dx = vjp(2 * y)
    assert dx == pytest.approx(leaf.grad.numpy(), rel=1e-10, abs=1e-12)
    assert set(grads) == set(params)
    for name, p in twin.named_parameters():
        theirs = np.zeros(p.shape) if p.grad is None else p.grad.numpy()
        assert grads[name] == pytest.approx(theirs, rel=1e-10, abs=1e-12)


def test_a_linear_net_is_the_sum_over_its_paths():
    rng = np.random.default_rng(2)
    steps = rng.normal(size=(4, 3, 3))
    whole = np.eye(3)
    for j in steps:
        whole = (np.eye(3) + j) @ whole
    paths = 0
    for n in range(5):
        for chosen in combinations(range(4), n):
            path = np.eye(3)
            for k in chosen:
                path = steps[k] @ path
            paths = paths + path
    assert whole == pytest.approx(paths)


def test_second_layers_start_smaller_by_the_root_of_the_blocks():
    params = nets.init(4, 200, 4, 3, np.random.default_rng(0))
    first = params["blocks.0.first.weight"].std()
    assert first == pytest.approx((2 / 200) ** 0.5, rel=0.02)
    assert params["blocks.3.second.weight"].std() == pytest.approx(
        first / 2, rel=0.02
    )
    assert not params["blocks.0.first.bias"].any()
