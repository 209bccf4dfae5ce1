"""Exact zeros, the unit of the objective, and cubics without a minimum."""

import numpy as np
import pytest

from dlf.scratch.second_order import (
    gauss_newton,
    kronecker,
    line_search,
    minimizers,
    newton,
    objectives,
    spectra,
    trust_region,
)
from dlf.scratch.second_order.conjugate_gradient import conjugate_gradient

from .objectives import ROSENBROCK, START, rosenbrock


def trial(t, f, derivative):
    return line_search.Trial(t, f, np.zeros(1), derivative)


def test_a_cubic_with_one_stationary_point_has_it_at_its_inflection():
    """(t - 1/2)³ from 0 to 2, and (t - 1)³, whose formula is 0/0."""
    half = trial(0.0, -0.125, 0.75), trial(2.0, 3.375, 6.75)
    assert line_search.cubic_minimizer(*half) == 0.5
    even = trial(0.0, -1.0, 3.0), trial(2.0, 1.0, 3.0)
    assert line_search.cubic_minimizer(*even) == 1.0
    assert line_search.cubic_minimizer(*even, (4.0, 10.0)) == 7.0


def test_a_gradient_of_exactly_zero_has_converged():
    rest = objectives.Minimum(np.ones(2), 0.0, np.zeros(2), 1, 1, 0, [0.0])
    assert objectives.ended(rest, 1, 1, tolerance_grad=0.0) == "converged"
    down = rest._replace(gradient=np.ones(2))
    assert objectives.ended(down, 1, 9) == "limit"
    assert objectives.ended(down, 9, 1) == "limit"
    assert objectives.ended(down, 2, 2) == "no further decrease"


def test_a_matrix_of_zeros_is_symmetric_and_so_is_one_without_entries():
    ritz = spectra.lanczos(lambda v: 0 * v, np.ones(3), 3)
    np.testing.assert_array_equal(ritz.values, 0)
    assert kronecker.inverse_root(np.zeros((0, 0)), 2).shape == (0, 0)


@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_the_unit_of_the_objective_changes_no_path(unit):
    """Damping and tolerances have units too; the radius is a length."""
    _, hessian, product = ROSENBROCK

    def scaled(w):
        f, g = rosenbrock(w)
        return unit * f, unit * g

    for plain, other in (
        (
            newton.newton(rosenbrock, hessian, START),
            newton.newton(
                scaled,
                lambda w: unit * hessian(w),
                START,
                damping=unit * 1e-3,
                tolerance_grad=unit * 1e-7,
            ),
        ),
        (
            trust_region.trust_region_cg(rosenbrock, product, START),
            trust_region.trust_region_cg(
                scaled,
                lambda w, v: unit * product(w, v),
                START,
                tolerance_grad=unit * 1e-7,
            ),
        ),
    ):
        np.testing.assert_allclose(other.w, plain.w, atol=1e-6)
        np.testing.assert_allclose(other.w, 1, atol=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_asymmetry_is_seen_in_any_direction(seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(4, 4))
    h = np.eye(4) + 0.2 * (a - a.T)
    for solve in (
        lambda: conjugate_gradient(lambda p: h @ p, rng.normal(size=4)),
        lambda: spectra.lanczos(lambda v: h @ v, rng.normal(size=4), 4),
    ):
        with pytest.raises(ValueError, match="that of a symmetric matrix"):
            solve()


@pytest.mark.parametrize(
    "minimize",
    [
        minimizers.bfgs,
        minimizers.lbfgs,
        minimizers.nonlinear_cg,
        lambda f, w, **more: newton.newton(f, lambda v: np.eye(2), w, **more),
        lambda f, w, **more: trust_region.trust_region_cg(
            f, lambda v, p: p, w, **more
        ),
        lambda f, w, **more: gauss_newton.levenberg_marquardt(
            lambda v: (v, np.eye(2)), w, **more
        ),
    ],
)
def test_no_step_is_made_from_a_gradient_of_exactly_zero(minimize):
    def bowl(w):
        return float(w @ w) / 2, w

    found = minimize(bowl, np.zeros(2), tolerance_grad=0.0)
    assert (found.steps, found.evaluations) == (0, 1)
