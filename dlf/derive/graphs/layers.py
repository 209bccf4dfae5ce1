"""Messages: their pullback, and what renaming the nodes does to them.

    <dy, gather x> = <sum dy, x>                                   (graphs.1)
    f(P A P^T, P X) = P f(A, X)                                    (graphs.2)
    1^T f(P A P^T, P X) = 1^T f(A, X)                              (graphs.3)

Filters and smoothness are in `graphs_spectrum`, limits in `graphs_limits`.
Source: Bronstein, Bruna, Cohen & Veličković (2021), Geometric Deep Learning,
section 4.1.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step

Array = np.ndarray


def gather_and_sum() -> Derivation:
    def incidence(d: dict) -> Array:
        return np.eye(4)[d["i"]]  # row e has its one at i_e

    return Derivation(
        "graphs.1",
        r"\big\langle\bar y,\ \mathrm{gather}(x)\big\rangle",
        (
            Step(
                lambda d: sum(
                    dy @ d["x"][i]
                    for dy, i in zip(d["dy"], d["i"], strict=True)
                ),
                "each edge e copies the row of its node",
                r"\sum_e \bar y_e\cdot x_{i_e}",
            ),
            Step(
                lambda d: sum(
                    d["dy"][d["i"] == v].sum(axis=0) @ d["x"][v]
                    for v in range(4)
                ),
                "collect the edges by the node they name",
                r"\sum_v \Big(\sum_{e:\,i_e=v}\bar y_e\Big)\cdot x_v",
            ),
            Step(
                lambda d: np.sum((incidence(d).T @ d["dy"]) * d["x"]),
                "the bracket is the segment-sum of the cotangents",
                r"\big\langle\mathrm{sum}(\bar y),\ x\big\rangle",
            ),
        ),
        lambda rng: {
            "x": rng.normal(size=(4, 3)),
            "dy": rng.normal(size=(7, 3)),
            "i": rng.integers(4, size=7),
        },
        "four nodes and seven edges",
    )


def smoother(a: Array) -> Array:
    """S = D^(-1/2) (A + I) D^(-1/2), dense."""
    a = a + np.eye(len(a))
    scale = 1 / np.sqrt(a.sum(axis=1))
    return scale[:, None] * a * scale


def _layer(a: Array, x: Array, w: Array) -> Array:
    return np.maximum(smoother(a) @ x @ w.T, 0)


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
        "graphs.2",
        r"f(PAP^\top,\,PX)",
        (
            Step(
                lambda d: _layer(
                    d["p"] @ d["a"] @ d["p"].T, d["p"] @ d["x"], d["w"]
                ),
                "a layer averages with weights $S(A)$, multiplies, and applies "
                "ReLU",
                r"\mathrm{relu}\big(S(PAP^\top)\,PX\,W^\top\big)",
            ),
            Step(
                lambda d: np.maximum(
                    d["p"]
                    @ smoother(d["a"])
                    @ d["p"].T
                    @ d["p"]
                    @ d["x"]
                    @ d["w"].T,
                    0,
                ),
                "a degree belongs to its node, so the weights move along",
                r"\mathrm{relu}\big(P\,S(A)\,P^\top PX\,W^\top\big)",
            ),
            Step(
                lambda d: np.maximum(
                    d["p"] @ (smoother(d["a"]) @ d["x"] @ d["w"].T), 0
                ),
                r"$P^\top P=I$: renaming and naming back",
                r"\mathrm{relu}\big(P\,S(A)XW^\top\big)",
            ),
            Step(
                lambda d: d["p"] @ _layer(d["a"], d["x"], d["w"]),
                "an activation function acts on each entry by itself, "
                "wherever it stands",
                r"P\,f(A,X)",
            ),
        ),
        _renamed,
        "a layer of (graphs.7), on random graphs of five nodes",
    )


def invariance() -> Derivation:
    return Derivation(
        "graphs.3",
        r"\sum_v f(PAP^\top,\,PX)_v",
        (
            Step(
                lambda d: _layer(
                    d["p"] @ d["a"] @ d["p"].T, d["p"] @ d["x"], d["w"]
                ).sum(axis=0),
                "a sum over nodes is a product with a row of ones",
                r"\mathbf 1^\top f(PAP^\top,\,PX)",
            ),
            Step(
                lambda d: np.ones(5) @ d["p"] @ _layer(d["a"], d["x"], d["w"]),
                "by the equation before",
                r"\mathbf 1^\top P\,f(A,X)",
            ),
            Step(
                lambda d: np.ones(5) @ _layer(d["a"], d["x"], d["w"]),
                "each column of $P$ holds a single one",
                r"\mathbf 1^\top f(A,X)",
            ),
        ),
        _renamed,
        "the same layer",
    )
