"""One unit: its bias, what a correction does, and what no line can do.

    z = w~ . x~                                              (perceptron.1)
    z' = z + eta t (|x|^2 + 1)                               (perceptron.2)
    z_00 + z_11 = z_01 + z_10                                (perceptron.6)
    z = sum of k_n t_n (x_n . x + 1)                         (perceptron.7)

Part of the row `dlf.derive.perceptron`, which imports it.
Source: Minsky & Papert (1969), Perceptrons, for (perceptron.6).
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step


def constant_input() -> Derivation:
    def folded(d: dict) -> object:
        return np.append(d["x"], 1) @ np.append(d["w"], d["b"])

    return Derivation(
        label="perceptron.1",
        lhs="z",
        steps=(
            Step(
                value=lambda d: sum(d["w"] * d["x"]) + d["b"],
                why="the sum, and the bias beside it",
                latex=r"\sum_i w_i x_i + b",
            ),
            Step(
                value=lambda d: sum(d["w"] * d["x"]) + d["b"] * 1,
                why="the bias is the weight of an input that is always 1",
                latex=r"\sum_i w_i x_i + b\cdot 1",
            ),
            Step(
                value=folded, why="so append it", latex=r"\tilde w^\top\tilde x"
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=3),
            "w": rng.normal(size=3),
            "b": rng.normal(),
        },
    )


def correction() -> Derivation:
    w, x, b, eta, t = sp.symbols("w x b eta t", real=True)
    return Derivation(
        label="perceptron.2",
        lhs="z'",
        steps=(
            Step(
                value=(w + eta * t * x) * x + (b + eta * t),
                why="weigh the same input with the corrected weights",
                latex=r"(w+\eta\,t\,x)^\top x+(b+\eta\,t)",
            ),
            Step(
                value=w * x + b + eta * t * (x * x + 1),
                why="collect: the old sum, and a push towards the label's side",
                latex=r"z+\eta\,t\,\big(\|x\|^2+1\big)",
            ),
        ),
        draw=lambda rng: (
            dict(zip(("w", "x", "b", "eta"), rng.normal(size=4), strict=True))
            | {"t": rng.choice([-1, 1])}
        ),
        scope="one input",
    )


def parallelogram() -> Derivation:
    w, v, b = sp.symbols("w_1 w_2 b", real=True)
    return Derivation(
        label="perceptron.6",
        lhs="z_{00}+z_{11}",
        steps=(
            Step(
                value=b + (w + v + b),
                why="write the sums of two opposite corners",
                latex="b+(w_1+w_2+b)",
            ),
            Step(
                value=(v + b) + (w + b),
                why="sort the same terms into the sums of the other two",
                latex="(w_2+b)+(w_1+b)",
            ),
            Step(
                value=w + v + 2 * b,
                why="which are their sums",
                latex="z_{01}+z_{10}",
            ),
        ),
        draw=lambda rng: dict(
            zip(("w_1", "w_2", "b"), rng.normal(size=3), strict=True)
        ),
    )


def products() -> Derivation:
    def spread(d: dict) -> object:
        return sum(
            k * t * (row @ d["new"] + 1)
            for k, t, row in zip(d["k"], d["t"], d["x"], strict=True)
        )

    return Derivation(
        label="perceptron.7",
        lhs="z",
        steps=(
            Step(
                value=lambda d: (
                    (d["k"] * d["t"]) @ d["x"] @ d["new"]
                    + (d["k"] * d["t"]).sum()
                ),
                why="the weights and the bias are sums of corrections; kₙ "
                "counts the mistakes at example n",
                latex=r"\Big(\sum_n k_n t_n x_n\Big)^{\!\top}x+\sum_n k_n t_n",
            ),
            Step(
                value=spread,
                why="take the product inside the sum",
                latex=r"\sum_n k_n t_n\,(x_n^\top x+1)",
            ),
        ),
        draw=lambda rng: {
            "k": rng.integers(5, size=6),
            "t": rng.choice([-1, 1], size=6),
            "x": rng.normal(size=(6, 3)),
            "new": rng.normal(size=3),
        },
    )
