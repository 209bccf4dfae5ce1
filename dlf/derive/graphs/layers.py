"""Messages: their pullback, and what renaming the nodes does to them.

    <dy, gather x> = <sum dy, x>                                   (graphs.1)
    f(P A P^T, P X) = P f(A, X)                                    (graphs.2)
    1^T f(P A P^T, P X) = 1^T f(A, X)                              (graphs.3)

Filters and smoothness are in `spectrum`, limits in `limits`.
Source: Bronstein, Bruna, Cohen & Veličković (2021), Geometric Deep Learning,
section 4.1.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import relu

Array = np.ndarray


def gather_and_sum() -> Derivation:
    def incidence(d: dict) -> Array:
        return np.eye(4)[d["i"]]  # row e has its one at i_e

    return Derivation(
        label="graphs.1",
        lhs=r"\big\langle\bar y,\ \mathrm{gather}(x)\big\rangle",
        steps=(
            Step(
                value=lambda d: sum(
                    dy @ d["x"][i]
                    for dy, i in zip(d["dy"], d["i"], strict=True)
                ),
                why="each edge e copies the row of its node",
                latex=r"\sum_e \bar y_e\cdot x_{i_e}",
            ),
            Step(
                value=lambda d: sum(
                    d["dy"][d["i"] == v].sum(axis=0) @ d["x"][v]
                    for v in range(4)
                ),
                why="collect the edges by the node they name",
                latex=r"\sum_v \Big(\sum_{e:\,i_e=v}\bar y_e\Big)\cdot x_v",
            ),
            Step(
                value=lambda d: np.sum((incidence(d).T @ d["dy"]) * d["x"]),
                why="the bracket is the segment-sum of the cotangents",
                latex=r"\big\langle\mathrm{sum}(\bar y),\ x\big\rangle",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=(4, 3)),
            "dy": rng.normal(size=(7, 3)),
            "i": rng.integers(4, size=7),
        },
        scope="four nodes and seven edges",
    )


def smoother(a: Array) -> Array:
    """S = D^(-1/2) (A + I) D^(-1/2), dense.

    Args:
        a: adjacency matrix A, N x N, without loops.
    """
    a = a + np.eye(len(a))
    scale = 1 / np.sqrt(a.sum(axis=1))
    return scale[:, None] * a * scale


def _layer(a: Array, x: Array, w: Array) -> Array:
    return relu(smoother(a) @ x @ w.T)


def _renamed(rng: np.random.Generator) -> dict:
    a = np.triu(rng.random((5, 5)) < 0.5, 1).astype(float)
    return {
        "a": a + a.T,
        "x": rng.normal(size=(5, 3)),
        "w": rng.normal(size=(2, 3)),
        "p": np.eye(5)[rng.permutation(5)],
    }


def equivariance() -> Derivation:
    return Derivation(
        label="graphs.2",
        lhs=r"f(PAP^\top,\,PX)",
        steps=(
            Step(
                value=lambda d: _layer(
                    d["p"] @ d["a"] @ d["p"].T, d["p"] @ d["x"], d["w"]
                ),
                why="a layer sums over neighbors with weights $S(A)$, "
                "multiplies, and applies ReLU",
                latex=r"\mathrm{relu}\big(S(PAP^\top)\,PX\,W^\top\big)",
            ),
            Step(
                value=lambda d: relu(
                    d["p"]
                    @ smoother(d["a"])
                    @ d["p"].T
                    @ d["p"]
                    @ d["x"]
                    @ d["w"].T
                ),
                why="a degree belongs to its node, so the weights move along",
                latex=r"\mathrm{relu}\big(P\,S(A)\,P^\top PX\,W^\top\big)",
            ),
            Step(
                value=lambda d: relu(
                    d["p"] @ (smoother(d["a"]) @ d["x"] @ d["w"].T)
                ),
                why=r"$P^\top P=I$: renaming and naming back",
                latex=r"\mathrm{relu}\big(P\,S(A)XW^\top\big)",
            ),
            Step(
                value=lambda d: d["p"] @ _layer(d["a"], d["x"], d["w"]),
                why="an activation function acts on each entry by itself, "
                "wherever it stands",
                latex=r"P\,f(A,X)",
            ),
        ),
        draw=_renamed,
        scope="a layer of (graphs.7), on random graphs of five nodes",
    )


def invariance() -> Derivation:
    return Derivation(
        label="graphs.3",
        lhs=r"\sum_v f(PAP^\top,\,PX)_v",
        steps=(
            Step(
                value=lambda d: _layer(
                    d["p"] @ d["a"] @ d["p"].T, d["p"] @ d["x"], d["w"]
                ).sum(axis=0),
                why="a sum over nodes is a product with a row of ones",
                latex=r"\mathbf 1^\top f(PAP^\top,\,PX)",
            ),
            Step(
                value=lambda d: (
                    np.ones(5) @ d["p"] @ _layer(d["a"], d["x"], d["w"])
                ),
                why="by the equation before",
                latex=r"\mathbf 1^\top P\,f(A,X)",
            ),
            Step(
                value=lambda d: np.ones(5) @ _layer(d["a"], d["x"], d["w"]),
                why="each column of $P$ holds a single one",
                latex=r"\mathbf 1^\top f(A,X)",
            ),
        ),
        draw=_renamed,
        scope="the same layer",
    )
