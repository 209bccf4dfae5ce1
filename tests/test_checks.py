"""What training refuses, and the module it blames for a NaN."""

from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from dlf.nn.training import evaluate, fit

from .test_training import assert_same_bits, blobs, mlp, sgd, weights

X, Y = blobs(20)


class Log(nn.Module):
    def forward(self, x):
        return x.log()


def test_a_nan_is_traced_to_its_module():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), Log(), nn.Linear(8, 3))
    net = nn.Sequential(net.double(), nn.Identity())
    with pytest.raises(FloatingPointError) as error:
        fit(net, blobs(20), optimizer=sgd, epochs=1)
    assert str(error.value) == (
        "fit: the loss must be finite; got nan at step 1. The first output "
        "that is not is that of module 0.2 (Log); its inputs reach 2.4, its "
        "weights 0"
    )


def test_a_rate_too_high_is_found_in_the_weights():
    huge = partial(torch.optim.SGD, lr=1e200)
    says = (
        r"step 2\. .* its inputs reach \S+e\+\d\d\d, its weights \S+e\+\d\d\d$"
    )
    with pytest.raises(FloatingPointError, match=says):
        fit(mlp(4, 8, 3), blobs(20), optimizer=huge, epochs=99)


def test_an_infinite_slope_is_found_in_the_weights():
    model, (x, _) = mlp(4, 3), blobs(20)
    nn.init.zeros_(model[0].weight)
    nn.init.zeros_(model[0].bias)
    says = r"step 2\. .* module 0 \(Linear\); nor are its weights: the update"
    with pytest.raises(FloatingPointError, match=says):
        fit(
            model,
            (x, x),
            optimizer=sgd,
            epochs=2,
            loss=lambda output, y: output.square().sum().sqrt(),
        )


class Fragile(nn.Module):
    """Breaks outside any module, or on the second look."""

    def __init__(self, where):
        super().__init__()
        self.inner, self.where = nn.Linear(4, 3).double(), where

    def forward(self, x):
        if self.where == "before":
            return self.inner(x / 0)
        return self.inner(x) / 0


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("before", "that of module inner (Linear); nor is its input, which no"),
        ("after", "that of the model (Fragile); its inputs reach"),
    ],
)
def test_a_break_between_modules(where, says):
    with pytest.raises(FloatingPointError) as error:
        fit(Fragile(where), blobs(20), optimizer=sgd, epochs=1)
    assert says in str(error.value)


def test_a_loss_that_breaks_by_itself():
    with pytest.raises(
        FloatingPointError, match=r"step 1\. .* look at the loss"
    ):
        fit(
            mlp(4, 3),
            blobs(20),
            optimizer=sgd,
            epochs=1,
            loss=lambda output, y: output.sum() / 0,
        )


def test_a_validation_loss_that_breaks():
    x, y = blobs(20)
    with pytest.raises(FloatingPointError, match=r"module 0 \(Log\)"):
        fit(
            nn.Sequential(Log(), nn.Linear(4, 3).double()),
            (np.abs(x), y),
            (x, y),
            optimizer=partial(torch.optim.SGD, lr=1e-6),
            epochs=1,
        )


def nan_at(row):
    x, y = blobs(20)
    x[row, 1] = np.nan
    return x, y


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"train": (X[:0], Y[:0])},
            "`train` must have rows .* got 0 rows of x",
        ),
        ({"train": (X, Y[:5])}, "got 20 rows of x and 5 of y"),
        ({"train": nan_at(7)}, "`train` must be finite.*got nan in row 7 of x"),
        ({"train": (X, np.full(20, np.inf))}, "got inf in row 0 of y"),
        ({"validation": nan_at(3)}, "`validation` must be finite.* row 3"),
        ({"train": (X, Y + 1)}, r"labels in 0\.\.2, because .* got 1\.\.3"),
        ({"validation": (X, Y - 1)}, r"`validation` must .* got -1\.\.1"),
        ({"batch": 0}, "`batch` must be at least 1; got 0"),
        ({"batch": -5}, "`batch` must be at least 1; got -5"),
        ({"epochs": -1}, "`epochs` must be at least 1; got -1"),
        ({"epochs": None, "steps": 0}, "`steps` must be at least 1; got 0"),
        ({"epochs": None}, "one of `epochs` and `steps` must be given"),
        ({"steps": 3}, "one of `epochs` and `steps` .* got 1 and 3"),
        ({"patience": 0}, "`patience` must be at least 1; got 0"),
        ({"patience": 2, "validation": None}, "`validation` must be given"),
        ({"optimizer": partial(sgd, lr=-0.1)}, "-0.1"),
        ({"optimizer": partial(sgd, lr=np.inf)}, "rate that is finite"),
        ({"optimizer": partial(sgd, lr=np.nan)}, "rate that is finite"),
    ],
)
def test_refuses(change, says, as_shipped):
    good = dict(train=(X, Y), validation=(X, Y), optimizer=sgd, epochs=1)
    model = mlp(4, 3)
    before = weights(model)
    with pytest.raises(ValueError, match=says):
        fit(model, **(good | change))
    assert_same_bits(weights(model), before)


def test_evaluate_refuses():
    with pytest.raises(
        ValueError, match=r"^evaluate: `examples` must have rows"
    ):
        evaluate(mlp(4, 3), (X[:0], Y[:0]))
