"""Gradients of RMS norm, of weight norm and of spectral norm.

Source: Zhang & Sennrich (2019), 4.1; Salimans & Kingma (2016), equation 3;
Miyato et al. (2018), equation 10.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.normalization.batch import root

Array = np.ndarray
EPS = 2.0**-10


def rms_norm_gradient() -> Derivation:
    def loss(d: dict, x: Array) -> object:
        return (d["p"] * x / root((x * x).sum() / len(x) + EPS)).sum()

    def short(d: dict) -> Array:
        x, p, D = d["x"], d["p"], len(d["x"])
        r = 1 / np.sqrt((x * x).sum() / D + EPS)
        return r * (p - r * x * (p * r * x).sum() / D)

    return Derivation(
        label="normalization.11",
        lhs=r"\bar x_i",
        steps=(
            Step(
                value=lambda d: jacobian(lambda x: loss(d, x), d["x"]),
                why=r"again $p_i=\gamma_i\,\bar y_i$, over the features of one "
                "example",
                latex=r"\frac{\partial}{\partial x_i}\sum_jp_j\,r\,x_j,"
                r"\qquad r=\Big(\frac1D\sum_jx_j^2+\epsilon\Big)^{-1/2}",
            ),
            Step(
                value=short,
                why=r"as in {eq}`normalization.5`, without a mean to pass "
                "through",
                latex=r"r\,\Big(p_i-\hat x_i\,\frac1D\sum_jp_j\hat x_j\Big)",
            ),
        ),
        draw=lambda rng: {"x": rng.normal(size=4), "p": rng.normal(size=4)},
        scope=r"four features, $\epsilon=2^{-10}$",
    )


def weight_norm_gradient() -> Derivation:
    def loss(d: dict, v: Array) -> object:
        return (d["p"] * d["g"] * v / root((v * v).sum())).sum()

    def short(d: dict) -> Array:
        v, p = d["v"], d["p"]
        length = np.sqrt((v * v).sum())
        unit = v / length
        return d["g"] / length * (p - (unit * p).sum() * unit)

    return Derivation(
        label="normalization.12",
        lhs=r"\bar v",
        steps=(
            Step(
                value=lambda d: jacobian(lambda v: loss(d, v), d["v"]),
                why=r"with $p=\bar w$ for what arrives at the weights",
                latex=r"\frac{\partial}{\partial v}\;p^\top\frac{g\,v}{\|v\|}",
            ),
            Step(
                value=lambda d: (
                    d["g"]
                    * (
                        d["p"] / np.sqrt((d["v"] ** 2).sum())
                        - (d["p"] * d["v"]).sum()
                        * d["v"]
                        / np.sqrt((d["v"] ** 2).sum()) ** 3
                    )
                ),
                why=r"the product rule, with $\nabla\|v\|^{-1}"
                r"=-\frac{v}{\|v\|^3}$",
                latex=r"g\,\Big(\frac{p}{\|v\|}"
                r"-\frac{(p^\top v)\,v}{\|v\|^3}\Big)",
            ),
            Step(
                value=short,
                why=r"with $u=v/\|v\|$: what points along $v$ is taken away",
                latex=r"\frac{g}{\|v\|}\,\big(p-(p^\top u)\,u\big)",
            ),
        ),
        draw=lambda rng: {
            "v": rng.normal(size=4),
            "p": rng.normal(size=4),
            "g": rng.normal(),
        },
        scope="a row of four weights",
    )


def spectral_norm_gradient() -> Derivation:
    def loss(d: dict, v: Array) -> object:
        s = (d["u"][:, None] * v * d["r"][None, :]).sum()
        return (d["p"] * v).sum() / s

    def short(d: dict) -> Array:
        s = d["u"] @ d["v"] @ d["r"]
        w = d["v"] / s
        return (d["p"] - (d["p"] * w).sum() * np.outer(d["u"], d["r"])) / s

    return Derivation(
        label="normalization.13",
        lhs=r"\bar v",
        steps=(
            Step(
                value=lambda d: jacobian(lambda v: loss(d, v), d["v"]),
                why=r"with $p=\bar w$, and $u$ and $r$ held fixed",
                latex=r"\frac{\partial}{\partial v}\,"
                r"\frac{\langle p,v\rangle}{s},\qquad s=u^\top v\,r",
            ),
            Step(
                value=short,
                why=r"the quotient rule; the gradient of $s$ is $u\,r^\top$",
                latex=r"\frac1s\,\big(p-\langle p,w\rangle\,u\,r^\top\big)",
            ),
        ),
        draw=lambda rng: {
            "v": rng.normal(size=(3, 2)) + 3,
            "p": rng.normal(size=(3, 2)),
            "u": rng.uniform(0.2, 1, size=3),
            "r": rng.uniform(0.2, 1, size=2),
        },
        scope="a matrix of 3 × 2",
    )
