"""Descriptions of what a run is made of: equal when it is, and only then."""

import os
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlf.nn import losses
from dlf.nn.checkpoint_identity import describe, differences


class Scale:
    """A loss with settings of its own."""

    def __init__(self, factor):
        self.factor, self.me = factor, self

    def __call__(self, output, y):
        return self.factor * F.mse_loss(output, y)

    def method(self, output, y):
        return self(output, y)


def closed(factor):
    return lambda output, y: factor * F.mse_loss(output, y)


def calling(helper):
    def loss(output, y):
        return helper(output, y).mean()

    return loss


def first(output, y):
    return (output - y).abs()


def second(output, y):
    return (output - y).square()


@pytest.mark.parametrize(
    "make",
    [
        Scale,
        closed,
        lambda n: partial(F.huber_loss, delta=float(n)),
        lambda n: Scale(n).method,
        lambda n: nn.CrossEntropyLoss(label_smoothing=n / 10),
        lambda n: nn.CrossEntropyLoss(torch.tensor([1.0, n])),
        lambda n: nn.Sequential(nn.Linear(2, n), nn.Dropout(0.1)),
        lambda n: nn.Dropout(n / 10),
        lambda n: calling([first, second][n - 1]),
        lambda n: [losses.focal, losses.log_cosh][n - 1],
        lambda n: [torch.exp, torch.sin][n - 1],
        lambda n: np.full(3, float(n)),
        lambda n: torch.full((3,), n, dtype=torch.bfloat16),
        lambda n: {"a": [n, (1, 2)], "b": {n, 7}},
        lambda n: "x" * 99 + str(n),
        lambda n: eval(f"lambda o, y: (o - y) * {n}"),
        lambda n: eval(f"lambda o, y: [v for v in o if v in {{{n}, 8, 9}}]"),
    ],
)
def test_equal_when_it_is_the_same_and_not_otherwise(make):
    assert describe(make(1)) == describe(make(1))
    assert describe(make(1)) != describe(make(2))
    assert "0x" not in describe(make(1))
    assert len(describe(make(1))) <= 80


def test_numbers_of_numpy_are_numbers():
    assert describe(np.float64(0.1)) == describe(0.1)
    assert describe(np.int8(3)) == describe(3)
    assert describe(1) != describe(1.0) != describe(True)


def test_weights_of_a_net_do_not_count_and_a_global_does(monkeypatch):
    assert describe(nn.LSTM(3, 4)) == describe(nn.LSTM(3, 4))
    loss = eval("lambda o, y: FACTOR * (o - y)", {"FACTOR": 2})
    other = eval("lambda o, y: FACTOR * (o - y)", {"FACTOR": 3})
    assert describe(loss) != describe(other)


def test_what_differs_is_named():
    saved, now = {"a": "1", "b": "2"}, {"b": "3", "c": "4"}
    assert differences(saved, now) == [
        "a: 1 saved, nothing now",
        "b: 2 saved, 3 now",
        "c: nothing saved, 4 now",
    ]


def test_another_process_describes_alike():
    code = (
        "from dlf.nn.checkpoint_identity import describe\n"
        "from dlf.nn.losses import log_cosh\n"
        "f = lambda o, y: {str(v) for v in o if v in {'a', 'b', 'c', 'd'}}\n"
        "print(describe(f), describe(log_cosh), describe({'a', 'b', 'c'}))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    }
    assert len(said) == 1
