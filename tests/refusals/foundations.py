"""Shapes, rates and shares out of range, from matrices to the loop."""

import numpy as np
import torch

from dlf.nn.training import evaluate, fit
from dlf.scratch import (
    backpropagation,
    checks,
    conjugate,
    convergence,
    decompositions,
    information,
    mlp,
    optimizers,
    perceptron,
    shapes,
    stability,
    tape,
    training,
)

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
        backpropagation.gradients,
        lambda: backpropagation.gradients(NET, X, Y + 1),
        r"`labels` must lie in 0\.\.1, .* got 2 at position 1",
    ),
    (
        backpropagation.gradients,
        lambda: backpropagation.gradients(STRETCHED, X, Y),
        r"linear: `b` must have shape \(2,\), .* got \(1,\)",
    ),
    (
        backpropagation.pushforward,
        lambda: backpropagation.pushforward(STRETCHED, X, X),
        r"linear: `b` must have shape \(2,\), .* got \(1,\)",
    ),
    (
        backpropagation.difference,
        lambda: backpropagation.difference(np.sum, X, 0.0),
        "difference: `h` must be positive",
    ),
    (
        backpropagation.pushforward,
        lambda: backpropagation.pushforward(NET, X, X[:1]),
        r"pushforward: `dx` must have shape \(2, 3\)",
    ),
    (
        backpropagation.checkpointed,
        lambda: backpropagation.checkpointed([], 0),
        "checkpointed: `every` must be at least 1",
    ),
    (
        conjugate.coin,
        lambda: conjugate.coin((0.0, 1.0), Y > 0),
        "coin: `prior` must be positive",
    ),
    (
        conjugate.mean,
        lambda: conjugate.mean((0.0, 1.0), X[0], -1.0),
        "mean: `noise` must be positive",
    ),
    (
        conjugate.ridge,
        lambda: conjugate.ridge(X, X[0], 1.0, 1.0),
        r"ridge: `y` must have shape \(2,\)",
    ),
    (
        convergence.stationary,
        lambda: convergence.stationary(X[0], 0.0),
        "stationary: `eps` must be positive",
    ),
    (
        convergence.settled,
        lambda: convergence.settled(-X[0], 1),
        "settled: `losses` must not be negative",
    ),
    (
        convergence.stalled,
        lambda: convergence.stalled(X[0], 0),
        "stalled: `patience` must be at least 1",
    ),
    (
        decompositions.eigh,
        lambda: decompositions.eigh(np.triu(np.ones((2, 2)))),
        "eigh: `a` must be symmetric",
    ),
    (
        decompositions.svd,
        lambda: decompositions.svd(X[0]),
        r"svd: `a` must have shape \(M, N\)",
    ),
    (
        decompositions.truncate,
        lambda: decompositions.truncate(X, 3),
        r"truncate: `rank` must lie in 1\.\.2",
    ),
    (
        information.huffman,
        lambda: information.huffman({"a": 1, "b": 0}),
        "huffman: `weights` must name a symbol and be positive",
    ),
    (
        information.encode,
        lambda: information.encode("ab", {"a": "0"}),
        "encode: `code` must have a word .* none for 'b'",
    ),
    (
        information.decode,
        lambda: information.decode("1", {"a": "0", "b": "10"}),
        "decode: `bits` must end where a word ends",
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
        optimizers.sgd,
        lambda: optimizers.sgd(-0.1),
        "sgd: `lr` must be posit",
    ),
    (
        optimizers.sgd,
        lambda: stepped(optimizers.sgd(0.1), X, X[:, :1]),
        r"sgd: `grads` must hold w of shape \(2, 3\), .* got \(2, 1\)",
    ),
    (
        optimizers.adam,
        lambda: stepped(optimizers.adam(), X[0], X),
        r"adam: `grads` must hold w of shape \(3,\), .* got \(2, 3\)",
    ),
    (
        optimizers.adam,
        lambda: optimizers.adam(b2=1.0),
        r"adam: `b2` must lie in \[0, 1\)",
    ),
    (
        perceptron.fires,
        lambda: perceptron.fires(X, np.full(3, np.nan), 0.0),
        "fires: `x`, `w` and `b` must not make a sum NaN",
    ),
    (
        perceptron.learn,
        lambda: perceptron.learn(X, Y, lr=-1.0),
        "learn: `lr` must be positive",
    ),
    (
        perceptron.learn_from_products,
        lambda: perceptron.learn_from_products(np.eye(2), Y + 1),
        "learn_from_products: `y` must hold labels 0 or 1",
    ),
    (
        shapes.sizes,
        lambda: shapes.sizes(mlp.linear, X, np.ones((2, 4)), np.ones(2)),
        r"linear: `w` must have shape \(2, 3\), because of x",
    ),
    (
        stability.begin,
        lambda: stability.begin(0),
        "begin: `D` must be positive",
    ),
    (
        stability.update,
        lambda: stability.update(stability.begin(2), X),
        "update: `x` must have 2 columns, .* got 3",
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
        training.deal,
        lambda: training.deal(3, 0, RNG),
        "deal: `batch` must be positive",
    ),
    (
        training.train,
        lambda: training.train(
            NET, X, Y[:1], optimizers.sgd(0.1), epochs=1, batch=2, rng=RNG
        ),
        r"train: `y` must have shape \(2,\)",
    ),
    (
        training.accumulate,
        lambda: training.accumulate([]),
        "accumulate: `parts` must hold an example",
    ),
    (
        training.accumulate,
        lambda: training.accumulate([(1, {"w": X[0]}), (1, {"w": X})]),
        r"accumulate: `parts` must hold w of shape \(3,\)",
    ),
    (
        training.average,
        lambda: training.average({"w": X}, {"w": X[0]}, 0.5),
        r"average: `params` must hold w of shape \(2, 3\), .* got \(3,\)",
    ),
    (
        training.average,
        lambda: training.average(NET, NET, 1.0),
        r"average: `decay` must lie in \[0, 1\)",
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
