"""Curvature in few numbers: a diagonal, and two small matrices for a large.

    E[z * H z] = diag H for independent signs z              (second_order.10)
    (A ⊗ S)^-1 vec G = vec(S^-1 G A^-1)                      (second_order.11)
    (G G^T)^(-1/4) G (G^T G)^(-1/4) = U V^T                  (second_order.12)

Source: Bekas, Kokiopoulou & Saad (2007); Martens & Grosse (2015); Gupta, Koren
& Singer (2018); Bernstein & Newhouse (2024) for the last.
"""

from itertools import product

import numpy as np

from dlf.derive.balls import Array
from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import eigh, solve

D = 4
O, I = 2, 3  # outputs and inputs of a layer


def hutchinson() -> Derivation:
    every = np.array(list(product((-1, 1), repeat=D)))

    def symmetric(rng: np.random.Generator) -> dict:
        a = rng.normal(size=(D, D))
        return {"h": a + a.T}

    return Derivation(
        label="second_order.10",
        lhs=r"\mathbb E\,[z\odot Hz]_i",
        steps=(
            Step(
                value=lambda d: (every * (every @ d["h"])).sum(0) / len(every),
                why="by definition, all vectors of signs being equally likely",
                latex=r"\mathbb E\Big[z_i\sum_jH_{ij}z_j\Big]",
            ),
            Step(
                value=lambda d: (
                    (d["h"] * (every.T @ every)).sum(1) / len(every)
                ),
                why="the expectation of a sum",
                latex=r"\sum_jH_{ij}\,\mathbb E[z_iz_j]",
            ),
            Step(
                value=lambda d: np.diag(d["h"]),
                why="two different signs agree as often as not, and "
                "$z_i^2=1$ always",
                latex=r"H_{ii}",
            ),
        ),
        draw=symmetric,
        scope=f"all {len(every)} vectors of {D} signs",
    )


def inverse_times(a: Array, b: Array) -> Array:
    """Solve a x = b for each column of b.

    Args:
        a: a square matrix of exact numbers or balls.
        b: a matrix with as many rows.
    """
    return np.stack([solve(a, column) for column in b.T], axis=1)


def kronecker() -> Derivation:
    def vec(x: Array) -> Array:
        return x.T.ravel()

    def small(d: dict) -> Array:
        rows = inverse_times(d["s"], d["g"])
        return vec(inverse_times(d["a"], rows.T).T)

    def draw(rng: np.random.Generator) -> dict:
        a, s = rng.normal(size=(I, I)), rng.normal(size=(O, O))
        return {
            "a": a @ a.T + np.eye(I),
            "s": s @ s.T + np.eye(O),
            "g": rng.normal(size=(O, I)),
        }

    return Derivation(
        label="second_order.11",
        lhs="p",
        steps=(
            Step(
                value=lambda d: solve(np.kron(d["a"], d["s"]), vec(d["g"])),
                why="the columns of the gradient $G$, one below the other, are "
                r"$\operatorname{vec}G$",
                latex=r"(A\otimes S)^{-1}\operatorname{vec}G",
            ),
            Step(
                value=small,
                why=r"since $(A\otimes S)\operatorname{vec}P="
                r"\operatorname{vec}(SPA)$ for a symmetric $A$, and $SPA=G$ "
                r"is solved from both sides",
                latex=r"\operatorname{vec}\,(S^{-1}G\,A^{-1})",
            ),
        ),
        draw=draw,
        scope=f"{O} outputs and {I} inputs",
    )


def orthogonal_step() -> Derivation:
    def fourth_root(a: Array) -> Array:
        values, q = eigh(a)
        return q / np.sqrt(np.sqrt(values)) @ q.T

    def factors(d: dict) -> tuple[Array, Array, Array]:
        squares, u = eigh(d["g"] @ d["g"].T)
        s = np.sqrt(squares)
        return u, s, d["g"].T @ u / s

    def middle(d: dict) -> Array:
        u, s, v = factors(d)
        root = np.sqrt(s)
        return (u / root) @ (u.T @ u) * s @ (v.T @ v) / root @ v.T

    def ends(d: dict) -> Array:
        u, _, v = factors(d)
        return u @ v.T

    return Derivation(
        label="second_order.12",
        lhs=r"(GG^\top)^{-1/4}\,G\,(G^\top G)^{-1/4}",
        steps=(
            Step(
                value=lambda d: (
                    fourth_root(d["g"] @ d["g"].T)
                    @ d["g"]
                    @ fourth_root(d["g"].T @ d["g"])
                ),
                why=r"for an invertible $G$ with its singular values on the "
                r"diagonal of $\Sigma$, "
                r"$G=U\Sigma V^\top$ and $GG^\top=U\Sigma^2U^\top$",
                latex=r"U\Sigma^{-1/2}U^\top\;U\Sigma V^\top\;"
                r"V\Sigma^{-1/2}V^\top",
            ),
            Step(
                value=middle,
                why=r"$U^\top U$ and $V^\top V$ are the identity",
                latex=r"U\,\Sigma^{-1/2}\,\Sigma\,\Sigma^{-1/2}\,V^\top",
            ),
            Step(
                value=ends,
                why="the powers add up to 0",
                latex=r"UV^\top",
            ),
        ),
        draw=lambda rng: {"g": rng.normal(size=(3, 3))},
        scope="invertible matrices of three rows and columns",
    )
