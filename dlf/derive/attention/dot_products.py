"""Scores: their variance, softmax attention's way back, order, and smoothing.

Source: Vaswani et al. (2017), section 3.2.1 and footnote 4; Dao et al. (2022),
appendix B.2; Lee et al. (2019), section 3.1, for permutations; Tsai et al.
(2019), section 3.1, for the kernel.
"""

from typing import Any

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import softmax

Array = np.ndarray
WIDTH = 3


def score_variance() -> Derivation:
    q = sp.symbols(f"q_1:{WIDTH + 1}", real=True)
    k = sp.symbols(f"k_1:{WIDTH + 1}", real=True)
    sigma = sp.symbols("sigma", positive=True)

    def mean(expression: Any) -> Any:
        """Give the mean of a polynomial in independent entries of mean 0."""
        total = sp.Integer(0)
        poly = sp.Poly(sp.expand(expression), *q, *k)
        for powers, factor in poly.terms():
            if any(p % 2 for p in powers):
                continue  # a first power alone averages to 0
            total += factor * sigma ** sum(powers)  # each is 0 or 2 here
        return total

    product = sum(a * b for a, b in zip(q, k, strict=True))
    squares = sum(mean(a**2) * mean(b**2) for a, b in zip(q, k, strict=True))
    return Derivation(
        label="attention.2",
        lhs=r"\operatorname{Var}(q\cdot k)",
        steps=(
            Step(
                value=mean(product**2),
                why=r"entries are independent, of mean 0 and variance "
                r"$\sigma^2$, so that $q\cdot k$ has mean 0",
                latex=r"\mathbb E\Big[\Big(\sum_iq_ik_i\Big)^2\Big]",
            ),
            Step(
                value=sp.sympify(squares),
                why=r"products of different $i$ have a factor of mean 0",
                latex=r"\sum_i\mathbb E[q_i^2]\,\mathbb E[k_i^2]",
            ),
            Step(
                value=WIDTH * sigma**4,
                why=r"$D$ equal terms: a standard deviation of $\sqrt D$ for "
                "entries of variance 1",
                latex=r"D\,\sigma^4",
            ),
        ),
        draw=lambda rng: {"sigma": rng.uniform(0.5, 2)},
        scope="three entries",
    )


def _weights(d: dict) -> Array:
    return softmax(d["s"])


def score_gradient() -> Derivation:
    def slow(d: dict) -> Array:
        p = _weights(d)
        dp = d["v"] @ d["dy"]
        n = len(p)
        jacobian = np.array(
            [[p[r] * (int(r == s) - p[s]) for s in range(n)] for r in range(n)]
        )
        return jacobian.T @ dp

    def weighed(d: dict) -> Array:
        p, dp = _weights(d), d["v"] @ d["dy"]
        return p * (dp - p @ dp)

    def by_output(d: dict) -> Array:
        p = _weights(d)
        y = p @ d["v"]
        return p * (d["v"] @ d["dy"] - y @ d["dy"])

    return Derivation(
        label="attention.3",
        lhs=r"\bar a_s",
        steps=(
            Step(
                value=slow,
                why=r"one query; $\bar p_r=v_r\cdot\bar y$, and softmax has "
                r"the derivatives $\partial p_r/\partial a_s=p_r(\delta_{rs}"
                "-p_s)$",
                latex=r"\sum_rp_r(\delta_{rs}-p_s)\,v_r\cdot\bar y",
            ),
            Step(
                value=weighed,
                why="the first term of the bracket has one value of $r$ left",
                latex=r"p_s\Big(v_s\cdot\bar y-\sum_rp_r\,v_r\cdot\bar y\Big)",
            ),
            Step(
                value=by_output,
                why=r"the sum is $y\cdot\bar y$: one number a query, however "
                "many keys",
                latex=r"p_s\,(v_s-y)\cdot\bar y",
            ),
        ),
        draw=lambda rng: {
            "s": rng.normal(size=4),
            "v": rng.normal(size=(4, 3)),
            "dy": rng.normal(size=3),
        },
        scope="four keys, values of three entries",
    )


