"""What a likelihood and a prior ask of a model (part of mathematics).

Source: Bishop (2006), Pattern Recognition and Machine Learning, 1.2.5, 3.3.1.
"""

import numpy as np

from dlf.derive.balls import PI
from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import orthonormal, solve

Array = np.ndarray


def gaussian_likelihood() -> Derivation:
    def density(d: dict) -> Array:
        spread = np.sqrt(2 * PI * d["v"])
        return np.exp(-(d["r"] ** 2) / (2 * d["v"])) / spread

    constant = r"\tfrac12\log 2\pi s^2"
    return Derivation(
        label="mathematics.13",
        lhs=r"\mathcal L(\theta)",
        steps=(
            Step(
                value=lambda d: -np.log(np.prod(density(d))) / len(d["r"]),
                why=r"minus $\log p(\mathcal D\mid\theta)$, per example, with "
                r"$y_n=f_\theta(x_n)$ plus independent normal noise",
                latex=r"-\frac1N\log\prod_n\frac{1}{\sqrt{2\pi s^2}}"
                r"\,e^{-(y_n-f_\theta(x_n))^2/2s^2}",
            ),
            Step(
                value=lambda d: -np.log(density(d)).mean(),
                why="the logarithm of a product is a sum",
                latex=r"\frac1N\sum_n\Big(\frac{(y_n-f_\theta(x_n))^2}{2s^2}+"
                + constant
                + r"\Big)",
            ),
            Step(
                value=lambda d: (
                    (d["r"] ** 2).mean() / (2 * d["v"])
                    + np.log(2 * PI * d["v"]) / 2
                ),
                why="the last term is free of $\\theta$ and moves no minimum",
                latex=r"\frac{1}{2s^2}\,\mathrm{MSE}(\theta)+" + constant,
            ),
        ),
        draw=lambda rng: {"r": rng.normal(size=6), "v": rng.uniform(0.5, 2)},
    )


def _line(rng: np.random.Generator) -> dict:
    drawn = {"x": rng.normal(size=(6, 3)), "y": rng.normal(size=6)}
    return drawn | {"c": rng.uniform(0.1, 2), "w": rng.normal(size=3)}


def risk_gradient() -> Derivation:
    def by_definition(d: dict) -> Array:
        def risk(w: Array) -> object:
            r = d["x"] @ w - d["y"]
            return (r * r).mean() / 2 + d["c"] * (w * w).sum() / 2

        return jacobian(risk, d["w"])

    def summed(d: dict) -> Array:
        each = [(x @ d["w"] - y) * x for x, y in zip(d["x"], d["y"], strict=1)]
        return np.mean(each, axis=0) + d["c"] * d["w"]

    return Derivation(
        label="mathematics.16",
        lhs=r"\nabla\mathcal L(w)",
        steps=(
            Step(
                value=by_definition,
                why="the mean loss over the data plus a penalty; here half the "
                "squared error of a linear model, and the squared weights",
                latex=r"\nabla\Big(\frac1N\sum_n\tfrac12(w^\top x_n-y_n)^2+"
                r"\frac c2\|w\|^2\Big)",
            ),
            Step(
                value=summed,
                why="the gradient of a mean is the mean of the gradients",
                latex=r"\frac1N\sum_n(w^\top x_n-y_n)\,x_n+c\,w",
            ),
            Step(
                value=lambda d: (
                    d["x"].T @ (d["x"] @ d["w"] - d["y"]) / 6 + d["c"] * d["w"]
                ),
                why="a sum over examples is a matrix product",
                latex=r"\frac1N\,X^\top(Xw-y)+c\,w",
            ),
        ),
        draw=_line,
    )


def ridge() -> Derivation:
    def minimum(d: dict) -> Array:
        """Solve by appended rows: least squares with as many pseudo-data."""
        rows = np.vstack([d["x"], np.sqrt(6 * d["c"]) * np.eye(3)])
        q = orthonormal(rows)
        return solve(q.T @ rows, q.T @ np.append(d["y"], np.zeros(3)))

    def posterior(d: dict) -> Array:
        s2, v = 0.7, 0.7 / (6 * d["c"])
        sure = d["x"].T @ d["x"] / s2 + np.eye(3) / v
        return solve(sure, d["x"].T @ d["y"] / s2)

    return Derivation(
        label="mathematics.17",
        lhs=r"\arg\max_w p(w\mid\mathcal D)",
        steps=(
            Step(
                value=posterior,
                why=r"a prior $\mathcal N(0,vI)$ on the weights and noise of "
                r"variance $s^2$; the posterior is normal, its mean its peak",
                latex=r"\arg\min_w\Big(\frac{\|Xw-y\|^2}{2s^2}+"
                r"\frac{\|w\|^2}{2v}\Big)",
            ),
            Step(
                value=minimum,
                why=r"times $s^2/N$ this is the penalized loss, with "
                r"$c=s^2/(Nv)$",
                latex=r"\arg\min_w\Big(\frac{1}{2N}\|Xw-y\|^2+"
                r"\frac c2\|w\|^2\Big)",
            ),
            Step(
                value=lambda d: solve(
                    d["x"].T @ d["x"] + 6 * d["c"] * np.eye(3),
                    d["x"].T @ d["y"],
                ),
                why="set the gradient to 0",
                latex=r"(X^\top X+Nc\,I)^{-1}X^\top y",
            ),
        ),
        draw=_line,
        scope="six points and three weights",
    )
