"""What noise on activations, inputs and targets does to the loss.

Source: Srivastava et al. (2014), section 9; Wager, Wang & Liang (2013); Baldi &
Sadowski (2013); Bishop (1995), Training with noise is equivalent to Tikhonov
regularization; Müller, Kornblith & Hinton (2019); Zhang et al. (2018).
"""

from itertools import product

import numpy as np
import sympy as sp

from dlf.derive import numeric
from dlf.derive.derivation import Derivation, Step

x, p, alpha, C = sp.symbols("x p alpha C", positive=True)


def dropout_variance() -> Derivation:
    return Derivation(
        label="regularization.9",
        lhs=r"\operatorname{Var}[y]",
        steps=(
            Step(
                value=(1 - p) * (x / (1 - p)) ** 2
                - ((1 - p) * x / (1 - p)) ** 2,
                why=r"$y=\frac{x}{1-p}$ with probability $1-p$, else 0; its "
                "mean is $x$",
                latex=r"(1-p)\Big(\frac{x}{1-p}\Big)^2-x^2",
            ),
            Step(
                value=p / (1 - p) * x**2,
                why=r"with $\frac1{1-p}-1=\frac p{1-p}$",
                latex=r"\frac{p}{1-p}\,x^2",
            ),
        ),
        draw=lambda rng: {
            "x": rng.uniform(0.1, 3),
            "p": rng.uniform(0.05, 0.9),
        },
    )


def _masks(d: dict) -> list:
    """List all masks, and the probability of each."""
    listed = []
    for kept in product((0, 1), repeat=len(d["x"])):
        odds = 1
        for k in kept:
            odds = odds * ((1 - d["p"]) if k else d["p"])
        listed.append((np.array(kept, dtype=object), odds))
    return listed


def dropout_penalty() -> Derivation:
    def error(d: dict, factor: object) -> object:
        return (d["y"] - (d["w"] * d["x"] * factor).sum()) ** 2

    return Derivation(
        label="regularization.10",
        lhs=r"E\big[(y-w^\top(x\odot k)/(1-p))^2\big]",
        steps=(
            Step(
                value=lambda d: sum(
                    odds * error(d, kept / (1 - d["p"]))
                    for kept, odds in _masks(d)
                ),
                why="the mean over all masks $k$, of probability $\\pi(k)$, "
                "of the squared error of a linear unit with dropout",
                latex=r"\sum_k\pi(k)\Big(y-\sum_jw_j\,\frac{k_jx_j}{1-p}\Big)^2",
            ),
            Step(
                value=lambda d: (
                    error(d, 1)
                    + d["p"] / (1 - d["p"]) * ((d["w"] * d["x"]) ** 2).sum()
                ),
                why="a mean square is the square of the mean and the variance; "
                "the masks are independent, and each adds its own variance "
                "{eq}`regularization.9`",
                latex=r"(y-w^\top x)^2+\frac p{1-p}\sum_jw_j^2x_j^2",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=4),
            "w": rng.normal(size=4),
            "y": rng.normal(),
            "p": rng.uniform(0.05, 0.9),
        },
        scope="four inputs, all 16 masks",
    )


def softmax_ensemble() -> Derivation:
    def product_of_all(d: dict) -> object:
        logs = sum(
            odds * np.log(numeric.softmax(d["W"] @ (kept * d["x"])))
            for kept, odds in _masks(d)
        )
        return np.exp(logs) / np.exp(logs).sum()

    return Derivation(
        label="regularization.11",
        lhs=r"\frac{\prod_k\hat y_c(k)^{\pi(k)}}{\sum_d"
        r"\prod_k\hat y_d(k)^{\pi(k)}}",
        steps=(
            Step(
                value=product_of_all,
                why="the geometric mean of the predictions $\\hat y(k)$ of all "
                "subnetworks, each to the power of its mask's probability, "
                "normalized",
                latex=r"\frac{\prod_k\operatorname{softmax}(W(x\odot k))_c^"
                r"{\,\pi(k)}}{\sum_d\prod_k\operatorname{softmax}(W(x\odot k))"
                r"_d^{\,\pi(k)}}",
            ),
            Step(
                value=lambda d: numeric.softmax(
                    sum(
                        odds * (d["W"] @ (kept * d["x"]))
                        for kept, odds in _masks(d)
                    )
                ),
                why="each factor is $e^{z_c}$ over a sum that is the same for "
                "all classes and cancels; what is left are mean logits",
                latex=r"\operatorname{softmax}\Big(\sum_k\pi(k)\,W(x\odot k)"
                r"\Big)_c",
            ),
            Step(
                value=lambda d: numeric.softmax(
                    d["W"] @ ((1 - d["p"]) * d["x"])
                ),
                why="the mean of a mask is $1-p$",
                latex=r"\operatorname{softmax}\big((1-p)\,Wx\big)_c",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=4),
            "W": rng.normal(size=(3, 4)),
            "p": rng.uniform(0.05, 0.9),
        },
        scope="four inputs, all 16 masks, three classes",
    )


