"""The best linear autoencoder is PCA; the best denoiser knows the score.

Source: Baldi & Hornik (1989), theorem 1; Eckart & Young (1936); Robbins (1956)
and Efron (2011) for the denoiser, Vincent (2011) for its use.
"""

from typing import Any

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import eigh, orthonormal

Array = np.ndarray
K = 2


def _lost(x: Array, z: Array, v: Array) -> Any:
    rest = x - z @ v.T
    return (rest * rest).sum() / len(x)


def principal_components() -> Derivation:
    def printed(d: dict) -> Any:
        return _lost(d["x"], d["x"] @ d["w"].T, d["v"])

    def projected(d: dict) -> Any:
        q = orthonormal(d["v"])
        return _lost(d["x"], d["x"] @ q, q)

    def traces(d: dict) -> Any:
        q, s = orthonormal(d["v"]), d["x"].T @ d["x"] / len(d["x"])
        return s.trace() - (q.T @ s @ q).trace()

    def discarded(d: dict) -> Any:
        values, _ = eigh(d["x"].T @ d["x"] / len(d["x"]))
        return values[:-K].sum()

    return Derivation(
        label="generative.2",
        lhs="L(V,W)",
        steps=(
            Step(
                value=printed,
                why="any decoder $V$ and encoder $W$",
                latex=r"\frac1N\sum_n\|x_n-VWx_n\|^2",
            ),
            Step(
                value=projected,
                relation=r"\ge",
                why=r"no code does better with this $V$ than the nearest point "
                r"of the space that its columns span; let the columns of $Q$ "
                "be an orthonormal basis of it",
                latex=r"\frac1N\sum_n\|x_n-QQ^\top x_n\|^2",
            ),
            Step(
                value=traces,
                why=r"Pythagoras, with the covariance "
                r"$S=\frac1N\sum_nx_nx_n^\top$",
                latex=r"\operatorname{tr}S-\operatorname{tr}(Q^\top SQ)",
            ),
            Step(
                value=discarded,
                relation=r"\ge",
                why=r"the trace on the right is at most the sum of the $K$ "
                r"largest eigenvalues of $S$, and reaches it if $Q$ spans "
                "their eigenvectors; those are the principal components",
                latex=r"\sum_{j>K}\lambda_j",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=(7, 4)) * np.array([4, 2, 1, 0.5]),
            "w": rng.normal(size=(K, 4)),
            "v": rng.normal(size=(4, K)),
        },
        scope="seven points in four dimensions, two codes",
    )


def denoiser() -> Derivation:
    x, a, s = sp.symbols("x a s", positive=True)
    left, right = (sp.exp(-((x - m) ** 2) / (2 * s**2)) for m in (-a, a))
    mean = a * (right - left) / (right + left)
    return Derivation(
        label="generative.4",
        lhs=r"\mathbb E[x_0\mid x]",
        steps=(
            Step(
                value=mean,
                why=r"$x=x_0+\sigma\varepsilon$; the least squared error has "
                "the mean of all $x_0$ that may have led to $x$, weighted by "
                "how likely",
                latex=r"\frac{\sum_{x_0}x_0\,e^{-(x-x_0)^2/2\sigma^2}}"
                r"{\sum_{x_0}e^{-(x-x_0)^2/2\sigma^2}}",
            ),
            Step(
                value=x + (-(x + a) * left - (x - a) * right) / (left + right),
                why="write $x_0=x-(x-x_0)$",
                latex=r"x+\frac{\sum_{x_0}-(x-x_0)\,e^{-(x-x_0)^2/2\sigma^2}}"
                r"{\sum_{x_0}e^{-(x-x_0)^2/2\sigma^2}}",
            ),
            Step(
                value=x + s**2 * sp.Derivative(sp.log(left + right), x),
                why=r"above stands $\sigma^2$ times the derivative of what "
                r"stands below, which is $p_\sigma(x)$, the density of the "
                "noisy points, up to a constant",
                latex=r"x+\sigma^2\,\frac{\mathrm d}{\mathrm dx}"
                r"\log p_\sigma(x)",
            ),
        ),
        draw=lambda rng: {
            "x": rng.uniform(0.1, 3),
            "a": rng.uniform(0.2, 2),
            "s": rng.uniform(0.3, 2),
        },
        scope=r"two examples, $\pm a$",
    )
