"""What each way of sharing out an output promises, and what follows.

    a slope cannot see what has saturated                  (interpretability.1)
    sum of integrated gradients = f(x) - f(x')             (interpretability.2)
    mean over orders = sum over coalitions                 (interpretability.3)
    sum of Shapley values = v(all) - v(none)               (interpretability.4)
    a weighted regression gives Shapley values             (interpretability.5)
    sum of conductances = f(x) - f(x')                     (interpretability.6)
    Grad-CAM of a net that ends in a mean is its CAM       (interpretability.7)
    leaving one out, to first order                        (interpretability.8)

Those about layers and training examples stand in `layers`.
Source: Sundararajan, Taly & Yan (2017), proposition 1; Shapley (1953);
Lundberg & Lee (2017), theorem 2.
"""

import itertools
import math

import numpy as np
import sympy as sp

from dlf.derive.balls import balls
from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import derivative
from dlf.derive.numeric import integral, solve

Array = np.ndarray

P = 4  # players


def completeness() -> Derivation:
    def point(d: dict, alpha: object) -> Array:
        return d["base"] + alpha * (d["x"] - d["base"])

    def value(d: dict, x: Array) -> object:
        return d["u"] @ np.sin(d["w"] @ x)

    def gradient(d: dict, x: Array) -> Array:
        return (d["u"] * np.cos(d["w"] @ x)) @ d["w"]

    def by_input(d: dict) -> object:
        means = [
            integral(lambda a, i=i: gradient(d, point(d, a))[i], 0, 1)
            for i in range(len(d["x"]))
        ]
        return (d["x"] - d["base"]) @ means

    def along(d: dict) -> object:
        way = d["x"] - d["base"]
        return integral(lambda a: gradient(d, point(d, a)) @ way, 0, 1)

    def rise(d: dict) -> object:
        def rate(alpha: object) -> object:
            return derivative(lambda a: value(d, point(d, a)), alpha)

        return integral(rate, 0, 1)

    def ends(d: dict) -> object:
        return value(d, d["x"]) - value(d, d["base"])

    return Derivation(
        label="interpretability.2",
        lhs=r"\sum_i \mathrm{IG}_i(x)",
        steps=(
            Step(
                value=by_input,
                why="each input gets its displacement times the mean "
                "derivative on the path x(α) = x′ + α (x − x′)",
                latex=r"\sum_i (x_i-x'_i)\int_0^1"
                r"\frac{\partial f}{\partial x_i}\big(x(\alpha)\big)\,"
                r"d\alpha",
            ),
            Step(
                value=along,
                why="a sum of integrals is the integral of the sum",
                latex=r"\int_0^1 \nabla f\big(x(\alpha)\big)\cdot(x-x')\,d"
                r"\alpha",
            ),
            Step(
                value=rise,
                why="which is the chain rule: how f rises as α does",
                latex=r"\int_0^1 \frac{d}{d\alpha} "
                r"f\big(x(\alpha)\big)\,d\alpha",
            ),
            Step(
                value=ends,
                why="and the integral of a derivative is the difference at the "
                "ends",
                latex=r"f(x)-f(x')",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=3),
            "base": rng.normal(size=3),
            "w": 0.5 * rng.normal(size=(4, 3)),
            "u": rng.normal(size=4),
        },
        scope="a net of four sines",
    )


def saturation() -> Derivation:
    x, t = sp.symbols("x t", positive=True)

    def hinge(u: sp.Expr) -> sp.Expr:
        return sp.Piecewise((u, u > 0), (0, True))

    slope = sp.Piecewise((1, t < 1), (0, True))
    return Derivation(
        label="interpretability.1",
        lhs=r"f(x)-f(0)",
        steps=(
            Step(
                value=(1 - hinge(1 - x)) - (1 - hinge(sp.Integer(1))),
                why="a unit that saturates at one: f(x) = 1 − max(0, 1 − x), "
                "and x beyond one",
                latex=r"\big(1-\max(0,1-x)\big)-\big(1-\max(0,1)\big)",
            ),
            Step(
                value=sp.Integer(1),
                why="at x beyond one the maximum is 0, the derivative is 0, "
                "and x times the derivative is 0; but f has risen by",
            ),
            Step(
                value=sp.Integral(slope, (t, 0, 1))
                + sp.Integral(slope, (t, 1, x)),
                why="the derivative was 1 on the way: integrate it from 0 to x",
                latex=r"\int_0^x f'(t)\,dt",
            ),
        ),
        draw=lambda rng: {"x": 1 + rng.exponential()},
        scope="x > 1",
    )


def _bits(coalition: tuple) -> int:
    return sum(2**p for p in coalition)


