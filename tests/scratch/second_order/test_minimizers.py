"""Optima and evaluations beside those of scipy and torch."""

from functools import partial

import numpy as np
import pytest
import scipy.optimize as so
import torch

from dlf.scratch.second_order import (
    gauss_newton,
    line_search,
    minimizers,
    newton,
    trust_region,
)

from .objectives import (
    ROSENBROCK,
    START,
    hessian_product,
    logistic,
    rosenbrock,
)

EXACT = {"tolerance_change": 0.0, "tolerance_grad": 1e-6, "max_iter": 1000}
GRADIENTS = {
    "BFGS": minimizers.bfgs,
    "L-BFGS-B": minimizers.lbfgs,
    "CG": minimizers.nonlinear_cg,
}


def counted(objective):
    """The objective, and a list that grows by one at each call."""
    calls = []

    def call(w):
        calls.append(w)
        return objective(w)

    return call, calls


@pytest.mark.parametrize("method", GRADIENTS)
def test_finds_what_scipy_finds_with_about_as_many_evaluations(method):
    convex, _, D = logistic()
    for objective, start in (
        (rosenbrock, START),
        (rosenbrock, np.full(6, 0.5)),
        (convex, np.zeros(D)),
    ):
        mine = GRADIENTS[method](objective, start, **EXACT)
        theirs = so.minimize(
            objective,
            start,
            jac=True,
            method=method,
            options={"maxiter": 1000, "gtol": 1e-6}
            | ({"ftol": 0.0} if method == "L-BFGS-B" else {}),
        )
        np.testing.assert_allclose(mine.w, theirs.x, atol=1e-4)
        assert mine.value <= theirs.fun + 1e-10
        assert mine.evaluations <= 1.5 * theirs.nfev + 10


@pytest.mark.parametrize("method", ["Newton-CG", "trust-ncg"])
def test_curvature_finds_what_scipy_finds(method):
    convex, hessian, D = logistic()
    _, curved, product = ROSENBROCK
    for objective, h, hp, start in (
        (rosenbrock, curved, product, START),
        (convex, hessian, hessian_product(hessian), np.zeros(D)),
    ):
        theirs = so.minimize(
            objective, start, jac=True, hessp=hp, method=method, tol=1e-9
        )
        for mine in (
            newton.newton(objective, h, start, tolerance_grad=1e-9),
            trust_region.trust_region_cg(
                objective, hp, start, tolerance_grad=1e-9
            ),
        ):
            np.testing.assert_allclose(mine.w, theirs.x, atol=1e-5)
            assert mine.evaluations <= 1.5 * theirs.nfev + 10


def test_least_squares_finds_what_scipy_finds():
    rng = np.random.default_rng(0)
    t = np.linspace(0, 3, 40)
    y = 2 * np.exp(-1.3 * t) + 0.5 + 0.01 * rng.normal(size=t.size)

    def residuals(w):
        e = np.exp(-w[1] * t)
        j = np.stack([e, -w[0] * t * e, np.ones_like(t)], axis=1)
        return w[0] * e + w[2] - y, j

    start = np.array([1.0, 0.1, 0.0])
    mine = gauss_newton.levenberg_marquardt(residuals, start)
    theirs = so.least_squares(
        lambda w: residuals(w)[0], start, lambda w: residuals(w)[1], method="lm"
    )
    np.testing.assert_allclose(mine.w, theirs.x, rtol=1e-6)
    assert mine.evaluations <= theirs.nfev + 10


class Torch:
    """torch's L-BFGS on Rosenbrock's function, its calls counted."""

    def __init__(self, start, **options):
        self.w = torch.tensor(start, requires_grad=True)
        self.options = {"line_search_fn": "strong_wolfe"} | options
        self.calls, self.points = 0, []

    def closure(self):
        self.calls += 1
        self.points.append(self.w.detach().numpy().copy())
        self.optimizer.zero_grad()
        a, b = self.w[:-1], self.w[1:]
        value = ((1 - a) ** 2 + 100 * (b - a**2) ** 2).sum()
        value.backward()
        return value

    def run(self):
        self.optimizer = torch.optim.LBFGS([self.w], **self.options)
        self.optimizer.step(self.closure)
        return self


