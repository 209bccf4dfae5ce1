"""Numbers near the ends of a type, buffers that are reused, wrong products."""

import numpy as np
import pytest
import torch

from dlf.nn.second_order import hvp_backward, hvp_forward
from dlf.scratch.second_order import (
    diagonal,
    gauss_newton,
    hessian_products,
    kronecker,
    line_search,
    minimizers,
    newton,
    spectra,
)
from dlf.scratch.second_order.conjugate_gradient import conjugate_gradient
from dlf.scratch.second_order.objectives import unflatten

SCALES = np.array([2.0, 3.0])


def in_place(p):
    return np.multiply(p, SCALES, out=p)


def bowl(w):
    return float(SCALES @ (w * w)) / 2, SCALES.astype(w.dtype) * w


def reused():
    """The bowl, with one array for all of its gradients."""
    kept = np.empty(2)

    def objective(w):
        np.multiply(SCALES, w, out=kept)
        return float(w @ kept) / 2, kept

    return objective


def test_cg_solves_in_float16_where_squares_overflow():
    b = np.array([400.0, 300.0], np.float16)
    found = conjugate_gradient(lambda p: p, b)
    np.testing.assert_array_equal(found.x, b)
    assert found.x.dtype == np.float16
    assert found.residuals[0] == 500


@pytest.mark.parametrize("size", [1e30, 1e-30])
def test_cg_refuses_what_has_no_squared_norm(size):
    with pytest.raises(ValueError, match="`b` must have a squared norm"):
        conjugate_gradient(lambda p: p, np.full(2, size, np.float32))


@pytest.mark.parametrize("entry", [np.inf, np.nan])
def test_cg_refuses_a_right_side_that_is_not_finite(entry):
    with pytest.raises(ValueError, match="`b` must have a squared norm"):
        conjugate_gradient(lambda p: p, np.array([entry, 1.0]))


def test_a_product_may_overwrite_its_argument():
    b = np.array([2.0, 3.0])
    np.testing.assert_allclose(conjugate_gradient(in_place, b).x, [1, 1])
    np.testing.assert_array_equal(b, [2, 3])
    ritz = spectra.lanczos(in_place, np.ones(2), 2)
    np.testing.assert_allclose(ritz.values, SCALES)
    rng = np.random.default_rng(0)
    found = spectra.hutchinson_diagonal(in_place, 2, 3, rng)
    np.testing.assert_array_equal(found, SCALES)


@pytest.mark.parametrize(
    "minimize", [minimizers.bfgs, minimizers.lbfgs, minimizers.nonlinear_cg]
)
def test_an_objective_may_reuse_its_gradient(minimize):
    start = np.array([1.0, 2.0])
    mine, theirs = minimize(reused(), start), minimize(bowl, start)
    assert mine.evaluations == theirs.evaluations
    np.testing.assert_array_equal(mine.w, theirs.w)


def test_a_difference_survives_a_reused_gradient_and_float16():
    f = reused()
    w, v = np.ones(2), np.array([1.0, -1.0])
    found = hessian_products.hvp_by_difference(lambda w: f(w)[1], w, v)
    np.testing.assert_allclose(found, [2, -3], rtol=1e-9)
    low = hessian_products.hvp_by_difference(
        lambda w: w**3, np.ones(2, np.float16), v.astype(np.float16)
    )
    assert low.dtype == np.float16
    np.testing.assert_allclose(low, [3, -3], rtol=1e-3)


def test_products_that_are_not_a_symmetric_matrix_are_refused():
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
    with pytest.raises(ValueError, match="that of a symmetric matrix"):
        spectra.lanczos(lambda v: turn @ v, np.ones(2), 2)
    with pytest.raises(ValueError, match="must return real numbers"):
        conjugate_gradient(lambda p: 1j * p, np.ones(2))
    with pytest.raises(ValueError, match="`gradient` must return an array"):
        hessian_products.hvp_by_difference(lambda w: w[:1], SCALES, SCALES)


@pytest.mark.parametrize(
    "bad", [(0.0, np.full(2, np.nan)), (-np.inf, np.ones(2)), (np.inf, SCALES)]
)
def test_a_trial_that_is_not_finite_is_too_long(bad):
    def objective(w):
        return bowl(w) if np.abs(w).max() < 0.99 else bad

    w, p = np.array([0.5, 0.5]), np.array([-2.0, -2.0])
    f, g = bowl(w)
    found, _ = line_search.strong_wolfe(objective, w, p, f, g)
    assert np.isfinite(found.f)
    assert np.isfinite(found.g).all()
    assert 0 < found.t < 0.745
    nowhere, _ = line_search.strong_wolfe(lambda w: bad, w, p, f, g)
    assert nowhere.t == 0


@pytest.mark.parametrize(
    "minimize", [minimizers.bfgs, minimizers.lbfgs, minimizers.nonlinear_cg]
)
def test_minimizers_take_float16_and_one_step(minimize):
    found = minimize(bowl, np.array([1, 2], np.float16))
    assert found.w.dtype == found.gradient.dtype == np.float16
    assert np.abs(found.w).max() < 1e-2
    assert minimize(bowl, np.array([1.0, 2.0]), max_iter=1).steps == 1


