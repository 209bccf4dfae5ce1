"""Part of the row `dlf.derive.interpretability`: layers, training examples.

Source: Dhamdhere, Sundararajan & Yan (2018), section 2; Selvaraju et al.
(2017), appendix A; Koh & Liang (2017), appendix A.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import integral

Array = np.ndarray


def conductance_completeness() -> Derivation:
    def hidden(d: dict, alpha: object) -> Array:
        x = d["base"] + alpha * (d["x"] - d["base"])
        return np.tanh(d["w"] @ x)

    def by_unit(d: dict) -> object:
        def rate(alpha: object) -> object:
            h = hidden(d, alpha)
            moves = (1 - h * h) * (d["w"] @ (d["x"] - d["base"]))
            return (d["u"] * np.cos(h)) @ moves  # f = u . sin h

        return integral(rate, 0, 1)

    def by_input(d: dict) -> object:
        def gradient(alpha: object) -> Array:
            h = hidden(d, alpha)
            return (d["u"] * np.cos(h) * (1 - h * h)) @ d["w"]

        parts = [
            integral(lambda alpha, i=i: gradient(alpha)[i], 0, 1)
            for i in range(len(d["x"]))
        ]
        return (d["x"] - d["base"]) @ parts

    def ends(d: dict) -> object:
        first, last = (
            np.sin(np.tanh(d["w"] @ d[name])) @ d["u"] for name in ("base", "x")
        )
        return last - first

    return Derivation(
        label="interpretability.6",
        lhs=r"\sum_j \mathrm{Cond}_j(x)",
        steps=(
            Step(
                value=by_unit,
                why="a unit gets its effect on f times how it moves, along the "
                "path",
                latex=r"\sum_j\int_0^1\frac{\partial f}{\partial h_j}\,"
                r"\frac{dh_j}{d\alpha}\,d\alpha",
            ),
            Step(
                value=by_input,
                why="all that an input does it does through the units: the sum "
                "over j is the chain rule for the input",
                latex=r"\sum_i (x_i-x'_i)\int_0^1"
                r"\frac{\partial f}{\partial x_i}\,d\alpha",
            ),
            Step(
                value=ends,
                why="and this is complete",
                latex=r"f(x)-f(x')",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=2),
            "base": rng.normal(size=2),
            "w": rng.normal(size=(2, 2)) / 4,
            "u": rng.normal(size=2),
        },
        scope="a hidden layer of tanh under sines",
    )


def cam_is_a_special_case() -> Derivation:
    def logit(d: dict, a: Array) -> object:
        return (d["w"] * a.mean(axis=(1, 2))).sum()

    def by_definition(d: dict) -> Array:
        derivatives = jacobian(lambda a: logit(d, a), d["a"])
        return np.tensordot(derivatives.mean(axis=(1, 2)), d["a"], axes=1)

    def cam(d: dict) -> Array:
        Z = d["a"][0].size
        return np.tensordot(d["w"], d["a"], axes=1) / Z

    return Derivation(
        label="interpretability.7",
        lhs=r"\mathrm{map}_{ij}",
        steps=(
            Step(
                value=by_definition,
                why="each channel k of the maps A is weighted by the mean "
                "derivative of the logit y in it",
                latex=r"\sum_k\Big(\frac1Z\sum_{i'j'}\frac{\partial y}"
                r"{\partial A_{k,i'j'}}\Big)A_{k,ij}",
            ),
            Step(
                value=cam,
                why="if y = Σ w_k · mean(A_k), every derivative in channel k "
                "is w_k / Z",
                latex=r"\frac1Z\sum_k w_k\,A_{k,ij}",
            ),
        ),
        draw=lambda rng: {
            "a": rng.normal(size=(3, 2, 4)),
            "w": rng.normal(size=3),
        },
        scope="three channels",
    )


def leaving_one_out() -> Derivation:
    def gap(d: dict, e: complex) -> Array:
        """Minimize the loss in which example 0 counts e less, by Newton."""
        x, y, w = d["x"], d["y"], np.zeros(d["x"].shape[1])
        part = np.full(len(x), 1 / len(x), complex)
        part[0] -= e
        for _ in range(30):
            p = 1 / (1 + np.exp(-x @ w))
            gradient = x.T @ (part * (p - y)) + 0.1 * w
            hessian = (x.T * (part * p * (1 - p))) @ x + 0.1 * np.eye(len(w))
            w = w - np.linalg.solve(hessian, gradient)
        return w

    def by_definition(d: dict, e: float = 1e-20) -> Array:
        return gap(d, 1j * e).imag / e  # a complex step loses no digits

    def formula(d: dict) -> Array:
        x, y, w = d["x"], d["y"], gap(d, 0j).real
        p = 1 / (1 + np.exp(-x @ w))
        hessian = (x.T * (p * (1 - p))) @ x / len(x) + 0.1 * np.eye(len(w))
        return np.linalg.solve(hessian, x[0] * (p[0] - y[0]))

    def draw(rng: np.random.Generator) -> dict:
        x = rng.normal(size=(12, 3))
        return {"x": x, "y": (rng.random(12) < 0.5).astype(float)}

    return Derivation(
        label="interpretability.8",
        lhs=r"\frac{d\hat w}{d\varepsilon}\Big|_{\varepsilon=0}",
        steps=(
            Step(
                value=by_definition,
                why=r"take $\varepsilon\,\ell_n$ off the mean loss $L$, and "
                "follow the minimum ŵ(ε); leaving example n out is ε = 1/N",
                latex=r"\lim_{\varepsilon\to0}\frac{\hat w(\varepsilon)"
                r"-\hat w(0)}{\varepsilon}",
            ),
            Step(
                value=formula,
                why="at the minimum ∇L(ŵ) − ε∇ℓₙ(ŵ) = 0 for every ε; "
                "differentiate that, and solve",
                latex=r"H^{-1}\,\nabla\ell_n(\hat w),\qquad H=\nabla^2 L(\hat "
                r"w)",
                only_checked="the minimum at each ε is found by iteration, "
                "without a bound on what is left",
            ),
        ),
        draw=draw,
        scope="logistic regression",
    )
