"""Batch norm: what it leaves, its gradient, and folding it away.

Source: Ioffe & Szegedy (2015), algorithms 1 and 2; van Laarhoven (2017) for
the scale of normalized weights; Yang et al. (2019), theorem 3.9 and before, for
ReLU.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian

Array = np.ndarray
EPS = 2.0**-10


def root(x: object) -> object:
    """Square root of balls or of duals, which only know exp and log.

    Args:
        x: positive numbers.
    """
    return np.exp(np.log(x) / 2)


def normalized(x: Array, eps: float = 0.0) -> Array:
    """Subtract the mean and divide by the root of the variance plus eps.

    Args:
        x: one feature over a batch.
        eps: added to the variance.
    """
    centered = x - x.sum() / len(x)
    return centered / root((centered**2).sum() / len(x) + eps)


def normalized_variance() -> Derivation:
    x = sp.symbols("x_1:4", real=True)
    eps = sp.Symbol("epsilon", positive=True)
    m = sum(x) / 3
    v = sum((xi - m) ** 2 for xi in x) / 3
    return Derivation(
        label="normalization.4",
        lhs=r"\frac1N\sum_i\hat x_i^2",
        steps=(
            Step(
                value=sum((xi - m) ** 2 / (v + eps) for xi in x) / 3,
                why=r"the mean of $\hat x$ is 0, so its variance is the mean "
                "of its squares",
                latex=r"\frac1N\sum_i\frac{(x_i-m)^2}{v+\epsilon}",
            ),
            Step(
                value=v / (v + eps),
                why="the numerators add up to $Nv$",
                latex=r"\frac{v}{v+\epsilon}",
            ),
            Step(
                value=sp.Integer(1),
                why="so the variance is 1, or a little less",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            **{f"x_{i}": rng.normal() for i in (1, 2, 3)},
            "epsilon": rng.uniform(0.01, 1),
        },
        scope="a batch of three",
    )


def batch_norm_gradient() -> Derivation:
    def loss(d: dict, x: Array) -> object:
        return (d["p"] * normalized(x, EPS)).sum()

    def through(d: dict) -> Array:
        x, p, N = d["x"], d["p"], len(d["x"])
        c = x - x.sum() / N
        r = 1 / np.sqrt((c**2).sum() / N + EPS)
        dc = p * r - (p * c).sum() * r**3 * c / N
        return dc - dc.sum() / N

    def short(d: dict) -> Array:
        x, p, N = d["x"], d["p"], len(d["x"])
        hat = normalized(x, EPS)
        r = 1 / np.sqrt(((x - x.sum() / N) ** 2).sum() / N + EPS)
        return r * (p - p.sum() / N - hat * (p * hat).sum() / N)

    return Derivation(
        label="normalization.5",
        lhs=r"\bar x_i",
        steps=(
            Step(
                value=lambda d: jacobian(lambda x: loss(d, x), d["x"]),
                why=r"let $p_i=\gamma\,\bar y_i$ be what arrives at $\hat x_i$",
                latex=r"\frac{\partial}{\partial x_i}\sum_jp_j\,\hat x_j,"
                r"\qquad\hat x_j=r\,c_j,\ c_j=x_j-m,\ r=(v+\epsilon)^{-1/2}",
            ),
            Step(
                value=through,
                why="each $x_i$ acts on its own $c_i$, on the mean in all "
                r"$c_j$, and on $r$, where $\frac{\partial r}{\partial c_i}"
                r"=-\frac{r^3c_i}{N}$",
                latex=r"\bar c_i-\frac1N\sum_j\bar c_j,\qquad\bar c_i=r\,p_i"
                r"-\frac{r^3c_i}N\sum_jp_jc_j",
            ),
            Step(
                value=short,
                why=r"the $c_j$ add up to 0, so the second part of $\bar c$ "
                r"has no mean; and $r\,c_j$ is $\hat x_j$",
                latex=r"r\,\Big(p_i-\frac1N\sum_jp_j"
                r"-\hat x_i\,\frac1N\sum_jp_j\hat x_j\Big)",
            ),
        ),
        draw=lambda rng: {"x": rng.normal(size=4), "p": rng.normal(size=4)},
        scope=r"a batch of four, $\epsilon=2^{-10}$",
    )


def scaled_weights() -> Derivation:
    def loss(d: dict, w: Array) -> object:
        hat = normalized(d["X"] @ w)
        return (d["p"] * np.tanh(hat)).sum()

    return Derivation(
        label="normalization.8",
        lhs=r"\nabla\mathcal L(aw)",
        steps=(
            Step(
                value=lambda d: jacobian(lambda w: loss(d, w), d["a"] * d["w"]),
                why="a unit whose weights are multiplied by $a>0$",
                latex=r"\frac{\partial}{\partial u}\,\mathcal L(u)"
                r"\Big|_{u=aw}",
            ),
            Step(
                value=lambda d: (
                    jacobian(lambda w: loss(d, d["a"] * w), d["w"]) / d["a"]
                ),
                why="the chain rule for $u=aw$",
                latex=r"\frac1a\,\frac{\partial}{\partial w}\,\mathcal L(aw)",
            ),
            Step(
                value=lambda d: jacobian(lambda w: loss(d, w), d["w"]) / d["a"],
                why=r"$\mathcal L(aw)=\mathcal L(w)$, because mean and "
                "deviation are multiplied by $a$ as well",
                latex=r"\frac1a\,\nabla\mathcal L(w)",
            ),
        ),
        draw=lambda rng: {
            "X": rng.normal(size=(4, 3)),
            "w": rng.normal(size=3),
            "p": rng.normal(size=4),
            "a": rng.uniform(0.2, 5),
        },
        scope=r"one unit, three inputs, a batch of four, $\epsilon=0$",
    )


def norm_growth() -> Derivation:
    def gradient(d: dict) -> Array:
        return jacobian(
            lambda w: (d["p"] * np.tanh(normalized(d["X"] @ w))).sum(), d["w"]
        )

    def stepped(d: dict) -> object:
        w = d["w"] - d["eta"] * gradient(d)
        return (w**2).sum()

    return Derivation(
        label="normalization.9",
        lhs=r"\|w-\eta\,\nabla\mathcal L\|^2",
        steps=(
            Step(
                value=stepped,
                why="the weights of that unit after a step of gradient descent",
                latex=r"\sum_j\Big(w_j-\eta\,"
                r"\frac{\partial\mathcal L}{\partial w_j}\Big)^2",
            ),
            Step(
                value=lambda d: (
                    (d["w"] ** 2).sum()
                    + d["eta"] ** 2 * (gradient(d) ** 2).sum()
                ),
                why=r"along $w$ the loss does not change, so "
                r"$w^\top\nabla\mathcal L=0$",
                latex=r"\|w\|^2+\eta^2\,\|\nabla\mathcal L\|^2",
            ),
        ),
        draw=lambda rng: {
            "X": rng.normal(size=(4, 3)),
            "w": rng.normal(size=3),
            "p": rng.normal(size=4),
            "eta": rng.uniform(0.01, 1),
        },
        scope=r"one unit, three inputs, a batch of four, $\epsilon=0$",
    )


def folding() -> Derivation:
    gamma, beta, w, b, x, m = sp.symbols("gamma beta w b x m", real=True)
    v = sp.Symbol("v", positive=True)
    eps = sp.Symbol("epsilon", positive=True)
    r = gamma / sp.sqrt(v + eps)
    return Derivation(
        label="normalization.7",
        lhs="y",
        steps=(
            Step(
                value=gamma * (w * x + b - m) / sp.sqrt(v + eps) + beta,
                why="a linear layer, then batch norm by stored statistics",
                latex=r"\gamma\,\frac{(w^\top x+b)-\mu}{\sqrt{s^2+\epsilon}}"
                r"+\beta",
            ),
            Step(
                value=(r * w) * x + (r * (b - m) + beta),
                why="collect what multiplies $x$ and what does not",
                latex=r"(r\,w)^\top x+\big(r\,(b-\mu)+\beta\big),\qquad "
                r"r=\frac{\gamma}{\sqrt{s^2+\epsilon}}",
            ),
        ),
        draw=lambda rng: {
            **{n: rng.normal() for n in ("gamma", "beta", "w", "b", "x", "m")},
            "v": rng.uniform(0.1, 3),
            "epsilon": rng.uniform(0.01, 1),
        },
        scope="one input; more only make the sum longer",
    )


def relu_growth() -> Derivation:
    t = sp.Symbol("t", real=True)
    density = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
    mean = sp.Integral(t * density, (t, 0, sp.oo))
    square = sp.Integral(t**2 * density, (t, 0, sp.oo))
    on = sp.Integral(density, (t, 0, sp.oo))
    return Derivation(
        label="normalization.10",
        lhs=r"\frac{E[f'(Z)^2]}{\operatorname{Var}f(Z)}",
        steps=(
            Step(
                value=on / (square - mean**2),
                why=r"ReLU's derivative is 1 on the right, and $Z$ standard "
                "normal",
                latex=r"\frac{\int_0^\infty\varphi(t)\,dt}"
                r"{\int_0^\infty t^2\varphi(t)\,dt"
                r"-\big(\int_0^\infty t\,\varphi(t)\,dt\big)^2}",
            ),
            Step(
                value=sp.Rational(1, 2) / (sp.Rational(1, 2) - 1 / (2 * sp.pi)),
                why=r"the integrals are $\frac12$, $\frac12$ and "
                r"$\frac1{\sqrt{2\pi}}$",
                latex=r"\frac{\frac12}{\frac12-\frac1{2\pi}}",
            ),
            Step(
                value=sp.pi / (sp.pi - 1),
                why=r"multiply both by $2\pi$",
            ),
        ),
        draw=lambda rng: {},
    )
