"""Derivatives of the rectifiers and of the gated activations.

Part of the row `dlf.derive.activations`, which imports it.
"""

import numpy as np
import sympy as sp

from dlf.derive.activations.sigmoids import sigma, x
from dlf.derive.derivation import Derivation, Step

alpha, beta = sp.symbols("alpha beta", positive=True)


def point(rng: np.random.Generator) -> dict:
    return {
        "x": rng.normal(scale=2),
        "alpha": rng.uniform(0.1, 2),
        "beta": rng.uniform(0.2, 4),
    }


def prelu_gradient() -> Derivation:
    return Derivation(
        "activations.9",
        r"\frac{\partial}{\partial\alpha}\,\mathrm{PReLU}_\alpha(x)",
        (
            Step(
                sp.Derivative(sp.Max(0, x) + alpha * sp.Min(0, x), alpha),
                "the definition, which is linear in α",
                r"\frac{\partial}{\partial\alpha}"
                r"\big(\max(0,x)+\alpha\min(0,x)\big)",
            ),
            Step(sp.Min(0, x), "only one term has it", r"\min(0,x)"),
        ),
        point,
    )


def elu_derivative() -> Derivation:
    return Derivation(
        "activations.11",
        r"\mathrm{ELU}_\alpha'(x)",
        (
            Step(
                sp.Derivative(alpha * (sp.exp(x) - 1), x),
                "the definition on the negative side",
            ),
            Step(alpha * sp.exp(x), "an exponential is its own derivative"),
            Step(
                alpha * (sp.exp(x) - 1) + alpha,
                "so the derivative can be read off the value",
                r"\mathrm{ELU}_\alpha(x)+\alpha",
            ),
        ),
        lambda rng: point(rng) | {"x": -rng.exponential()},
        r"$x<0$",
    )


def gelu_expectation() -> Derivation:
    t = sp.Symbol("t", real=True)
    density = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
    return Derivation(
        "activations.12",
        r"E\big[x\,1[Z\le x]\big]",
        (
            Step(
                sp.Integral(x * density, (t, -sp.oo, x)),
                "x is kept whenever a standard normal draw falls below it",
                r"\int_{-\infty}^{x} x\,\frac{e^{-t^2/2}}{\sqrt{2\pi}}\,dt",
            ),
            Step(
                x / 2 * (1 + sp.erf(x / sp.sqrt(2))),
                "the integral is the distribution function",
                r"x\,\Phi(x)=\frac x2\Big(1+\mathrm{erf}\frac x{\sqrt2}\Big)",
            ),
        ),
        point,
    )


def swish_derivative() -> Derivation:
    g = sigma(beta * x)
    return Derivation(
        "activations.14",
        r"\mathrm{Swish}_\beta'(x)",
        (
            Step(
                sp.Derivative(x * g, x),
                "the definition",
                r"\frac{d}{dx}\,x\,\sigma(\beta x)",
            ),
            Step(
                g + beta * x * g * (1 - g),
                "the product rule, and the derivative of the sigmoid",
                r"g+\beta x\,g\,(1-g),\quad g=\sigma(\beta x)",
            ),
        ),
        point,
    )


def swish_minimum() -> Derivation:
    w = sp.LambertW(sp.exp(-1))

    def search(d: dict) -> float:
        low, high = -3 / d["beta"], 0.0
        for _ in range(60):  # golden section
            a, b = high - (high - low) / 1.618034, low + (high - low) / 1.618034
            fa, fb = (v / (1 + np.exp(-d["beta"] * v)) for v in (a, b))
            low, high = (low, b) if fa < fb else (a, high)
        return low / (1 + np.exp(-d["beta"] * low))

    return Derivation(
        "activations.15",
        r"\min_x\,x\,\sigma(\beta x)",
        (
            Step(
                search,
                "the lowest point, found by golden section",
                r"x^*\sigma(\beta x^*)",
            ),
            Step(
                -(1 + w) / beta * sigma(-(1 + w)),
                r"the derivative is zero where $1+u+e^u=0$, with $u=\beta x$; "
                "Lambert's W, the inverse of $w\\,e^w$, solves that",
                r"x^*\sigma(\beta x^*),"
                r"\quad \beta x^*=-\big(1+W(\tfrac1e)\big)=-1.278\ldots",
            ),
            Step(
                -w / beta,
                "W times its exponential is 1/e, so the sigmoid there is "
                "W/(1 + W)",
                r"-\frac{1}{\beta}\,W\big(\tfrac1e\big)"
                r"=-\frac{0.2784\ldots}{\beta}",
            ),
        ),
        point,
    )


def mish_derivative() -> Derivation:
    g = sp.tanh(sp.log(1 + sp.exp(x)))
    return Derivation(
        "activations.16",
        r"\mathrm{Mish}'(x)",
        (
            Step(
                sp.Derivative(x * g, x),
                "the definition",
                r"\frac{d}{dx}\,x\,\tanh\big(\log(1+e^x)\big)",
            ),
            Step(
                g + x * (1 - g**2) * sigma(x),
                "the product rule; the derivative of softplus is the sigmoid",
                r"g+x\,(1-g^2)\,\sigma(x),"
                r"\quad g=\tanh\big(\log(1+e^x)\big)",
            ),
        ),
        point,
    )