def _attended(x: Array, d: dict) -> Array:
    scores = (x @ d["wq"].T) @ (x @ d["wk"].T).T
    return softmax(scores) @ (x @ d["wv"].T)


def permuted() -> Derivation:
    order = [2, 0, 3, 1]

    def scores(d: dict) -> Array:
        x = d["x"]
        s = (x @ d["wq"].T) @ (x @ d["wk"].T).T
        turned = s[order][:, order]
        return softmax(turned) @ (x @ d["wv"].T)[order]

    return Derivation(
        label="attention.4",
        lhs=r"f(\Pi X)",
        steps=(
            Step(
                value=lambda d: _attended(d["x"][order], d),
                why=r"$\Pi$ puts the rows of $X$ in another order",
                latex=r"\mathrm{softmax}\big(\Pi X W_Q^\top(\Pi X W_K^\top)"
                r"^\top\big)\,\Pi X W_V^\top",
            ),
            Step(
                value=scores,
                why="scores change their rows and columns, and softmax acts on "
                "each row by itself",
                latex=r"\Pi\,\mathrm{softmax}\big(XW_Q^\top(XW_K^\top)^\top"
                r"\big)\,\Pi^\top\Pi XW_V^\top",
            ),
            Step(
                value=lambda d: _attended(d["x"], d)[order],
                why=r"$\Pi^\top\Pi=I$: the rows of the result change their "
                "order with the input's, and nothing else changes",
                latex=r"\Pi\,f(X)",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=(4, 3)),
            "wq": rng.normal(size=(2, 3)),
            "wk": rng.normal(size=(2, 3)),
            "wv": rng.normal(size=(3, 3)),
        },
        scope="four places, one order of them",
    )


def kernel_smoother() -> Derivation:
    def keys(d: dict) -> Array:
        lengths = (d["k"] ** 2).sum(1)
        return d["k"] / np.sqrt(lengths)[:, None]

    def smoothed(d: dict) -> Array:
        gaps = ((d["q"] - keys(d)) ** 2).sum(1)
        e = np.exp(-gaps / 2)
        return (e @ d["v"]) / e.sum()

    def expanded(d: dict) -> Array:
        k = keys(d)
        e = np.exp(k @ d["q"]) * np.exp(-(d["q"] @ d["q"] + 1) / 2)
        return (e @ d["v"]) / e.sum()

    def attended(d: dict) -> Any:
        return softmax(keys(d) @ d["q"]) @ d["v"]

    return Derivation(
        label="attention.5",
        lhs=r"\frac{\sum_sK(q,k_s)\,v_s}{\sum_sK(q,k_s)}",
        steps=(
            Step(
                value=smoothed,
                why="a Gaussian kernel's mean of the values, with keys of "
                "norm 1, and scores without a factor",
                latex=r"\frac{\sum_se^{-\|q-k_s\|^2/2}\,v_s}"
                r"{\sum_se^{-\|q-k_s\|^2/2}}",
            ),
            Step(
                value=expanded,
                why=r"$\|q-k_s\|^2=\|q\|^2+1-2\,q\cdot k_s$, and a factor that "
                "all keys share cancels",
                latex=r"\frac{\sum_se^{q\cdot k_s}\,v_s}{\sum_se^{q\cdot k_s}}",
            ),
            Step(
                value=attended,
                why="which is attention, up to the factor of the scores",
                latex=r"\sum_s\mathrm{softmax}(q\cdot k)_s\,v_s",
            ),
        ),
        draw=lambda rng: {
            "q": rng.normal(size=3),
            "k": rng.normal(size=(4, 3)),
            "v": rng.normal(size=(4, 2)),
        },
        scope="four keys",
    )
