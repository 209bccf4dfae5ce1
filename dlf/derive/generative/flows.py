"""Flow matching has the gradient of what it means; densities of flows.

Source: Lipman et al. (2023), theorem 2; Rezende & Mohamed (2015), equation 5;
Dinh, Sohl-Dickstein & Bengio (2017), section 3.3.
"""

from typing import Any

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import simplex

Array = np.ndarray


def conditional_flow() -> Derivation:
    def mean(d: dict) -> Any:
        return (d["p"] * d["u"]).sum()

    return Derivation(
        label="generative.21",
        lhs=r"\mathbb E\,(v-u)^2",
        steps=(
            Step(
                value=lambda d: (d["p"] * (d["v"] - d["u"]) ** 2).sum(),
                why="at one point and one time: line $k$ of those that pass "
                "there has velocity $u_k$ and probability $p_k$",
                latex=r"\sum_kp_k\,(v-u_k)^2",
            ),
            Step(
                value=lambda d: (
                    (d["v"] - mean(d)) ** 2
                    + 2
                    * (d["v"] - mean(d))
                    * (d["p"] * (mean(d) - d["u"])).sum()
                    + (d["p"] * (mean(d) - d["u"]) ** 2).sum()
                ),
                why=r"put in the mean $\bar u=\mathbb E\,u$, and multiply out",
                latex=r"(v-\bar u)^2+2\,(v-\bar u)\,\mathbb E(\bar u-u)"
                r"+\mathbb E(\bar u-u)^2",
            ),
            Step(
                value=lambda d: (
                    (d["v"] - mean(d)) ** 2
                    + (d["p"] * (mean(d) - d["u"]) ** 2).sum()
                ),
                why="the middle is 0; the last term does not depend on $v$, "
                "and so the gradient is that of the first",
                latex=r"(v-\bar u)^2+\operatorname{Var}u",
            ),
        ),
        draw=lambda rng: {
            "p": simplex(rng, 4),
            "u": rng.normal(size=4),
            "v": rng.normal(),
        },
        scope="four lines",
    )


def change_of_variables() -> Derivation:
    x, y, s = sp.symbols("x y s", real=True)
    z = y * sp.exp(sp.tanh(s * x)) + x**2
    jacobian = sp.Matrix([x, z]).jacobian([x, y])
    prior = -(x**2 + z**2) / 2 - sp.log(2 * sp.pi)
    return Derivation(
        label="generative.22",
        lhs=r"\log p_x(x)",
        steps=(
            Step(
                value=prior + sp.log(jacobian.det()),
                why="$z=f(x)$ can be undone and is standard normal: an area "
                r"around $x$ becomes $|\det J|$ times as large and keeps its "
                "probability, so that the density is as many times higher",
                latex=r"\log p_z\big(f(x)\big)+\log|\det J(x)|",
            ),
            Step(
                value=prior + sp.tanh(s * x),
                why="in a coupling layer, the next formula, $J$ is triangular: "
                "the determinant is "
                r"the product of its diagonal, $\prod_je^{s_j}$",
                latex=r"-\tfrac12\|z\|^2-\tfrac D2\log2\pi+\sum_js_j",
            ),
        ),
        draw=lambda rng: {n: rng.normal() for n in ("x", "y", "s")},
        scope=r"two features, $z_1=x_1$, $z_2=x_2e^{\tanh(sx_1)}+x_1^2$",
    )
