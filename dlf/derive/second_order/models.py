"""Quadratic models of a loss, and products with their matrices.

    m(p) = f + |p + H^-1 g|²_H / 2 - |g|²_(H^-1) / 2          (second_order.2)
    H v = gradient of g^T v                                   (second_order.3)
    H = J^T J + sum of r_i (Hessian of r_i)                   (second_order.4)
    E[(p - e_c)(p - e_c)^T] = diag p - p p^T                  (second_order.5)

Source: Nocedal & Wright (2006), Numerical Optimization, 2.2 and 10.3;
Pearlmutter (1994); Martens (2020), New insights and perspectives on the
natural gradient method.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import softmax, solve

D, C = 3, 4
W1, W2, V1, V2, X, Y, R = sp.symbols("w_1 w_2 v_1 v_2 x y r", real=True)
OUTPUT = W2 * sp.tanh(W1 * X)  # of a net with one hidden unit


def draw_net(rng: np.random.Generator) -> dict:
    """Draw two weights, a direction, an input and a target.

    Args:
        rng: draws them.
    """
    return {k: rng.normal() for k in ("w_1", "w_2", "v_1", "v_2", "x", "y")}


def newton_step() -> Derivation:
    def moved(d: dict) -> np.ndarray:
        return d["p"] + solve(d["h"], d["g"])

    def draw(rng: np.random.Generator) -> dict:
        a = rng.normal(size=(D, D))
        f, g, p = rng.normal(), rng.normal(size=D), rng.normal(size=D)
        return {"f": f, "g": g, "p": p, "h": a + a.T}

    return Derivation(
        label="second_order.2",
        lhs="m(p)",
        steps=(
            Step(
                value=lambda d: (
                    d["f"] + d["g"] @ d["p"] + d["p"] @ d["h"] @ d["p"] / 2
                ),
                why="by definition, with a symmetric $H$ that has an inverse",
                latex=r"f+g^\top p+\tfrac12\,p^\top Hp",
            ),
            Step(
                value=lambda d: (
                    d["f"]
                    + moved(d) @ d["h"] @ moved(d) / 2
                    - d["g"] @ solve(d["h"], d["g"]) / 2
                ),
                why="complete the square",
                latex=r"f+\tfrac12\,(p+H^{-1}g)^\top H\,(p+H^{-1}g)"
                r"-\tfrac12\,g^\top H^{-1}g",
            ),
        ),
        draw=draw,
    )


def hessian_vector_product() -> Derivation:
    f = (OUTPUT - Y) ** 2 / 2
    g1, g2 = sp.diff(f, W1), sp.diff(f, W2)
    ahead = {W1: W1 + R * V1, W2: W2 + R * V2}
    return Derivation(
        label="second_order.3",
        lhs="(Hv)_1",
        steps=(
            Step(
                value=V1 * sp.diff(f, W1, 2) + V2 * sp.diff(f, W1, W2),
                why="by definition",
                latex=r"v_1\,\frac{\partial^2f}{\partial w_1^2}"
                r"+v_2\,\frac{\partial^2f}{\partial w_1\partial w_2}",
            ),
            Step(
                value=sp.diff(g1.subs(ahead, simultaneous=True), R).subs(R, 0),
                why="read as a chain rule: how the first entry of the gradient "
                "$g$ changes if $w$ moves along $v$",
                latex=r"\frac{d}{dr}\,g_1(w+rv)\,\Big|_{r=0}",
            ),
            Step(
                value=sp.diff(g1 * V1 + g2 * V2, W1),
                why="or, since the order of derivatives does not matter and "
                "$v$ is a constant, as one more gradient",
                latex=r"\frac{\partial}{\partial w_1}\,\big(g^\top v\big)",
            ),
        ),
        draw=draw_net,
        scope="half the squared error of a net with one hidden unit",
    )


def gauss_newton() -> Derivation:
    r = OUTPUT - Y
    r1, r2 = sp.diff(r, W1), sp.diff(r, W2)
    return Derivation(
        label="second_order.4",
        lhs=r"H_{12}",
        steps=(
            Step(
                value=sp.diff(r**2 / 2, W1, W2),
                why="by definition, for one residual $r$",
                latex=r"\frac{\partial^2}{\partial w_1\partial w_2}\,"
                r"\tfrac12\,r^2",
            ),
            Step(
                value=sp.diff(r * r2, W1),
                why="differentiate once",
                latex=r"\frac{\partial}{\partial w_1}\Big(r\,"
                r"\frac{\partial r}{\partial w_2}\Big)",
            ),
            Step(
                value=r1 * r2 + r * sp.diff(r, W1, W2),
                why="and once more, by the product rule; several residuals add "
                r"up to $H=J^\top J+\sum_ir_i\nabla^2r_i$",
                latex=r"\frac{\partial r}{\partial w_1}"
                r"\frac{\partial r}{\partial w_2}"
                r"+r\,\frac{\partial^2r}{\partial w_1\partial w_2}",
            ),
        ),
        draw=draw_net,
        scope="a net with one hidden unit",
    )


def fisher() -> Derivation:
    hot = np.eye(C, dtype=int)

    def centered(d: dict) -> np.ndarray:
        return softmax(d["z"]) - hot

    def outer(d: dict) -> np.ndarray:
        p = softmax(d["z"])
        return p[:, None] * p

    return Derivation(
        label="second_order.5",
        lhs=r"\mathbb E\big[(q-e_c)(q-e_c)^\top\big]",
        steps=(
            Step(
                value=lambda d: sum(
                    q * row[:, None] * row
                    for q, row in zip(softmax(d["z"]), centered(d), strict=True)
                ),
                why="the class $c$ is drawn from the model's own "
                "probabilities $q$, and $e_c$ is its one-hot vector",
                latex=r"\sum_cq_c\,(q-e_c)(q-e_c)^\top",
            ),
            Step(
                value=lambda d: (
                    sum(
                        q * row[:, None] * row
                        for q, row in zip(softmax(d["z"]), hot, strict=True)
                    )
                    - outer(d)
                ),
                why=r"multiply out, with $\sum_cq_c\,e_c=q$",
                latex=r"\sum_cq_c\,e_c\,e_c^\top-q\,q^\top",
            ),
            Step(
                value=lambda d: jacobian(softmax, d["z"]),
                why="which is the derivative of the softmax, and so the "
                "Hessian of cross-entropy with respect to the logits",
                latex=r"\mathrm{diag}(q)-q\,q^\top"
                r"=\frac{\partial q}{\partial z}",
            ),
        ),
        draw=lambda rng: {"z": rng.normal(size=C)},
    )
