"""Derivatives, curvature, and how fast one walks down (part of mathematics).

Source: Boyd & Vandenberghe (2004), Convex Optimization, 3.1.5, 3.2.2, 9.3.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import eigh, largest, simplex, softmax

Array = np.ndarray


def chain_rule() -> Derivation:
    def g(d: dict, x: Array) -> Array:
        return np.tanh(d["w"] @ x)

    return Derivation(
        label="mathematics.7",
        lhs=r"J_{f\circ g}(x)",
        steps=(
            Step(
                value=lambda d: jacobian(lambda x: softmax(g(d, x)), d["x"]),
                why="the partial derivatives, one row per output and one "
                "column per input",
                latex=r"\Big(\frac{\partial f_i(g(x))}{\partial x_j}\Big)_{ij}",
            ),
            Step(
                value=lambda d: np.einsum(
                    "ik,kj->ij",
                    jacobian(softmax, g(d, d["x"])),
                    jacobian(lambda x: g(d, x), d["x"]),
                ),
                why="a change of $x_j$ reaches $f_i$ along every path, and a "
                "path multiplies",
                latex=r"\Big(\sum_k \frac{\partial f_i}{\partial g_k}\,"
                r"\frac{\partial g_k}{\partial x_j}\Big)_{ij}",
            ),
            Step(
                value=lambda d: (
                    jacobian(softmax, g(d, d["x"]))
                    @ jacobian(lambda x: g(d, x), d["x"])
                ),
                why="which is a product of matrices",
                latex=r"J_f(g(x))\;J_g(x)",
            ),
        ),
        draw=lambda rng: {
            "w": rng.normal(size=(3, 4)),
            "x": rng.normal(size=4),
        },
        scope="softmax after tanh",
    )


def log_sum_exp_gradient() -> Derivation:
    z = sp.symbols("z_1:4", real=True)
    total = sum(sp.exp(v) for v in z)
    return Derivation(
        label="mathematics.8",
        lhs=r"\frac{\partial}{\partial z_i}\log\sum_c e^{z_c}",
        steps=(
            Step(
                value=sp.Derivative(total, z[0]) / total,
                why="the derivative of the logarithm is one over its argument",
                latex=r"\frac{1}{\sum_c e^{z_c}}\,"
                r"\frac{\partial}{\partial z_i}\sum_c e^{z_c}",
            ),
            Step(
                value=sp.exp(z[0]) / total,
                why="one term of the sum holds $z_i$, and is its own "
                "derivative",
                latex=r"\frac{e^{z_i}}{\sum_c "
                r"e^{z_c}}=\mathrm{softmax}(z)_i=p_i",
            ),
        ),
        draw=lambda rng: {v.name: rng.normal() for v in z},
        scope="three terms",
    )


def log_sum_exp_hessian() -> Derivation:
    z = sp.symbols("z_1:4", real=True)
    total = sum(sp.exp(v) for v in z)
    p = [sp.exp(v) / total for v in z]
    return Derivation(
        label="mathematics.9",
        lhs=r"H_{ij}",
        steps=(
            Step(
                value=sp.Derivative(p[0], z[1]),
                why="the second derivatives; here for $i\\ne j$",
                latex=r"\frac{\partial p_i}{\partial z_j}",
            ),
            Step(
                value=-sp.exp(z[0]) * sp.exp(z[1]) / total**2,
                why="$z_j$ stands in the denominator only",
                latex=r"-\frac{e^{z_i}\,e^{z_j}}{(\sum_c e^{z_c})^2}",
            ),
            Step(
                value=-p[0] * p[1],
                why="which is a product of probabilities; for $i=j$ the "
                "numerator adds $p_i$",
                latex=r"p_i\,1[i=j]-p_i\,p_j,\qquad H=\mathrm{diag}(p)-pp^\top",
            ),
        ),
        draw=lambda rng: {v.name: rng.normal() for v in z},
        scope="three terms",
    )


def log_sum_exp_curvature() -> Derivation:
    return Derivation(
        label="mathematics.10",
        lhs=r"v^\top H\,v",
        steps=(
            Step(
                value=lambda d: (
                    d["v"]
                    @ (np.diag(d["p"]) - np.outer(d["p"], d["p"]))
                    @ d["v"]
                ),
                why="the curvature in a direction $v$",
                latex=r"v^\top\big(\mathrm{diag}(p)-pp^\top\big)\,v",
            ),
            Step(
                value=lambda d: d["p"] @ d["v"] ** 2 - (d["p"] @ d["v"]) ** 2,
                why="multiply out",
                latex=r"\sum_i p_iv_i^2-\Big(\sum_ip_iv_i\Big)^2",
            ),
            Step(
                value=lambda d: d["p"] @ (d["v"] - d["p"] @ d["v"]) ** 2,
                why="the mean of the squares less the square of the mean is "
                "the variance of $v_i$, drawn with probability $p_i$",
                latex=r"\sum_i p_i\Big(v_i-\sum_jp_jv_j\Big)^2",
            ),
            Step(
                value=lambda d: 0,
                why="and no mean of squares is negative",
                latex="0",
                relation=r"\ge",
            ),
        ),
        draw=lambda rng: {
            "p": simplex(rng, 5),
            "v": rng.normal(size=5),
        },
    )


def affine_convexity() -> Derivation:
    def f(z: Array) -> object:
        return np.log(np.exp(z).sum())

    def net(d: dict, w: Array) -> Array:
        return d["x"] @ w + d["b"]

    def between(d: dict) -> Array:
        return d["t"] * d["w"] + (1 - d["t"]) * d["u"]

    def draw(rng: np.random.Generator) -> dict:
        shapes = {"x": (4, 3), "b": (4,), "w": (3,), "u": (3,)}
        drawn = {k: rng.normal(size=s) for k, s in shapes.items()}
        return drawn | {"t": rng.random()}

    return Derivation(
        label="mathematics.11",
        lhs=r"\ell\big(X(tw+(1-t)u)+b\big)",
        steps=(
            Step(
                value=lambda d: f(net(d, between(d))),
                why="a convex loss of a linear model, at weights between $w$ "
                "and $u$; $0\\le t\\le1$",
                latex=r"\ell\big(X(tw+(1-t)u)+b\big)",
            ),
            Step(
                value=lambda d: f(
                    d["t"] * net(d, d["w"]) + (1 - d["t"]) * net(d, d["u"])
                ),
                why="an affine map takes the point between to the point "
                "between",
                latex=r"\ell\big(t\,(Xw+b)+(1-t)(Xu+b)\big)",
            ),
            Step(
                value=lambda d: (
                    d["t"] * f(net(d, d["w"]))
                    + (1 - d["t"]) * f(net(d, d["u"]))
                ),
                why="and there $\\ell$ lies under its chord",
                latex=r"t\,\ell(Xw+b)+(1-t)\,\ell(Xu+b)",
                relation=r"\le",
            ),
        ),
        draw=draw,
        scope="log-sum-exp",
    )


def descent_rate() -> Derivation:
    def draw(rng: np.random.Generator) -> dict:
        a = rng.normal(size=(6, 4))
        h = a.T @ a + 0.1 * np.eye(4)
        return {"h": h + h.T, "x": rng.normal(size=4)}

    def eigenvalues(d: dict) -> Array:
        return eigh(d["h"])[0]

    def rate(d: dict) -> object:
        values = eigenvalues(d)
        return 2 / (values[0] + values[-1])

    def stepped(d: dict) -> object:
        return np.linalg.norm(d["x"] - rate(d) * (d["h"] @ d["x"]))

    def slowest(d: dict) -> object:
        factors = np.abs(1 - rate(d) * eigenvalues(d))
        return largest(factors) * np.linalg.norm(d["x"])

    def by_condition(d: dict) -> object:
        values = eigenvalues(d)
        k = values[-1] / values[0]
        return (k - 1) / (k + 1) * np.linalg.norm(d["x"])

    return Derivation(
        label="mathematics.12",
        lhs=r"\|x_{k+1}\|",
        steps=(
            Step(
                value=stepped,
                why=r"one step down the bowl $\tfrac12x^\top Hx$, whose "
                r"gradient "
                "is $Hx$ and whose lowest point is 0",
                latex=r"\|x_k-\eta Hx_k\|",
            ),
            Step(
                value=slowest,
                why=r"along each eigenvector of $H$ the step multiplies by "
                r"$1-\eta\lambda_i$",
                latex=r"\max_i|1-\eta\lambda_i|\;\|x_k\|",
                relation=r"\le",
            ),
            Step(
                value=by_condition,
                why=r"the best $\eta=2/(\lambda_{\max}+\lambda_{\min})$ makes "
                r"both ends equally slow; "
                r"$\kappa=\lambda_{\max}/\lambda_{\min}$",
                latex=r"\frac{\kappa-1}{\kappa+1}\;\|x_k\|",
            ),
        ),
        draw=draw,
    )
