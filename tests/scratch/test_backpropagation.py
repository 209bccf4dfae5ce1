"""Written-out backpropagation, forward mode and checkpoints agree with all."""

import numpy as np
import pytest
import torch

from dlf.nn import backpropagation as nn
from dlf.nn.mlp import MLP
from dlf.scratch import mlp
from dlf.scratch.activations.elementwise import relu, tanh
from dlf.scratch.backpropagation import manual as scratch
from dlf.scratch.backpropagation import tape
from dlf.scratch.losses import classification

depths = pytest.mark.parametrize("widths", [(3, 2), (5, 4, 3), (4, 6, 5, 6, 2)])


def problem(widths, seed=0):
    rng = np.random.default_rng(seed)
    params = mlp.init(widths, rng)
    params = {k: v + 0.1 * rng.normal(size=v.shape) for k, v in params.items()}
    x = rng.normal(size=(7, widths[0]))
    return params, x, rng.integers(widths[-1], size=7), rng


@depths
def test_delta_equations_equal_pullbacks_torch_and_differences(widths):
    params, x, y, _ = problem(widths)
    loss, grads = scratch.mlp_gradients(params, x, y)
    logits, pull_net = mlp.mlp(params, x)
    value, pull_loss = classification.cross_entropy(logits, y)
    composed, _ = pull_net(pull_loss())
    net = MLP(widths).double()
    net.load_state_dict({k: torch.tensor(v) for k, v in params.items()})
    theirs = torch.nn.functional.cross_entropy(
        net(torch.tensor(x)), torch.tensor(y)
    )
    theirs.backward()
    assert loss == value
    np.testing.assert_allclose(loss, theirs.item(), 1e-12)
    for key, p in net.named_parameters():
        np.testing.assert_allclose(grads[key], composed[key], 1e-11, 1e-14)
        np.testing.assert_allclose(grads[key], p.grad, 1e-10, 1e-14)

        def along(value, key=key):
            return scratch.mlp_gradients(params | {key: value}, x, y)[0]

        measured = scratch.finite_difference(along, params[key])
        np.testing.assert_allclose(grads[key], measured, 1e-6, 1e-8)


@depths
def test_pushforward_equals_torch(widths):
    params, x, _, rng = problem(widths)
    dx = rng.normal(size=x.shape)
    y, dy = scratch.pushforward(params, x, dx)
    net = MLP(widths).double()
    net.load_state_dict({k: torch.tensor(v) for k, v in params.items()})
    want, tangent = torch.func.jvp(net, (torch.tensor(x),), (torch.tensor(dx),))
    np.testing.assert_allclose(y, want.detach(), 1e-12)
    np.testing.assert_allclose(dy, tangent.detach(), 1e-10, 1e-14)


def test_both_modes_are_transposes():
    params, x, _, rng = problem((5, 4, 3))
    dx, dy = rng.normal(size=x.shape), rng.normal(size=(7, 3))
    _, pushed = scratch.pushforward(params, x, dx)
    _, pull = mlp.mlp(params, x)
    _, pulled = pull(dy)
    np.testing.assert_allclose((dy * pushed).sum(), (pulled * dx).sum(), 1e-12)


@pytest.mark.parametrize("every", [1, 2, 3, 7, 10])
def test_checkpoints_change_nothing(every):
    x = np.random.default_rng(0).normal(size=(4, 3))
    layers = [tanh, relu] * 5
    y, vjp = scratch.checkpointed(layers, every)(x)
    want, pulls = x, []
    for layer in layers:
        want, pull = layer(want)
        pulls.append(pull)
    dy = np.ones_like(y)
    back = dy
    for pull in reversed(pulls):
        back = pull(back)
    np.testing.assert_array_equal(y, want)
    np.testing.assert_array_equal(vjp(dy), back)
    np.testing.assert_array_equal(vjp(dy), back)


def test_checkpoints_hold_fewer_values():
    alive, most = 0, 0

    def layer(x):
        nonlocal alive, most
        alive += 1
        most = max(most, alive)

        class Kept:
            def __call__(self, dy):
                return dy

            def __del__(self):
                nonlocal alive
                alive -= 1

        return x + 1, Kept()

    peaks = {}
    for every in (100, 10):
        alive = most = 0
        _, vjp = scratch.checkpointed([layer] * 100, every)(np.zeros(1))
        vjp(np.ones(1))
        peaks[every] = most
    assert peaks[100] >= 100
    assert peaks[10] <= 12


def test_checkpoints_refuse_no_stretch():
    with pytest.raises(ValueError, match=r"`every` must be at least 1; got 0"):
        scratch.checkpointed([tanh], 0)


def test_written_out_gradients_take_any_logits():
    params = {"layers.0.weight": np.eye(2), "layers.0.bias": np.zeros(2)}
    x, y = np.array([[2000.0, 0.0], [-3.0, -5.0]]), np.array([1, 0])
    with np.errstate(over="raise", divide="ignore"):
        _, grads = scratch.mlp_gradients(params, x, y)
    p = 1 / (1 + np.exp(-2))
    np.testing.assert_allclose(
        grads["layers.0.bias"], np.array([1 + p - 1, -1 + 1 - p]) / 2
    )


def test_straight_through():
    x = torch.tensor([0.2, 0.7, -1.4], requires_grad=True)
    y = nn.round_straight_through(x)
    y.sum().backward()
    assert y.tolist() == [0.0, 1.0, -1.0]
    assert x.grad.tolist() == [1.0, 1.0, 1.0]


def test_own_backward_passes_gradcheck():
    z = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    y = torch.tensor([0, 2, 1, 1])
    assert torch.autograd.gradcheck(lambda v: nn.cross_entropy(v, y), (z,))


def test_the_tape_multiplies_matrices():
    rng = np.random.default_rng(0)
    a, b = (
        tape.Node(rng.normal(size=(2, 3))),
        tape.Node(rng.normal(size=(3, 4))),
    )
    y = tape.lift(tape.total)(a @ b)
    tape.backward(y)
    np.testing.assert_allclose(a.grad, b.value.sum(1) * np.ones((2, 1)), 1e-13)
