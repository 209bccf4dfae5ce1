"""What an activation does to a signal, forward and backward.

Part of the row `dlf.derive.activations`, which imports it.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import largest, sigmoid, sign, spectral_norm


def saturation_bound() -> Derivation:
    def derivatives(d: dict) -> list[np.ndarray]:
        a, found = d["a"], []
        for w in d["w"]:
            a = sigmoid(w @ a)
            found.append(a * (1 - a))
        return found

    def norms(d: dict) -> np.ndarray:
        return np.array([spectral_norm(w) for w in d["w"]])

    def through_all(d: dict) -> object:
        J = np.eye(len(d["a"]))
        for f, w in zip(derivatives(d), d["w"], strict=True):
            J = f[:, None] * w @ J
        return spectral_norm(J)

    return Derivation(
        label="activations.6",
        lhs=r"\Big\|\frac{\partial a_L}{\partial a_0}\Big\|",
        steps=(
            Step(
                value=through_all,
                why="the chain rule through all layers",
                latex=r"\Big\|\prod_{l=L}^{1}\mathrm{diag}\,\sigma'(z_l)\;W_l"
                r"\Big\|",
            ),
            Step(
                value=lambda d: np.prod(
                    [largest(f) for f in derivatives(d)] * norms(d)
                ),
                why="the norm of a product is at most the product of the norms",
                latex=r"\prod_{l=1}^{L}\max_i\sigma'(z_{l,i})\;\|W_l\|",
                relation=r"\le",
            ),
            Step(
                value=lambda d: np.prod(norms(d) / 4),
                why="the derivative of the sigmoid never exceeds a quarter",
                latex=r"\frac{1}{4^{L}}\,\prod_{l=1}^{L}\|W_l\|",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "a": rng.normal(size=5),
            "w": rng.normal(size=(4, 5, 5)),
        },
        scope="four layers of five units",
    )


def positive_inputs_share_sign() -> Derivation:
    def loss(d: dict, w: np.ndarray) -> object:
        return (np.tanh(w @ d["a"]) - d["t"]) ** 2 / 2

    def delta(d: dict) -> object:
        y = np.tanh(d["w"] @ d["a"])
        return (y - d["t"]) * (1 - y * y)

    return Derivation(
        label="activations.7",
        lhs=r"\operatorname{sign}\frac{\partial\mathcal L}{\partial w}",
        steps=(
            Step(
                value=lambda d: sign(jacobian(lambda w: loss(d, w), d["w"])),
                why="change one weight at a time",
                latex=r"\operatorname{sign}\Big("
                r"\frac{\partial\mathcal L}{\partial w_j}\Big)_j",
            ),
            Step(
                value=lambda d: sign(delta(d) * d["a"]),
                why="the derivative of the loss at the unit, times each input",
                latex=r"\operatorname{sign}(\delta\,a),"
                r"\quad \delta=\frac{\partial\mathcal L}{\partial z},"
                r"\;\; z=w^\top a",
            ),
            Step(
                value=lambda d: np.full(len(d["a"]), sign(delta(d))),
                why="all inputs are positive",
                latex=r"\operatorname{sign}(\delta)\,(1,1,\dots,1)",
            ),
        ),
        draw=lambda rng: {
            "a": rng.uniform(0.1, 1, size=4),
            "w": rng.normal(size=4),
            "t": rng.normal(),
        },
        scope="a tanh unit with four inputs and squared error",
    )


def selu_mean() -> Derivation:
    return _elu_moment(
        "activations.17",
        1,
        1 / sp.sqrt(2 * sp.pi) - a * (half - sp.sqrt(sp.E) * below(1)),
        r"\frac{1}{\sqrt{2\pi}}-\alpha\Big(\frac12-\sqrt e\,\Phi(-1)\Big)",
        r"the first integral is $\varphi(0)$; in the second complete the "
        r"square, $e^t\varphi(t)=\sqrt e\,\varphi(t-1)$, whose integral up to "
        r"0 is $\sqrt e\,\Phi(-1)$",
    )


def selu_second_moment() -> Derivation:
    return _elu_moment(
        "activations.18",
        2,
        half
        + a**2 * (half - 2 * sp.sqrt(sp.E) * below(1) + sp.E**2 * below(2)),
        r"\frac12+\alpha^2\Big(\frac12-2\sqrt e\,\Phi(-1)+e^2\,\Phi(-2)\Big)",
        r"multiply $(e^t-1)^2$ out, and complete the square here too, "
        r"$e^{2t}\varphi(t)=e^2\varphi(t-2)$",
    )


a, t = sp.Symbol("alpha", positive=True), sp.Symbol("t", real=True)
half = sp.Rational(1, 2)


def below(t: int) -> sp.Expr:
    """The normal distribution function at -t.

    Args:
        t: in standard deviations.
    """
    return sp.erfc(t / sp.sqrt(2)) / 2


def _elu_moment(
    label: str, k: int, value: sp.Expr, latex: str, why: str
) -> Derivation:
    density = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
    right = sp.Integral(t**k * density, (t, 0, sp.oo))
    left = sp.Integral((a * (sp.exp(t) - 1)) ** k * density, (t, -sp.oo, 0))
    power = f"^{k}" if k > 1 else ""
    return Derivation(
        label=label,
        lhs=rf"E\big[\mathrm{{ELU}}_\alpha(Z){power}\big]",
        steps=(
            Step(
                value=right + left,
                why="the positive and the negative side, each weighted by the "
                "density φ",
                latex=rf"\int_0^\infty t{power}\varphi(t)\,dt"
                rf"+\int_{{-\infty}}^0\alpha{power}(e^t-1){power}\varphi(t)\,dt",
            ),
            Step(
                value=value,
                why=why,
                latex=latex,
            ),
        ),
        draw=lambda rng: {"alpha": rng.uniform(0.5, 2)},
    )
