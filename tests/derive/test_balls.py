"""Balls hold what they should, and say so when they cannot."""

import numpy as np
import pytest
import sympy as sp
from flint import acb, arb

from dlf.derive import numeric
from dlf.derive.balls import ball, balls, exact, holds, unrounded
from dlf.derive.dual import Dual, derivative, jacobian
from dlf.derive.expressions import enclose

THIRD = arb(1) / 3


def test_numbers_become_exact_balls():
    drawn = exact({"x": 0.1, "z": np.array([0.1, 2.0]), "n": np.int64(3)})
    assert drawn["x"].is_exact()
    assert drawn["x"] != arb(1) / 10  # but the float64 next to it
    assert [type(v) for v in drawn["z"]] == [arb, arb]
    assert drawn["n"] == 3
    assert type(drawn["n"]) is int
    whole = np.arange(3)
    assert exact({"i": whole})["i"] is whole


def test_what_has_no_exact_value_is_refused():
    with pytest.raises(TypeError, match="ball: `number`"):
        ball("0.1")
    with pytest.raises(TypeError, match="complex"):
        unrounded([1j])
    with pytest.raises(TypeError, match="float64"):
        unrounded(np.array([1.0]))


def test_relations():
    assert holds("=", THIRD * 3, 1)
    assert not holds("=", THIRD, 1 / 3)
    assert holds(r"\le", 1, 1)
    assert not holds(r"\le", THIRD, THIRD)  # perhaps in order, not for certain
    assert holds(r"\ge", [2, THIRD], [1, 0])
    wide = arb(1, 1e-30)
    assert not holds("=", wide, wide)  # too wide to say anything
    assert not holds("=", arb.nan(), arb.nan())
    with pytest.raises(ValueError, match="shape"):
        holds("=", [1, 1], 1)


@pytest.mark.parametrize(
    "f",
    [
        lambda u, m: m.exp(u) * m.sin(u) - m.cos(u),
        lambda u, m: m.log(2 + u**2) / (3 - u),
        lambda u, m: 1 / (1 + m.tanh(u)) + (2 - u) * 5 - (u - 1),
    ],
)
def test_derivatives_equal_those_of_sympy(f):
    u = sp.Symbol("u")
    want = enclose(sp.diff(f(u, sp), u), {"u": 0.7})

    def f(u, g=f):
        return g(u, np)

    assert holds("=", derivative(f, ball(0.7)), want)
    np.testing.assert_allclose(derivative(f, 0.7), float(want), rtol=1e-14)
    line = derivative(f, acb(0.7))
    assert line.real.overlaps(want)


def test_jacobian_has_the_shape_of_both():
    w = np.arange(6.0).reshape(2, 3)
    got = jacobian(lambda x: w @ x, np.ones((3, 2)))
    assert got.shape == (2, 2, 3, 2)
    assert got.dtype == float
    np.testing.assert_array_equal(got[:, 1, :, 1], w)
    np.testing.assert_array_equal(got[:, 1, :, 0], 0)
    np.testing.assert_array_equal(jacobian(lambda x: 7, np.ones(2)), [0, 0])


def test_duals_are_ordered_by_value():
    a, b = Dual(1, 5), Dual(2, 3)
    assert a < b <= 2 < 3
    assert b > a >= 1
    assert max(0, a) is a
    assert (np.array([1, 2]) * a)[1].derivative == 10
    assert (a - np.array([1, 2]))[1].value == -1
    assert (a / np.array([1, 5]))[1].derivative == 1


def symmetric(D=4):
    a = np.random.default_rng(0).normal(size=(D, D))
    return balls(a + a.T)


def test_eigenvectors_and_singular_values():
    a = symmetric()
    values, q = numeric.eigh(a)
    assert holds("=", a @ q, q * values)
    assert holds("=", q.T @ q, np.eye(4))
    assert holds(r"\le", values[:-1], values[1:])
    wide = a[:2]
    s = numeric.singular_values(wide.T)
    assert holds("=", (s**2).sum(), (wide**2).sum())
    assert holds("=", numeric.spectral_norm(wide), s[0])
    want = np.linalg.svd(wide.astype(float))[1]
    np.testing.assert_allclose(s.astype(float), want, rtol=1e-12)


def test_equal_eigenvalues_are_refused_and_not_guessed():
    with pytest.raises(ValueError):
        numeric.eigh(balls(np.eye(3)))


def test_solve_and_orthonormal():
    a = symmetric()
    x = numeric.solve(a, a[0])
    assert holds("=", a @ x, a[0])
    q = numeric.orthonormal(a[:, :2])
    assert holds("=", q.T @ q, np.eye(2))
    assert holds("=", q @ (q.T @ a[:, 0]), a[:, 0])


def test_choices_hold_whichever_it_is():
    wide = arb(0, 1)
    assert numeric.maximum(wide, 0.5).item().contains(0.75)
    assert numeric.largest([wide, arb(0.5)]).contains(1)
    assert numeric.smallest([3, arb(2), 5]) == 2
    assert list(numeric.relu(balls([-1, 2.5]))) == [0, 2.5]
    assert list(numeric.sign(balls([-1, 0, 2.5]))) == [-1, 0, 1]
    with pytest.raises(ArithmeticError, match="not certain"):
        numeric.sign([wide])


def test_integrals_and_roots():
    assert holds("=", numeric.integral(lambda z: np.cos(z), 0, 1), arb(1).sin())
    found = numeric.root(lambda z: z * z - 2, ball(0), ball(2))
    assert holds("=", found, arb(2).sqrt())


def test_simplex_adds_up_exactly():
    for seed in range(20):
        p = numeric.simplex(np.random.default_rng(seed), 5)
        assert balls(p).sum() == 1
        assert (p > 0).all()


y = sp.Symbol("y", real=True)


@pytest.mark.parametrize(
    "expression",
    [
        sp.exp(y) + sp.log(y) * sp.sqrt(y) - y**3 / 7,
        sp.sin(y) * sp.cos(y) / sp.tanh(y),
        sp.sinh(y) ** 2 - sp.cosh(y) ** 2 + sp.pi * sp.E,
        sp.erf(y) + sp.erfc(y / 2) + y ** sp.Rational(1, 3),
        sp.Max(0, y - 1) + sp.Min(y, 3) + sp.Abs(y - 5),
        sp.LambertW(y) + sp.Piecewise((y, y < 1), (y**2, True)),
        sp.Piecewise((y, y > 3), (0, True)),
    ],
)
def test_expressions_agree_with_sympy(expression):
    got = enclose(expression, {"y": 2.5})
    want = float(expression.subs(y, sp.Rational(5, 2)).evalf(30))
    np.testing.assert_allclose(float(got), want, rtol=1e-14)
    assert got.rad() < 1e-50


def test_expressions_that_cannot_be_enclosed_are_refused():
    with pytest.raises(TypeError, match="gamma"):
        enclose(sp.gamma(y), {"y": 2.5})
    jump = sp.Piecewise((1, y > 3), (0, True))
    with pytest.raises(ArithmeticError, match="y > 3"):
        enclose(jump, {"y": arb(3, 0.1)})
    with pytest.raises(ArithmeticError, match="no piece"):
        enclose(sp.Piecewise((1, y > 3)), {"y": 2.5})
