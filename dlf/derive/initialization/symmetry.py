"""Equal units stay equal, and what a layer does to mean squares.

Expectations over random weights are exact sums: each weight takes two values,
of mean 0, and all combinations are gone through.

Source: LeCun et al. (1998), efficient backprop, 4.6; Glorot & Bengio (2010),
equations 5 to 12.
"""

from collections.abc import Callable
from itertools import product

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian

Array = np.ndarray


def equal_units() -> Derivation:
    def output(d: dict, w: Array) -> object:
        z = w @ d["x"] + d["b"], d["w"] @ d["x"] + d["b"]
        return d["v"] * np.tanh(z[0]) + d["v"] * np.tanh(z[1])

    def loss(d: dict, w: Array) -> object:
        return (output(d, w) - d["t"]) ** 2 / 2

    def backward(d: dict) -> Array:
        a = np.tanh(d["w"] @ d["x"] + d["b"])
        return (output(d, d["w"]) - d["t"]) * d["v"] * (1 - a * a) * d["x"]

    return Derivation(
        label="initialization.1",
        lhs=r"\frac{\partial\mathcal L}{\partial w_1}",
        steps=(
            Step(
                value=lambda d: jacobian(lambda w: loss(d, w), d["w"]),
                why="two tanh units with equal weights, of which only the "
                "first one's are changed",
                latex=r"\frac{\partial}{\partial w_1}\,\tfrac12\big("
                r"v\tanh(w_1^\top x+b)+v\tanh(w_2^\top x+b)-t\big)^2",
            ),
            Step(
                value=backward,
                why="the chain rule; nothing in it says which of the two "
                "units this is",
                latex=r"(y-t)\,v\,\tanh'(w^\top x+b)\;x,\qquad w_1=w_2=w",
            ),
            Step(
                value=lambda d: jacobian(
                    lambda w: (
                        (
                            d["v"] * np.tanh(d["w"] @ d["x"] + d["b"])
                            + d["v"] * np.tanh(w @ d["x"] + d["b"])
                            - d["t"]
                        )
                        ** 2
                        / 2
                    ),
                    d["w"],
                ),
                why="so it is the gradient of the second unit as well",
                latex=r"\frac{\partial\mathcal L}{\partial w_2}",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=3),
            "w": rng.normal(size=3),
            **{name: rng.normal() for name in "bvt"},
        },
        scope="two units with three inputs and squared error",
    )


def expectation(of: Callable[[Array], object], n: int, d: dict) -> object:
    """Mean over all n weights that are p or -q, exactly.

    Args:
        of: maps the weights to what is averaged.
        n: how many weights.
        d: p and q; p has the probability q / (p + q), so that the mean is 0
            and the variance p q.
    """
    p, q = d["p"], d["q"]
    total = 0
    for signs in product((True, False), repeat=n):
        w = np.array([p if sign else -q for sign in signs], dtype=object)
        chance = 1
        for sign in signs:
            chance = chance * (q if sign else p) / (p + q)
        total = total + chance * of(w)
    return total


def forward_variance() -> Derivation:
    def exact(d: dict) -> object:
        return expectation(lambda w: (w @ d["a"]) ** 2, len(d["a"]), d)

    return Derivation(
        label="initialization.2",
        lhs=r"E[z^2]",
        steps=(
            Step(
                value=exact,
                why="a pre-activation with random weights and given inputs",
                latex=r"E\Big[\Big(\sum_{j=1}^{n_{\rm in}}w_ja_j\Big)^2\Big]",
            ),
            Step(
                value=lambda d: sum(
                    d["p"] * d["q"] * a * b
                    for j, a in enumerate(d["a"])
                    for k, b in enumerate(d["a"])
                    if j == k
                ),
                why="multiply out: weights are independent with mean 0, so "
                "$E[w_jw_k]$ is 0 for $j\\ne k$",
                latex=r"\sum_{j=1}^{n_{\rm in}}E[w_j^2]\,a_j^2",
            ),
            Step(
                value=lambda d: (
                    len(d["a"]) * d["p"] * d["q"] * (d["a"] ** 2).mean()
                ),
                why="all weights have one variance",
                latex=r"n_{\rm in}\operatorname{Var}(w)\;\overline{a^2},"
                r"\qquad\overline{a^2}=\frac1{n_{\rm in}}\sum_ja_j^2",
            ),
        ),
        draw=lambda rng: {
            "a": rng.normal(size=4),
            "p": rng.uniform(0.5, 2),
            "q": rng.uniform(0.5, 2),
        },
        scope="four weights, each of two values",
    )


def backward_variance() -> Derivation:
    def exact(d: dict) -> object:
        return expectation(lambda w: (w @ d["delta"]) ** 2, 4, d)

    return Derivation(
        label="initialization.3",
        lhs=r"E[\bar a_j^2]",
        steps=(
            Step(
                value=exact,
                why="the cotangent of input $j$ adds up what comes back from "
                "all the units that read it",
                latex=r"E\Big[\Big(\sum_{i=1}^{n_{\rm out}}w_{ij}\delta_i"
                r"\Big)^2\Big]",
            ),
            Step(
                value=lambda d: 4 * d["p"] * d["q"] * (d["delta"] ** 2).mean(),
                why="as before, with the sum over outputs",
                latex=r"n_{\rm out}\operatorname{Var}(w)\;\overline{\delta^2}",
            ),
        ),
        draw=lambda rng: {
            "delta": rng.normal(size=4),
            "p": rng.uniform(0.5, 2),
            "q": rng.uniform(0.5, 2),
        },
        scope="four weights, each of two values, independent of what comes "
        "back",
    )


def glorot_compromise() -> Derivation:
    i, o = sp.symbols("n_in n_out", positive=True)
    v = 2 / (i + o)
    return Derivation(
        label="initialization.4",
        lhs=r"n_{\rm in}v\cdot n_{\rm out}v",
        steps=(
            Step(
                value=sp.Mul(i * v, o * v, evaluate=False),
                why="the forward factor times the backward factor, at "
                r"Glorot's variance $v=\frac{2}{n_{\rm in}+n_{\rm out}}$",
                latex=r"\frac{2n_{\rm in}}{n_{\rm in}+n_{\rm out}}\cdot"
                r"\frac{2n_{\rm out}}{n_{\rm in}+n_{\rm out}}",
            ),
            Step(
                value=1 - ((i - o) / (i + o)) ** 2,
                why="the two factors add up to 2, and lie equally far from 1",
                latex=r"1-\Big(\frac{n_{\rm in}-n_{\rm out}}"
                r"{n_{\rm in}+n_{\rm out}}\Big)^2",
            ),
            Step(
                value=sp.Integer(1),
                why="a square is not negative",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "n_in": rng.uniform(1, 100),
            "n_out": rng.uniform(101, 500),
        },
        scope=r"$n_{\rm in}<n_{\rm out}$; at equality both factors are 1",
    )
