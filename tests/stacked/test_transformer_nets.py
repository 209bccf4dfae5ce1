"""Nets that read sequences, their tasks and their training."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlf.stacked import transformer_nets, transformer_recipes, transformer_tasks
from dlf.stacked.transformer_nets import Kind
from dlf.stacked.transformer_recipes import Sequences

SMALL = Sequences(
    task="order", length=6, width=8, layers=1, heads=2, hidden=8, steps=3
)


@pytest.mark.parametrize("net", ["transformer", "LSTM", "linear"])
@pytest.mark.parametrize("answers", ["each", "last", "mean"])
def test_answers_have_their_places(net, answers):
    kind = Kind(5, 3, 6, answers)
    made = replace(SMALL, net=net).make(kind)
    y = made(torch.randint(5, (4, 6)))
    assert y.shape == ((4, 6, 3) if answers == "each" else (4, 3))


@pytest.mark.parametrize("net", ["transformer", "LSTM", "linear"])
@pytest.mark.parametrize("symbols", [5, 0])
def test_no_answer_depends_on_what_comes_later(net, symbols):
    kind = Kind(symbols, max(symbols, 1), 6)
    made = replace(SMALL, net=net, window=3).make(kind)
    with torch.no_grad():
        for p in made.parameters():
            p.add_(0.1 * torch.randn(p.shape))
    x = torch.randint(5, (2, 6)) if symbols else torch.randn(2, 6)
    other = x.clone()
    other[:, 4:] = (other[:, 4:] + 1) % 5
    before, after = made(x), made(other)
    assert torch.allclose(before[:, :4], after[:, :4], atol=1e-6)
    assert not torch.allclose(before[:, 4:], after[:, 4:], atol=1e-4)


def test_without_positions_the_mean_sees_no_order():
    kind = Kind(5, 2, 6, "mean")
    x = torch.randint(5, (3, 6))
    for positions in (True, False):
        made = replace(SMALL, positions=positions).make(kind)
        with torch.no_grad():
            made.place.mul_(50)
        same = torch.allclose(made(x), made(x.flip(1)), atol=1e-5)
        assert same != positions


def test_parameters_are_about_as_many():
    cell = Sequences(task="CH", length=32)
    task = transformer_tasks.prose(32)
    counts = [
        transformer_recipes.parameters(replace(cell, net=net).make(task.kind))
        for net in ("transformer", "LSTM")
    ]
    assert counts == [60_720, 67_084]


def test_the_order_is_the_symbols():
    task = transformer_tasks.order(8)
    x, y = task.train
    first, second = ((x == n).argmax(1) for n in (8, 9))
    assert ((x >= 8).sum(1) == 2).all()
    assert np.array_equal(y, first < second)
    assert 0.45 < y.mean() < 0.55


def test_prose_and_series_ask_for_what_follows():
    x, y = transformer_tasks.prose(8).train
    assert np.array_equal(x[1], y[0])
    x, y = transformer_tasks.series(8).test
    assert np.array_equal(x[:, 1:], y[:, :-1])
    assert x.dtype == np.float32


def test_training_returns_what_a_contrast_needs():
    out = transformer_recipes.train(SMALL, [0.01, 0.1], [10, 11])
    assert out["score"].shape == out["loss"].shape == (2, 2)
    assert "nats" not in out
    assert out["constant"][0, 0] == pytest.approx(np.log(2), abs=1e-3)
    scored = transformer_recipes.train(SMALL, [0.01], [100])
    assert 0 <= scored["right"][0, 0] <= 1
    assert scored["data"]["name"] == "order"


def test_the_rate_rises_then_falls_to_a_tenth():
    rates = [transformer_recipes.rate_at(s, 100) for s in range(101)]
    assert rates[0] < rates[4] < rates[5] == 1.0
    assert rates[100] == pytest.approx(0.1)
    assert all(np.diff(rates[5:]) < 0)


def test_factors_are_those_of_their_names():
    found = [f(16) for f in transformer_nets.FACTORS.values()]
    assert found == [16.0, 1.0, 0.25, 1 / 16]