@pytest.mark.parametrize("history_size", [1, 3, 100])
@pytest.mark.parametrize("max_iter", [1, 2, 10, 30])
def test_lbfgs_evaluates_at_the_points_of_torch(history_size, max_iter):
    options = {"history_size": history_size, "max_iter": max_iter}
    theirs = Torch(START, max_eval=10_000, **options).run()
    objective, calls = counted(rosenbrock)
    minimizers.lbfgs(objective, START, max_eval=10_000, **options)
    assert len(calls) == theirs.calls
    np.testing.assert_allclose(calls, theirs.points, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("method", GRADIENTS.values())
@pytest.mark.parametrize("max_eval", [1, 2, 3, 7, 20])
def test_no_more_evaluations_than_asked_for(method, max_eval):
    objective, calls = counted(rosenbrock)
    found = method(objective, START, max_eval=max_eval)
    assert len(calls) == found.evaluations <= max_eval


@pytest.mark.parametrize("method", GRADIENTS.values())
def test_the_first_trial_is_no_farther_than_one(method):
    objective, calls = counted(lambda w: (1e6 * float(w @ w), 2e6 * w))
    method(objective, np.array([0.96, 3.0]))
    assert np.abs(calls[1] - calls[0]).sum() <= 1 + 1e-12
    assert max(np.abs(w).max() for w in calls) <= 3


@pytest.mark.parametrize("method", GRADIENTS.values())
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_count_as_too_far(method, bad):
    def walled(w):
        """Least at 1, and nothing at all from 1.5 on."""
        if w[0] > 1.5:
            return bad, np.full(1, np.nan)
        return float((w[0] - 1) ** 4), 4 * (w - 1) ** 3

    found = method(walled, np.array([-3.0]), tolerance_grad=1e-10)
    assert abs(found.w[0] - 1) < 0.01


@pytest.mark.parametrize("t", [1e-4, 0.1, 1.0, 30.0])
@pytest.mark.parametrize("c2", [0.1, 0.9])
def test_the_step_fulfills_both_conditions(t, c2):
    convex, _, D = logistic()
    rng = np.random.default_rng(0)
    for objective, w in ((rosenbrock, START), (convex, rng.normal(size=D))):
        f, g = objective(w)
        found, count = line_search.strong_wolfe(
            objective, w, -g, f, g, t, c2=c2, max_eval=50
        )
        start = -float(g @ g)
        assert found.f <= f + 1e-4 * found.t * start
        assert abs(found.derivative) <= -c2 * start
        assert count <= 50
        value, gradient = objective(w - found.t * g)
        assert value == found.f
        np.testing.assert_array_equal(gradient, found.g)


def test_a_start_at_the_minimum_takes_no_step():
    convex, hessian, D = logistic()
    best = newton.newton(convex, hessian, np.zeros(D), tolerance_grad=1e-12).w
    runs = [m(convex, best) for m in GRADIENTS.values()]
    product = hessian_product(hessian)
    runs += [
        newton.newton(convex, hessian, best),
        trust_region.trust_region_cg(convex, product, best),
    ]
    for run in runs:
        assert (run.steps, run.evaluations) == (0, 1)
        np.testing.assert_array_equal(run.w, best)


def test_values_never_rise_and_arguments_stay():
    start = START.copy()
    start.setflags(write=False)
    _, hessian, product = ROSENBROCK
    for run in (
        *(m(rosenbrock, start) for m in GRADIENTS.values()),
        newton.newton(rosenbrock, hessian, start),
        trust_region.trust_region_cg(rosenbrock, product, start),
    ):
        assert (np.diff(run.values) < 0).all()
        assert len(run.values) == run.steps + 1
        assert run.values[-1] == run.value == rosenbrock(run.w)[0]


@pytest.mark.parametrize(
    "method",
    [
        *GRADIENTS.values(),
        partial(newton.newton, hessian=lambda w: np.eye(2, dtype=w.dtype)),
        partial(trust_region.trust_region_cg, product=lambda w, v: v),
    ],
)
def test_keeps_float32(method):
    def bowl(w):
        return float(w @ w) / 2, w

    found = method(objective=bowl, w=np.ones(2, np.float32))
    assert found.w.dtype == found.gradient.dtype == np.float32
    assert np.abs(found.w).max() < 1e-3


def saddle(w):
    """Least at (0, ±1), with a saddle at 0."""
    x, y = w
    value = x**2 / 2 + y**4 / 4 - y**2 / 2
    return float(value), np.array([x, y**3 - y])


def saddle_hessian(w):
    return np.diag([1.0, 3 * w[1] ** 2 - 1])


def test_newtons_step_goes_to_the_saddle_and_its_repairs_do_not():
    start = np.array([0.5, 0.1])
    g, h = saddle(start)[1], saddle_hessian(start)
    plain, _ = newton.newton_step(g, h)
    repaired, _ = newton.saddle_free_step(g, h)
    assert abs((start + plain)[1]) < 0.01
    assert (start + repaired)[1] > 0.15
    product = hessian_product(saddle_hessian)
    for found in (
        newton.newton(saddle, saddle_hessian, start),
        trust_region.trust_region_cg(saddle, product, start),
    ):
        np.testing.assert_allclose(found.w, [0, 1], atol=1e-6)


def test_a_quadratic_is_solved_in_one_newton_step():
    rng = np.random.default_rng(0)
    a = rng.normal(size=(5, 5))
    h, b = a @ a.T + np.eye(5), rng.normal(size=5)
    w = rng.normal(size=5)
    step, _ = newton.newton_step(h @ w - b, h)
    np.testing.assert_allclose(w + step, np.linalg.solve(h, b), rtol=1e-10)
