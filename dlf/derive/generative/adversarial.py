"""What a discriminator measures, who circles, and a critic's gradient.

Source: Goodfellow et al. (2014), proposition 1 and theorem 1, section 3 for the
non-saturating loss; Mescheder, Geiger & Nowozin (2018), lemmas 2.3 and 4.1;
Gulrajani et al. (2017), proposition 1.
"""

from typing import Any

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import simplex

Array = np.ndarray


def _js(p: Array, q: Array) -> Any:
    m = (p + q) / 2
    return ((p * np.log(p / m)).sum() + (q * np.log(q / m)).sum()) / 2


def optimal_discriminator() -> Derivation:
    def loss(p: Array, q: Array, d: Array) -> Any:
        return -(p * np.log(d)).sum() - (q * np.log(1 - d)).sum()

    return Derivation(
        label="generative.10",
        lhs="L(D)",
        steps=(
            Step(
                value=lambda d: loss(d["p"], d["q"], d["D"]),
                why="real examples have frequencies $p$, generated ones $q$",
                latex=r"-\sum_xp(x)\log D(x)-\sum_xq(x)\log(1-D(x))",
            ),
            Step(
                value=lambda d: loss(
                    d["p"], d["q"], d["p"] / (d["p"] + d["q"])
                ),
                relation=r"\ge",
                why=r"for each $x$ the best $D$ has $\frac pD=\frac q{1-D}$: "
                r"it is $D^*=\frac p{p+q}$",
                latex=r"-\sum_xp\log\frac p{p+q}-\sum_xq\log\frac q{p+q}",
            ),
            Step(
                value=lambda d: 2 * np.log(d["two"]) - 2 * _js(d["p"], d["q"]),
                why=r"compare both with their mean $\frac{p+q}2$, which puts "
                r"$\log2$ in front twice; JS is half the sum of the two "
                "divergences from the mean",
                latex=r"2\log2-2\,\mathrm{JS}(p,q)",
            ),
        ),
        draw=lambda rng: {
            "p": simplex(rng, 4),
            "q": simplex(rng, 4),
            "D": rng.uniform(0.05, 0.95, size=4),
            "two": np.array(2.0),
        },
        scope="four outcomes",
    )


def generator_gradients() -> Derivation:
    b = sp.symbols("b", real=True)
    D = 1 / (1 + sp.exp(-b))
    return Derivation(
        label="generative.11",
        lhs=r"\frac{\mathrm d}{\mathrm db}\log(1-D)",
        steps=(
            Step(
                value=sp.Derivative(sp.log(1 - D), b),
                why=r"$D=\sigma(b)$, with $b$ the logit of a generated example",
                latex=r"\frac{\mathrm d}{\mathrm db}\log\big(1-\sigma(b)\big)",
            ),
            Step(
                value=-D,
                why="chain rule: where the discriminator is sure, $D\\to0$, "
                "nothing is left to learn from",
                latex="-D",
            ),
            Step(
                value=D / (1 - D) * sp.Derivative(-sp.log(D), b),
                why=r"of the non-saturating loss $-\log D$ the derivative is "
                r"$-(1-D)$, which goes to $-1$ there: both losses push $b$ up, "
                r"the first only $\frac D{1-D}$ times as hard",
                latex=r"\frac D{1-D}\cdot\frac{\mathrm d}{\mathrm db}"
                r"\big(-\log D\big)",
            ),
        ),
        draw=lambda rng: {"b": rng.normal(scale=2)},
    )


def dirac_eigenvalues() -> Derivation:
    lam, g, ell = sp.symbols("lambda gamma ell", real=True)
    jacobian = sp.Matrix([[0, -ell], [ell, -g]])
    root = sp.sqrt(g**2 / 4 - ell**2)
    plus, minus = -g / 2 + root, -g / 2 - root
    return Derivation(
        label="generative.12",
        lhs=r"\det(\lambda I-J)",
        steps=(
            Step(
                value=(lam * sp.eye(2) - jacobian).det(),
                why=r"at $\theta=\psi=0$, where $\dot\theta=-\ell'(0)\,\psi$ "
                r"and $\dot\psi=\ell'(0)\,\theta-\gamma\psi$",
                latex=r"\det\begin{pmatrix}\lambda&\ell'(0)\\-\ell'(0)&"
                r"\lambda+\gamma\end{pmatrix}",
            ),
            Step(
                value=lam**2 + g * lam + ell**2,
                why="multiply out",
                latex=r"\lambda^2+\gamma\lambda+\ell'(0)^2",
            ),
            Step(
                value=sp.expand((lam - plus) * (lam - minus)),
                why="and solve",
                latex=r"(\lambda-\lambda_+)(\lambda-\lambda_-),\ \ "
                r"\lambda_\pm=-\tfrac\gamma2\pm"
                r"\sqrt{\tfrac{\gamma^2}4-\ell'(0)^2}",
            ),
        ),
        draw=lambda rng: {
            "lambda": rng.normal(),
            "gamma": rng.uniform(2.1, 4),
            "ell": rng.uniform(0.1, 1),
        },
    )


def unit_gradient() -> Derivation:
    def f(d: dict, z: Array) -> Any:
        rest = z - d["c"]
        return np.sqrt(rest @ rest)

    def between(d: dict) -> Array:
        return d["t"] * d["x"] + (1 - d["t"]) * d["y"]

    def length(d: dict) -> Any:
        rest = d["y"] - d["x"]
        return np.sqrt(rest @ rest)

    return Derivation(
        label="generative.13",
        lhs="f(x)-f(y)",
        steps=(
            Step(
                value=lambda d: f(d, d["x"]) - f(d, d["y"]),
                why="any $x$ and $y$, and a critic $f$ whose values differ by "
                "no more than the distance",
                latex="f(x)-f(y)",
            ),
            Step(
                value=lambda d: (
                    (f(d, d["x"]) - f(d, between(d)))
                    + (f(d, between(d)) - f(d, d["y"]))
                ),
                why="with $x_t=t\\,x+(1-t)\\,y$ in between",
                latex=r"\big[f(x)-f(x_t)\big]+\big[f(x_t)-f(y)\big]",
            ),
            Step(
                value=lambda d: (1 - d["t"]) * length(d) + d["t"] * length(d),
                relation=r"\le",
                why="each bracket by the distance of its two points",
                latex=r"(1-t)\,\|x-y\|+t\,\|x-y\|",
            ),
            Step(
                value=length,
                why="add",
                latex=r"\|x-y\|",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=3),
            "y": rng.normal(size=3),
            "c": rng.normal(size=3),
            "t": rng.uniform(0.1, 0.9),
        },
        scope=r"$f(z)=\|z-c\|$",
    )
