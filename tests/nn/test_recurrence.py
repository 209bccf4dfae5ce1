"""Cells, layers, text and state spaces in PyTorch against scratch."""

import numpy as np
import pytest
import torch
from torch import nn

from dlf.nn.recurrence import layers, memory, state_space, text
from dlf.scratch.recurrence import gru, lstm, rnn
from dlf.scratch.recurrence import state_space as scratch_ssm

X = torch.randn(
    3, 6, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64
)
TORCH = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def layer(kind, **options):
    torch.manual_seed(1)
    return layers.Recurrent(4, 5, kind, **options).double()


@pytest.mark.parametrize("kind", layers.GATES)
def test_a_layer_is_that_of_scratch_and_of_pytorch(kind):
    ours = layer(kind)
    w = [p.detach() for p in ours.parameters()]
    theirs = TORCH[kind](4, 5, batch_first=True).double()
    names = [n for n, _ in theirs.named_parameters()]
    theirs.load_state_dict(dict(zip(names, w, strict=True)))
    start = torch.full_like(ours.first(X), 0.3)
    y, last = ours(X, start)
    given = [s[None] for s in start] if kind == "lstm" else start[None]
    expected, _ = theirs(X, tuple(given) if kind == "lstm" else given)
    torch.testing.assert_close(y, expected)
    scratch = {"rnn": rnn.rnn, "lstm": lstm.lstm, "gru": gru.gru}[kind]
    states = list(start.numpy()) if kind == "lstm" else [start.numpy()]
    mine, _ = scratch(X.numpy(), *states, *(p.numpy() for p in w))
    mine = mine[:, :, -1] if kind == "lstm" else mine[:, -1]
    np.testing.assert_allclose(last.detach(), mine, rtol=1e-12)


def test_a_forget_bias_is_added_once_and_to_its_gate_alone():
    plain, open_ = layer("lstm"), layer("lstm", forget=3.0)
    gap = (open_.bias_ih - plain.bias_ih).detach().numpy()
    assert gap[5:10] == pytest.approx(3)
    assert not gap[:5].any()
    assert not gap[10:].any()
    assert torch.equal(open_.bias_hh, plain.bias_hh)


def test_reach_is_the_gradient_of_each_state():
    net = layer("rnn")
    left = memory.reach(net, X)
    v = torch.randn(
        3, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64
    )
    y, _ = net(X)
    d = 1 - y.detach() ** 2
    expected = [v]
    for t in range(5, -1, -1):
        expected.append((expected[-1] * d[:, t]) @ net.weight_hh.detach())
    norms = np.array([e.norm().item() for e in expected])
    assert left == pytest.approx(norms / norms[0])


def test_the_sum_of_the_marked_numbers_is_asked_for():
    x, y = memory.adding(np.random.default_rng(0), 50, 9)
    marks = x[..., 1]
    assert (marks[:, :4].sum(1) == 1).all()
    assert (marks[:, 4:].sum(1) == 1).all()
    assert torch.allclose((x[..., 0] * marks).sum(1), y)


def test_training_lowers_the_error_and_is_the_same_twice():
    nets = [memory.Rememberer(2, 8, "gru", seed=3) for _ in range(2)]
    losses = [memory.train(net, 60, 0.03, 4) for net in nets]
    assert np.array_equal(*losses)
    assert losses[0][-10:].mean() < losses[0][:10].mean()
    assert memory.fresh_error(nets[0], 4, 100) < 0.17


CODES = np.tile([0, 1, 2, 3], 60)


def test_a_text_that_repeats_is_learned_and_continued():
    model = text.CharacterModel(4, 8)
    assert model.lstm.bias_hh_l0[8:16].abs().max() < 1  # one bias alone is set
    losses = text.train(model, CODES, 120, lr=0.05, batch=4, chunk=5)
    assert losses[-1] < 0.1 < losses[0]
    start = np.array([2, 3, 0])
    assert text.write(model, start, 5, temperature=0.0) == [1, 2, 3, 0, 1]
    assert len(text.write(model, start, 7, seed=1)) == 7


def test_wiping_the_state_changes_the_loss_and_never_wiping_does_not():
    model = text.CharacterModel(4, 8)
    whole = text.nats(model, CODES)
    assert text.nats(model, CODES, len(CODES) - 1) == pytest.approx(whole)
    assert text.nats(model, CODES, 1) != pytest.approx(whole, rel=1e-6)


def test_a_state_space_layer_filters_as_scratch_does():
    torch.manual_seed(0)
    net = state_space.StateSpace(4, states=3).double()
    a, b = net.discrete()
    y = state_space.state_space(X, a, b, net.c)
    arrays = [t.detach().numpy() for t in (X, a, b, net.c)]
    expected, _ = scratch_ssm.state_space(*arrays)
    np.testing.assert_allclose(y.detach(), expected, atol=1e-12)
    assert ((a > 0) & (a < 1)).all()
    later = X.clone()
    later[:, 4] += 1
    torch.testing.assert_close(net(later)[:, :4], net(X)[:, :4])
    assert not torch.allclose(net(later)[:, 4], net(X)[:, 4])
