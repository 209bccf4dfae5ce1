"""Questions that a method of explanation cannot answer."""

import numpy as np

from dlf.nn import interpretability as ours
from dlf.scratch.interpretability import (
    gradients,
    influence,
    layers,
    perturbation,
    sparse_autoencoder,
)

from ..scratch.interpretability.cnn import net
from . import RNG, X

ZEROS = np.zeros((2, 3))

NET = net()


def jump(v):
    """Output 1 where the first input is positive, and no slope."""
    return (v > 0).astype(v.dtype), np.zeros_like


def linear(v):
    return v @ np.ones((3, 2)), lambda dy: dy @ np.ones((2, 3))


REFUSES = [
    *(
        (
            method,
            lambda method=method: method(
                lambda x: (x, lambda dy: (dy[0], dy)), X, np.array([0, 1])
            ),
            "value_and_gradient: `f` must pull back to its input's shape",
        )
        for method in (gradients.value_and_gradient, gradients.gradient)
    ),
    (
        gradients.check_inputs,
        lambda: gradients.check_inputs("m", linear, X, 2),
        r"m: `target` must lie in 0\.\.1",
    ),
    (
        gradients.saliency,
        lambda: gradients.saliency(linear, X, -1),
        "saliency: `target` .* got -1",
    ),
    (
        gradients.saliency,
        lambda: gradients.saliency(linear, X[:0], 0),
        "one at least; got",
    ),
    (
        gradients.saliency,
        lambda: gradients.saliency(linear, X[0], 0),
        "must have a row an",
    ),
    (
        gradients.saliency,
        lambda: gradients.saliency(lambda v: (v[:, 0], None), X, 0),
        "`f` must return outputs N C",
    ),
    (
        gradients.input_x_gradient,
        lambda: gradients.input_x_gradient(linear, X, 0, np.ones(2)),
        "input_x_gradient: `baseline` must",
    ),
    (
        gradients.smoothgrad,
        lambda: gradients.smoothgrad(linear, X, 0, RNG, draws=0),
        "smoothgrad: `draws` must be positive",
    ),
    (
        gradients.smoothgrad,
        lambda: gradients.smoothgrad(linear, X, 0, RNG, sigma=-1.0),
        "not negative; got 25 and -1.0",
    ),
    (
        gradients.integrated_gradients,
        lambda: gradients.integrated_gradients(linear, X, 0, steps=0),
        "`steps` must be at least 1; got 0",
    ),
    (
        gradients.adaptive_integrated_gradients,
        lambda: gradients.adaptive_integrated_gradients(linear, X, 0, tol=-1.0),
        "`tol` must be positive",
    ),
    (
        gradients.adaptive_integrated_gradients,
        lambda: gradients.adaptive_integrated_gradients(linear, X, 0, tol=0.0),
        "`tol` must be positive",
    ),
    (
        sparse_autoencoder.maximize_activation,
        lambda: sparse_autoencoder.maximize_activation(linear, X, 0, lr=-1.0),
        "`lr` and `decay` must not be negative",
    ),
    (
        sparse_autoencoder.maximize_activation,
        lambda: sparse_autoencoder.maximize_activation(linear, X, 0, steps=-1),
        "must not be negative; got -1",
    ),
    (
        influence.fit,
        lambda: influence.fit(X, np.array([0.0, 0.5]), 0.1),
        "fit: `y` must be 0 or 1",
    ),
    (
        influence.fit,
        lambda: influence.fit(X, np.ones(3), 0.1),
        "got 3 values for 2 rows",
    ),
    (
        influence.fit,
        lambda: influence.fit(X, np.array([0.0, 2.0]), 0.1),
        "0 or 1",
    ),
    (
        influence.fit,
        lambda: influence.fit(X, np.ones(2), 0.0),
        "`decay` must be positive",
    ),
    (
        influence.losses,
        lambda: influence.losses(X, np.ones(3), np.ones(3)),
        r"losses: `y` must have shape \(2,\)",
    ),
    (
        influence.objective,
        lambda: influence.objective(X, np.ones(2), np.ones(2), 0.1),
        r"`w` must have shape \(3,\)",
    ),
    (
        influence.hessian,
        lambda: influence.hessian(X, np.ones(2), 0.1),
        r"hessian: `w` must have shape \(3,\)",
    ),
    (
        influence.influence,
        lambda: influence.influence(
            X, np.ones(2), np.ones(2), 1.0, X, np.ones(2)
        ),
        r"influence: `w` must have shape \(3,\)",
    ),
    (
        influence.influence,
        lambda: influence.influence(X, np.ones(2), np.ones(2), 1.0, X, X[0]),
        r"`w` must have shape \(3,\), because of x \(2, 3\)",
    ),
    (
        layers.grad_cam,
        lambda: layers.grad_cam(linear, linear, X, 0),
        r"grad_cam: `body` must return maps N K H W.*\(2, 2\)",
    ),
    (
        layers.conductance,
        lambda: layers.conductance(linear, linear, X, 0, steps=0),
        "conductance: `steps` must be at least 1",
    ),
    (
        layers.concept_vector,
        lambda: layers.concept_vector(X, X[:0]),
        "must have examples; got 2 and 0",
    ),
    (
        layers.concept_vector,
        lambda: layers.concept_vector(X[:0], X),
        "must have examples; got 0 and 2",
    ),
    (
        layers.tcav,
        lambda: layers.tcav(linear, X, 0, np.ones(2)),
        r"tcav: `v` must have the shape \(3,\)",
    ),
    (
        perturbation.occlusion,
        lambda: perturbation.occlusion(
            lambda v: (v[:, 0, 0], None), X[None, None], 0, 0.0, 3
        ),
        r"occlusion: `window` must lie in 1\.\.2",
    ),
    (
        perturbation.occlusion,
        lambda: perturbation.occlusion(
            lambda v: (v[0, 0], None), X[None, None], 0, 0.0, 3
        ),
        r"`window` must lie in 1\.\.2.*got 3",
    ),
    (
        perturbation.infidelity,
        lambda: perturbation.infidelity(linear, X, 0, X[:1], X[None]),
        "infidelity: `phi` must have the shape",
    ),
    (
        perturbation.infidelity,
        lambda: perturbation.infidelity(linear, X, 0, X[:1], ZEROS[None]),
        r"`phi` must have the shape \(2, 3\)",
    ),
    (
        perturbation.infidelity,
        lambda: perturbation.infidelity(linear, X, 0, X, ZEROS),
        "`changes` must have .* for each change",
    ),
    (
        perturbation.sensitivity,
        lambda: perturbation.sensitivity(abs, X, RNG, radius=0.0),
        "sensitivity: `radius` and `draws` must be positive",
    ),
    (
        perturbation.sensitivity,
        lambda: perturbation.sensitivity(abs, X.astype(int), RNG),
        "sensitivity: `x` must hold floating-point numbers",
    ),
    (
        gradients.check_inputs,
        lambda: gradients.check_inputs("saliency", linear, X.astype(int), 0),
        "saliency: `x` must hold floating-point numbers",
    ),
    (
        gradients.adaptive_integrated_gradients,
        lambda: gradients.adaptive_integrated_gradients(jump, X, 0, -1.0),
        "`tol` must be larger, .* misses the rise of the output by 1 for exa",
    ),
    (
        gradients.adaptive_integrated_gradients,
        lambda: gradients.adaptive_integrated_gradients(
            lambda x: (np.nan * x, lambda dy: dy), X, 0
        ),
        "misses the rise of the output by nan for example 0",
    ),
    (
        influence.fit,
        lambda: influence.fit(X, np.ones((2, 1)), 1.0),
        r"fit: `y` must have shape \(2,\)",
    ),
    (
        ours.split,
        lambda: ours.split(NET, 0),
        r"`at` must lie in 1\.\.6.*got 0",
    ),
    (
        ours.split,
        lambda: ours.split(NET, 7),
        "got 7",
    ),
]
