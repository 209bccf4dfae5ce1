"""Layers: the model against torch's, what refuses, counts, and claims."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlf.claims.mlp import curves, linear
from dlf.claims.mlp import depth as mlp_depth
from dlf.derive import mlp as derive
from dlf.derive.mlp import piecewise_linear
from dlf.exercises import mlp as exercises
from dlf.nn.mlp import MLP
from dlf.scratch import mlp as scratch
from dlf.scratch.activations.elementwise import tanh

ACTIVATIONS = {"relu": (None, torch.relu), "tanh": (tanh, torch.tanh)}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("widths", [(5, 3), (5, 4, 3), (4, 7, 2, 6, 1)])
def test_the_model_and_its_gradients_are_torchs(widths, activation):
    rng = np.random.default_rng(0)
    ours, theirs = ACTIVATIONS[activation]
    params = scratch.init(widths, rng)
    params = {k: v + 0.1 * rng.normal(size=v.shape) for k, v in params.items()}
    x, dy = rng.normal(size=(6, widths[0])), rng.normal(size=(6, widths[-1]))
    y, vjp = scratch.mlp(params, x, *([ours] if ours else []))
    dparams, dx = vjp(dy)

    net = MLP(widths, activation=theirs).double()
    net.load_state_dict({k: torch.tensor(v) for k, v in params.items()})
    leaf = torch.tensor(x, requires_grad=True)
    out = net(leaf)
    out.backward(torch.tensor(dy))
    np.testing.assert_allclose(y, out.detach(), 1e-12, 1e-14)
    np.testing.assert_allclose(dx, leaf.grad, 1e-10, 1e-14)
    assert set(dparams) == set(params)
    for name, p in net.named_parameters():
        np.testing.assert_allclose(dparams[name], p.grad, 1e-10, 1e-14)


def test_the_gradient_of_the_input_can_be_left_out():
    rng = np.random.default_rng(0)
    params = scratch.init((4, 3, 2), rng)
    _, vjp = scratch.mlp(params, rng.normal(size=(5, 4)))
    dy = rng.normal(size=(5, 2))
    (whole, dx), (part, none) = vjp(dy), vjp(dy, dx=False)
    assert dx.shape == (5, 4)
    assert none is None
    for name in params:
        np.testing.assert_array_equal(whole[name], part[name])


def test_one_row_has_the_gradient_of_a_batch_of_one():
    rng = np.random.default_rng(0)
    x, w, dy = (rng.normal(size=s) for s in ((1, 3), (2, 3), (1, 2)))
    _, vjp = scratch.linear(x, w, np.zeros(2))
    np.testing.assert_allclose(vjp(dy)[1], np.outer(dy, x), 1e-15)


def test_initial_weights_have_hes_variance():
    params = scratch.init((400, 300, 10), np.random.default_rng(0))
    w = params["layers.0.weight"]
    assert w.shape == (300, 400)
    assert w.var() == pytest.approx(2 / 400, rel=0.02)
    assert not params["layers.1.bias"].any()
    half = scratch.init((400, 300, 10), np.random.default_rng(0), np.float32)
    np.testing.assert_array_equal(half["layers.0.weight"], w.astype("f4"))


@pytest.mark.parametrize("widths", [(), (3,), (3, 0, 2), (3, -1)])
def test_widths_that_make_no_net_are_refused(widths):
    with pytest.raises(ValueError, match="init: `widths` must name two"):
        scratch.init(widths, np.random.default_rng(0))


def test_a_missing_parameter_is_named():
    params = scratch.init((3, 2, 1), np.random.default_rng(0))
    del params["layers.1.weight"]
    params["layer.1.weight"] = np.ones((1, 2))
    with pytest.raises(
        ValueError, match=r"mlp: `params` must hold layers\.1\.w"
    ):
        scratch.mlp(params, np.ones((4, 3)))


#: What the register of errata prints: (printed form, corrected).
REGISTER = {
    "E5": ([0, 10_000], [0.125, 1810]),
    "E6": ([0, 1.25, 1.002], [1, 1, 1]),
}


@pytest.mark.parametrize("key", REGISTER)
def test_witness_gives_the_numbers_of_the_register(key):
    printed, corrected, _ = getattr(derive, key).verify()
    np.testing.assert_allclose(printed, REGISTER[key][0], atol=5e-4)
    np.testing.assert_allclose(corrected, REGISTER[key][1], atol=5e-4)


def test_the_interpolant_of_the_square_errs_by_a_quarter():
    x = np.linspace(-10, 10, 4001)
    y = derive.squares_at_integers(x)
    assert np.abs(y - x * x).max() == pytest.approx(0.25, abs=1e-12)
    np.testing.assert_allclose(y[::200], x[::200] ** 2, atol=1e-9)


def test_pieces_are_counted():
    x = np.linspace(0, 1, 5)
    assert piecewise_linear.pieces(3 * x + 1) == 1
    assert piecewise_linear.pieces(np.abs(x - 0.5)) == 2
    assert [piecewise_linear.folded(k) for k in range(5)] == [1, 2, 4, 8, 16]


def test_parameters_of_the_example():
    assert exercises.parameters([784, 128, 128, 10]) == 118_282
    assert mlp_depth.parameters(784, 128, 2) == 118_282
    net = MLP([784, 128, 128, 10])
    assert sum(p.numel() for p in net.parameters()) == 118_282


@pytest.mark.parametrize("data", mlp_depth.CELLS)
def test_depths_have_equal_budgets(data):
    cell = mlp_depth.CELLS[data]
    inputs = mlp_depth.INPUTS[cell.data]
    for depth in (1, 2, 4, 8):
        w = mlp_depth.width(inputs, depth, cell.budget)
        count = mlp_depth.parameters(inputs, w, depth)
        assert count == pytest.approx(cell.budget, rel=0.03)
        assert count == exercises.parameters([inputs, *[w] * depth, 10])


def test_classes_of_the_composition_are_deciles():
    x, y = mlp_depth.composition(1000, np.random.default_rng(0))
    assert x.shape == (1000, 8)
    assert np.abs(x).max() <= 1
    np.testing.assert_array_equal(np.bincount(y), np.full(10, 100))


def test_the_lowest_loss_that_both_reach_is_where_they_are_compared():
    deep = {
        "losses": np.array([[3.0, 1.0, 0.5]]),
        "tests": np.array([[0, 5, 9]]),
    }
    flat = {
        "losses": np.array([[3.0, 2.0, 1.0]]),
        "tests": np.array([[0, 2, 4]]),
    }
    arms = {
        f"{d} {n}": a
        for d in ("relu", "gelu")
        for n, a in ((4, deep | {"tuned": 0.5}), (1, flat | {"tuned": 0.4}))
    }
    assert mlp_depth.at_equal_loss(arms).tolist() == [1]
    arms["gelu 4"] = deep | {"tuned": 0.6}
    assert mlp_depth.better(arms) == "gelu"


def test_what_cannot_hold_is_found_out():
    assert linear.collapsed().verdict == "supported"
    assert mlp_depth.sawtooth().verdict == "supported"
    assert curves.within().verdict == "supported"
    assert curves.squares().verdict == "false"
    assert curves.whole_line().verdict == "false"


def test_the_interpolant_meets_the_bound_of_the_second_derivative():
    for units in (16, 64, 512):
        error = curves.interpolant("sin 8x", units)
        bound = 64 * (2 / units) ** 2 / 8
        assert 0.5 * bound < error <= bound


def test_a_log_alone_does_not_tell_shapes_apart():
    """(N, 1) against (N,) is a table of all pairs, best met by the mean."""
    y = torch.tensor([0.0, 2.0, 4.0], dtype=torch.float64)
    with pytest.warns(UserWarning, match="size"):
        loss = F.mse_loss(torch.full((3, 1), 2.0).double(), y)
    assert loss.item() == pytest.approx(y.var(correction=0).item())
