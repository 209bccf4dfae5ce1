"""Recurrent nets side by side: net k alone is PyTorch's, with its gradient."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from dlf.stacked import sequence_recipes, sequence_tasks
from dlf.stacked.recurrent_nets import GATES, RecurrentNet, parameters
from dlf.stacked.sequence_recipes import SHAPES, Sequences

TORCH = {"plain": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
X = torch.randn(
    4, 5, 6, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64
)


def net(kind, **options):
    options = {"dtype": torch.float64} | options
    return RecurrentNet(3, 4, 2, [3, 4], 2, kind=kind, **options)


def alone(nets, k):
    """PyTorch's layer with the weights of net k."""
    layer = TORCH[nets.kind](3, 4, batch_first=True).double()
    w, b = nets.weights, nets.biases
    values = w[0][k].T, w[1][k].T, b[0][k, 0], b[1][k, 0]
    names = [n for n, _ in layer.named_parameters()]
    layer.load_state_dict(dict(zip(names, values, strict=True)))
    return layer


@pytest.mark.parametrize("kind", GATES)
def test_net_k_is_pytorchs_layer(kind):
    nets = net(kind)
    logits = nets(X)
    (gradient,) = torch.autograd.grad(logits.square().sum(), [nets.weights[1]])
    for k in range(4):
        layer = alone(nets, k)
        y, _ = layer(X[k])
        out = y[:, -1] @ nets.weights[2][k] + nets.biases[2][k]
        torch.testing.assert_close(logits[k], out)
        (mine,) = torch.autograd.grad(out.square().sum(), [layer.weight_hh_l0])
        torch.testing.assert_close(gradient[k].T, mine)


def test_letters_are_looked_up_and_outputs_may_stand_everywhere():
    letters = torch.randint(3, (4, 5, 6))
    hot = nn.functional.one_hot(letters, 3).double()
    nets = net("lstm", everywhere=True)
    torch.testing.assert_close(nets(letters), nets(hot))
    assert nets(letters).shape == (4, 5, 6, 2)


def test_starts_are_what_they_are_called():
    eye = torch.eye(4, dtype=torch.float64)
    square = net("plain", start="orthogonal").weights[1]
    torch.testing.assert_close(square @ square.mT, eye.expand(4, 4, 4))
    assert torch.equal(net("plain", start="identity").weights[1][0], eye)
    bias = net("lstm", forget=1.0).biases[0]
    assert (bias[..., 4:8] == 1).all()
    assert not bias[..., :4].any()


@pytest.mark.parametrize("data", ["recall", "adding", "TS"])
def test_kinds_are_equally_large(data):
    inputs, _, units = SHAPES[data]
    counts = [parameters(kind, inputs, n) for kind, n in units.items()]
    assert max(counts) < 1.05 * min(counts)
    made = RecurrentNet(2, 3, 1, [0], 1, kind="gru")
    held = sum(p.numel() for p in made.parameters()) - (3 + 1)
    assert parameters("gru", 2, 3) == held


def test_recall_asks_for_the_first_letter_and_noise_says_nothing():
    data = sequence_tasks.recall((0, 1), 9)
    assert torch.equal(data.x[:, 0], data.y)
    assert data.x[:, 1:].min() == 8
    assert data.x.shape[1] == 10
    assert not torch.equal(*data.y[data.train])


def test_adding_asks_for_the_sum_and_a_constant_gets_a_sixth(as_shipped):
    data = sequence_tasks.adding((0,), 7, "float64")
    assert torch.allclose((data.x[..., 0] * data.x[..., 1]).sum(1), data.y)
    assert data.y.var().item() == pytest.approx(1 / 6, rel=0.05)


def test_a_recipe_learns_a_short_recall_and_says_so():
    cell = Sequences(data="recall", lag=2, steps=120)
    out = sequence_recipes.train(cell, [0.01], [100, 101])
    assert out["test"].shape == out["nats"].shape == (1, 2)
    assert out["test"].min() > 0.9
    tuned = sequence_recipes.train(replace(cell, steps=1), [0.1, 0.01], [0])
    assert "test" not in tuned
    assert np.argmax(tuned["score"][:, 0]) == 1  # nothing learned: the middle


@pytest.mark.parametrize("bad", [{"kind": "elman"}, {"start": "zero"}])
def test_an_unknown_kind_or_start_is_refused(bad):
    with pytest.raises(ValueError, match="`kind` must be one of plain, lstm"):
        RecurrentNet(3, 4, 2, [0], 1, **bad)
