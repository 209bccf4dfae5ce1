"""Negative log-likelihood of classes, its gradient, and KL divergence.

Part of the row `dlf.derive.losses`, which imports it.
Source: Goodfellow, Bengio & Courville (2016), Deep Learning, 5.5 and 6.2.2.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import softmax

Array = np.ndarray


def labeled(rng: np.random.Generator) -> dict:
    """Draw logits of three classes and labels for five examples.

    Args:
        rng: draws them.
    """
    return {"z": rng.normal(size=(5, 3)), "y": rng.integers(3, size=5)}


def chosen(d: dict, z: Array) -> Array:
    """The probability that the model gave to what happened, row by row.

    Args:
        d: of `labeled`, whose ``y`` is read.
        z: logits, one row an example.
    """
    return softmax(z)[np.arange(len(z)), d["y"]]


def likelihood() -> Derivation:
    def logits(d: dict) -> object:
        z = d["z"]
        log_sum = np.log(np.exp(z).sum(-1))
        return (log_sum - z[np.arange(len(z)), d["y"]]).mean()

    return Derivation(
        label="losses.1",
        lhs=r"-\frac1N\log p(y_1,\dots,y_N\mid x_1,\dots,x_N)",
        steps=(
            Step(
                value=lambda d: (
                    -np.log(np.prod(chosen(d, d["z"]))) / len(d["z"])
                ),
                why="examples drawn independently: their probabilities "
                "multiply",
                latex=r"-\frac1N\log\prod_n p(y_n\mid x_n)",
            ),
            Step(
                value=lambda d: -np.log(chosen(d, d["z"])).mean(),
                why="the logarithm of a product is a sum, which divided by N "
                "is "
                r"a mean over the data, "
                r"$-\mathbb E_{\hat p_{\rm data}}\log p(y\mid x)$",
                latex=r"-\frac1N\sum_n\log p(y_n\mid x_n)",
            ),
            Step(
                value=logits,
                why="for classes the model's probabilities are a softmax",
                latex=r"-\frac1N\sum_n\log\mathrm{softmax}(z_n)_{y_n}",
            ),
        ),
        draw=labeled,
        scope="five examples, three classes",
    )


def cross_entropy_gradient() -> Derivation:
    def by_definition(d: dict) -> Array:
        return jacobian(lambda z: -np.log(chosen(d, z)).mean(), d["z"])

    def by_rows(d: dict) -> Array:
        N, hot = len(d["z"]), np.eye(3)[d["y"]]
        p = np.exp(d["z"]) / np.exp(d["z"]).sum(-1, keepdims=True)
        return (-hot + p) / N

    return Derivation(
        label="losses.2",
        lhs=r"\frac{\partial\mathcal L}{\partial z_{nc}}",
        steps=(
            Step(
                value=by_definition,
                why="only row n holds this logit",
                latex=r"\frac1N\,\frac{\partial}{\partial z_{nc}}\Big("
                r"-z_{ny_n}+\log\sum_{c'}e^{z_{nc'}}\Big)",
            ),
            Step(
                value=by_rows,
                why="the first term is one logit; the derivative of the second "
                "is a softmax probability",
                latex=r"\frac1N\Big(-1[c=y_n]+\frac{e^{z_{nc}}}"
                r"{\sum_{c'}e^{z_{nc'}}}\Big)",
            ),
            Step(
                value=lambda d: (
                    (softmax(d["z"]) - np.eye(3)[d["y"]]) / len(d["z"])
                ),
                why="prediction minus truth",
                latex=r"\frac1N\big(\mathrm{softmax}(z_n)_c-1[c=y_n]\big)",
            ),
        ),
        draw=labeled,
        scope="five examples, three classes",
    )


def binary_cross_entropy() -> Derivation:
    z, t = sp.symbols("z t", real=True)
    p, a = 1 / (1 + sp.exp(-z)), sp.Abs(z)
    return Derivation(
        label="losses.8",
        lhs=r"-t\log\sigma(z)-(1-t)\log\big(1-\sigma(z)\big)",
        steps=(
            Step(
                value=-t * sp.log(p) - (1 - t) * sp.log(1 - p),
                why="the negative log-likelihood of t, 1 for yes and 0 for no",
                latex=r"-t\log\frac{1}{1+e^{-z}}-(1-t)\log\frac{e^{-z}}{1+"
                r"e^{-z}}",
            ),
            Step(
                value=z - z * t + sp.log(1 + sp.exp(-z)),
                why=r"$-\log$ of the second fraction is that of the first, "
                r"plus z; "
                "the weights t and 1 − t add up to 1",
                latex=r"(1-t)\,z+\log\big(1+e^{-z}\big)",
            ),
            Step(
                value=sp.Max(z, 0) - z * t + sp.log(1 + sp.exp(-a)),
                why=r"for negative z take $e^{-z}$ out of the sum, so that no "
                "exponent is positive",
                latex=r"\max(z,0)-z\,t+\log\big(1+e^{-|z|}\big)",
            ),
        ),
        draw=lambda rng: {"z": rng.normal(scale=5), "t": rng.uniform()},
    )


def entropy_and_divergence() -> Derivation:
    def entropy(t: Array) -> object:
        return -(t * np.log(t)).sum()

    return Derivation(
        label="losses.9",
        lhs=r"-\sum_c t_c\log p_c",
        steps=(
            Step(
                value=lambda d: -(d["t"] * np.log(d["p"])).sum(),
                why="the expected negative log-likelihood, if t is the truth "
                "and p is predicted",
                latex=r"-\sum_c t_c\,\big(\log t_c+\log p_c-\log t_c\big)",
            ),
            Step(
                value=lambda d: (
                    entropy(d["t"]) + (d["t"] * np.log(d["t"] / d["p"])).sum()
                ),
                why="split it: the entropy, which does not depend on p, and "
                "the divergence",
                latex=r"\underbrace{-\sum_c t_c\log t_c}_{H(t)}"
                r"+\underbrace{\sum_c t_c\log\frac{t_c}{p_c}}"
                r"_{D_{\mathrm{KL}}(t\,\|\,p)}",
            ),
        ),
        draw=lambda rng: {
            name: rng.dirichlet(np.ones(4)) + 1e-9 for name in ("t", "p")
        },
        scope="four classes",
    )