def noise_penalty() -> Derivation:
    def with_noise(d: dict) -> object:
        signs = list(product((-1, 1), repeat=len(d["x"])))
        every = [
            (
                d["y"]
                - (d["w"] * (d["x"] + d["s"] * np.array(n, dtype=object))).sum()
            )
            ** 2
            for n in signs
        ]
        return sum(every) / len(signs)

    return Derivation(
        label="regularization.12",
        lhs=r"E\big[(y-w^\top(x+n))^2\big]",
        steps=(
            Step(
                value=with_noise,
                why="noise $n$ on the inputs, independent, of mean 0 and "
                "variance $s^2$; here $\\pm s$ by a coin",
                latex=r"E\big[(y-w^\top(x+n))^2\big]",
            ),
            Step(
                value=lambda d: (
                    (d["y"] - (d["w"] * d["x"]).sum()) ** 2
                    + d["s"] ** 2 * (d["w"] ** 2).sum()
                ),
                why="the variance of $w^\\top n$ is added",
                latex=r"(y-w^\top x)^2+s^2\lVert w\rVert^2",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=4),
            "w": rng.normal(size=4),
            "y": rng.normal(),
            "s": rng.uniform(0.1, 2),
        },
        scope="four inputs, all 16 signs",
    )


def smoothed_logits() -> Derivation:
    other = alpha / C
    return Derivation(
        label="regularization.14",
        lhs="z_y-z_c",
        steps=(
            Step(
                value=sp.log((1 - alpha + other) / other),
                why=r"cross-entropy is least where $p$ is the target; the true "
                r"class has $1-\alpha+\frac\alpha C$, another $\frac\alpha C$, "
                "and logits are logarithms up to a constant",
                latex=r"\log\frac{1-\alpha+\frac\alpha C}{\frac\alpha C}",
            ),
            Step(
                value=sp.log(1 + C * (1 - alpha) / alpha),
                why="a finite gap, the same for all other classes; without "
                "smoothing it would have to be infinite",
                latex=r"\log\Big(1+\frac{C(1-\alpha)}{\alpha}\Big)",
            ),
        ),
        draw=lambda rng: {
            "alpha": rng.uniform(0.01, 0.9),
            "C": rng.uniform(2, 50),
        },
    )


def mixed_loss() -> Derivation:
    def loss(target: object, d: dict) -> object:
        return -(target * np.log(numeric.softmax(d["z"]))).sum()

    def draw(rng: np.random.Generator) -> dict:
        a, b = rng.integers(0, 3, size=2)
        return {
            "z": rng.normal(size=3),
            "y": np.eye(3)[a],
            "other": np.eye(3)[b],
            "m": rng.uniform(0.05, 0.95),
        }

    return Derivation(
        label="regularization.13",
        lhs=r"\ell(z,\,m\,y+(1-m)\,y')",
        steps=(
            Step(
                value=lambda d: loss(
                    d["m"] * d["y"] + (1 - d["m"]) * d["other"], d
                ),
                why="the cross-entropy of a mixed target",
                latex=r"-\sum_c\big(m\,y_c+(1-m)\,y'_c\big)\log p_c",
            ),
            Step(
                value=lambda d: (
                    d["m"] * loss(d["y"], d)
                    + (1 - d["m"]) * loss(d["other"], d)
                ),
                why="it is linear in the target, so that two losses with class "
                "numbers do it too",
                latex=r"m\,\ell(z,y)+(1-m)\,\ell(z,y')",
            ),
        ),
        draw=draw,
    )
