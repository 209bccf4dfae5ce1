"""Derivatives of the sigmoid and tanh, and the Jacobian of softmax.

Part of the row `dlf.derive.activations`, which imports it.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import softmax

x = sp.Symbol("x", real=True)


def sigma(u: sp.Expr) -> sp.Expr:
    """The sigmoid, in symbols.

    Args:
        u: pre-activation.
    """
    return 1 / (1 + sp.exp(-u))


def point(rng: np.random.Generator) -> dict:
    """Draw an input.

    Args:
        rng: draws it.
    """
    return {"x": rng.normal(scale=2)}


def sigmoid_derivative() -> Derivation:
    e = sp.exp(-x)
    return Derivation(
        label="activations.2",
        lhs=r"\sigma'(x)",
        steps=(
            Step(
                value=sp.Derivative(sigma(x), x),
                why="the definition",
            ),
            Step(value=e / (1 + e) ** 2, why="the chain rule on a reciprocal"),
            Step(
                value=sigma(x) * (1 - sigma(x)),
                why="one factor is σ(x), the other 1 − σ(x)",
                latex=r"\sigma(x)\,\big(1-\sigma(x)\big)",
            ),
        ),
        draw=point,
    )


def tanh_sigmoid_identity() -> Derivation:
    up, down = sp.exp(x), sp.exp(-x)
    return Derivation(
        label="activations.3",
        lhs=r"\tanh x",
        steps=(
            Step(
                value=(up - down) / (up + down),
                why="the definition",
            ),
            Step(
                value=(1 - sp.exp(-2 * x)) / (1 + sp.exp(-2 * x)),
                why="divide both by the first exponential",
            ),
            Step(
                value=2 * sigma(2 * x) - 1,
                why="the numerator is 2 minus the denominator, and one over "
                "the denominator is σ(2x)",
                latex=r"2\,\sigma(2x)-1",
            ),
        ),
        draw=point,
    )


def tanh_derivative() -> Derivation:
    sinh, cosh = sp.sinh(x), sp.cosh(x)
    return Derivation(
        label="activations.4",
        lhs=r"\tanh' x",
        steps=(
            Step(
                value=sp.Derivative(sinh / cosh, x),
                why="the definition, as a quotient",
            ),
            Step(
                value=(cosh * cosh - sinh * sinh) / cosh**2,
                why="the quotient rule; sinh and cosh are each the other's "
                "derivative",
                latex=r"\frac{\cosh x\,\cosh x-\sinh x\,\sinh x}{\cosh^2 x}",
            ),
            Step(
                value=1 - sp.tanh(x) ** 2,
                why="divide term by term",
            ),
        ),
        draw=point,
    )


def derivative_ratio() -> Derivation:
    c = sp.cosh(x / 2)
    return Derivation(
        label="activations.5",
        lhs=r"\frac{\sigma'(x)}{\tanh'(x)}",
        steps=(
            Step(
                value=sigma(x) * (1 - sigma(x)) / (1 - sp.tanh(x) ** 2),
                why="both derivatives from above",
                latex=r"\frac{\sigma(x)\,(1-\sigma(x))}{1-\tanh^2x}",
            ),
            Step(
                value=sp.cosh(x) ** 2 / (4 * c**2),
                why="with σ′ = 1/(4 cosh²(x/2)) and tanh′ = 1/cosh² x",
            ),
            Step(
                value=(c - 1 / (2 * c)) ** 2,
                why="the double angle: cosh x = 2c² − 1, with c = cosh(x/2)",
                latex=r"\Big(c-\frac{1}{2c}\Big)^{2},\quad c=\cosh\frac x2",
            ),
        ),
        draw=point,
    )


def softmax_jacobian() -> Derivation:
    def entries(d: dict) -> np.ndarray:
        p = softmax(d["z"])
        return p[:, None] * (np.eye(len(p)) - p)

    def matrix(d: dict) -> np.ndarray:
        p = softmax(d["z"])
        return np.diag(p) - np.outer(p, p)

    return Derivation(
        label="activations.20",
        lhs=r"\frac{\partial p}{\partial z}",
        steps=(
            Step(
                value=lambda d: jacobian(softmax, d["z"]),
                why="the definition, probability i against logit j",
                latex=r"\Big(\frac{\partial}{\partial z_j}"
                r"\frac{e^{z_i}}{\sum_c e^{z_c}}\Big)_{ij}",
            ),
            Step(
                value=entries,
                why="the quotient rule: the numerator moves only if i = j, the "
                "sum always",
                latex=r"\Big(p_i\,\big(1[i=j]-p_j\big)\Big)_{ij}",
            ),
            Step(
                value=matrix,
                why="the same, without indices",
                latex=r"\mathrm{diag}(p)-p\,p^\top",
            ),
        ),
        draw=lambda rng: {"z": rng.normal(scale=2, size=5)},
    )
