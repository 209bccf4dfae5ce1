"""Deep nets: the edge of chaos, orthogonal layers, residual branches, width.

Source: Schoenholz et al. (2017), equations 3 and 9; Saxe et al. (2014); Zhang,
Dauphin & Ma (2019), rule 2; Yang et al. (2021), appendix C, for the widths.
"""

from itertools import product

import numpy as np
import sympy as sp
from flint import acb, arb

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import integral, orthonormal, sign

Array = np.ndarray
END = 30  # beyond which a normal has a mass below 1e-196


def normal_mean(f, q: arb) -> arb:
    """Integrate f(√q t) against the normal density of t.

    Args:
        f: an entire function of a complex ball.
        q: variance of its argument.
    """
    root = q.sqrt()

    def weighed(t: acb) -> acb:
        return f(root * t) * (-t * t / 2).exp()

    return integral(weighed, -END, END) / (2 * arb.pi()).sqrt()


def tanh_edge() -> Derivation:
    def by_derivative(d: dict) -> arb:
        square = normal_mean(lambda z: z.tanh() ** 2, d["q"])
        derivative = normal_mean(lambda z: z.sech() ** 4, d["q"])
        return d["q"] - square / derivative

    def by_moments(d: dict) -> arb:
        m = [normal_mean(lambda z, k=k: z.tanh() ** k, d["q"]) for k in (2, 4)]
        return d["q"] - m[0] / (1 - 2 * m[0] + m[1])

    return Derivation(
        label="initialization.11",
        lhs=r"\sigma_b^2",
        steps=(
            Step(
                value=by_derivative,
                why=r"the variance map at its fixed point, solved for "
                r"$\sigma_b^2$, with $\sigma_w^2=1/E[f'(\sqrt q\,Z)^2]$ so "
                r"that $\chi=1$",
                latex=r"q-\frac{E[f(\sqrt q\,Z)^2]}{E[f'(\sqrt q\,Z)^2]}",
            ),
            Step(
                value=by_moments,
                why=r"for tanh, $f'=1-f^2$; with $m_k=E[\tanh^k(\sqrt q\,Z)]$",
                latex=r"q-\frac{m_2}{1-2m_2+m_4}",
            ),
        ),
        draw=lambda rng: {"q": rng.uniform(0.05, 2)},
    )


def orthogonal_product() -> Derivation:
    def through(d: dict) -> object:
        v = d["x"]
        for w in d["w"]:
            v = orthonormal(w) @ v
        return v @ v

    def transposed(d: dict) -> object:
        gram = np.eye(len(d["x"]), dtype=int)
        for w in d["w"][::-1]:
            q = orthonormal(w)
            gram = q.T @ gram @ q
        return d["x"] @ gram @ d["x"]

    return Derivation(
        label="initialization.12",
        lhs=r"\|Q_L\cdots Q_1x\|^2",
        steps=(
            Step(
                value=through,
                why="the squared length behind $L$ orthogonal layers",
                latex=r"(Q_L\cdots Q_1x)^\top(Q_L\cdots Q_1x)",
            ),
            Step(
                value=transposed,
                why="transpose the product",
                latex=r"x^\top Q_1^\top\cdots Q_L^\top Q_L\cdots Q_1\,x",
            ),
            Step(
                value=lambda d: d["x"] @ d["x"],
                why=r"from the inside out, each $Q^\top Q$ is the identity",
                latex=r"\|x\|^2",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=3),
            "w": rng.normal(size=(3, 3, 3)),
        },
        scope="three layers of three units",
    )


