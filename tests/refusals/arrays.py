"""Arrays of wrong shapes or kinds where there is no pullback to test."""

import numpy as np

from dlf.scratch.backpropagation import tape
from dlf.scratch.convolution import windows
from dlf.scratch.initialization import weights as weights_
from dlf.scratch.interpretability import gradients, layers, perturbation
from dlf.scratch.interpretability import sparse_autoencoder as sparse
from dlf.scratch.mathematics import bayes, decompositions, numerics
from dlf.scratch.normalization import inference, weights
from dlf.scratch.regularization import penalties, targets
from dlf.scratch.second_order import (
    diagonal,
    hessian_products,
    kronecker,
    line_search,
    newton,
    objectives,
    trust_region,
)

from . import RNG, X

ONE, TWO, THREE = np.ones(1), np.ones(2), np.ones(3)
W = {"w": TWO}
IMAGES = np.ones((2, 1, 2, 2))


def linear(x):
    return x @ np.ones((3, 2)), lambda dy: dy @ np.ones((2, 3))


def flat(x):
    return x[:, :, 0, 0], None


def same(x):
    return x, lambda dy: dy


def once(gradient):
    """Give an objective whose gradient is right at its first call alone."""
    answers = iter([TWO, gradient])
    return lambda w: (1.0, next(answers))


def step(pair, *more):
    """Update by gradients that are none."""
    init, update = pair
    return update(W, {}, *more, init(W))


def leap(x):
    """A jump in the first input, and a slope of 1 in the second."""
    y = (x[:, :1] > 0) + x[:, 1:2]
    return y, lambda dy: dy * np.array([0.0, 1.0, 0.0])


