"""Derivatives of the sigmoid and tanh, and the Jacobian of softmax.

Part of the row `dlf.derive.activations`, which imports it.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step

x = sp.Symbol("x", real=True)


def sigma(u: sp.Expr) -> sp.Expr:
    return 1 / (1 + sp.exp(-u))


def point(rng: np.random.Generator) -> dict:
    return {"x": rng.normal(scale=2)}


def sigmoid_derivative() -> Derivation:
    e = sp.exp(-x)
    return Derivation(
        "activations.2",
        r"\sigma'(x)",
        (
            Step(
                sp.Derivative(sigma(x), x),
                "the definition",
                r"\frac{d}{dx}\,\frac{1}{1+e^{-x}}",
            ),
            Step(e / (1 + e) ** 2, "the chain rule on a reciprocal"),
            Step(
                sigma(x) * (1 - sigma(x)),
                "one factor is σ(x), the other 1 − σ(x)",
                r"\sigma(x)\,\big(1-\sigma(x)\big)",
            ),
        ),
        point,
    )


def tanh_sigmoid_identity() -> Derivation:
    up, down = sp.exp(x), sp.exp(-x)
    return Derivation(
        "activations.3",
        r"\tanh x",
        (
            Step(
                (up - down) / (up + down),
                "the definition",
                r"\frac{e^{x}-e^{-x}}{e^{x}+e^{-x}}",
            ),
            Step(
                (1 - sp.exp(-2 * x)) / (1 + sp.exp(-2 * x)),
                "divide both by the first exponential",
                r"\frac{1-e^{-2x}}{1+e^{-2x}}",
            ),
            Step(
                2 * sigma(2 * x) - 1,
                "the numerator is 2 minus the denominator, and one over the "
                "denominator is σ(2x)",
                r"2\,\sigma(2x)-1",
            ),
        ),
        point,
    )


def tanh_derivative() -> Derivation:
    sinh, cosh = sp.sinh(x), sp.cosh(x)
    return Derivation(
        "activations.4",
        r"\tanh' x",
        (
            Step(
                sp.Derivative(sinh / cosh, x),
                "tanh is sinh over cosh",
                r"\frac{d}{dx}\,\frac{\sinh x}{\cosh x}",
            ),
            Step(
                (cosh * cosh - sinh * sinh) / cosh**2,
                "the quotient rule; sinh and cosh are each the other's "
                "derivative",
                r"\frac{\cosh x\,\cosh x-\sinh x\,\sinh x}{\cosh^2 x}",
            ),
            Step(
                1 - sp.tanh(x) ** 2,
                "divide term by term",
                r"1-\tanh^2 x",
            ),
        ),
        point,
    )


def derivative_ratio() -> Derivation:
    c = sp.cosh(x / 2)
    return Derivation(
        "activations.5",
        r"\frac{\sigma'(x)}{\tanh'(x)}",
        (
            Step(
                sigma(x) * (1 - sigma(x)) / (1 - sp.tanh(x) ** 2),
                "both derivatives from above",
                r"\frac{\sigma(x)\,(1-\sigma(x))}{1-\tanh^2x}",
            ),
            Step(
                sp.cosh(x) ** 2 / (4 * c**2),
                "σ′ is 1/(4 cosh²(x/2)), and tanh′ is 1/cosh² x",
            ),
            Step(
                (c - 1 / (2 * c)) ** 2,
                "cosh x = 2c² − 1, with c = cosh(x/2)",
                r"\Big(c-\frac{1}{2c}\Big)^{2},\quad c=\cosh\frac x2",
            ),
        ),
        point,
    )


def softmax_jacobian() -> Derivation:
    def softmax(z: np.ndarray) -> np.ndarray:
        e = np.exp(z - z.real.max())
        return e / e.sum()

    def by_definition(d: dict, h: float = 1e-20) -> np.ndarray:
        ways = np.eye(len(d["z"])) * 1j * h  # a step off the real line is exact
        return np.stack([softmax(d["z"] + v).imag / h for v in ways], axis=1)

    def entries(d: dict) -> np.ndarray:
        p = softmax(d["z"])
        return p[:, None] * (np.eye(len(p)) - p)

    def matrix(d: dict) -> np.ndarray:
        p = softmax(d["z"])
        return np.diag(p) - np.outer(p, p)

    return Derivation(
        "activations.20",
        r"\frac{\partial p}{\partial z}",
        (
            Step(
                by_definition,
                "the definition, probability i against logit j",
                r"\Big(\frac{\partial}{\partial z_j}"
                r"\frac{e^{z_i}}{\sum_c e^{z_c}}\Big)_{ij}",
            ),
            Step(
                entries,
                "the quotient rule: the numerator moves only if i = j, the "
                "sum always",
                r"\Big(p_i\,\big(1[i=j]-p_j\big)\Big)_{ij}",
            ),
            Step(
                matrix,
                "the same, without indices",
                r"\mathrm{diag}(p)-p\,p^\top",
            ),
        ),
        lambda rng: {"z": rng.normal(scale=2, size=5)},
    )
