"""The evidence lower bound, a divergence of Gaussians, and collapse.

Source: Kingma & Welling (2014), equations 1 to 3 and appendix B; Lucas et al.
(2019), section 4, for the linear case; Tipping & Bishop (1999) for its optimum.
"""

from typing import Any

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import simplex


def evidence_bound() -> Derivation:
    def joint(d: dict) -> Any:
        return d["prior"] * d["likelihood"]

    def split(d: dict) -> Any:
        q, p = d["q"], joint(d)
        behind = p / p.sum()
        return (q * np.log(p / q)).sum() + (q * np.log(q / behind)).sum()

    def bound(d: dict) -> Any:
        q = d["q"]
        return (q * np.log(joint(d) / q)).sum()

    def two_terms(d: dict) -> Any:
        q = d["q"]
        fit = (q * np.log(d["likelihood"])).sum()
        return fit - (q * np.log(q / d["prior"])).sum()

    return Derivation(
        label="generative.5",
        lhs=r"\log p(x)",
        steps=(
            Step(
                value=lambda d: np.log(joint(d).sum()),
                why="sum over all codes $z$; where they are normal, the sums "
                "are integrals, and each step is the same",
                latex=r"\log\sum_zp(x,z)",
            ),
            Step(
                value=split,
                why=r"for any $q(z)$, since $p(x)=p(x,z)/p(z|x)$ whatever $z$: "
                "take logarithms, average by $q$, put $q$ above and below",
                latex=r"\mathbb E_q\log\frac{p(x,z)}{q(z)}"
                r"+\mathrm{KL}\big(q(z)\,\|\,p(z|x)\big)",
            ),
            Step(
                value=bound,
                relation=r"\ge",
                why="a divergence is not negative; it is 0 where $q$ is the "
                "posterior",
                latex=r"\mathbb E_q\log\frac{p(x,z)}{q(z)}",
            ),
            Step(
                value=two_terms,
                why="$p(x,z)=p(z)\\,p(x|z)$",
                latex=r"\mathbb E_q\log p(x|z)"
                r"-\mathrm{KL}\big(q(z)\,\|\,p(z)\big)",
            ),
        ),
        draw=lambda rng: {
            "prior": simplex(rng, 4),
            "q": simplex(rng, 4),
            "likelihood": rng.uniform(0.01, 1, size=4),
        },
        scope="four codes",
    )


def gaussian_kl() -> Derivation:
    z = sp.symbols("z", real=True)
    m = sp.symbols("m", real=True)
    s = sp.symbols("s", positive=True)
    q = sp.exp(-((z - m) ** 2) / (2 * s**2)) / (s * sp.sqrt(2 * sp.pi))
    ratio = z**2 / 2 - (z - m) ** 2 / (2 * s**2) - sp.log(s)
    square = s**2 + m**2
    return Derivation(
        label="generative.6",
        lhs=r"\mathrm{KL}",
        steps=(
            Step(
                value=sp.Integral(q * sp.expand(ratio), (z, -sp.oo, sp.oo)),  # pyright: ignore[reportArgumentType]
                why=r"$\mathbb E_q\log\frac qp$ for $q=\mathcal N(\mu,"
                r"\sigma^2)$, $p=\mathcal N(0,1)$, where $2\pi$ cancels",
                latex=r"\mathbb E_q\Big[\frac{z^2}2-\frac{(z-\mu)^2}{2\sigma^2}"
                r"-\log\sigma\Big]",
            ),
            Step(
                value=square / 2 - s**2 / (2 * s**2) - sp.log(s),
                why=r"$\mathbb E z^2=\mu^2+\sigma^2$ and $\mathbb E(z-\mu)^2"
                r"=\sigma^2$",
                latex=r"\frac{\mu^2+\sigma^2}2-\frac{\sigma^2}{2\sigma^2}"
                r"-\log\sigma",
            ),
            Step(
                value=(m**2 + s**2 - 1 - sp.log(s**2)) / 2,
                why="collect; codes that are independent add up",
                latex=r"\frac12\big(\mu^2+\sigma^2-1-\log\sigma^2\big)",
            ),
        ),
        draw=lambda rng: {"m": rng.normal(), "s": rng.uniform(0.2, 3)},
    )


def collapse() -> Derivation:
    w, s, v = sp.symbols("w s v", positive=True)
    total = w**2 + s**2
    nll = (sp.log(total) + v / total) / 2
    return Derivation(
        label="generative.8",
        lhs=r"\frac{\mathrm d}{\mathrm dw}\big(-\mathbb E\log p(x)\big)",
        steps=(
            Step(
                value=sp.Derivative(nll, w),
                why=r"$x=wz+s\varepsilon$ has variance $w^2+s^2$, the data "
                r"have $\lambda$; the encoder at its best, the bound is tight",
                latex=r"\frac{\mathrm d}{\mathrm dw}\,\frac12\Big(\log(w^2+s^2)"
                r"+\frac\lambda{w^2+s^2}\Big)",
            ),
            Step(
                value=w / total - w * v / total**2,
                why="chain rule",
                latex=r"\frac w{w^2+s^2}-\frac{w\lambda}{(w^2+s^2)^2}",
            ),
            Step(
                value=w * (w**2 - (v - s**2)) / total**2,
                why=r"one fraction: zero at $w=0$, and at $w^2=\lambda-s^2$ if "
                "that is positive",
                latex=r"\frac{w\,\big(w^2-(\lambda-s^2)\big)}{(w^2+s^2)^2}",
            ),
        ),
        draw=lambda rng: {
            "w": rng.uniform(0.1, 2),
            "s": rng.uniform(0.1, 2),
            "v": rng.uniform(0.1, 4),
        },
    )
