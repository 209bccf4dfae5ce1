"""What training refuses, and the module it names for a NaN."""

from functools import partial

import numpy as np
import pytest
import torch
import torch.nn.functional as F
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


def test_an_infinite_gradient_is_found_in_the_weights():
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
        ({"epochs": np.nan}, "`epochs` must be a whole number, .* got nan"),
        ({"epochs": np.inf}, "`epochs` must be a whole number, .* got inf"),
        ({"epochs": 1.5}, r"`epochs` must be a whole number, .* got 1\.5"),
        ({"epochs": 2.0}, r"`epochs` must be a whole number, .* got 2\.0"),
        ({"epochs": "2"}, "`epochs` must be a whole number, .* got '2'"),
        ({"epochs": None, "steps": 3.5}, "`steps` must be a whole number"),
        ({"batch": 2.5}, "`batch` must be a whole number"),
        ({"seed": 0.5}, "`seed` must be a whole number"),
        ({"patience": np.nan}, "`patience` must be a whole number"),
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


def normed():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 3))


class Image(nn.Module):
    """Batch norm over 2 x 2 pixels, so that one row is enough."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(1)

    def forward(self, x):
        return self.norm(x.reshape(-1, 1, 2, 2)).flatten(1)


@pytest.mark.parametrize(("batch", "rest"), [(19, "a row"), (1, "some rows")])
def test_batch_norm_and_a_batch_of_one_row(batch, rest):
    model = normed().double()
    before = weights(model)
    with pytest.raises(ValueError, match=f"no batch of one row.*{rest}$"):
        fit(model, (X, Y), optimizer=sgd, epochs=1, batch=batch)
    assert_same_bits(weights(model), before)


def test_batch_norm_where_every_batch_will_do():
    one = dict(optimizer=sgd, batch=19)
    fit(normed().double(), (X, Y), steps=1, **one)  # the last never comes
    fit(normed().double(), (X, Y), epochs=1, optimizer=sgd, batch=18)
    pixels = Image().double()
    fit(pixels, (X, Y), epochs=1, **one)


def binary():
    return (X[:, 0] > 0).astype(int)


def test_whole_numbers_of_the_outputs_shape_are_numbers():
    kinds = [
        binary().astype(t)[:, None] for t in (float, int, bool, "u1", "i2")
    ]
    for loss in (F.binary_cross_entropy_with_logits, F.mse_loss, F.l1_loss):
        models = [mlp(4, 1) for _ in kinds]
        for model, y in zip(models, kinds, strict=True):
            h = fit(model, (X, y), (X, y), optimizer=sgd, loss=loss, epochs=3)
            assert_same_bits(weights(model), weights(models[0]))
            assert h.validation_accuracy == []
            assert evaluate(model, (X, y), loss=loss).accuracy is None


@pytest.mark.parametrize("dtype", [int, bool, "u1"])
def test_labels_for_one_output_are_refused_with_a_remedy(dtype):
    y = binary().astype(dtype)
    how = dict(optimizer=sgd, epochs=1)
    for loss in (F.binary_cross_entropy_with_logits, F.cross_entropy):
        with pytest.raises(
            ValueError, match=r"one output .* y\[:, None\]; for"
        ):
            fit(mlp(4, 1), (X, y), loss=loss, **how)
        with pytest.raises(
            ValueError, match=r"one output .* y\[:, None\]; for"
        ):
            evaluate(mlp(4, 1), (X, y), loss=loss)


def mse(output, y):
    """Broadcasts without a word."""
    return (output - y).square().mean()


@pytest.mark.parametrize("loss", [F.mse_loss, mse])
@pytest.mark.parametrize(
    ("model", "shape", "says"),
    [
        (mlp(4, 1), (20,), r"shape \(N, 1\), because .* got \(N, \)"),
        (
            nn.Sequential(mlp(4, 1), nn.Flatten(0)),
            (20, 1),
            r"shape \(N, \), because .* got \(N, 1\)",
        ),
        (mlp(4, 3), (20, 3, 1), r"shape \(N, 3\), because .* got \(N, 3, 1\)"),
    ],
)
def test_targets_that_a_loss_would_broadcast(model, shape, says, loss):
    y = np.ones(shape)
    before = weights(model)
    with pytest.raises(ValueError, match=f"^fit: `train` .*{says}"):
        fit(model, (X, y), optimizer=sgd, loss=loss, epochs=1)
    with pytest.raises(ValueError, match=f"^evaluate: .*{says}"):
        evaluate(model, (X, y), loss=loss)
    assert_same_bits(weights(model), before)


@pytest.mark.parametrize(
    "loss", [F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.huber_loss]
)
def test_a_loss_of_torch_that_warns_of_broadcasting(loss):
    model, y = mlp(4, 1), np.ones((20, 3))
    before = weights(model)
    says = r"^fit: `loss` must be given targets of the outputs' shape"
    with pytest.raises(ValueError, match=says):
        fit(model, (X, y), optimizer=sgd, loss=loss, epochs=1)
    assert_same_bits(weights(model), before)
    with pytest.raises(ValueError, match=r"^evaluate: `loss` must be given"):
        evaluate(model, (X, y), loss=loss)


def test_targets_of_another_kind_are_the_losses_own_affair():
    """A mean and a log variance against one number."""

    def nll(output, y):
        mean, log_variance = output.unbind(1)
        square = (y[:, 0] - mean).square() / log_variance.exp()
        return (log_variance + square).mean() / 2

    h = fit(mlp(4, 2), (X, X[:, :1]), optimizer=sgd, loss=nll, epochs=9)
    assert h.train_loss[-1] < h.train_loss[0]


def test_evaluate_refuses():
    with pytest.raises(
        ValueError, match=r"^evaluate: `examples` must have rows"
    ):
        evaluate(mlp(4, 3), (X[:0], Y[:0]))
