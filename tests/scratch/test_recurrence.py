"""Recurrent layers: chunks, memory, padding, both directions, scans."""

import numpy as np
import pytest
import torch

from dlf.scratch.recurrence import gru, lstm, padding, rnn, state_space

from ..concepts import recurrence as concepts
from . import recurrent_twins as twins

RNG = np.random.default_rng(0)
TWINS = {
    "rnn": (rnn.rnn, twins.torch_rnn, 1, 1),
    "lstm": (lstm.lstm, twins.torch_lstm, 4, 2),
    "gru": (gru.gru, twins.torch_gru, 3, 1),
}


def arguments(kind):
    _, _, gates, states = TWINS[kind]
    sizes = concepts.shapes(gates, states)
    return [0.7 * RNG.normal(size=size) for size in sizes]


@pytest.mark.parametrize("truncate", [1, 2, 3, 6, 7, 20])
@pytest.mark.parametrize("kind", TWINS)
def test_gradients_in_chunks_are_those_of_pytorch_with_detached_states(
    kind, truncate
):
    ours, theirs, *_ = TWINS[kind]
    args = arguments(kind)
    y, vjp = ours(*args, truncate=truncate)
    dy = RNG.normal(size=y.shape)
    leaves = [torch.tensor(a, requires_grad=True) for a in args]
    theirs(*leaves, truncate=truncate).backward(torch.tensor(dy))
    for mine, leaf in zip(vjp(dy), leaves, strict=True):
        np.testing.assert_allclose(mine, leaf.grad, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", TWINS)
def test_chunks_change_the_gradient_and_not_the_states(kind):
    ours, args = TWINS[kind][0], arguments(kind)
    (whole, pull), (cut, pull_cut) = ours(*args), ours(*args, truncate=2)
    assert np.array_equal(whole, cut)
    dy = RNG.normal(size=whole.shape)
    assert not np.allclose(pull(dy)[-3], pull_cut(dy)[-3], rtol=1e-3)


@pytest.mark.parametrize("kind", TWINS)
def test_a_layer_is_its_cell_step_by_step(kind):
    layer, args = TWINS[kind][0], arguments(kind)
    cells = {"rnn": rnn.rnn_cell, "lstm": lstm.lstm_cell, "gru": gru.gru_cell}
    x, *rest = args
    states, w = rest[:-4], rest[-4:]
    y, _ = layer(*args)
    for t in range(x.shape[1]):
        new, _ = cells[kind](x[:, t], *states, *w)
        states = list(new) if kind == "lstm" else [new]
        np.testing.assert_allclose(new, y[..., t, :], rtol=1e-12)


def test_pytorchs_lstm_has_these_hidden_states():
    args = arguments("lstm")
    (h, _), _ = lstm.lstm(*args)
    theirs = twins.hidden_alone(*map(torch.tensor, args))
    np.testing.assert_allclose(h, theirs.detach(), rtol=1e-12)


def test_an_open_forget_gate_keeps_a_cell_and_its_gradient():
    args = [np.zeros_like(a) for a in arguments("lstm")]
    args[2][:] = RNG.normal(size=args[2].shape)
    H = args[2].shape[1]
    args[5][:H], args[5][H : 2 * H] = -800.0, 800.0  # i shut, f open
    (_, c), vjp = lstm.lstm(*args)
    assert np.array_equal(c[:, -1], args[2])
    dy = np.zeros((2, *c.shape))
    dy[1, :, -1] = 1.0
    assert np.array_equal(vjp(dy)[2], np.ones_like(args[2]))


def test_the_hidden_bias_of_a_gru_stands_inside_its_reset_gate():
    args = arguments("gru")
    y, _ = gru.gru(*args)
    H = args[1].shape[1]
    moved = [a.copy() for a in args]
    moved[4][2 * H :] += args[5][2 * H :]
    moved[5][2 * H :] = 0
    assert not np.allclose(gru.gru(*moved)[0], y, rtol=1e-3)
    for block in (slice(0, H), slice(H, 2 * H)):  # of r and z any split will do
        same = [a.copy() for a in args]
        same[4][block] += args[5][block]
        same[5][block] = 0
        np.testing.assert_allclose(gru.gru(*same)[0], y, rtol=1e-12)


def test_reset_in_front_of_the_product_is_another_cell_after_a_step():
    x, h, w, u, *_ = arguments("gru")
    G, H = len(w), h.shape[1]
    zero = np.zeros(G)

    def in_front(x, h):
        z = x @ w.T
        v = h @ u.T
        gates = 1 / (1 + np.exp(-(z + v)[:, : 2 * H]))
        r, keep = gates[:, :H], gates[:, H:]
        n = np.tanh(z[:, 2 * H :] + (r * h) @ u[2 * H :].T)
        return (1 - keep) * n + keep * h

    start = np.zeros_like(h)
    one, _ = gru.gru_cell(x[:, 0], start, w, u, zero, zero)
    np.testing.assert_allclose(in_front(x[:, 0], start), one, rtol=1e-12)
    two, _ = gru.gru_cell(x[:, 1], one, w, u, zero, zero)
    assert not np.allclose(in_front(x[:, 1], one), two, rtol=1e-3)


def test_padding_changes_nothing():
    x, h0, *w = arguments("rnn")
    lengths = np.array([2, 7, 5])
    other = x.copy()
    other[0, 2:], other[2, 5:] = 1e3, np.nan
    for given in (x, other):
        y, _ = rnn.rnn(given, h0, *w)
        masked, _ = padding.mask_padding(y, lengths)
        last, _ = padding.last_state(y, lengths)
        if given is x:
            expected = masked, last
        np.testing.assert_array_equal(masked, expected[0])
        np.testing.assert_array_equal(last, expected[1])
    assert not np.array_equal(last, y[:, -1])


def test_both_directions_ignore_padding_and_see_both_ends():
    x, _, *w = arguments("rnn")
    pairs = [np.stack([a, RNG.normal(size=a.shape)]) for a in w]
    lengths = np.array([4, 7, 1])
    y, _ = padding.bidirectional_rnn(x, *pairs, lengths)
    other = x.copy()
    other[0, 4:] = 9.0
    again, _ = padding.bidirectional_rnn(other, *pairs, lengths)
    np.testing.assert_array_equal(y, again)
    other[0, 4:], other[2, 1:] = np.nan, np.inf
    clean, pull = padding.bidirectional_rnn(x, *pairs, lengths)
    spoiled, pull_spoiled = padding.bidirectional_rnn(other, *pairs, lengths)
    np.testing.assert_array_equal(clean, spoiled)
    dy = RNG.normal(size=clean.shape)
    for mine, theirs in zip(pull_spoiled(dy), pull(dy), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    other = x.copy()
    other[0, 3] += 1
    changed = padding.bidirectional_rnn(other, *pairs, lengths)[0] != y
    H = w[1].shape[0]
    assert changed[0, 0, H:].all()
    assert not changed[0, :3, :H].any()


def test_reversing_twice_is_nothing():
    x, lengths = RNG.normal(size=(3, 5, 2)), np.array([5, 1, 3])
    once, _ = padding.reverse_sequences(x, lengths)
    twice, _ = padding.reverse_sequences(once, lengths)
    assert np.array_equal(twice, x)
    assert np.array_equal(once[2, :3], x[2, 2::-1])
    assert np.array_equal(once[2, 3:], x[2, 3:])


@pytest.mark.parametrize("T", [1, 2, 3, 8, 13])
def test_a_scan_by_doubling_is_the_recurrence(T):
    a, u = RNG.uniform(-1, 1, (2, T, 3)), RNG.normal(size=(2, T, 3))
    dy = RNG.normal(size=u.shape)
    slow, pull = state_space.linear_scan(a, u)
    fast, pull_fast = state_space.parallel_scan(a, u)
    np.testing.assert_allclose(fast, slow, rtol=1e-12, atol=1e-14)
    for mine, theirs in zip(pull_fast(dy), pull(dy), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-14)


def test_recurrence_and_convolution_are_one_function():
    x = RNG.normal(size=(3, 21, 4))
    a = RNG.uniform(-1, 1, (4, 5))
    b, c = RNG.normal(size=(2, 4, 5))
    dy = RNG.normal(size=x.shape)
    stepped, pull = state_space.state_space(x, a, b, c)
    filtered, pull_filtered = state_space.state_space_convolution(x, a, b, c)
    np.testing.assert_allclose(filtered, stepped, atol=1e-12)
    for mine, theirs in zip(pull_filtered(dy), pull(dy), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-11)


def test_steps_of_zero_order_hold_put_together_are_a_long_step():
    rate, b = -RNG.uniform(0.5, 2, (1, 3)), RNG.normal(size=(1, 3))
    short, _ = state_space.zero_order_hold(np.full((1, 3), 0.25), rate, b)
    long, _ = state_space.zero_order_hold(np.full((1, 3), 1.0), rate, b)
    h = np.ones((1, 3))
    for _ in range(4):
        h = short[0] * h + short[1] * 2.0
    np.testing.assert_allclose(h, long[0] + long[1] * 2.0, rtol=1e-12)


def test_relu_takes_minus_infinity_to_zero_and_hides_no_nan():
    one, none = np.ones((1, 1)), np.zeros(1)
    x = np.array([[-np.inf], [-1.0], [np.nan], [2.0]])
    y, vjp = rnn.rnn_cell(
        x, np.zeros((4, 1)), one, 0 * one, none, none, activation="relu"
    )
    with np.errstate(invalid="ignore"):
        dx = vjp(np.ones_like(y))[0]
    expected = torch.relu(torch.tensor(x)).numpy()
    np.testing.assert_array_equal(y, expected)
    assert not np.signbit(y[:2]).any()
    assert np.isnan(dx[2, 0])


def test_what_is_changed_in_the_inputs_later_changes_no_gradient():
    x, h0, *w = arguments("rnn")
    x, h0 = x[:1].copy(), h0[:1]
    y, vjp = rnn.rnn(x, h0, *w)
    before = vjp(np.ones_like(y))[2]
    x += 1
    np.testing.assert_array_equal(vjp(np.ones_like(y))[2], before)


def test_scans_and_models_of_no_steps_give_none():
    empty, rate = np.zeros((2, 0, 3)), np.full((3, 4), 0.5)
    for scan in (state_space.linear_scan, state_space.parallel_scan):
        assert scan(empty, empty)[0].shape == empty.shape
    for model in (state_space.state_space, state_space.state_space_convolution):
        y, vjp = model(empty, rate, rate, rate)
        assert y.shape == empty.shape
        assert not np.any(vjp(y)[1])