REFUSES = [
    (
        windows.check_windows,
        lambda: windows.check_windows("f", (4, 5), (0, 2), (1, 1), (0, 0)),
        r"f: `w` must have a tap along each axis, .* got \(0, 2\)",
    ),
    (
        line_search.strong_wolfe,
        lambda: line_search.strong_wolfe(
            once(TWO), TWO, np.array([1.0, -1.0]), 1.0, TWO
        ),
        r"strong_wolfe: `p` must point downhill, .* got g\^T p = 0",
    ),
    (
        weights_.fans,
        lambda: weights_.fans(3),
        "fans: `shape` must be a tuple, .* got int",
    ),
    (
        tape.backward,
        lambda: tape.backward(tape.Node(1.0), 1.0),
        "backward: `y` must be the result of an operation .* got a leaf",
    ),
    (
        windows.check_windows,
        lambda: windows.check_windows(
            "f", (4, 5), (3, 2), (1, 1), (0, 0), (2, 1)
        ),
        r"f: `x` must be no smaller .* got 4 x 5 for windows of 5 x 2, padding "
        r"\(0, 0\)",
    ),
    (
        objectives.check_symmetric,
        lambda: objectives.check_symmetric(
            "f", "h", np.array([[2.0, 1.0], [1.001, 2.0]])
        ),
        "f: `h` must be symmetric, .* got an asymmetry of 0.001",
    ),
    (
        objectives.check_symmetric,
        lambda: objectives.check_symmetric("f", "h", np.full((2, 2), np.nan)),
        "f: `h` must hold finite numbers, .* got NaN or inf",
    ),
    (
        gradients.adaptive_integrated_gradients,
        lambda: gradients.adaptive_integrated_gradients(
            leap, np.array([[1.0, 0.0, 0.0], [-1.0, 1e14, 0.0]]), 0
        ),
        "adaptive_integrated_gradients: `tol` must .* for example 0",
    ),
    (
        gradients.value_and_gradient,
        lambda: gradients.value_and_gradient(
            lambda x: (x, lambda dy: dy[0]), X, np.array([0, 1])
        ),
        r"value_and_gradient: `f` must pull back .* got \(3,\)",
    ),
    (
        bayes.beta_bernoulli,
        lambda: bayes.beta_bernoulli((1.0, 1.0), X > 0),
        r"beta_bernoulli: `heads` must have shape \(N,\)",
    ),
    (
        bayes.normal_mean,
        lambda: bayes.normal_mean((0.0, 1.0), X, 1.0),
        r"normal_mean: `x` must have shape \(N,\)",
    ),
    (
        decompositions.eigh,
        lambda: decompositions.eigh(X),
        r"eigh: `a` must have shape \(2, 2\)",
    ),
    (
        decompositions.truncate,
        lambda: decompositions.truncate(THREE, 1),
        r"truncate: `a` must have shape \(M, N\)",
    ),
    (
        numerics.welford_update,
        lambda: numerics.welford_update(numerics.welford_init(3), THREE),
        r"welford_update: `x` must have shape \(N, D\)",
    ),
    (
        inference.update_running,
        lambda: inference.update_running(X, THREE, TWO),
        r"update_running: `running_var` must have shape \(3,\)",
    ),
    (
        inference.fold_batch_norm,
        lambda: inference.fold_batch_norm(X, TWO, TWO, TWO, TWO, THREE),
        r"fold_batch_norm: `running_var` must have shape \(2,\)",
    ),
    (
        inference.fold_batch_norm,
        lambda: inference.fold_batch_norm(X, TWO, TWO, TWO, TWO, -TWO),
        "fold_batch_norm: `running_var` must not be negative",
    ),
    (
        weights.power_iteration,
        lambda: weights.power_iteration(X, THREE),
        r"power_iteration: `u` must have shape \(2,\)",
    ),
    (
        penalties.max_norm,
        lambda: penalties.max_norm(THREE, 1.0),
        r"max_norm: `w` must have shape \(O, I\)",
    ),
    (
        targets.smooth_labels,
        lambda: targets.smooth_labels(np.zeros((2, 1), int), 2),
        r"smooth_labels: `labels` must have shape \(N,\)",
    ),
    (
        targets.mixup,
        lambda: targets.mixup(X.astype(int), X, 1.0, RNG),
        "mixup: `x` must hold floating-point numbers",
    ),
    (
        layers.grad_cam,
        lambda: layers.grad_cam(same, flat, IMAGES, -1),
        "grad_cam: `target` must lie in",
    ),
    (
        layers.conductance,
        lambda: layers.conductance(same, linear, X, 2),
        r"conductance: `target` must lie in 0\.\.1",
    ),
    (
        layers.tcav,
        lambda: layers.tcav(linear, X, 2, THREE),
        r"tcav: `target` must lie in 0\.\.1",
    ),
    (
        perturbation.infidelity,
        lambda: perturbation.infidelity(linear, X, 2, X, X[None]),
        r"infidelity: `target` must lie in 0\.\.1",
    ),
    (
        sparse.maximize_activation,
        lambda: sparse.maximize_activation(linear, X, 2),
        r"maximize_activation: `target` must lie in 0\.\.1",
    ),
    (
        diagonal.adahessian,
        lambda: step(diagonal.adahessian(), W),
        "adahessian: `grads` must hold w of shape",
    ),
    (
        diagonal.sophia,
        lambda: step(diagonal.sophia(), W),
        "sophia: `grads` must hold w of shape",
    ),
    (
        kronecker.shampoo,
        lambda: step(kronecker.shampoo()),
        "shampoo: `grads` must hold w of shape",
    ),
    (
        kronecker.inverse_root,
        lambda: kronecker.inverse_root(X, 2),
        r"inverse_root: `a` must have shape \(2, 2\)",
    ),
    (
        hessian_products.hvp_by_difference,
        lambda: hessian_products.hvp_by_difference(
            lambda w: w, np.array([1, 2]), TWO
        ),
        "hvp_by_difference: `w` must hold floating-point numbers",
    ),
    (
        line_search.strong_wolfe,
        lambda: line_search.strong_wolfe(once(TWO), TWO, -THREE, 1.0, TWO),
        r"strong_wolfe: `p` must have shape \(2,\), .* got \(3,\)",
    ),
    (
        line_search.strong_wolfe,
        lambda: line_search.strong_wolfe(
            lambda w: (1.0, THREE), TWO, -TWO, 1.0, TWO
        ),
        "strong_wolfe: `objective` must return a gradient",
    ),
    (
        newton.newton,
        lambda: newton.newton(once(THREE), lambda w: np.eye(2), TWO),
        "newton: `objective` must return a gradient",
    ),
    (
        trust_region.trust_region_cg,
        lambda: trust_region.trust_region_cg(once(THREE), lambda w, v: v, TWO),
        "trust_region_cg: `objective` must return a gradient",
    ),
    (
        trust_region.trust_region_cg,
        lambda: trust_region.trust_region_cg(once(TWO), lambda w, v: v, X),
        "trust_region_cg: `w` must be a vector",
    ),
]
