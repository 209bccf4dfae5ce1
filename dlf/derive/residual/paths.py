"""A residual net as a sum, as many paths, and as a sum that norms keep small.

Source: He et al. (2016b), equations 3 to 5; Veit, Wilber & Belongie (2016),
sections 3 and 5; De & Smith (2020), section 3, for the norm.
"""

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from flint import arb

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import relu

Array = np.ndarray


def _stream(d: dict) -> list[Array]:
    """Give the input and the stream behind each block."""
    x = [d["x"]]
    for w, v in zip(d["w"], d["v"], strict=True):
        x.append(x[-1] + v @ relu(w @ relu(x[-1])))
    return x


def unrolled() -> Derivation:
    def branches(d: dict) -> Array:
        x = _stream(d)
        pairs = zip(d["w"], d["v"], x[:-1], strict=True)
        return d["x"] + sum(v @ relu(w @ relu(h)) for w, v, h in pairs)

    return Derivation(
        label="residual.2",
        lhs="x_K",
        steps=(
            Step(
                value=lambda d: _stream(d)[-1],
                why=r"$K$ blocks, one behind the other",
                latex=r"x_{K-1}+F_K(x_{K-1})",
            ),
            Step(
                value=lambda d: (
                    d["x"]
                    + sum(
                        b - a
                        for a, b in zip(
                            _stream(d), _stream(d)[1:], strict=False
                        )
                    )
                ),
                why="what the stream holds is its start and all of its changes",
                latex=r"x_0+\sum_{k=1}^K(x_k-x_{k-1})",
            ),
            Step(
                value=branches,
                why="and each change is what a branch has added",
                latex=r"x_0+\sum_{k=1}^KF_k(x_{k-1})",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=3),
            "w": rng.normal(size=(4, 3, 3)),
            "v": rng.normal(size=(4, 3, 3)),
        },
        scope="four pre-activation blocks of three units",
    )


def _eye(n: int) -> Array:
    """Give the identity in whole numbers, which are exact."""
    return np.eye(n, dtype=int)


def all_paths() -> Derivation:
    def product(d: dict) -> Array:
        whole = _eye(2)
        for j in d["j"]:
            whole = (_eye(2) + j) @ whole
        return whole

    def multiplied(d: dict) -> Array:
        total = _eye(2) + 0 * d["j"][0]
        for n in range(1, len(d["j"]) + 1):
            for chosen in combinations(range(len(d["j"])), n):
                path = _eye(2)
                for k in chosen:
                    path = d["j"][k] @ path
                total = total + path
        return total

    return Derivation(
        label="residual.5",
        lhs=r"\frac{\partial x_K}{\partial x_0}",
        steps=(
            Step(
                value=product,
                why=r"the chain rule, with $J_k$ the Jacobian of branch $k$",
                latex=r"(I+J_K)\cdots(I+J_2)(I+J_1)",
            ),
            Step(
                value=multiplied,
                why="multiply out: from each bracket take $I$, past the "
                r"branch, or $J_k$, through it; $2^K$ choices, with larger "
                "numbers to the left",
                latex=r"\sum_{S\subseteq\{1,\dots,K\}}\ \prod_{k\in S}J_k",
            ),
        ),
        draw=lambda rng: {"j": rng.normal(size=(4, 2, 2))},
        scope="four blocks of two units",
    )


def path_length() -> Derivation:
    def mean_length(d: dict) -> Any:
        lengths = enumerate(weights(d))
        return sum(m * w for m, w in lengths) / sum(weights(d))

    def weights(d: dict) -> Any:
        K, r = d["K"], d["r"]
        return [comb(K, m) * r**m for m in range(K + 1)]

    return Derivation(
        label="residual.6",
        lhs=r"\bar m",
        steps=(
            Step(
                value=mean_length,
                why=r"$\binom Km$ paths go through $m$ branches; suppose that "
                r"each branch multiplies the size of a gradient by $\rho$",
                latex=r"\frac{\sum_mm\binom Km\rho^m}{\sum_m\binom Km\rho^m}",
            ),
            Step(
                value=lambda d: (
                    d["K"]
                    * d["r"]
                    * (1 + d["r"]) ** (d["K"] - 1)
                    / (1 + d["r"]) ** d["K"]
                ),
                why=r"the sum below is $(1+\rho)^K$, and the one above "
                r"$\rho$ times its derivative",
                latex=r"\frac{K\rho\,(1+\rho)^{K-1}}{(1+\rho)^K}",
            ),
            Step(
                value=lambda d: d["K"] * d["r"] / (1 + d["r"]),
                why="cancel",
                latex=r"\frac{\rho}{1+\rho}\,K",
            ),
        ),
        draw=lambda rng: {
            "K": int(rng.integers(1, 20)),
            "r": rng.uniform(0.05, 2),
        },
        scope="up to 19 blocks",
    )


def norm_growth() -> Derivation:
    def product(d: dict) -> Any:
        whole = arb(1)
        for k in range(1, d["K"] + 1):
            whole = whole * (1 + 1 / arb(k))
        return whole

    def telescoped(d: dict) -> Any:
        whole = arb(1)
        for k in range(1, d["K"] + 1):
            whole = whole * arb(k + 1) / arb(k)
        return whole

    return Derivation(
        label="residual.7",
        lhs=r"\prod_{k=1}^K\Big(1+\frac1k\Big)",
        steps=(
            Step(
                value=product,
                why="behind $k-1$ normalized branches that add 1 each, the "
                "stream's mean square is $k$; a norm divides it by $k$ before "
                r"branch $k$, whose pullback then adds $\frac1k$",
                latex=r"\prod_{k=1}^K\Big(1+\frac1k\Big)",
            ),
            Step(
                value=telescoped,
                why="each numerator is the next denominator",
                latex=r"\frac21\cdot\frac32\cdots\frac{K+1}K",
            ),
            Step(
                value=lambda d: arb(d["K"] + 1),  # pyright: ignore[reportArgumentType]
                why=r"mean squares grow by $K+1$, in place of $2^K$",
                latex="K+1",
            ),
        ),
        draw=lambda rng: {"K": int(rng.integers(1, 100))},
        scope="up to 99 blocks",
    )
