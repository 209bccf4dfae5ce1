"""Part of the row `dlf.derive.interpretability`: layers, training examples.

Source: Dhamdhere, Sundararajan & Yan (2018), section 2; Selvaraju et al.
(2017), appendix A; Koh & Liang (2017), appendix A.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step

Array = np.ndarray
NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)
NODES, WEIGHTS = (NODES + 1) / 2, WEIGHTS / 2


def conductance_completeness() -> Derivation:
    def path(d: dict) -> tuple[Array, Array, Array]:
        z = d["base"] + NODES[:, None] * (d["x"] - d["base"])
        pre = z @ d["w"].T
        h = np.tanh(pre)
        return h, (1 - h * h) * ((d["x"] - d["base"]) @ d["w"].T), pre

    def slope(d: dict, h: Array) -> Array:
        return np.cos(h) * d["u"]  # of f = u . sin h

    def by_unit(d: dict) -> float:
        h, dh, _ = path(d)
        return float((WEIGHTS @ (slope(d, h) * dh)).sum())

    def by_input(d: dict) -> float:
        h, _, _ = path(d)
        back = (slope(d, h) * (1 - h * h)) @ d["w"]
        return float(((d["x"] - d["base"]) * (WEIGHTS @ back)).sum())

    def ends(d: dict) -> float:
        first, last = (
            np.sin(np.tanh(d[name] @ d["w"].T)) @ d["u"]
            for name in ("base", "x")
        )
        return float(last - first)

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
                latex=r"\sum_i (x_i-x'_i)\int_0^1\frac{\partial f}{\partial "
                r"x_i}\,d\alpha",
            ),
            Step(
                value=ends,
                why="and this is complete",
                latex=r"f(x)-f(x')",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=3),
            "base": rng.normal(size=3),
            "w": 0.5 * rng.normal(size=(4, 3)),
            "u": rng.normal(size=4),
        },
        scope="a hidden layer of tanh under sines",
    )


def cam_is_a_special_case() -> Derivation:
    def logit(d: dict, a: Array) -> complex:
        return (d["w"] * a.mean(axis=(1, 2))).sum()

    def by_definition(d: dict) -> Array:
        a, h = d["a"], 1e-20
        slopes = np.empty(a.shape)
        for at in np.ndindex(a.shape):
            moved = a.astype(complex)
            moved[at] += 1j * h
            slopes[at] = logit(d, moved).imag / h
        return np.tensordot(slopes.mean(axis=(1, 2)), a, axes=1)

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
        """Minimise the loss in which example 0 counts e less, by Newton."""
        x, y, w = d["x"], d["y"], np.zeros(d["x"].shape[1])
        share = np.full(len(x), 1 / len(x), complex)
        share[0] -= e
        for _ in range(30):
            p = 1 / (1 + np.exp(-x @ w))
            slope = x.T @ (share * (p - y)) + 0.1 * w
            curve = (x.T * (share * p * (1 - p))) @ x + 0.1 * np.eye(len(w))
            w = w - np.linalg.solve(curve, slope)
        return w

    def by_definition(d: dict, e: float = 1e-20) -> Array:
        return gap(d, 1j * e).imag / e  # a complex step loses no digits

    def formula(d: dict) -> Array:
        x, y, w = d["x"], d["y"], gap(d, 0j).real
        p = 1 / (1 + np.exp(-x @ w))
        curve = (x.T * (p * (1 - p))) @ x / len(x) + 0.1 * np.eye(len(w))
        return np.linalg.solve(curve, x[0] * (p[0] - y[0]))

    def draw(rng: np.random.Generator) -> dict:
        x = rng.normal(size=(12, 3))
        return {"x": x, "y": (rng.random(12) < 0.5).astype(float)}

    return Derivation(
        label="interpretability.8",
        lhs=r"\frac{d\hat w}{d\varepsilon}\Big|_{\varepsilon=0}",
        steps=(
            Step(
                value=by_definition,
                why="let example n count ε less, and follow the minimum ŵ(ε); "
                "leaving it out is ε = 1/N",
                latex=r"\lim_{\varepsilon\to0}\frac{\hat w(\varepsilon)"
                r"-\hat w(0)}{\varepsilon}",
            ),
            Step(
                value=formula,
                why="at the minimum ∇L(ŵ) − ε∇ℓₙ(ŵ) = 0 for every ε; "
                "differentiate that, and solve",
                latex=r"H^{-1}\,\nabla\ell_n(\hat w),\qquad H=\nabla^2 L(\hat "
                r"w)",
            ),
        ),
        draw=draw,
        scope="logistic regression",
    )
