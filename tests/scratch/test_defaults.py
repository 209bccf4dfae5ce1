"""Settings that are not told are those that the book and its sources state.

What readers run without a word must not change without a test that says so.
Defaults of optimizers are in optimizers/test_definitions.py and beside
PyTorch's in optimizers/test_against_torch.py.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dlf.scratch import gradient_stability, perceptron
from dlf.scratch.activations import elementwise
from dlf.scratch.backpropagation import manual
from dlf.scratch.convolution import geometry
from dlf.scratch.gpu import blocked_matmul
from dlf.scratch.initialization import mean_field, weights
from dlf.scratch.interpretability import (
    gradients,
    layers,
    lime,
    perturbation,
    shapley,
    sparse_autoencoder,
)
from dlf.scratch.normalization import inference
from dlf.scratch.normalization.weights import power_iteration
from dlf.scratch.optimizers import averaging, momentum, muon
from dlf.scratch.regularization import targets
from dlf.scratch.schedules import decays, phases, plateau
from dlf.scratch.second_order import (
    hessian_products,
    line_search,
    minimizers,
    newton,
)
from dlf.scratch.training import early_stopping

X = np.random.default_rng(1).uniform(0.2, 0.6, size=(2, 3))
TWO, THREE = np.array([1.0, 3.0]), np.array([0.5, 1.0, 2.0])
W = {"w": np.array([[1.0, 2.0], [1e-4, 0.0]])}
IMAGES = np.random.default_rng(2).normal(size=(1, 1, 4, 5))


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def model(x):
    w = np.array([[1.0, -2.0], [0.5, 1.0], [2.0, 0.3]])
    y = np.tanh(x @ w)
    return y, lambda dy: (dy * (1 - y * y)) @ w.T


def brightness(x):
    return (x**2).sum(axis=(2, 3)), lambda dy: dy[:, :, None, None] * 2 * x


def halves(x):
    return np.tanh(x), lambda dy: dy * (1 - np.tanh(x) ** 2)


def game(s):
    return (s @ THREE[:, None]) ** 2


def slow(w):
    """A fourth power, at whose flat bottom derivatives fade slowly."""
    return float((w**4).sum()), 4 * w**3


def rates(schedule: Callable) -> list[float]:
    return [schedule(t) for t in range(12)]


def on_plateau(**settings) -> list[float]:
    """Rates under losses that hardly fall."""
    init, update = plateau.reduce_on_plateau(0.1, **settings)
    state, rates = init(), []
    for n in range(40):
        rate, state = update(1 - 1e-5 * n, state)
        rates.append(rate)
    return rates


def ahead(**settings) -> dict:
    init, update = averaging.lookahead(momentum.sgd(0.1), **settings)
    w, state = W, init(W)
    for _ in range(11):
        w, state = update(w, w, state)
    return w


STATED: list[tuple[Callable, dict[str, Any]]] = [
    (
        lambda **s: gradient_stability.clip_adaptively(
            {"w": np.ones((2, 2))}, W, **s
        ),
        {"limit": 0.01, "eps": 1e-3},
    ),
    (
        lambda **s: perceptron.train_perceptron(
            np.array([[1.0], [1.0]]), np.array([0, 1]), **s
        )[1:],
        {"lr": 1.0, "epochs": 1000},
    ),
    (
        lambda **s: manual.finite_difference(
            lambda x: float((x**3).sum()), X, **s
        ),
        {"h": 1e-6},
    ),
    (
        lambda **s: geometry.convolution_matrix(IMAGES[:, :, :2, :2], 3, **s),
        {"stride": 1, "padding": 0, "dilation": 1},
    ),
    (
        lambda **s: blocked_matmul.cache_misses(np.arange(9), 4, **s),
        {"line": 1},
    ),
    (
        lambda **s: mean_field.fixed_point(elementwise.tanh, 1.5, **s),
        {"bias_variance": 0.0, "q": 1.0, "layers": 1000},
    ),
    (
        lambda **s: weights.truncated_normal((3, 4), rng(), 1.0, **s),
        {"cut": 2.0},
    ),
    *(
        (lambda f=f, **s: f((3, 4), rng(), **s), {"gain": gain})
        for f, gain in (
            (weights.xavier_normal, 1.0),
            (weights.xavier_uniform, 1.0),
            (weights.he_normal, 2**0.5),
            (weights.he_uniform, 2**0.5),
            (weights.orthogonal, 1.0),
        )
    ),
    (
        lambda **s: weights.lsuv(
            np.eye(3) * 1.003, np.sqrt(3) * np.eye(3), lambda x, w: x @ w, **s
        ),
        {"tolerance": 0.01},
    ),
    (
        lambda **s: gradients.input_x_gradient(model, X, 1, **s),
        {"baseline": 0.0},
    ),
    (
        lambda **s: gradients.smoothgrad(model, X, 1, rng(), **s),
        {"sigma": 0.1, "draws": 25},
    ),
    (
        lambda **s: gradients.integrated_gradients(
            lambda x: (np.abs(x - 0.3), lambda dy: dy * np.sign(x - 0.3)),
            X,
            1,
            **s,
        ),
        {"baseline": 0.0, "steps": 50},
    ),
    (
        lambda **s: layers.conductance(halves, model, X, 1, **s),
        {"baseline": 0.0, "steps": 50},
    ),
    (lambda **s: layers.concept_vector(X, X[::-1] + 0.5, **s), {"decay": 0.01}),
    (
        lambda **s: perturbation.occlusion(brightness, IMAGES, 0, **s),
        {"baseline": 0.0, "window": 3},
    ),
    (
        lambda **s: perturbation.sensitivity(
            lambda x: model(x)[0], X, rng(), **s
        ),
        {"radius": 0.02, "draws": 10},
    ),
    (
        lambda **s: shapley.value_function(model, X, 1, np.arange(3), **s)(
            np.array([[True, False, True]])
        ),
        {"baseline": 0.0},
    ),
    (
        lambda **s: lime.lime(game, 3, 9, rng(), **s),
        {"width": 0.25, "alpha": 0.01},
    ),
    (
        lambda **s: sparse_autoencoder.maximize_activation(
            model, 0.01 * X, 1, **s
        ),
        {"steps": 100, "lr": 0.1, "decay": 0.01},
    ),
    (
        lambda **s: inference.update_running(X, THREE, THREE, **s),
        {"momentum": 0.1},
    ),
    (
        lambda **s: inference.fold_batch_norm(
            X, TWO, TWO, TWO, TWO, 1e-4 * TWO, **s
        ),
        {"eps": 1e-5},
    ),
    (lambda **s: power_iteration(X, TWO, **s), {"steps": 1}),
    (
        lambda **s: muon.orthogonal(1e-7 * X, **s),
        {"steps": 5, "eps": 1e-7},
    ),
    (ahead, {"every": 5, "alpha": 0.5}),
    (
        lambda **s: targets.smooth_labels(np.array([0, 2]), 3, **s),
        {"smoothing": 0.1},
    ),
    (
        lambda **s: hessian_products.hvp_by_difference(
            lambda w: w**3, THREE, THREE, **s
        ),
        {"h": 1e-5},
    ),
    (
        lambda **s: early_stopping.loss_plateaued(
            np.array([1.0, 0.99, 0.981, 0.98]), 2, **s
        ),
        {"tol": 0.01},
    ),
    *(
        (
            lambda f=f, **s: f(slow, THREE, max_iter=999, **s),
            {"tolerance_grad": 1e-7, "tolerance_change": 1e-9},
        )
        for f in (minimizers.bfgs, minimizers.lbfgs, minimizers.nonlinear_cg)
    ),
    (
        lambda **s: newton.newton(
            slow, lambda w: np.diag(12 * w * w), THREE, **s
        ),
        {"damping": 1e-3, "tolerance_grad": 1e-7},
    ),
    (
        lambda **s: line_search.strong_wolfe(
            slow, THREE, -THREE, *slow(THREE), **s
        ),
        {"t": 1.0, "c1": 1e-4, "c2": 0.9},
    ),
    (on_plateau, {"factor": 0.1, "patience": 10, "threshold": 1e-4}),
    (lambda **s: rates(decays.cosine(0.1, 10, **s)), {"least": 0.0}),
    (
        lambda **s: rates(decays.polynomial(0.1, 10, **s)),
        {"power": 1.0, "least": 0.0},
    ),
    (lambda **s: rates(phases.one_cycle(0.1, 10, **s)), {"rise": 0.3}),
]


@pytest.mark.parametrize(
    ("call", "stated"), STATED, ids=["-".join(stated) for _, stated in STATED]
)
def test_the_default_is_what_is_stated(call, stated, as_shipped):
    by_default = call()
    np.testing.assert_equal(by_default, call(**stated))
