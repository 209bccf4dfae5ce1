"""Two ways through a graph, and what they cost.

    dL/dx = sum over the uses of x                       (backpropagation.6)
    <ybar, J v> = <J^T ybar, v>                          (backpropagation.7)
    J v = gradient in u of <J^T u, v>                    (backpropagation.8)
    L / k + k >= 2 sqrt(L)                               (backpropagation.9)

Source: Griewank & Walther (2008), Evaluating Derivatives, 3.1, 3.2 and 12.2.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step


def multivariable_chain_rule() -> Derivation:
    x, u, v = sp.symbols("x u v", real=True)
    f = sp.sin(u) * sp.exp(v)
    return Derivation(
        "backpropagation.6",
        r"\bar x",
        (
            Step(
                sp.Derivative(f.subs({u: x, v: x}), x),
                "a value that is used twice, here in both factors of g",
                r"\frac{d}{dx}\,g(u, v)\Big|_{u=x,\,v=x},\quad "
                r"g=\sin u\;e^{v}",
            ),
            Step(
                sp.Derivative(f, u).doit().subs({u: x, v: x})
                + sp.Derivative(f, v).doit().subs({u: x, v: x}),
                "one use at a time, and the changes add up",
                r"\frac{\partial g}{\partial u}+\frac{\partial g}{\partial v}",
            ),
            Step(
                sp.cos(x) * sp.exp(x) + sp.sin(x) * sp.exp(x),
                "each term is what the pullback of one use returns",
                r"\sum_{\text{uses}}\ \text{pullback}(\text{cotangent of the "
                r"use})",
            ),
        ),
        lambda rng: {"x": rng.normal()},
        "the product of a sine and an exponential",
    )


def _net(d: dict, x: np.ndarray) -> np.ndarray:
    return np.sin(d["b"] @ np.tanh(d["a"] @ x))


def _jacobian(d: dict) -> np.ndarray:
    h = 1e-20
    ways = np.eye(d["x"].size) * 1j * h
    return np.stack([_net(d, d["x"] + w).imag / h for w in ways], axis=1)


def _push(d: dict) -> np.ndarray:
    """Carry the tangent v forward, operation by operation."""
    z, dz = d["a"] @ d["x"], d["a"] @ d["v"]
    t, dt = np.tanh(z), (1 - np.tanh(z) ** 2) * dz
    return np.cos(d["b"] @ t) * (d["b"] @ dt)


def _pull(d: dict, u: np.ndarray) -> np.ndarray:
    """Carry the cotangent u back, operation by operation."""
    z = d["a"] @ d["x"]
    dt = d["b"].T @ (np.cos(d["b"] @ np.tanh(z)) * u)
    return d["a"].T @ ((1 - np.tanh(z) ** 2) * dt)


def _draw(rng: np.random.Generator) -> dict:
    shapes = {"x": 3, "v": 3, "u": 2, "a": (4, 3), "b": (2, 4)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def jvp_vjp_duality() -> Derivation:
    return Derivation(
        "backpropagation.7",
        r"\langle\bar y, J\dot x\rangle",
        (
            Step(
                lambda d: d["u"] @ (_jacobian(d) @ d["v"]),
                "with the whole Jacobian, which nobody wants to store",
                r"\bar y^\top J\,\dot x",
            ),
            Step(
                lambda d: d["u"] @ _push(d),
                "bracketed from the right: the tangent is carried forward",
                r"\bar y^\top\big(J\,\dot x\big)",
            ),
            Step(
                lambda d: _pull(d, d["u"]) @ d["v"],
                "bracketed from the left: the cotangent is carried back",
                r"\big(J^\top\bar y\big)^\top\dot x",
            ),
        ),
        _draw,
        "a net of two layers",
    )


def pushforward_twice() -> Derivation:
    def by_linearity(d: dict) -> np.ndarray:
        ways = np.eye(d["u"].size)
        return np.array([_pull(d, way) @ d["v"] for way in ways])

    return Derivation(
        "backpropagation.8",
        r"J v",
        (
            Step(
                _push,
                "forward mode",
                r"J(x)\,v",
            ),
            Step(
                by_linearity,
                "the pullback is linear in u, so its gradient in u is exact",
                r"\nabla_u\,\big\langle J(x)^\top u,\ v\big\rangle",
            ),
        ),
        _draw,
        "a net of two layers",
    )


def checkpoint_memory() -> Derivation:
    length, k = sp.symbols("L k", positive=True)
    return Derivation(
        "backpropagation.9",
        r"2\sqrt L",
        (
            Step(
                2 * sp.sqrt(length),
                "the square root of the number of layers, twice",
                r"\sqrt L+\sqrt L",
            ),
            Step(
                2 * sp.sqrt(length) + (sp.sqrt(length / k) - sp.sqrt(k)) ** 2,
                "a square is at least zero",
                r"2\sqrt L+\Big(\sqrt{L/k}-\sqrt{k}\Big)^2",
                r"\le",
            ),
            Step(
                length / k + k,
                "multiply out: L/k checkpoints, and k layers between two",
                r"\frac Lk+k",
            ),
        ),
        lambda rng: {"L": rng.uniform(1, 100), "k": rng.uniform(1, 20)},
    )
