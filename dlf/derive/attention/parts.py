"""Heads add up, blocks of keys can be joined, and what a layer costs.

Source: Vaswani et al. (2017), section 3.2.2; Elhage et al. (2021), section
“Attention heads are independent and additive”; Milakov & Gimelshein (2018),
algorithm 3; Kaplan et al. (2020), table 1, for the counts, whose
attention is causal and so has half of the scores.
"""

from typing import Any

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import softmax

Array = np.ndarray
HEADS, WIDTH, HEAD, PLACES = 2, 3, 2, 3


def _maps(d: dict) -> list[Array]:
    x = d["x"]
    return [
        softmax((x @ q.T) @ (x @ k.T).T)
        for q, k in zip(d["wq"], d["wk"], strict=True)
    ]


def sum_of_heads() -> Derivation:
    def concatenated(d: dict) -> Array:
        heads = [
            a @ (d["x"] @ v.T) for a, v in zip(_maps(d), d["wv"], strict=True)
        ]
        return np.concatenate(heads, axis=1) @ d["wo"].T

    def blocks(d: dict) -> list[Array]:
        return [d["wo"][:, h * HEAD : (h + 1) * HEAD] for h in range(HEADS)]

    def summed(d: dict) -> Any:
        parts = zip(_maps(d), d["wv"], blocks(d), strict=True)
        return sum(a @ (d["x"] @ v.T) @ o.T for a, v, o in parts)

    def joined(d: dict) -> Any:
        parts = zip(_maps(d), d["wv"], blocks(d), strict=True)
        return sum(a @ d["x"] @ (o @ v).T for a, v, o in parts)

    return Derivation(
        label="attention.7",
        lhs="Y",
        steps=(
            Step(
                value=concatenated,
                why=r"heads side by side, times $W_O^\top$; $P_h$ are the "
                "weights of head $h$",
                latex=r"[P_1XW_{V,1}^\top,\dots,P_HXW_{V,H}^\top]\,W_O^\top",
            ),
            Step(
                value=summed,
                why="each head meets its own columns of $W_O$",
                latex=r"\sum_hP_hXW_{V,h}^\top W_{O,h}^\top",
            ),
            Step(
                value=joined,
                why="a head reads by one product of its matrices, and writes "
                "by another, each of rank at most $D/H$",
                latex=r"\sum_hP_hX\,(W_{O,h}W_{V,h})^\top",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=(PLACES, WIDTH)),
            "wq": rng.normal(size=(HEADS, HEAD, WIDTH)),
            "wk": rng.normal(size=(HEADS, HEAD, WIDTH)),
            "wv": rng.normal(size=(HEADS, HEAD, WIDTH)),
            "wo": rng.normal(size=(WIDTH, HEADS * HEAD)),
        },
        scope="two heads of width two, three places",
    )


def joined_parts() -> Derivation:
    def whole(d: dict) -> Array:
        e = np.exp(d["s"])
        return (e @ d["v"]) / e.sum()

    def parts(d: dict) -> list[tuple]:
        found = []
        for rows, m in ((slice(0, 2), d["m"]), (slice(2, 5), d["n"])):
            e = np.exp(d["s"][rows] - m)
            found.append((m, e.sum(), e @ d["v"][rows]))
        return found

    def added(d: dict) -> Array:
        (m, l1, o1), (n, l2, o2) = parts(d)
        return (np.exp(m) * o1 + np.exp(n) * o2) / (
            np.exp(m) * l1 + np.exp(n) * l2
        )

    def rescaled(d: dict) -> Array:
        (m, l1, o1), (n, l2, o2) = parts(d)
        a, b = np.exp(m - d["top"]), np.exp(n - d["top"])
        return (a * o1 + b * o2) / (a * l1 + b * l2)

    return Derivation(
        label="attention.13",
        lhs=r"\frac{\sum_se^{a_s}v_s}{\sum_se^{a_s}}",
        steps=(
            Step(
                value=whole,
                why="attention of one query",
                latex=r"\frac{\sum_se^{a_s}v_s}{\sum_se^{a_s}}",
            ),
            Step(
                value=added,
                why=r"keys in two parts, with $l_i=\sum_se^{a_s-m_i}$ and "
                r"$o_i=\sum_se^{a_s-m_i}v_s$ over part $i$, for any $m_i$",
                latex=r"\frac{e^{m_1}o_1+e^{m_2}o_2}{e^{m_1}l_1+e^{m_2}l_2}",
            ),
            Step(
                value=rescaled,
                why=r"divide by $e^m$, with $m=\max(m_1,m_2)$: no exponent is "
                "above 0",
                latex=r"\frac{e^{m_1-m}o_1+e^{m_2-m}o_2}"
                r"{e^{m_1-m}l_1+e^{m_2-m}l_2}",
            ),
        ),
        draw=lambda rng: {
            "s": rng.normal(size=5),
            "v": rng.normal(size=(5, 2)),
            "m": rng.normal(),
            "n": rng.normal(),
            "top": rng.normal(),
        },
        scope="five keys in parts of two and three",
    )


def cost() -> Derivation:
    n, d, H = sp.symbols("n d H", positive=True)
    return Derivation(
        label="attention.15",
        lhs=r"\frac{\text{scores and means}}{\text{projections}}",
        steps=(
            Step(
                value=(H * n * n * (d / H) + H * n * n * (d / H))
                / (4 * n * d * d),
                why=r"multiply-adds of $n$ places: $H$ heads of width $d/H$ "
                "take $n^2$ dot products and $n$ means of $n$ values; four "
                r"matrices $d\times d$ meet $n$ rows",
                latex=r"\frac{H\,n^2\frac dH+H\,n^2\frac dH}{4\,n\,d^2}",
            ),
            Step(
                value=n / (2 * d),
                why="the number of heads cancels; the square of the length is "
                r"the larger part from $n=2d$ on",
            ),
        ),
        draw=lambda rng: {
            "n": int(rng.integers(1, 5000)),
            "d": int(rng.integers(1, 1000)),
            "H": int(rng.integers(1, 32)),
        },
    )
