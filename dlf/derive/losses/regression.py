"""What losses of a residual r = yhat - y say about how y is spread.

Part of the row `dlf.derive.losses`, which imports it.
Source: Huber (1964), Robust Estimation of a Location Parameter; Koenker &
Bassett (1978), Regression Quantiles.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import derivative
from dlf.derive.numeric import fraction, smallest

Array = np.ndarray
r = sp.Symbol("r", real=True)


def gaussian_nll() -> Derivation:
    v = sp.Symbol("v", positive=True)
    density = sp.exp(-(r**2) / (2 * v)) / sp.sqrt(2 * sp.pi * v)
    return Derivation(
        label="losses.3",
        lhs=r"-\log\mathcal N(y;\hat y,v)",
        steps=(
            Step(
                value=-sp.log(density),
                why="a normal density around the prediction, with variance v "
                "and r the residual",
                latex=r"-\log\frac{e^{-r^2/2v}}{\sqrt{2\pi v}},\qquad r=\hat "
                r"y-y",
            ),
            Step(
                value=r**2 / (2 * v) + sp.log(2 * sp.pi * v) / 2,
                why="the logarithm undoes the exponential",
            ),
        ),
        draw=lambda rng: {"r": rng.normal(scale=3), "v": rng.uniform(0.1, 5)},
    )


def laplace_nll() -> Derivation:
    b = sp.Symbol("b", positive=True)
    return Derivation(
        label="losses.4",
        lhs=r"-\log\mathrm{Laplace}(y;\hat y,b)",
        steps=(
            Step(
                value=-sp.log(sp.exp(-sp.Abs(r) / b) / (2 * b)),
                why="a Laplace density, whose logarithm falls along two "
                "straight lines",
            ),
            Step(
                value=sp.Abs(r) / b + sp.log(2 * b),
                why="as before",
            ),
        ),
        draw=lambda rng: {"r": rng.normal(scale=3), "b": rng.uniform(0.1, 5)},
    )


def forgiven(d: dict, s: object) -> object:
    """Half the square of r - s, and a cost of delta per unit of s.

    Args:
        d: has the residual ``r`` and the threshold ``delta``.
        s: the part of r that costs linearly.
    """
    return (d["r"] - s) ** 2 / 2 + d["delta"] * abs(s)


def huber_likelihood() -> Derivation:
    def either_side(d: dict) -> object:
        """Take the lowest point of the parabola for s >= 0, and for s <= 0."""
        up = max(d["r"] - d["delta"], 0)
        down = min(d["r"] + d["delta"], 0)
        return smallest([forgiven(d, up), forgiven(d, down)])

    def threshold(d: dict) -> object:
        beyond = max(abs(d["r"]) - d["delta"], 0)
        return forgiven(d, beyond if d["r"] > 0 else -beyond)

    def huber(d: dict) -> object:
        a, delta = abs(d["r"]), d["delta"]
        return a * a / 2 if a <= delta else delta * (a - delta / 2)

    return Derivation(
        label="losses.5",
        lhs=r"\min_s\;\tfrac12(r-s)^2+\delta|s|",
        steps=(
            Step(
                value=either_side,
                why="a part s of the residual may be declared an outlier, at a "
                "cost of δ per unit; let s* be the best s. On either side of 0 "
                "the cost is a parabola, so s* is the better of two lowest "
                "points",
                latex=r"\tfrac12(r-s^*)^2+\delta|s^*|",
            ),
            Step(
                value=threshold,
                why="for s > 0 the derivative is zero where s − r + δ = 0, so "
                "s* = r − δ if that is positive; likewise s* = r + δ if that "
                "is negative, and otherwise s* = 0",
                latex=r"\tfrac12(r-s^*)^2+\delta|s^*|,\quad"
                r" s^*=\mathrm{sign}(r)\max(|r|-\delta,0)",
            ),
            Step(
                value=huber,
                why="for |r| ≤ δ the best s is 0; beyond, r − s* has size δ",
                latex=r"\begin{cases}\tfrac12r^2&|r|\le\delta\\"
                r"\delta\,(|r|-\tfrac12\delta)&|r|>\delta\end{cases}",
            ),
        ),
        draw=lambda rng: {
            "r": float(rng.normal(scale=3)),
            "delta": float(rng.uniform(0.1, 3)),
        },
    )


def log_cosh_likelihood() -> Derivation:
    a = sp.Abs(r)
    return Derivation(
        label="losses.6",
        lhs=r"-\log\frac{1}{\cosh r}",
        steps=(
            Step(
                value=sp.log((sp.exp(r) + sp.exp(-r)) / 2),
                why="the hyperbolic secant, a density once divided by π",
                latex=r"\log\frac{e^{r}+e^{-r}}{2}",
            ),
            Step(
                value=sp.log(sp.exp(a) * (1 + sp.exp(-2 * a)) / 2),
                why="take out the larger exponential, so that the other is "
                "below 1",
            ),
            Step(
                value=a + sp.log(1 + sp.exp(-2 * a)) - sp.log(2),
                why="the logarithm of a product is a sum",
            ),
        ),
        draw=lambda rng: {"r": rng.normal(scale=3)},
    )


def quantile_derivative() -> Derivation:
    def cost(d: dict, c: object) -> object:
        e = d["y"] - c
        return np.maximum(d["q"] * e, (d["q"] - 1) * e).mean()

    def by_definition(d: dict) -> object:
        return derivative(lambda c: cost(d, c), d["c"])

    def by_sides(d: dict) -> object:
        below, above = fraction(d["y"] < d["c"]), fraction(d["y"] > d["c"])
        return (1 - d["q"]) * below - d["q"] * above

    def draw(rng: np.random.Generator) -> dict:
        y = np.sort(rng.normal(size=11))
        i = rng.integers(10)  # c halfway between two targets, off the kinks
        return {
            "y": y,
            "c": float((y[i] + y[i + 1]) / 2),
            "q": float(rng.uniform(0.05, 0.95)),
        }

    return Derivation(
        label="losses.7",
        lhs=r"\frac{d}{dc}\,\frac1N\sum_n\rho_q(y_n-c)",
        steps=(
            Step(
                value=by_definition,
                why="a target above the guess c costs q per unit of distance, "
                "a target below it 1 − q; as a formula, "
                r"$\rho_q(e)=\max\big(q\,e,\,(q-1)\,e\big)$",
                latex=r"\frac{d}{dc}\,\frac1N\sum_n\begin{cases}q"
                r"\,(y_n-c)&y_n>c\\(1-q)\,(c-y_n)&y_n<c\end{cases}",
            ),
            Step(
                value=by_sides,
                why="the derivative of each term is −q or 1 − q, whatever the "
                "distance",
                latex=r"(1-q)\,\frac{\#\{y_n<c\}}{N}-q\,\frac{\#\{y_n>c\}}{N}",
            ),
            Step(
                value=lambda d: fraction(d["y"] < d["c"]) - d["q"],
                why="the two fractions add up to 1, as c meets no target",
                latex=r"\frac{\#\{y_n<c\}}{N}-q",
            ),
        ),
        draw=draw,
        scope="c between two targets",
    )
