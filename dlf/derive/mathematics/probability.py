"""Beliefs, and how far samples stray (part of mathematics).

Source: Bishop (2006), Pattern Recognition and Machine Learning, 2.1.1,
2.3.6; Hoeffding (1963), theorem 2.
"""

import math

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import simplex

Array = np.ndarray


def beta_bernoulli() -> Derivation:
    t, a, b, h, k = sp.symbols("t a b h k", positive=True)
    return Derivation(
        label="mathematics.14",
        lhs=r"\log p(\theta\mid\mathcal D)",
        steps=(
            Step(
                value=sp.log(t**h * (1 - t) ** k) + sp.log(t ** (a - 1))
                + sp.log((1 - t) ** (b - 1)),
                why="likelihood of $h$ heads and $k$ tails times the prior "
                "$\\mathrm{Beta}(a,b)$, up to a constant",
                latex=r"\log\theta^h(1-\theta)^k+\log\theta^{a-1}(1-"
                r"\theta)^{b-1}+\text{const}",
            ),
            Step(
                value=(a + h - 1) * sp.log(t) + (b + k - 1) * sp.log(1 - t),
                why="exponents add up, and the form is that of the prior "
                "again: "
                r"$\mathrm{Beta}(a+h,\,b+k)$",
                latex=r"(a+h-1)\log\theta+(b+k-1)\log(1-\theta)+\text{const}",
            ),
        ),
        draw=lambda rng: {
            "t": rng.uniform(0.1, 0.9),
            **{n: rng.uniform(1, 5) for n in "abhk"},
        },
    )  # fmt: skip


def normal_mean() -> Derivation:
    u, m, x = sp.symbols("u m x", real=True)
    v, n, s = sp.symbols("v n s", positive=True)
    sure = 1 / v + n / s**2
    center = (m / v + n * x / s**2) / sure
    return Derivation(
        label="mathematics.15",
        lhs=r"-\partial_\mu\log p(\mu\mid\mathcal D)",
        steps=(
            Step(
                value=sp.Derivative((u - m) ** 2 / (2 * v), u)
                + n * sp.Derivative((u - x) ** 2 / (2 * s**2), u),
                why=r"prior $\mathcal N(m,v)$; $n$ measurements with mean "
                r"$\langle x\rangle$ and noise of variance $s^2$",
                latex=r"\partial_\mu\Big(\frac{(\mu-m)^2}{2v}+"
                r"\sum_i\frac{(x_i-\mu)^2}{2s^2}\Big)",
            ),
            Step(
                value=(u - m) / v + n * (u - x) / s**2,
                why=r"each term pulls $\mu$ to its mean, with its precision",
                latex=r"\frac{\mu-m}{v}+\frac{n\,(\mu-\langle x\rangle)}{s^2}",
            ),
            Step(
                value=sure * (u - center),
                why="so the posterior is a normal again: its precision is the "
                "sum of both, and its mean lies where the two pulls balance, "
                r"$m'=\frac{m/v+n\langle x\rangle/s^2}{1/v+n/s^2}$",
                latex=r"\Big(\frac1v+\frac n{s^2}\Big)\,(\mu-m')",
            ),
        ),
        draw=lambda rng: {
            **{k: rng.normal() for k in "umx"},
            **{k: rng.uniform(0.5, 3) for k in "vns"},
        },
    )


def monte_carlo() -> Derivation:
    def outcomes(d: dict) -> tuple[Array, Array]:
        """All samples of three draws, with their probabilities."""
        index = np.indices((4, 4, 4)).reshape(3, -1)
        return d["g"][index].mean(axis=0), d["p"][index].prod(axis=0)

    def spread(d: dict) -> object:
        mean, p = outcomes(d)
        return p @ (mean - p @ mean) ** 2

    def single(d: dict) -> object:
        return d["p"] @ (d["g"] - d["p"] @ d["g"]) ** 2

    return Derivation(
        label="mathematics.18",
        lhs=r"\mathrm{Var}\Big(\frac1N\sum_n g(x_n)\Big)",
        steps=(
            Step(
                value=spread,
                why="the mean over $N$ independent draws",
                latex=r"\frac{1}{N^2}\,\mathrm{Var}\Big(\sum_n g(x_n)\Big)",
            ),
            Step(
                value=lambda d: 3 * single(d) / 9,
                why="variances of independent numbers add up",
                latex=r"\frac{1}{N^2}\sum_n\mathrm{Var}\,g(x_n)",
            ),
            Step(
                value=lambda d: single(d) / 3,
                why="$N$ equal terms",
                latex=r"\frac{\mathrm{Var}\,g}{N}",
            ),
        ),
        draw=lambda rng: {
            "p": simplex(rng, 4),
            "g": rng.normal(size=4),
        },
        scope="three draws from four values",
    )


def hoeffding() -> Derivation:
    def tail(d: dict) -> object:
        """Sum the binomial probabilities beyond the mean plus epsilon."""
        n, m, e = d["n"], d["m"], d["e"]
        return sum(
            math.comb(n, k) * m**k * (1 - m) ** (n - k)
            for k in range(n + 1)
            if k >= n * (m + e)
        )

    def markov(d: dict) -> object:
        n, m, e = d["n"], d["m"], d["e"]
        s = 4 * e
        one = m * np.exp(s * (1 - m)) + (1 - m) * np.exp(-s * m)
        return np.exp(-s * n * e) * one**n

    return Derivation(
        label="mathematics.19",
        lhs=r"P(\langle x\rangle-\mu\ge\varepsilon)",
        steps=(
            Step(
                value=tail,
                why="the chance that a mean of $n$ draws from $[0,1]$ is too "
                "large by $\\varepsilon$",
                latex=r"P\Big(e^{\rho\sum_i(x_i-\mu)}\ge e^{\rho "
                r"n\varepsilon}\Big),\qquad \rho>0",
            ),
            Step(
                value=markov,
                why="a number that is never negative reaches $c$ with "
                "probability at most its mean over $c$ (Markov); the draws are "
                "independent",
                latex=r"e^{-\rho n\varepsilon}\,\big(E\,e^{\rho(x-\mu)}\big)^n",
                relation=r"\le",
            ),
            Step(
                value=lambda d: np.exp(-2 * d["n"] * d["e"] ** 2),
                why=r"on $[0,1]$, $E\,e^{\rho(x-\mu)}\le e^{\rho^2/8}$. To see "
                r"it, follow the logarithm of the left side as $\rho$ grows: "
                r"at $\rho=0$ its value and its derivative are 0, and its "
                r"second derivative is the variance of $x$ under "
                r"probabilities that are reweighted by $e^{\rho x}$. No "
                r"number in $[0,1]$ has a variance above ¼, so the logarithm "
                r"is at most $\rho^2/8$. The best $\rho$ is $4\varepsilon$",
                latex=r"e^{-\rho n\varepsilon+n\rho^2/8}=e^{-2n\varepsilon^2}",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "n": int(rng.integers(1, 60)),
            "m": rng.uniform(0.05, 0.95),
            "e": rng.uniform(0.01, 0.5),
        },
        scope="coins",
    )
