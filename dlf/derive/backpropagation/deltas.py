"""The delta equations, from one weight to a whole net.

    dL/dw   = dL/da da/dz dz/dw, for one weight          (backpropagation.1)
    delta_L = J_f^T grad_a L                             (backpropagation.2)
    delta_L = softmax(z) - y for cross-entropy           (backpropagation.3)
    delta_l = W^T delta_{l+1} * f'(z_l)                  (backpropagation.4)
    dL/dW   = delta a^T                                  (backpropagation.5)

Part of the row `dlf.derive.backpropagation`, which imports it. Derivatives "by
definition" are those of dual numbers.
Source: Rumelhart, Hinton & Williams (1986), Learning representations by
back-propagating errors, eqs. 4-8.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import softmax


def one_weight() -> Derivation:
    w, b, x, y = sp.symbols("w b x y", real=True)
    z = w * x + b
    a = 1 / (1 + sp.exp(-z))
    return Derivation(
        label="backpropagation.1",
        lhs=r"\frac{\partial\mathcal L}{\partial w}",
        steps=(
            Step(
                value=sp.Derivative((a - y) ** 2 / 2, w),
                why="by definition, for one sigmoid unit and half a square",
                latex=r"\frac{\partial}{\partial w}\,\tfrac12\big(a-y\big)^2,"
                r"\quad a=\sigma(z),\ z=wx+b",
            ),
            Step(
                value=(a - y) * sp.Derivative(a, w),
                why="the loss depends on the weight through the activation",
                latex=r"(a-y)\,\frac{\partial a}{\partial w}",
            ),
            Step(
                value=(a - y) * a * (1 - a) * sp.Derivative(z, w),
                why="the activation depends on it through the pre-activation",
                latex=r"(a-y)\;a(1-a)\,\frac{\partial z}{\partial w}",
            ),
            Step(
                value=(a - y) * a * (1 - a) * x,
                why="and the pre-activation is linear in it",
                latex=r"\underbrace{(a-y)}_{\partial\mathcal L/\partial a}\;"
                r"\underbrace{a(1-a)}_{\partial a/\partial z}\;"
                r"\underbrace{x}_{\partial z/\partial w}",
            ),
        ),
        draw=lambda rng: {name: rng.normal() for name in "wbxy"},
    )


def output_error() -> Derivation:
    def by_definition(d: dict) -> np.ndarray:
        def loss(z: np.ndarray) -> object:
            return ((softmax(z) - d["y"]) ** 2).sum() / 2

        return jacobian(loss, d["z"])

    def by_index(d: dict) -> np.ndarray:
        p = softmax(d["z"])
        jacobian = np.diag(p) - np.outer(p, p)
        return np.einsum("ij,i->j", jacobian, p - d["y"])

    def as_matrix(d: dict) -> np.ndarray:
        p = softmax(d["z"])
        return (np.diag(p) - np.outer(p, p)).T @ (p - d["y"])

    return Derivation(
        label="backpropagation.2",
        lhs=r"\delta^{(L)}",
        steps=(
            Step(
                value=by_definition,
                why="the cotangent of the last pre-activation, by definition",
                latex=r"\frac{\partial\mathcal L}{\partial z^{(L)}}",
            ),
            Step(
                value=by_index,
                why="entry by entry: every output i may depend on every "
                "pre-activation j, so sum over all outputs",
                latex=r"\Big(\sum_i \frac{\partial a_i}{\partial z_j}\,"
                r"\frac{\partial\mathcal L}{\partial a_i}\Big)_j",
            ),
            Step(
                value=as_matrix,
                why="the sum runs over the rows of the Jacobian: a transpose",
                latex=r"J_f(z^{(L)})^\top\,\nabla_a\mathcal L",
            ),
        ),
        draw=lambda rng: {"z": rng.normal(size=4), "y": rng.normal(size=4)},
        scope="a softmax output under half a squared error",
    )


def softmax_error() -> Derivation:
    z = sp.symbols("z_1:4", real=True)
    total = sum(sp.exp(v) for v in z)
    return Derivation(
        label="backpropagation.3",
        lhs=r"\delta^{(L)}_j",
        steps=(
            Step(
                value=sp.Derivative(-sp.log(sp.exp(z[1]) / total), z[0]),
                why="cross-entropy is −log of the probability of the true "
                "class y",
                latex=r"-\frac{\partial}{\partial z_j}\log"
                r"\frac{e^{z_y}}{\sum_c e^{z_c}}",
            ),
            Step(
                value=sp.exp(z[0]) / total,
                why="prediction minus truth, by {eq}`losses.2`",
                latex=r"p_j - 1[j=y],\qquad p=\mathrm{softmax}(z)",
            ),
        ),
        draw=lambda rng: {v.name: rng.normal(scale=3) for v in z},
        scope="three classes and j other than y",
    )


def hidden_error() -> Derivation:
    def tail(d: dict, z: np.ndarray) -> object:
        """A loss that reads the next layer's pre-activation in some way."""
        return (d["c"] * np.sin(d["w"] @ np.tanh(z) + d["b"])).sum()

    def next_error(d: dict) -> np.ndarray:
        return d["c"] * np.cos(d["w"] @ np.tanh(d["z"]) + d["b"])

    def by_index(d: dict) -> np.ndarray:
        slope = 1 - np.tanh(d["z"]) ** 2
        return np.einsum("k,kj,j->j", next_error(d), d["w"], slope)

    return Derivation(
        label="backpropagation.4",
        lhs=r"\delta^{(l)}",
        steps=(
            Step(
                value=lambda d: jacobian(lambda z: tail(d, z), d["z"]),
                why="by definition",
                latex=r"\frac{\partial\mathcal L}{\partial z^{(l)}}",
            ),
            Step(
                value=by_index,
                why="entry by entry: unit j enters every unit k of the next "
                "layer through the weight from j to k, after its own f",
                latex=r"\Big(\sum_k \delta^{(l+1)}_k\,W^{(l+1)}_{kj}\,"
                r"f'(z^{(l)}_j)\Big)_j",
            ),
            Step(
                value=lambda d: (
                    (d["w"].T @ next_error(d)) * (1 - np.tanh(d["z"]) ** 2)
                ),
                why="the sum over k runs down a column, hence the transpose; "
                "the derivative of f belongs to unit j alone, hence the "
                "product element by element",
                latex=r"\big(W^{(l+1)\top}\delta^{(l+1)}\big)\odot f'(z^{(l)})",
            ),
        ),
        draw=lambda rng: {
            "z": rng.normal(size=3),
            "w": rng.normal(size=(4, 3)),
            "b": rng.normal(size=4),
            "c": rng.normal(size=4),
        },
        scope="tanh, and a loss of four sines",
    )