@pytest.mark.parametrize(
    "minimize", [minimizers.bfgs, minimizers.lbfgs, minimizers.nonlinear_cg]
)
@pytest.mark.parametrize("power", [1, 2])
def test_what_falls_without_end_is_followed_without_an_error(minimize, power):
    def falls(w):
        with np.errstate(over="ignore", invalid="ignore"):
            return -float((w**power).sum()), -power * w ** (power - 1)

    with np.errstate(over="ignore", invalid="ignore"):
        assert minimize(falls, np.ones(2)).value < -1e6


def test_what_is_singular_to_rounding_is_refused_without_damping():
    h, g = np.array([[0.1, 0.3], [0.3, 0.9]]), np.ones(2)
    row = np.array([[0.1, 0.3]])
    for step in (
        lambda **d: newton.newton_step(g, h, **d),
        lambda **d: newton.saddle_free_step(
            np.ones(3), np.outer([1, 2, 3.0], [1, 2, 3]), **d
        ),
        lambda **d: gauss_newton.gauss_newton_step(row, np.ones(1), **d),
    ):
        with pytest.raises(ValueError, match=r"singular .*Add damping"):
            step()
        assert np.isfinite(step(damping=1e-3)[0]).all()
        for damping in (-1.0, np.inf, np.nan):
            with pytest.raises(ValueError, match="is added to the diagonal"):
                step(damping=damping)


def test_roots_need_not_be_whole():
    found = kronecker.inverse_root(np.array([[2.0]]), 2.5)
    assert found.item() == pytest.approx(2 ** (-1 / 2.5))


@pytest.mark.parametrize(
    ("dtype", "size"), [(np.float32, 10.0), (np.float64, 1e6)]
)
def test_shampoo_takes_gradients_of_low_rank(dtype, size):
    rng = np.random.default_rng(0)
    one = np.outer(rng.normal(size=20), rng.normal(size=30)).astype(dtype)
    init_, update = kronecker.shampoo(1.0)
    w = {"w": np.zeros((20, 30), dtype)}
    moved, _ = update(w, {"w": dtype(size) * one}, init_(w))
    along = one / np.linalg.norm(one)
    assert moved["w"].dtype == dtype
    assert float((-moved["w"] * along).sum()) == pytest.approx(1, rel=1e-2)


def test_shampoo_passes_nan_on_and_takes_weights_without_entries():
    init_, update = kronecker.shampoo()
    w = {"w": np.ones((2, 3)), "none": np.ones((0, 3))}
    g = {"w": np.full((2, 3), np.nan), "none": w["none"]}
    moved, _ = update(w, g, init_(w))
    assert np.isnan(moved["w"]).all()
    assert moved["none"].shape == (0, 3)


def test_sophia_stands_still_where_nothing_is_known_in_float16():
    init_, update = diagonal.sophia(0.1)
    w = {"w": np.ones(2, np.float16)}
    moved, _ = update(w, {"w": np.zeros(2, np.float16)}, None, init_(w))
    np.testing.assert_array_equal(moved["w"], [1, 1])


def test_sophia_multiplies_curvature_by_the_papers_number():
    init_, update = diagonal.sophia(1.0, b1=0.0, b2=0.0)
    w, one = {"w": np.zeros(1)}, {"w": np.ones(1)}
    moved, _ = update(w, {"w": np.array([0.004])}, one, init_(w))
    np.testing.assert_allclose(moved["w"], -0.4)


def test_least_squares_asks_once_for_each_point_and_no_further_than_finite():
    calls = []

    def residuals(w):
        calls.append(w)
        far = abs(w[0]) > 1.5
        return w - 1, np.full((1, 1), np.nan if far else 1.0)

    found = gauss_newton.levenberg_marquardt(residuals, np.array([-1.0]))
    assert len(calls) == found.evaluations
    assert found.products == 0
    np.testing.assert_allclose(found.w, 1)

    calls.clear()

    def nan_after_start(w):
        r, j = w - 1, np.full((1, 1), np.nan if calls else 1.0)
        calls.append(w)
        return r, j

    stays = gauss_newton.levenberg_marquardt(nan_after_start, np.zeros(1))
    assert stays.steps == 0
    assert np.isfinite(stays.gradient).all()
    with pytest.raises(ValueError, match="must return a vector of residuals"):
        gauss_newton.levenberg_marquardt(
            lambda w: (np.ones((1, 2)), np.ones((2, 1))), np.ones(1)
        )


def test_no_arrays_are_cut_from_no_entries():
    assert unflatten(np.zeros(0), {}) == {}


@pytest.mark.parametrize("hvp", [hvp_backward, hvp_forward])
def test_weights_that_enter_linearly_or_not_have_no_curvature(hvp):
    p = {k: torch.tensor([1.0, 2.0]) for k in "abc"}
    v = {k: torch.ones(2, dtype=torch.float64) for k in "abc"}
    with torch.no_grad():
        found = hvp(lambda q: (q["a"] ** 3).sum() + q["b"].sum(), p, v)
    assert found["a"].tolist() == [6, 12]
    assert found["b"].tolist() == found["c"].tolist() == [0, 0]
    assert {a.dtype for a in found.values()} == {torch.float32}
    flat = hvp(lambda q: q["a"].sum() + 0 * q["b"].sum(), p, v)
    assert all(a.tolist() == [0, 0] for a in flat.values())
    with pytest.raises(ValueError, match="the names of the parameters alone"):
        hvp(lambda q: q["a"].sum(), p, v | {"d": v["a"]})
