"""Maps, their own directions, and the nearest of low rank (mathematics.1-6).

Source: Strang (2019), Linear Algebra and Learning from Data, I.8 and I.9;
Mirsky (1960), theorem 2.
"""

import numpy as np

from dlf.derive.balls import holds
from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import (
    eigh,
    largest,
    orthonormal,
    singular_values,
    solve,
    spectral_norm,
)

Array = np.ndarray


def batch() -> Derivation:
    shapes = {"x": (4, 3), "w": (2, 3), "b": (2,)}
    return Derivation(
        label="mathematics.1",
        lhs="Y",
        steps=(
            Step(
                value=lambda d: np.stack([d["w"] @ x + d["b"] for x in d["x"]]),
                why="apply the map to each example, and stack the results as "
                "rows",
                latex=r"\begin{pmatrix}(Wx_1+b)^\top\\ \vdots\\"
                r"(Wx_N+b)^\top\end{pmatrix}",
            ),
            Step(
                value=lambda d: (
                    np.stack([x @ d["w"].T for x in d["x"]]) + d["b"]
                ),
                why="a transposed product is the product in the other order",
                latex=r"\begin{pmatrix}x_1^\top W^\top\\ \vdots\\"
                r"x_N^\top W^\top\end{pmatrix}+\mathbf 1\,b^\top",
            ),
            Step(
                value=lambda d: (
                    d["x"] @ d["w"].T + np.ones((4, 1)) @ d["b"][None]
                ),
                why="and rows stacked are a matrix",
                latex=r"X\,W^\top+\mathbf 1\,b^\top",
            ),
        ),
        draw=lambda rng: {k: rng.normal(size=s) for k, s in shapes.items()},
    )


def singular_vectors() -> Derivation:
    def parts(d: dict) -> tuple[Array, Array]:
        _, v = eigh(d["a"].T @ d["a"])
        return v, np.sqrt(((d["a"] @ v) ** 2).sum(axis=0))

    def pieces(d: dict) -> Array:
        v, _ = parts(d)
        return sum(np.outer(d["a"] @ x, x) for x in v.T)

    def scaled(d: dict) -> Array:
        v, s = parts(d)
        u = d["a"] @ v / s
        assert holds("=", u.T @ u, np.eye(3))
        return u @ np.diag(s) @ v.T

    return Derivation(
        label="mathematics.2",
        lhs="A",
        steps=(
            Step(
                value=lambda d: d["a"] @ parts(d)[0] @ parts(d)[0].T,
                why="take the orthonormal eigenvectors $v_i$ of the symmetric "
                r"matrix $A^\top A$ as the columns of $V$; since $V$ is "
                r"square, $V^\top V=I$ makes $VV^\top=I$ too",
                latex=r"A\,VV^\top",
            ),
            Step(
                value=pieces,
                why="a product of matrices is a sum of columns times rows",
                latex=r"\sum_i (Av_i)\,v_i^\top",
            ),
            Step(
                value=scaled,
                why=r"name the length of $Av_i$ by $s_i$ and its direction by "
                r"$u_i$; these are orthogonal, since $(Av_i)^\top(Av_j)="
                r"v_i^\top A^\top A\,v_j=0$",
                latex=r"\sum_i s_i\,u_i v_i^\top = USV^\top",
            ),
        ),
        draw=lambda rng: {"a": rng.normal(size=(4, 3))},
    )


def _symmetric(rng: np.random.Generator, D: int = 4) -> dict:
    a = rng.normal(size=(D, D))
    return {"a": a + a.T, "x": rng.normal(size=D)}


def orthogonal_eigenvectors() -> Derivation:
    def pair(d: dict) -> tuple:
        values, q = eigh(d["a"])
        return values[:2], q[:, 0], q[:, 1]

    return Derivation(
        label="mathematics.3",
        lhs=r"\lambda_1\,q_1^\top q_2",
        steps=(
            Step(
                value=lambda d: (d["a"] @ pair(d)[1]) @ pair(d)[2],
                why=r"$q_1$ is an eigenvector, $Aq_1=\lambda_1q_1$",
                latex=r"(Aq_1)^\top q_2",
            ),
            Step(
                value=lambda d: pair(d)[1] @ (d["a"].T @ pair(d)[2]),
                why="move the matrix to the other side",
                latex=r"q_1^\top\,(A^\top q_2)",
            ),
            Step(
                value=lambda d: pair(d)[0][1] * (pair(d)[1] @ pair(d)[2]),
                why=r"here is the condition: only if $A^\top=A$ is this "
                r"$A q_2=\lambda_2q_2$",
                latex=r"\lambda_2\,q_1^\top q_2",
            ),
        ),
        draw=_symmetric,
    )


def quadratic_form() -> Derivation:
    def turned(d: dict) -> tuple[Array, Array]:
        values, q = eigh(d["a"])
        return values, q.T @ d["x"]

    return Derivation(
        label="mathematics.4",
        lhs=r"x^\top A\,x",
        steps=(
            Step(
                value=lambda d: d["x"] @ d["a"] @ d["x"],
                why="with $A$ symmetric, and its orthonormal eigenvectors as "
                "the columns of $Q$",
                latex=r"x^\top Q\Lambda Q^\top x",
            ),
            Step(
                value=lambda d: turned(d)[0] @ turned(d)[1] ** 2,
                why="in the coordinates $Q^\\top x$ nothing is mixed",
                latex=r"\sum_i \lambda_i\,(q_i^\top x)^2",
            ),
        ),
        draw=_symmetric,
    )


