"""Shapes, rates and settings out of range, from checks to the loop."""

import numpy as np
import torch

from dlf.nn.training import evaluate, fit
from dlf.scratch import checks, mlp, perceptron, shapes
from dlf.scratch.backpropagation import manual, tape
from dlf.scratch.optimizers import adam, momentum
from dlf.scratch.training import early_stopping, loop

from . import RNG, X, Y

NET = mlp.init((3, 2), RNG)

STRETCHED = NET | {"layers.0.bias": np.zeros(1)}

MODEL = torch.nn.Linear(3, 2).double()


def twice():
    """Two sums that rest on one square."""
    h, total = tape.Node(X) * 2.0, tape.lift(tape.total)
    return total(h), total(h * h)


def stepped(optimizer, w, g):
    init, update = optimizer
    return update({"w": w}, {"w": g}, init({"w": w}))


def sgd(weights):
    return torch.optim.SGD(weights, lr=0.1)


REFUSES = [
    (
        checks.floating,
        lambda: checks.floating("f", x=Y),
        "f: `x` must hold floating-point numbers, .* got int64. Convert it",
    ),
    (
        checks.entries,
        lambda: checks.entries(np.mean, x=X[:0]),
        r"mean: `x` must have an entry to average, .* got shape \(0, 3\)",
    ),
    (
        checks.classes,
        lambda: checks.classes(np.mean, Y, 1),
        r"mean: `labels` must lie in 0\.\.0, .* got 1 at position 1",
    ),
    (
        checks.check_positive,
        lambda: checks.check_positive("f", "lr", 0.0, "it is a rate"),
        "f: `lr` must be positive, because it is a rate; got 0.0",
    ),
    (
        checks.check_positive,
        lambda: checks.check_positive("f", "lr", np.nan, "it is a rate"),
        "got nan",
    ),
    (
        checks.kept,
        lambda: checks.kept("f", a=0.0, b=1.0),
        r"f: `b` must lie in \[0, 1\), .* got 1.0",
    ),
    (
        checks.kept,
        lambda: checks.kept("f", b=-0.1),
        "got -0.1",
    ),
    (
        checks.distributions,
        lambda: checks.distributions(np.mean, "p", X, X),
        r"mean: `p` must hold shares .* got \[1. 1. 1.\], which sums to 3",
    ),
    (
        checks.distributions,
        lambda: checks.distributions(np.mean, "log_p", X, np.exp(X)),
        r"`log_p` must hold logarithms of shares .* got \[1. 1. 1.\]",
    ),
    (
        checks.alike,
        lambda: checks.alike("f", "grads", {"w": X[0]}, {"w": X}),
        r"f: `grads` must hold w of shape \(2, 3\), .* got \(3,\)",
    ),
    (
        checks.alike,
        lambda: checks.alike("f", "grads", {}, {"w": X}),
        "got nothing",
    ),
    (
        manual.mlp_gradients,
        lambda: manual.mlp_gradients(NET, X, Y + 1),
        r"`labels` must lie in 0\.\.1, .* got 2 at position 1",
    ),
    (
        manual.mlp_gradients,
        lambda: manual.mlp_gradients(STRETCHED, X, Y),
        r"linear: `b` must have shape \(2,\), .* got \(1,\)",
    ),
    (
        manual.pushforward,
        lambda: manual.pushforward(STRETCHED, X, X),
        r"linear: `b` must have shape \(2,\), .* got \(1,\)",
    ),
    (
        manual.finite_difference,
        lambda: manual.finite_difference(np.sum, X, 0.0),
        "finite_difference: `h` must be positive",
    ),
    (
        manual.pushforward,
        lambda: manual.pushforward(NET, X, X[:1]),
        r"pushforward: `dx` must have shape \(2, 3\)",
    ),
    (
        manual.checkpointed,
        lambda: manual.checkpointed([], 0),
        "checkpointed: `every` must be at least 1",
    ),
    (
        early_stopping.gradient_below,
        lambda: early_stopping.gradient_below(X[0], 0.0),
        "gradient_below: `eps` must be positive",
    ),
    (
        early_stopping.loss_plateaued,
        lambda: early_stopping.loss_plateaued(-X[0], 1),
        "loss_plateaued: `losses` must not be negative",
    ),
    (
        early_stopping.early_stop,
        lambda: early_stopping.early_stop(X[0], 0),
        "early_stop: `patience` must be at least 1",
    ),
    (
        mlp.init,
        lambda: mlp.init((3,), RNG),
        "init: `widths` must name two",
    ),
    (
        mlp.mlp,
        lambda: mlp.mlp({"layers.0.weight": np.ones((2, 3)), "b": Y}, X),
        r"mlp: `params` must hold layers\.0\.bias",
    ),
    (
        momentum.sgd,
        lambda: momentum.sgd(-0.1),
        "sgd: `lr` must be posit",
    ),
    (
        momentum.sgd,
        lambda: stepped(momentum.sgd(0.1), X, X[:, :1]),
        r"sgd: `grads` must hold w of shape \(2, 3\), .* got \(2, 1\)",
    ),
    (
        adam.adam,
        lambda: stepped(adam.adam(), X[0], X),
        r"adam: `grads` must hold w of shape \(3,\), .* got \(2, 3\)",
    ),
    (
        adam.adam,
        lambda: adam.adam(b2=1.0),
        r"adam: `b2` must lie in \[0, 1\)",
    ),
    (
        perceptron.predict,
        lambda: perceptron.predict(X, np.full(3, np.nan), 0.0),
        "predict: `x`, `w` and `b` must not make a sum NaN",
    ),
    (
        perceptron.train_perceptron,
        lambda: perceptron.train_perceptron(X, Y, lr=-1.0),
        "train_perceptron: `lr` must be positive",
    ),
    (
        perceptron.train_kernel_perceptron,
        lambda: perceptron.train_kernel_perceptron(np.eye(2), Y + 1),
        "train_kernel_perceptron: `y` must hold labels 0 or 1",
    ),
    (
        shapes.check_cotangent,
        lambda: shapes.check_cotangent(mlp.linear, np.ones(2), X),
        "linear: `vjp` must be given a cotangent of shape",
    ),
    (
        shapes.sizes,
        lambda: shapes.sizes(mlp.linear, X, np.ones((2, 4)), np.ones(2)),
        r"linear: `w` must have shape \(2, 3\), because of x",
    ),
    (
        tape.backward,
        lambda: tape.backward(tape.lift(tape.total)(tape.Node(X)), X),
        r"backward: `dy` must have shape \(\)",
    ),
    (
        tape.backward,
        lambda: [tape.backward(y) for y in twice()],
        "backward: `y` must not rest on values that were walked before",
    ),
    (
        tape.add,
        lambda: tape.add(X, np.ones(2)),
        r"\(2,3\) \(2,\)",
    ),
    (
        tape.multiply,
        lambda: tape.multiply(X, np.ones(2)),
        r"\(2,3\) \(2,\)",
    ),
    (
        loop.minibatches,
        lambda: loop.minibatches(3, 0, RNG),
        "minibatches: `batch` must be positive",
    ),
    (
        loop.train,
        lambda: loop.train(
            NET, X, Y[:1], momentum.sgd(0.1), epochs=1, batch=2, rng=RNG
        ),
        r"train: `y` must have shape \(2,\)",
    ),
    (
        loop.accumulate_gradients,
        lambda: loop.accumulate_gradients([]),
        "accumulate_gradients: `parts` must hold an example",
    ),
    (
        loop.accumulate_gradients,
        lambda: loop.accumulate_gradients([(1, {"w": X[0]}), (1, {"w": X})]),
        r"accumulate_gradients: `parts` must hold w of shape \(3,\)",
    ),
    (
        loop.ema,
        lambda: loop.ema({"w": X}, {"w": X[0]}, 0.5),
        r"ema: `params` must hold w of shape \(2, 3\), .* got \(3,\)",
    ),
    (
        loop.ema,
        lambda: loop.ema(NET, NET, 1.0),
        r"ema: `decay` must lie in \[0, 1\)",
    ),
    (
        fit,
        lambda: fit(MODEL, (X, Y + 1), optimizer=sgd, steps=1),
        r"fit: `train` must have labels in 0\.\.1",
    ),
    (
        evaluate,
        lambda: evaluate(MODEL, (X[:0], Y[:0])),
        "evaluate: `examples` must have rows",
    ),
]