def weight_gradient() -> Derivation:
    def by_definition(d: dict) -> np.ndarray:
        def loss(w: np.ndarray) -> object:
            return (d["c"] * np.sin(w @ d["a"] + d["b"])).sum()

        return jacobian(loss, d["w"])

    def delta(d: dict) -> np.ndarray:
        return d["c"] * np.cos(d["w"] @ d["a"] + d["b"])

    return Derivation(
        label="backpropagation.5",
        lhs=r"\frac{\partial\mathcal L}{\partial W^{(l)}}",
        steps=(
            Step(
                value=by_definition,
                why="by definition, weight by weight",
                latex=r"\Big[\frac{\partial\mathcal L}{\partial W^{(l)}_{oi}}"
                r"\Big]_{oi}",
            ),
            Step(
                value=lambda d: np.einsum("o,i->oi", delta(d), d["a"]),
                why="weight (o, i) feeds one pre-activation and scales one "
                "input",
                latex=r"\Big[\delta^{(l)}_o\,a^{(l-1)}_i\Big]_{oi}",
            ),
            Step(
                value=lambda d: delta(d)[:, None] @ d["a"][None, :],
                why="all products of two vectors make an outer product",
                latex=r"\delta^{(l)}\,a^{(l-1)\top}",
            ),
        ),
        draw=lambda rng: {
            "a": rng.normal(size=3),
            "w": rng.normal(size=(4, 3)),
            "b": rng.normal(size=4),
            "c": rng.normal(size=4),
        },
        scope="a loss of four sines",
    )