def _approximated(rng: np.random.Generator) -> dict:
    r = int(rng.integers(1, 4))
    return {
        "a": rng.normal(size=(5, 4)),
        "left": rng.normal(size=(5, r)),
        "right": rng.normal(size=(r, 4)),
        "r": r,
    }


def _rest(d: dict) -> Array:
    """A - B, where B is a product of two matrices and so of rank r."""
    return d["a"] - d["left"] @ d["right"]


def _right_vectors(a: Array) -> Array:
    """Right singular vectors in columns, the most stretched first."""
    return eigh(a.T @ a)[1][:, ::-1]


def eckart_young() -> Derivation:
    def weights(d: dict) -> tuple[Array, Array]:
        q = orthonormal(d["right"].T)
        w = ((_right_vectors(d["a"]).T @ q) ** 2).sum(axis=1)
        assert holds("=", w.sum(), d["r"])
        assert holds(r"\le", largest(w), 1)
        return singular_values(d["a"]) ** 2, w

    def row_space(d: dict) -> Array:
        q = orthonormal(d["right"].T)
        return d["a"] - d["a"] @ q @ q.T

    return Derivation(
        label="mathematics.5",
        lhs=r"\sum_{i>r}s_i^2",
        steps=(
            Step(
                value=lambda d: (
                    weights(d)[0].sum() - weights(d)[0][: d["r"]].sum()
                ),
                why="all squares, less the largest $r$ of them",
                latex=r"\sum_i s_i^2-\sum_{i\le r}s_i^2",
            ),
            Step(
                value=lambda d: weights(d)[0] @ (1 - weights(d)[1]),
                why="let the $r$ columns of $Q$ be orthonormal and span the "
                r"rows of $B$, and put $w_i=\|Q^\top v_i\|^2$. No $w_i$ "
                "exceeds 1, and their sum is $r$. So what the first $r$ lack, "
                "$1-w_i$ each, is together what the others have: "
                r"$\sum_{i\le r}(1-w_i)=\sum_{i>r}w_i$. Multiply each term by "
                "its $s_i^2$, on the left by $s_r^2$ at least and on the right "
                r"by $s_r^2$ at most: $\sum_{i\le r}(1-w_i)s_i^2\ge"
                r"\sum_{i>r}w_is_i^2$. Bring the $w_i$ to one side",
                latex=r"\sum_i s_i^2-\sum_i w_i\,s_i^2",
                relation=r"\le",
            ),
            Step(
                value=lambda d: (row_space(d) ** 2).sum(),
                why=r"the sums are $\|A\|_F^2$ and $\|AQ\|_F^2$, where "
                r"$\|A\|_F^2=\sum_{ij}a_{ij}^2$ is the square of the "
                "*Frobenius norm*; Pythagoras, row by row",
                latex=r"\|A-AQQ^\top\|_F^2",
            ),
            Step(
                value=lambda d: (_rest(d) ** 2).sum(),
                why="the rows of $B$ lie in the space of $Q$, and no point "
                "there is nearer to a row of $A$ than its projection",
                latex=r"\|A-B\|_F^2",
                relation=r"\le",
            ),
        ),
        draw=_approximated,
        scope="matrices 5 by 4",
    )


def eckart_young_spectral() -> Derivation:
    def direction(d: dict) -> Array:
        """Solve B V c = 0 with the last entry of c equal to 1."""
        v = _right_vectors(d["a"])[:, : d["r"] + 1]
        system = d["right"] @ v
        c = np.append(solve(system[:, :-1], -system[:, -1]), 1)
        return v @ c / np.linalg.norm(v @ c)

    return Derivation(
        label="mathematics.6",
        lhs=r"s_{r+1}",
        steps=(
            Step(
                value=lambda d: singular_values(d["a"])[d["r"]],
                why=r"the shortest that $A$ makes of any unit vector among the "
                r"combinations of $v_1,\dots,v_{r+1}$",
                latex=r"\min_{x\,\in\,\langle "
                r"v_1,\dots,v_{r+1}\rangle,\;\|x\|=1}\|Ax\|",
            ),
            Step(
                value=lambda d: np.linalg.norm(d["a"] @ direction(d)),
                why="those span $r+1$ dimensions and $B$ has rank $r$, so "
                "among "
                r"them is an $x$ of length 1 with $Bx=0$",
                latex=r"\|Ax\|=\|(A-B)\,x\|",
                relation=r"\le",
            ),
            Step(
                value=lambda d: spectral_norm(_rest(d)),
                why="the spectral norm is the most that a unit vector can grow",
                latex=r"\|A-B\|_2",
                relation=r"\le",
            ),
        ),
        draw=_approximated,
        scope="matrices 5 by 4",
    )
