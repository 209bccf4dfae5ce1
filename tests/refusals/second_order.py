"""Curvature that is no matrix's, directions uphill, starts without a value."""

import numpy as np

from dlf.scratch.second_order import (
    conjugate_gradient as cg,
)
from dlf.scratch.second_order import (
    gauss_newton,
    line_search,
    minimizers,
    newton,
    objectives,
    trust_region,
)

W = np.ones(2)
TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])


def bowl(w):
    return float(w @ w) / 2, w


def lost(w):
    return np.nan, w


def trial(t):
    return line_search.Trial(t, 0.0, W, -1.0)


def search(p=-W, **settings):
    return line_search.strong_wolfe(bowl, W, p, 1.0, W, **settings)


REFUSES = [
    (
        objectives.flatten,
        lambda: objectives.flatten({}),
        "flatten: `params` must hold an array",
    ),
    (
        objectives.flatten,
        lambda: objectives.flatten({"w": W}, {"w": W[:1]}),
        r"flatten: `params` must hold w of shape \(1,\)",
    ),
    (
        objectives.unflatten,
        lambda: objectives.unflatten(W, {"w": np.zeros(3)}),
        r"unflatten: `w` must have shape \(3,\)",
    ),
    (
        objectives.evaluate,
        lambda: objectives.evaluate("f", lambda w: 1.0, W),
        "f: `objective` must return a pair .* got float",
    ),
    (
        objectives.evaluate,
        lambda: objectives.evaluate("f", lambda w: (w, w), W),
        r"f: `objective` must return a number .* got shape \(2,\)",
    ),
    (
        objectives.evaluate,
        lambda: objectives.evaluate("f", lambda w: (1.0, w[:1]), W),
        r"f: `objective` must return a gradient of shape \(2,\)",
    ),
    (
        objectives.begin,
        lambda: objectives.begin("f", bowl, W[None]),
        r"f: `w` must be a vector, .* got shape \(1, 2\)",
    ),
    (
        objectives.begin,
        lambda: objectives.begin("f", bowl, np.array([1, 2])),
        "f: `w` must hold floating-point numbers, .* got int64",
    ),
    (
        objectives.begin,
        lambda: objectives.begin("f", lost, W),
        "f: `w` must start where value and gradient are finite, .* got nan",
    ),
    (
        objectives.limits,
        lambda: objectives.limits("f", max_iter=np.nan),
        "f: `max_iter` must be finite and not negative, .* got nan",
    ),
    (
        newton.newton,
        lambda: newton.newton(bowl, lambda w: np.eye(2), W, damping=0.0),
        "newton: `damping` must be positive",
    ),
    (
        newton.newton,
        lambda: newton.newton(bowl, lambda w: np.eye(2), np.array([np.nan, 1])),
        "newton: `w` must start where value and gradient are finite",
    ),
    (
        newton.newton,
        lambda: newton.newton(bowl, lambda w: np.ones(2), W),
        r"newton: `hessian` must return an array of shape \(2, 2\)",
    ),
    (
        newton.square,
        lambda: newton.square("f", np.diag([1.0, np.inf]), W),
        "f: `hessian` must return finite numbers",
    ),
    (
        gauss_newton.levenberg_marquardt,
        lambda: gauss_newton.levenberg_marquardt(lambda w: (w, W), W),
        r"levenberg_marquardt: `residuals` must return a Jacobian of shape "
        r"\(2, 2\)",
    ),
    (
        gauss_newton.levenberg_marquardt,
        lambda: gauss_newton.levenberg_marquardt(
            lambda w: (w, np.eye(2)), W, damping=-1.0
        ),
        "levenberg_marquardt: `damping` must be positive",
    ),
    (
        line_search.cubic_minimizer,
        lambda: line_search.cubic_minimizer(trial(1.0), trial(1.0)),
        "cubic_minimizer: `b` must lie elsewhere",
    ),
    (
        line_search.strong_wolfe,
        lambda: search(p=W),
        "strong_wolfe: `p` must point downhill, .* got g.T p = 2",
    ),
    (
        line_search.strong_wolfe,
        lambda: search(c1=0.9, c2=0.1),
        "strong_wolfe: `c1` must lie in",
    ),
    (line_search.strong_wolfe, lambda: search(t=0.0), "got .* t = 0.0"),
    (
        line_search.strong_wolfe,
        lambda: search(max_eval=0),
        "max_eval = 0",
    ),
    (
        cg.conjugate_gradient,
        lambda: cg.conjugate_gradient(lambda p: p, np.array([1, 2])),
        "conjugate_gradient: `b` must hold floating-point numbers",
    ),
    (
        cg.conjugate_gradient,
        lambda: cg.conjugate_gradient(lambda p: p, np.eye(2)),
        "conjugate_gradient: `b` must be a vector",
    ),
    (
        cg.conjugate_gradient,
        lambda: cg.conjugate_gradient(lambda p: p[:1], W),
        r"conjugate_gradient: `product` must return an array of shape \(2,\)",
    ),
    (
        cg.conjugate_gradient,
        lambda: cg.conjugate_gradient(lambda p: np.nan * p, W),
        "conjugate_gradient: `product` must return finite numbers",
    ),
    (
        cg.conjugate_gradient,
        lambda: cg.conjugate_gradient(
            lambda p: (np.eye(2) + TURN) @ p, np.array([1.0, 2.0])
        ),
        "conjugate_gradient: `product` must be that of a symmetric matrix",
    ),
    (
        cg.conjugate_gradient,
        lambda: cg.conjugate_gradient(lambda p: p, W, radius=0.0),
        "conjugate_gradient: `radius` must be positive",
    ),
    (
        minimizers.bfgs,
        lambda: minimizers.bfgs(bowl, W, max_iter=-1),
        "bfgs: `max_iter` must be finite and not negative",
    ),
    (
        minimizers.lbfgs,
        lambda: minimizers.lbfgs(bowl, W, history_size=0),
        "lbfgs: `history_size` must be 1 or more",
    ),
    (
        minimizers.lbfgs,
        lambda: minimizers.lbfgs(lost, W),
        "lbfgs: `w` must start where",
    ),
    (
        minimizers.nonlinear_cg,
        lambda: minimizers.nonlinear_cg(bowl, W, tolerance_grad=np.nan),
        "nonlinear_cg: `tolerance_grad` must be finite and not negative",
    ),
    (
        trust_region.trust_region_cg,
        lambda: trust_region.trust_region_cg(
            bowl, lambda w, v: v, W, radius=-1.0
        ),
        "trust_region_cg: `radius` must lie in",
    ),
    (
        objectives.ended,
        lambda: objectives.ended(minimizers.bfgs(bowl, W), -1, 9),
        "ended: `max_iter` must be finite and not negative",
    ),
    (
        objectives.not_below_zero,
        lambda: objectives.not_below_zero("newton_step", np.nan),
        "newton_step: `damping` must be finite and not negative",
    ),
    (
        objectives.check_symmetric,
        lambda: objectives.check_symmetric("newton_step", "h", TURN),
        "newton_step: `h` must be",
    ),
    (
        objectives.check_symmetric,
        lambda: objectives.check_symmetric(
            "newton_step", "h", np.full((2, 2), np.inf)
        ),
        "newton_step: `h` must hold finite",
    ),
]
