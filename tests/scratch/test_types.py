"""Float32 stays float32 where there is no pullback, and on the way as well.

A single array that is made in float64 doubles what is computed after it, and
a model with weights in float32 is given numbers that it was not made for.
"""

import numpy as np
import pytest

from dlf.scratch import gradient_stability
from dlf.scratch.convolution import geometry, nets
from dlf.scratch.interpretability import (
    gradients,
    influence,
    layers,
    lime,
    perturbation,
    shapley,
    sparse_autoencoder,
)
from dlf.scratch.mathematics import bayes, decompositions
from dlf.scratch.normalization import inference, weights
from dlf.scratch.regularization import dropout, penalties, targets
from dlf.scratch.second_order import (
    hessian_products,
    kronecker,
    newton,
    objectives,
)
from dlf.scratch.second_order.conjugate_gradient import conjugate_gradient

F4 = np.dtype("f4")
pytestmark = pytest.mark.usefixtures("as_shipped")
RNG = np.random.default_rng(0)
X = RNG.uniform(0.1, 0.9, size=(2, 3)).astype("f4")
SQUARE = np.diag([1, 2, 3]).astype("f4")
TWO, THREE = np.ones(2, "f4"), np.ones(3, "f4")
IMAGES = RNG.normal(size=(2, 1, 3, 4)).astype("f4")
CORNERS = np.eye(2, dtype="f4")
LABELS = np.array([0, 1])


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def linear(x):
    """A model that takes float32 alone."""
    assert x.dtype == F4
    w = np.arange(6, dtype="f4").reshape(3, 2)
    return x * x @ w, lambda dy: 2 * x * (dy @ w.T)


def brightness(x):
    assert x.dtype == F4
    return x.sum(axis=(2, 3)), lambda dy: np.ones_like(x) * dy[:, :, None, None]


def same(x):
    assert x.dtype == F4
    return x, lambda dy: dy


def game(s):
    return s.sum(axis=1, keepdims=True).astype("f4")


def times(v):
    assert v.dtype == F4
    return SQUARE @ v


GIVES = {
    "convolution_matrix": lambda: geometry.convolution_matrix(
        np.ones((1, 1, 2, 2), "f4"), 3
    ),
    "lenet": lambda: nets.lenet(
        {k: w.astype("f4") for k, w in nets.init(8, 2, rng()).items()},
        np.ones((1, 1, 8, 8), "f4"),
    )[0],
    "saliency": lambda: gradients.saliency(linear, X, LABELS),
    "input_x_gradient": lambda: gradients.input_x_gradient(linear, X, 1),
    "smoothgrad": lambda: gradients.smoothgrad(linear, X, 1, rng()),
    "integrated_gradients": lambda: gradients.integrated_gradients(
        linear, X, 1
    ),
    "adaptive_integrated_gradients": lambda: (
        gradients.adaptive_integrated_gradients(linear, X, 1, tol=1e-4)
    ),
    "occlusion": lambda: perturbation.occlusion(brightness, IMAGES, 0),
    "sensitivity": lambda: perturbation.sensitivity(
        lambda x: linear(x)[0], X, rng()
    ),
    "infidelity": lambda: perturbation.infidelity(linear, X, 1, X, X[None]),
    "conductance": lambda: layers.conductance(same, linear, X, 1),
    "grad_cam": lambda: layers.grad_cam(same, brightness, IMAGES, 0),
    "concept_vector": lambda: layers.concept_vector(X, -X),
    "maximize_activation": lambda: sparse_autoencoder.maximize_activation(
        linear, X, 1, steps=3
    ),
    "value_function": lambda: shapley.value_function(
        linear, X, 1, np.array([0, 1, 1])
    )(np.array([[True, False]])),
    "exact_shapley": lambda: shapley.exact_shapley(game, 3),
    "permutation_shapley": lambda: shapley.permutation_shapley(
        game, 3, 2, rng()
    ),
    "kernel_shap": lambda: shapley.kernel_shap(game, 3),
    "kernel_shap, sampled": lambda: shapley.kernel_shap(game, 3, 99, rng()),
    "lime": lambda: lime.lime(game, 3, 9, rng()),
    "fit": lambda: influence.fit(X, LABELS, 0.1),
    "hessian": lambda: influence.hessian(X, THREE, 0.1),
    "influence": lambda: influence.influence(X, LABELS, THREE, 0.1, X, LABELS),
    "eigh": lambda: decompositions.eigh(SQUARE),
    "svd": lambda: decompositions.svd(X),
    "truncate": lambda: decompositions.truncate(X, 1),
    "bayesian_ridge": lambda: bayes.bayesian_ridge(X, TWO, 1.0, 1.0),
    "update_running": lambda: inference.update_running(X, THREE, THREE),
    "fold_batch_norm": lambda: inference.fold_batch_norm(
        X, TWO, TWO, TWO, TWO, TWO
    ),
    "power_iteration": lambda: weights.power_iteration(X, TWO),
    "mask": lambda: dropout.mask((2, 3), 0.5, rng(), dtype=F4),
    "max_norm": lambda: penalties.max_norm(X, 0.5),
    "mixup": lambda: targets.mixup(X, CORNERS, 1.0, rng()),
    "cutmix": lambda: targets.cutmix(IMAGES, CORNERS, 1.0, rng()),
    "clip_by_value": lambda: clipped(gradient_stability.clip_by_value),
    "clip_by_norm": lambda: clipped(gradient_stability.clip_by_norm),
    "clip_by_layer": lambda: clipped(gradient_stability.clip_by_layer),
    "inverse_root": lambda: kronecker.inverse_root(SQUARE, 2, 0.1),
    "conjugate_gradient": lambda: conjugate_gradient(times, THREE).x,
    "hvp_by_difference": lambda: hessian_products.hvp_by_difference(
        times, THREE, THREE
    ),
    "newton_step": lambda: newton.newton_step(THREE, SQUARE, 0.1)[0],
    "flatten": lambda: objectives.flatten({"a": X, "b": TWO}),
}


def clipped(clip):
    return clip({"w": X}, 0.1)[0]["w"]


@pytest.mark.parametrize("name", GIVES)
def test_float32_stays_float32(name):
    given = GIVES[name]()
    for part in given if isinstance(given, tuple) else (given,):
        assert part.dtype == F4


def test_a_matrix_is_singular_by_the_digits_of_its_type():
    """What eight digits cannot tell from a singular matrix, sixteen can."""
    close = np.array([[1, 1], [1, 1 + 1e-7]])
    assert objectives.is_singular(close.astype("f4"))
    assert not objectives.is_singular(close)
    assert objectives.is_singular(np.ones((2, 2)))
    assert not objectives.is_singular(np.eye(2, dtype="f4"))


def test_weights_of_more_players_than_an_integer_can_count():
    """The coalitions of 80 players outnumber what 64 bits hold."""
    w = shapley.kernel_weights(80)
    assert w.dtype == float
    assert w.shape == (79,)
    assert (np.diff(w[:39]) < 0).all()
    np.testing.assert_allclose(w, w[::-1], rtol=1e-12)
    np.testing.assert_allclose(w[0], 1 / (80 * 79))
    assert shapley.kernel_weights(2).tolist() == [0.5]
