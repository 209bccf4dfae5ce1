"""Pieces of a broken line: hats that build any curve, tents that fold it.

Part of the row `dlf.derive.mlp`, which imports it. A tent and a hat are the
same shape, once as a layer to be repeated and once as a brick.
Source: Telgarsky (2016), Benefits of depth in neural networks, lemma 3.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import relu

Array = np.ndarray


def hat() -> Derivation:
    x = sp.Symbol("x", real=True)

    def hinge(u: sp.Expr) -> sp.Expr:
        return (u + sp.Abs(u)) / 2

    return Derivation(
        label="mlp.6",
        lhs=r"\wedge(x)",
        steps=(
            Step(
                value=hinge(x + 1) - 2 * hinge(x) + hinge(x - 1),
                why="three ReLU, at −1, 0 and 1, change the slope by 1, −2, 1",
                latex=r"\mathrm{relu}(x+1)-2\,\mathrm{relu}(x)+"
                r"\mathrm{relu}(x-1)",
            ),
            Step(
                value=(sp.Abs(x + 1) - 2 * sp.Abs(x) + sp.Abs(x - 1)) / 2,
                why="relu(x) is half of x + |x|, and the straight parts cancel",
                latex=r"\tfrac12\big(|x+1|-2|x|+|x-1|\big)",
            ),
            Step(
                value=hinge(1 - sp.Abs(x)),
                why="go through the four intervals: 0, then up, then down, "
                "then 0",
                latex=r"\max\big(0,\;1-|x|\big)",
            ),
        ),
        draw=lambda rng: {"x": rng.normal()},
    )


def _wave(d: dict, x: Array) -> Array:
    """A curve whose derivative lies between −1 and 1."""
    return d["a"] * np.sin(x / d["a"] + d["phase"])


def _hats(d: dict, x: Array) -> Array:
    """Each hat at each x: a row an x, a column a hat."""
    return relu(1 - np.abs(x[:, None] - d["knots"]) / d["step"])


def hats_approximate() -> Derivation:
    def error(d: dict) -> Array:
        net = _hats(d, d["x"]) @ _wave(d, d["knots"])
        return np.abs(net - _wave(d, d["x"]))

    def weighted(d: dict) -> Array:
        off = _wave(d, d["knots"]) - _wave(d, d["x"])[:, None]
        return np.abs((_hats(d, d["x"]) * off).sum(axis=1))

    def heights(d: dict) -> Array:
        off = _wave(d, d["knots"]) - _wave(d, d["x"])[:, None]
        return (_hats(d, d["x"]) * np.abs(off)).sum(axis=1)

    def draw(rng: np.random.Generator) -> dict:
        n = 2 ** int(rng.integers(6))  # so that float64 holds every knot
        return {
            "knots": np.arange(n + 1) / n,
            "step": 1 / n,
            "a": rng.uniform(0.02, 1),
            "phase": rng.uniform(0, 6),
            "x": rng.uniform(0, 1, size=30),
        }

    return Derivation(
        label="mlp.7",
        lhs=r"|\hat F(x)-F(x)|",
        steps=(
            Step(
                value=error,
                why="a hat at every knot, as high as the curve is there",
                latex=r"\Big|\sum_i F(x_i)\,w_i-F(x)\Big|,\qquad "
                r"w_i=\wedge\big(\tfrac{x-x_i}{h}\big)",
            ),
            Step(
                value=weighted,
                why="the hats add up to 1 everywhere",
                latex=r"\Big|\sum_i w_i\,\big(F(x_i)-F(x)\big)\Big|",
            ),
            Step(
                value=heights,
                why="no hat is negative",
                latex=r"\sum_i w_i\,\big|F(x_i)-F(x)\big|",
                relation=r"\le",
                only_checked="where both neighbors of x err to one side the "
                "two sides are equal, which no order of balls can tell",
            ),
            Step(
                value=lambda d: np.full(len(d["x"]), d["step"]),
                why="only hats within one step h of x are not 0 there, and a "
                "curve whose slope lies between −K and K moves by Kh at most",
                latex=r"K\,h",
                relation=r"\le",
            ),
        ),
        draw=draw,
        scope="waves with K = 1",
    )


def tent(x: Array) -> Array:
    """Rise from 0 to 1 at x = 1/2, and fall again; two ReLUs make it.

    Args:
        x: in [0, 1].
    """
    return 2 * np.maximum(x, 0) - 4 * np.maximum(x - 0.5, 0)


def pieces(y: Array) -> int:
    """Count the straight pieces of a broken line known at equal steps.

    Args:
        y: values of the line, in order; kinks lie at the steps.
    """
    return 1 + int(np.count_nonzero(np.diff(y, 2)))


def folded(k: int, fine: int = 12) -> int:
    """Count the pieces of k tents in a row; multiples of 2^-fine are exact.

    Args:
        k: tents.
        fine: at least k.
    """
    x = np.arange(2**fine + 1) / 2**fine
    for _ in range(k):
        x = tent(x)
    return pieces(x)


def sawtooth_pieces() -> Derivation:
    return Derivation(
        label="mlp.8",
        lhs=r"\mathrm{pieces}(g^{\circ k})",
        steps=(
            Step(
                value=lambda d: folded(d["k"]),
                why="fold [0, 1] at ½, k times: count them",
                latex=r"\mathrm{pieces}(g^{\circ(k-1)}\circ g)",
            ),
            Step(
                value=lambda d: 2 * folded(d["k"] - 1),
                why="the first g runs through [0, 1] twice, up and down, and "
                "on either way all that follows is drawn once",
                latex=r"2\,\mathrm{pieces}(g^{\circ(k-1)})",
            ),
            Step(
                value=lambda d: 2 ** d["k"],
                why="so every fold doubles, from one piece without any",
                latex=r"2^k",
            ),
        ),
        draw=lambda rng: {"k": int(rng.integers(1, 11))},
        scope="k up to 10",
    )


def shallow_pieces() -> Derivation:
    def corners(d: dict) -> Array:
        return np.sort(-d["b"] / d["w"])

    def count(d: dict) -> int:
        at = corners(d)
        ends = np.concatenate([[at[0] - 1], at, [at[-1] + 1]])
        slopes = [
            d["v"] @ (d["w"] * (d["w"] * x + d["b"] > 0))
            for x in (ends[1:] + ends[:-1]) / 2
        ]
        return 1 + int(np.count_nonzero(np.abs(np.diff(slopes)) > 1e-12))

    def draw(rng: np.random.Generator) -> dict:
        w, b, v = rng.normal(size=(3, rng.integers(1, 30)))
        v[rng.random(len(v)) < 0.2] = 0.0  # some units may be idle
        return {"w": w, "b": b, "v": v}

    return Derivation(
        label="mlp.9",
        lhs=r"\mathrm{pieces}(s)",
        steps=(
            Step(
                value=count,
                why="the sum s of m units v_j relu(w_j x + b_j) can change its "
                "slope only where one of them switches",
                latex=r"1+\big|\{-b_j/w_j : \text{the slope changes "
                r"there}\}\big|",
            ),
            Step(
                value=lambda d: 1 + len(d["w"]),
                why="along a line each unit switches at most once",
                latex=r"m+1",
                relation=r"\le",
            ),
        ),
        draw=draw,
    )
