"""Why a minimizer ended: converged, at a limit, or where nothing goes down."""

import numpy as np
import pytest

from dlf.scratch.second_order import (
    gauss_newton,
    minimizers,
    newton,
    trust_region,
)
from dlf.scratch.second_order.objectives import ended

from .objectives import ROSENBROCK, START, rosenbrock

BY_GRADIENTS = [minimizers.bfgs, minimizers.lbfgs, minimizers.nonlinear_cg]

_, HESSIAN, PRODUCT = ROSENBROCK


def curve(w):
    """Rosenbrock's function as a sum of squares."""
    r = np.sqrt(2) * np.array([1 - w[0], 10 * (w[1] - w[0] ** 2)])
    return r, np.sqrt(2) * np.array([[-1.0, 0.0], [-20 * w[0], 10.0]])


BY_CURVATURE = {
    "newton": lambda **d: newton.newton(rosenbrock, HESSIAN, START, **d),
    "trust region": lambda **d: trust_region.trust_region_cg(
        rosenbrock, PRODUCT, START, **d
    ),
    "levenberg": lambda **d: gauss_newton.levenberg_marquardt(
        curve, START, **d
    ),
}


@pytest.mark.parametrize("method", BY_GRADIENTS)
def test_gradient_methods_say_why_they_ended(method):
    whole = method(rosenbrock, START, max_eval=600, tolerance_change=0.0)
    assert ended(whole, 200, 600) == "converged"
    short = method(rosenbrock, START, max_iter=3, max_eval=600)
    assert short.steps == 3
    assert ended(short, 3, 600) == "limit"
    few = method(rosenbrock, START, max_eval=5)
    assert few.evaluations == 5
    assert ended(few, 200, 5) == "limit"
    flat = method(rosenbrock, START, max_eval=600, tolerance_change=1.0)
    assert ended(flat, 200, 600) == "no further decrease"


@pytest.mark.parametrize("method", BY_CURVATURE)
def test_methods_with_curvature_say_why_they_ended(method):
    run = BY_CURVATURE[method]
    assert ended(run(), 100, 101) == "converged"
    short = run(max_iter=4)
    assert short.evaluations == 5
    assert ended(short, 4, 5) == "limit"
    asked_too_much = run(tolerance_grad=0.0)
    assert ended(asked_too_much, 100, 101, 0.0) in (
        "converged",
        "no further decrease",
    )


def test_what_is_not_finite_has_not_converged():
    found = minimizers.bfgs(rosenbrock, START)
    for spoilt in (
        found._replace(value=np.nan),
        found._replace(value=-np.inf),
        found._replace(gradient=np.array([0.0, np.nan])),
    ):
        assert ended(spoilt, 200, 250) == "not finite"
