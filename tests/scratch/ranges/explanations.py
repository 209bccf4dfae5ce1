"""Ranges of what methods of interpretability are set by."""

from functools import partial

import numpy as np

from dlf.scratch.interpretability import (
    gradients,
    influence,
    layers,
    lime,
    perturbation,
    shapley,
    sparse_autoencoder,
)

from . import FROM_0, POSITIVE, Range, Row, whole

X, LABELS = np.eye(2, 3), np.array([0, 1])
DECAY = Range((1e-9,), (0.0,))
IMAGES = np.ones((1, 1, 3, 4))


def linear(x):
    return x @ np.ones((3, 2)), lambda dy: dy @ np.ones((2, 3))


def brightness(x):
    def vjp(dy):
        return np.broadcast_to(dy[:, :, None, None], x.shape)

    return x.sum(axis=(2, 3)), vjp


def game(s):
    return s.sum(axis=1, keepdims=True).astype(float)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


ROWS: list[Row] = [
    (
        partial(gradients.smoothgrad, linear, X, LABELS, rng()),
        {"draws": whole(1), "sigma": FROM_0},
    ),
    (
        partial(gradients.integrated_gradients, linear, X, LABELS),
        {"steps": whole(1)},
    ),
    (
        partial(gradients.adaptive_integrated_gradients, linear, X, LABELS),
        {"tol": POSITIVE},
    ),
    (
        partial(layers.conductance, linear, lambda h: (h, lambda d: d), X, 0),
        {"steps": whole(1)},
    ),
    (partial(layers.concept_vector, X, -X), {"decay": DECAY}),
    (partial(influence.fit, X, LABELS), {"decay": DECAY}),
    (
        partial(perturbation.occlusion, brightness, IMAGES, 0),
        {"window": whole(1, 3)},
    ),
    (
        partial(perturbation.sensitivity, lambda x: x, X, rng()),
        {"radius": POSITIVE, "draws": whole(1)},
    ),
    (shapley.coalitions, {"players": Range((1, 12), (0, 21))}),
    (partial(shapley.exact_shapley, game), {"players": Range((1,), (0, 21))}),
    (
        partial(shapley.permutation_shapley, game, 3, 2, rng()),
        {"orders": whole(1)},
    ),
    (partial(shapley.kernel_shap, game), {"players": whole(2)}),
    (
        partial(lime.lime, game, 3, 9, rng()),
        {"width": POSITIVE, "alpha": FROM_0, "samples": whole(4)},
    ),
    (
        partial(sparse_autoencoder.maximize_activation, linear, X, 0),
        {"steps": whole(0), "lr": FROM_0, "decay": FROM_0},
    ),
]
