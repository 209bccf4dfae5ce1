"""Derivatives of the rectifiers and of the gated activations.

Part of the row `dlf.derive.activations`, which imports it.
"""

import numpy as np
import sympy as sp

from dlf.derive.activations.sigmoids import sigma, x
from dlf.derive.balls import ball
from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import derivative
from dlf.derive.numeric import root, sigmoid

alpha, beta = sp.symbols("alpha beta", positive=True)


def point(rng: np.random.Generator) -> dict:
    """Draw an input and the parameters of the rectifiers and of Swish.

    Args:
        rng: draws them.
    """
    return {
        "x": rng.normal(scale=2),
        "alpha": rng.uniform(0.1, 2),
        "beta": rng.uniform(0.2, 4),
    }


def prelu_gradient() -> Derivation:
    return Derivation(
        label="activations.9",
        lhs=r"\frac{\partial}{\partial\alpha}\,\mathrm{PReLU}_\alpha(x)",
        steps=(
            Step(
                value=sp.Derivative(sp.Max(0, x) + alpha * sp.Min(0, x), alpha),
                why="the definition, which is linear in α",
            ),
            Step(
                value=sp.Min(0, x),
                why="only one term has it",
            ),
        ),
        draw=point,
    )


def elu_derivative() -> Derivation:
    return Derivation(
        label="activations.11",
        lhs=r"\mathrm{ELU}_\alpha'(x)",
        steps=(
            Step(
                value=sp.Derivative(alpha * (sp.exp(x) - 1), x),
                why="the definition on the negative side",
            ),
            Step(
                value=alpha * sp.exp(x),
                why="an exponential is its own derivative",
            ),
            Step(
                value=alpha * (sp.exp(x) - 1) + alpha,
                why="so the derivative can be read off the value",
                latex=r"\mathrm{ELU}_\alpha(x)+\alpha",
            ),
        ),
        draw=lambda rng: point(rng) | {"x": -rng.exponential()},
        scope=r"$x<0$",
    )


def gelu_expectation() -> Derivation:
    t = sp.Symbol("t", real=True)
    density = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
    return Derivation(
        label="activations.12",
        lhs=r"E\big[x\,1[Z\le x]\big]",
        steps=(
            Step(
                value=sp.Integral(x * density, (t, -sp.oo, x)),
                why="the input is kept whenever a standard normal draw falls "
                "below it",
                latex=r"\int_{-\infty}^{x} x\,\frac{e^{-t^2/2}}{\sqrt{2\pi}}"
                r"\,dt",
            ),
            Step(
                value=x / 2 * (1 + sp.erf(x / sp.sqrt(2))),
                why=r"take $x$ out, and the integral is $\Phi(x)$, the "
                r"probability of $Z\le x$, which software writes with the "
                "error function erf",
                latex=r"x\,\Phi(x)=\frac x2\Big(1+\mathrm{erf}\frac "
                r"x{\sqrt2}\Big)",
            ),
        ),
        draw=point,
    )


def swish_derivative() -> Derivation:
    g = sigma(beta * x)
    return Derivation(
        label="activations.14",
        lhs=r"\mathrm{Swish}_\beta'(x)",
        steps=(
            Step(
                value=sp.Derivative(x * g, x),
                why="the definition",
                latex=r"\frac{d}{dx}\,x\,\sigma(\beta x)",
            ),
            Step(
                value=g + beta * x * g * (1 - g),
                why="the product rule, and the derivative of the sigmoid",
                latex=r"g+\beta x\,g\,(1-g),\quad g=\sigma(\beta x)",
            ),
        ),
        draw=point,
    )


def swish_minimum() -> Derivation:
    w = sp.LambertW(sp.exp(-1))

    def halved(d: dict) -> object:
        def swish(x: object) -> object:
            return x * sigmoid(d["beta"] * x)

        return swish(root(lambda x: derivative(swish, x), ball(-16), ball(0)))

    return Derivation(
        label="activations.15",
        lhs=r"\min_x\,x\,\sigma(\beta x)",
        steps=(
            Step(
                value=halved,
                why="the value at the lowest point, where the derivative is "
                "zero",
                latex=r"x^*\sigma(\beta x^*)",
            ),
            Step(
                value=-(1 + w) / beta * sigma(-(1 + w)),
                why=r"with $u=\beta x$ and $g=\sigma(u)$ the derivative is "
                r"$g+u\,g\,(1-g)$; divide by $g$, and as "
                r"$1-g=\frac1{1+e^u}$, it is zero where $1+u+e^u=0$; so "
                r"$w=e^u=-1-u$ has $w\,e^w=e^u e^{-1-u}=\frac1e$, and is "
                r"$W(\frac1e)$",
                latex=r"x^*\sigma(\beta x^*),"
                r"\quad \beta x^*=-\big(1+W(\tfrac1e)\big)=-1.278\ldots",
            ),
            Step(
                value=-w / beta,
                why="W times its exponential is 1/e, so the sigmoid there is "
                "W/(1 + W)",
                latex=r"-\frac{1}{\beta}\,W\big(\tfrac1e\big)"
                r"=-\frac{0.2784\ldots}{\beta}",
            ),
        ),
        draw=point,
    )


def mish_derivative() -> Derivation:
    g = sp.tanh(sp.log(1 + sp.exp(x)))
    return Derivation(
        label="activations.16",
        lhs=r"\mathrm{Mish}'(x)",
        steps=(
            Step(
                value=sp.Derivative(x * g, x),
                why="the definition",
            ),
            Step(
                value=g + x * (1 - g**2) * sigma(x),
                why="the product rule; the derivative of softplus is the "
                "sigmoid",
                latex=r"g+x\,(1-g^2)\,\sigma(x),"
                r"\quad g=\tanh\big(\log(1+e^x)\big)",
            ),
        ),
        draw=point,
    )