def residual_growth() -> Derivation:
    def over_signs(d: dict) -> object:
        branches = [orthonormal(w) for w in d["w"]]
        K, total = len(branches), 0
        beta = (1 / arb(K)).sqrt()
        for signs in product((1, -1), repeat=K):
            x = d["x"]
            for s, q in zip(signs, branches, strict=True):
                x = x + s * beta * (q @ x)
            total = total + x @ x
        return total / 2**K / (d["x"] @ d["x"])

    return Derivation(
        label="initialization.13",
        lhs=r"\frac{E\|x_K\|^2}{\|x_0\|^2}",
        steps=(
            Step(
                value=over_signs,
                why=r"$K$ branches with $\beta=1/\sqrt K$; each keeps the "
                "length of its input, and either sign is equally likely",
                latex=r"\frac{E\|x_{K-1}\pm\beta B_K(x_{K-1})\|^2}{\|x_0\|^2}",
            ),
            Step(
                value=lambda d: (1 + 1 / arb(len(d["w"]))) ** len(d["w"]),
                why="the mixed product has mean 0, so a branch adds "
                r"$\beta^2$ of the squared length",
                latex=r"\Big(1+\frac1K\Big)^K",
            ),
            Step(
                value=lambda d: arb.const_e(),
                why=r"$1+t\le e^t$",
                latex="e",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=3),
            "w": rng.normal(size=(rng.integers(1, 5), 3, 3)),
        },
        scope="one to four branches of three units",
    )


def fixup_exponent() -> Derivation:
    m, K, eta, delta, x = sp.symbols("m K eta delta x", positive=True)
    s = K ** (-1 / (2 * m - 2))
    last = -eta * delta * s ** (m - 1) * x  # the change of the last weight
    return Derivation(
        label="initialization.14",
        lhs=r"\Big|\sum_{k=1}^{K}\Delta y_k\Big|",
        steps=(
            Step(
                value=-K * s ** (m - 1) * x * last,
                why="each of $K$ branches is a product of $m$ weights, the "
                "last of them 0 and the others $s$; a step changes the last "
                r"one by $-\eta\,\delta s^{m-1}x$",
                latex=r"K\,s^{m-1}x\cdot\eta\,\delta s^{m-1}x",
            ),
            Step(
                value=eta * delta * x**2 * K * s ** (2 * m - 2),
                why="collect the powers of $s$",
                latex=r"\eta\,\delta x^2\cdot K s^{2m-2}",
            ),
            Step(
                value=eta * delta * x**2,
                why=r"with $s=K^{-1/(2m-2)}$ the step of the whole net does "
                "not grow with the number of branches",
                latex=r"\eta\,\delta x^2",
            ),
        ),
        draw=lambda rng: {
            "m": rng.uniform(2, 4),
            "K": rng.uniform(2, 50),
            "eta": rng.uniform(0.01, 1),
            "delta": rng.uniform(0.1, 2),
            "x": rng.uniform(0.1, 2),
        },
        scope="scalar branches",
    )


def adam_step_of_a_unit() -> Derivation:
    return Derivation(
        label="initialization.15",
        lhs=r"|\Delta z|",
        steps=(
            Step(
                value=lambda d: abs(
                    sum(-d["eta"] * sign(d["delta"] * a) * a for a in d["a"])
                ),
                why="Adam's first step moves each weight by the learning "
                r"rate, against the sign of its gradient $\delta a_j$",
                latex=r"\Big|\sum_{j=1}^{n}-\eta\,\operatorname{sign}"
                r"(\delta a_j)\,a_j\Big|",
            ),
            Step(
                value=lambda d: d["eta"] * sum(abs(a) for a in d["a"]),
                why=r"$\operatorname{sign}(\delta a_j)\,a_j="
                r"\operatorname{sign}(\delta)\,|a_j|$: all $n$ terms push in "
                "one direction",
                latex=r"\eta\sum_{j=1}^n|a_j|",
            ),
            Step(
                value=lambda d: (
                    len(d["a"])
                    * d["eta"]
                    * sum(abs(a) for a in d["a"])
                    / len(d["a"])
                ),
                why="so the change grows with the width, where the "
                "pre-activation itself does not",
                latex=r"n\,\eta\;\overline{|a|}",
            ),
        ),
        draw=lambda rng: {
            "a": rng.normal(size=5),
            "eta": rng.uniform(0.001, 0.1),
            "delta": rng.normal(),
        },
        scope="first step, one example",
    )
