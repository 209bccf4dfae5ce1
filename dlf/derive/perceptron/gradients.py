"""Derivatives of three losses of one unit: step, line and sigmoid.

    d max(0, -t z) / dz = yhat - y                           (perceptron.8)
    d (z - y)^2 / 2 / dz = z - y                             (perceptron.9)
    d -log p(y) / dz = sigma(z) - y                         (perceptron.10)

Part of the row `dlf.derive.perceptron`, which imports it.
Source: Goodfellow, Bengio & Courville (2016), Deep Learning, 6.2.2.
"""

import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import derivative


def step_derivative() -> Derivation:
    def by_definition(d: dict) -> object:
        return derivative(lambda z: max(0, -d["t"] * z), d["z"])

    return Derivation(
        label="perceptron.8",
        lhs=r"\frac{d}{dz}\max(0,-tz)",
        steps=(
            Step(
                value=by_definition,
                why="by definition of the derivative, which at z = 0 does not "
                "exist; elsewhere it is",
                latex=r"\lim_{h\to0}\frac{\max(0,-t(z+h))-\max(0,-tz)}{h}",
            ),
            Step(
                value=lambda d: -d["t"] if d["t"] * d["z"] < 0 else 0,
                why="zero on the right side, −t on the wrong one",
                latex=r"-t\cdot1[tz<0]",
            ),
            Step(
                value=lambda d: int(d["z"] >= 0) - (d["t"] + 1) // 2,
                why="which is what the unit says minus what it should say",
                latex=r"\hat y-y",
            ),
        ),
        draw=lambda rng: {
            "t": rng.choice([-1, 1]),
            "z": rng.choice([-1, 1]) * rng.uniform(0.01, 3),
        },
    )


def delta_rule_gradient() -> Derivation:
    z, y = sp.symbols("z y", real=True)
    return Derivation(
        label="perceptron.9",
        lhs=r"\frac{d}{dz}\,\tfrac12(z-y)^2",
        steps=(
            Step(
                value=sp.Derivative((z - y) ** 2 / 2, z),
                why="the sum z itself is the unit's answer",
                latex=r"\tfrac12\cdot2\,(z-y)",
            ),
            Step(value=z - y, why="the halves cancel", latex="z-y"),
        ),
        draw=lambda rng: {"z": rng.normal(), "y": rng.normal()},
    )


def logistic_gradient() -> Derivation:
    z, y = sp.symbols("z y", real=True)
    sigmoid = 1 / (1 + sp.exp(-z))
    loss = -y * sp.log(sigmoid) - (1 - y) * sp.log(1 - sigmoid)
    return Derivation(
        label="perceptron.10",
        lhs=r"\frac{d}{dz}\big(-y\log\sigma-(1-y)\log(1-\sigma)\big)",
        steps=(
            Step(
                value=sp.Derivative(loss, z),
                why="the negative log-likelihood of the label, which the unit "
                "gives probability σ(z) of being 1; the derivative of σ is "
                "σ(1 − σ), by {eq}`activations.2`",
                latex=r"-\frac{y}{\sigma}\,\sigma(1-\sigma)"
                r"+\frac{1-y}{1-\sigma}\,\sigma(1-\sigma)",
            ),
            Step(
                value=sigmoid - y,
                why="cancel, and collect",
                latex=r"\sigma(z)-y",
            ),
        ),
        draw=lambda rng: {"z": rng.normal(), "y": rng.random()},
    )
