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
from dlf.derive.dual import jacobian


def multivariable_chain_rule() -> Derivation:
    x, u, v = sp.symbols("x u v", real=True)
    f = sp.sin(u) * sp.exp(v)
    return Derivation(
        label="backpropagation.6",
        lhs=r"\bar x",
        steps=(
            Step(
                value=sp.Derivative(f.subs({u: x, v: x}), x),
                why="a value that is used twice, here in both factors of g",
                latex=r"\frac{d}{dx}\,g(u, v)\Big|_{u=x,\,v=x},\quad "
                r"g=\sin u\;e^{v}",
            ),
            Step(
                value=sp.Derivative(f, u).doit().subs({u: x, v: x})
                + sp.Derivative(f, v).doit().subs({u: x, v: x}),
                why="one use at a time, and the changes add up",
                latex=r"\frac{\partial g}{\partial u}+"
                r"\frac{\partial g}{\partial v}",
            ),
            Step(
                value=sp.cos(x) * sp.exp(x) + sp.sin(x) * sp.exp(x),
                why="each term is what the pullback of one use returns",
                latex=r"\sum_{\text{uses}}\ \text{pullback}(\text{cotangent of "
                r"the use})",
            ),
        ),
        draw=lambda rng: {"x": rng.normal()},
        scope="the product of a sine and an exponential",
    )


def _net(d: dict, x: np.ndarray) -> np.ndarray:
    return np.sin(d["b"] @ np.tanh(d["a"] @ x))


def _jacobian(d: dict) -> np.ndarray:
    return jacobian(lambda x: _net(d, x), d["x"])


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
        label="backpropagation.7",
        lhs=r"\langle\bar y, J\dot x\rangle",
        steps=(
            Step(
                value=lambda d: d["u"] @ (_jacobian(d) @ d["v"]),
                why="with the whole Jacobian, which nobody wants to store",
                latex=r"\bar y^\top J\,\dot x",
            ),
            Step(
                value=lambda d: d["u"] @ _push(d),
                why="bracketed from the right: the tangent is carried forward",
                latex=r"\bar y^\top\big(J\,\dot x\big)",
            ),
            Step(
                value=lambda d: _pull(d, d["u"]) @ d["v"],
                why="bracketed from the left: the cotangent is carried back",
                latex=r"\big(J^\top\bar y\big)^\top\dot x",
            ),
        ),
        draw=_draw,
        scope="a net of two layers",
    )


def pushforward_twice() -> Derivation:
    def by_linearity(d: dict) -> np.ndarray:
        ways = np.eye(d["u"].size)
        return np.array([_pull(d, way) @ d["v"] for way in ways])

    return Derivation(
        label="backpropagation.8",
        lhs=r"J v",
        steps=(
            Step(
                value=_push,
                why="forward mode",
                latex=r"J(x)\,v",
            ),
            Step(
                value=by_linearity,
                why=r"the product $\langle J^\top u,v\rangle=u^\top Jv$ is "
                r"linear in $u$, so at every $u$ its gradient is $Jv$",
                latex=r"\nabla_u\,\big\langle J(x)^\top u,\ v\big\rangle",
            ),
        ),
        draw=_draw,
        scope="a net of two layers",
    )


def checkpoint_memory() -> Derivation:
    length, k = sp.symbols("L k", positive=True)
    return Derivation(
        label="backpropagation.9",
        lhs=r"2\sqrt L",
        steps=(
            Step(
                value=2 * sp.sqrt(length),
                why="begin with what is to be the bound, twice the root of "
                "the number of layers",
            ),
            Step(
                value=2 * sp.sqrt(length)
                + (sp.sqrt(length / k) - sp.sqrt(k)) ** 2,
                why="a square is at least zero",
                relation=r"\le",
            ),
            Step(
                value=length / k + k,
                why="multiply out: $L/k$ checkpoints, and $k$ layers between "
                "two",
            ),
        ),
        draw=lambda rng: {"L": rng.uniform(1, 100), "k": rng.uniform(1, 20)},
    )