def _by_orders(d: dict) -> Array:
    phi = balls(np.zeros(P))
    for order in itertools.permutations(range(P)):
        for n, p in enumerate(order):
            before = _bits(order[:n])
            phi[p] += d["v"][before + 2**p] - d["v"][before]
    return phi / math.factorial(P)


def _by_coalitions(d: dict) -> Array:
    phi = balls(np.zeros(P))
    for p in range(P):
        others = [q for q in range(P) if q != p]
        for size in range(P):
            weight = math.factorial(size) * math.factorial(P - size - 1)
            for s in itertools.combinations(others, size):
                added = d["v"][_bits(s) + 2**p] - d["v"][_bits(s)]
                phi[p] += weight * added
    return phi / math.factorial(P)


def _table(rng: np.random.Generator) -> dict:
    return {"v": rng.normal(size=2**P)}


def orders_and_coalitions() -> Derivation:
    return Derivation(
        label="interpretability.3",
        lhs=r"\varphi_i",
        steps=(
            Step(
                value=_by_orders,
                why="let the players enter in every order, and average what i "
                "adds on entering",
                latex=r"\frac{1}{P!}\sum_{\pi}\Big(v(\mathrm{before}_\pi(i)"
                r"\cup i)-v(\mathrm{before}_\pi(i))\Big)",
            ),
            Step(
                value=_by_coalitions,
                why="S enters before i in |S|! (P − |S| − 1)! of the orders",
                latex=r"\sum_{S\not\ni i}\frac{|S|!\,(P-|S|-1)!}{P!}\,"
                r"\big(v(S\cup i)-v(S)\big)",
            ),
        ),
        draw=_table,
        scope="four players",
    )


def efficiency() -> Derivation:
    def telescoping(d: dict) -> object:
        total = 0
        orders = list(itertools.permutations(range(P)))
        for order in orders:
            values = [d["v"][_bits(order[:n])] for n in range(P + 1)]
            total += sum(np.diff(values))
        return total / len(orders)

    return Derivation(
        label="interpretability.4",
        lhs=r"\sum_i \varphi_i",
        steps=(
            Step(
                value=lambda d: _by_orders(d).sum(),
                why="add up the values of all players",
                latex=r"\sum_i\frac{1}{P!}\sum_{\pi}\Big("
                r"v(\mathrm{before}_\pi(i)\cup i)-v(\mathrm{before}_\pi(i))"
                r"\Big)",
            ),
            Step(
                value=telescoping,
                why="sum within each order first: all between the ends cancels",
                latex=r"\frac{1}{P!}\sum_{\pi}\big(v(\mathrm{all})"
                r"-v(\varnothing)\big)",
            ),
            Step(
                value=lambda d: d["v"][-1] - d["v"][0],
                why="and every order has the same ends",
                latex=r"v(\mathrm{all})-v(\varnothing)",
            ),
        ),
        draw=_table,
        scope="four players",
    )


def kernel_regression() -> Derivation:
    def regression(d: dict) -> Array:
        s = (np.arange(2**P)[:, None] >> np.arange(P) & 1).astype(float)
        size = s.sum(axis=1)
        inner = (size > 0) & (size < P)
        choose = np.array([math.comb(P, int(k)) for k in size])[inner]
        w = (P - 1) / balls(choose * size[inner] * (P - size[inner]))
        a, b = s[inner], d["v"][inner] - d["v"][0]
        system = balls(np.zeros((P + 1, P + 1)))  # one row for the sum
        system[:P, :P] = (a.T * w) @ a
        system[:P, P] = system[P, :P] = 1
        right = np.append((a.T * w) @ b, d["v"][-1] - d["v"][0])
        return solve(system, right)[:P]

    return Derivation(
        label="interpretability.5",
        lhs=r"\varphi",
        steps=(
            Step(
                value=_by_coalitions,
                why="Shapley's values",
                latex=r"\Big[\sum_{S\not\ni i}\tfrac{|S|!\,(P-|S|-1)!}{P!}\,"
                r"\big(v(S\cup i)-v(S)\big)\Big]_i",
            ),
            Step(
                value=regression,
                why="are the coefficients of the linear function of the "
                "players that agrees with v at ∅ and at all of them and is "
                "nearest elsewhere, by least squares with the weights "
                r"$w_S=(P-1)\big/\big(\binom{P}{|S|}\,|S|\,(P-|S|)\big)$",
                latex=r"\mathop{\mathrm{argmin}}_{\sum_i\varphi_i=v("
                r"\mathrm{all})-v(\varnothing)}\;\sum_{0<|S|<P}w_S"
                r"\,\Big(v(S)-v(\varnothing)-\sum_{i\in S}"
                r"\varphi_i\Big)^{\!2}",
            ),
        ),
        draw=_table,
        scope="four players",
    )
