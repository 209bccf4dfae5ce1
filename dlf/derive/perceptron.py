"""One unit: what a correction does, how often it is due, what it cannot do.

Source: Novikoff (1962), On Convergence Proofs on Perceptrons, (perceptron.5).
"""

from itertools import product

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.erratum import Erratum

Array = np.ndarray
BITS = np.array(list(product((0, 1), repeat=2)))
AND, XOR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 0])


def constant_input() -> Derivation:
    def folded(d: dict) -> float:
        return np.append(d["x"], 1) @ np.append(d["w"], d["b"])

    return Derivation(
        label="perceptron.1",
        lhs="z",
        steps=(
            Step(
                value=lambda d: sum(d["w"] * d["x"]) + d["b"],
                why="the sum, and the bias beside it",
                latex=r"\sum_i w_i x_i + b",
            ),
            Step(
                value=lambda d: sum(d["w"] * d["x"]) + d["b"] * 1,
                why="the bias is the weight of an input that is always 1",
                latex=r"\sum_i w_i x_i + b\cdot 1",
            ),
            Step(
                value=folded, why="so append it", latex=r"\tilde w^\top\tilde x"
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=3),
            "w": rng.normal(size=3),
            "b": rng.normal(),
        },
    )


def correction() -> Derivation:
    w, x, b, eta, t = sp.symbols("w x b eta t", real=True)
    return Derivation(
        label="perceptron.2",
        lhs="z'",
        steps=(
            Step(
                value=(w + eta * t * x) * x + (b + eta * t),
                why="weigh the same input with the corrected weights",
                latex=r"(w+\eta\,t\,x)^\top x+(b+\eta\,t)",
            ),
            Step(
                value=w * x + b + eta * t * (x * x + 1),
                why="collect: the old sum, and a push towards the label's side",
                latex=r"z+\eta\,t\,\big(\|x\|^2+1\big)",
            ),
        ),
        draw=lambda rng: (
            dict(zip(("w", "x", "b", "eta"), rng.normal(size=4), strict=True))
            | {"t": rng.choice([-1, 1])}
        ),
        scope="one input",
    )


def advance() -> Derivation:
    return Derivation(
        label="perceptron.3",
        lhs=r"M\gamma",
        steps=(
            Step(
                value=lambda d: sum(d["margin"] for _ in d["t"]),
                why="each mistake counts γ",
                latex=r"\sum_{m=1}^{M}\gamma",
            ),
            Step(
                value=lambda d: (d["t"] * (d["x"] @ d["u"])).sum(),
                why="γ is the least of the numbers t u·x over all examples, "
                "and so over those that were mistaken",
                latex=r"\sum_m t_m\,u^\top x_m",
                relation=r"\le",
            ),
            Step(
                value=lambda d: d["path"][-1] @ d["u"],
                why="the corrections, added up from zero, are the weights",
                latex=r"u^\top w_M",
            ),
        ),
        draw=_journey,
    )


def growth() -> Derivation:
    def steps(d: dict) -> float:
        return np.diff((d["path"] ** 2).sum(1)).sum()

    def opened(d: dict) -> float:
        crossed = 2 * d["t"] * (d["path"][:-1] * d["x"]).sum(1)
        return (crossed + (d["x"] ** 2).sum(1)).sum()

    return Derivation(
        label="perceptron.4",
        lhs=r"\|w_M\|^2",
        steps=(
            Step(
                value=steps,
                why="the square grows from zero, mistake by mistake",
                latex=r"\sum_m\big(\|w_m\|^2-\|w_{m-1}\|^2\big)",
            ),
            Step(
                value=opened,
                why="multiply out the square of w + t x",
                latex=r"\sum_m\big(2\,t_m\,w_{m-1}^\top x_m+\|x_m\|^2\big)",
            ),
            Step(
                value=lambda d: (d["x"] ** 2).sum(),
                why="each was a mistake: the old weights put the sum on the "
                "wrong side, so the first term is not positive",
                latex=r"\sum_m\|x_m\|^2",
                relation=r"\le",
            ),
            Step(
                value=lambda d: len(d["t"]) * d["radius"] ** 2,
                why="no input is longer than R",
                latex=r"M R^2",
                relation=r"\le",
            ),
        ),
        draw=_journey,
    )


def novikoff() -> Derivation:
    return Derivation(
        label="perceptron.5",
        lhs="M",
        steps=(
            Step(
                value=lambda d: len(d["t"]), why="count the mistakes", latex="M"
            ),
            Step(
                value=lambda d: d["path"][-1] @ d["u"] / d["margin"],
                why="the weights have advanced along u, as shown first",
                latex=r"\frac{u^\top w_M}{\gamma}",
                relation=r"\le",
            ),
            Step(
                value=lambda d: np.linalg.norm(d["path"][-1]) / d["margin"],
                why="an inner product is at most the product of the two "
                "lengths (Cauchy–Schwarz), and u has length 1",
                latex=r"\frac{\|w_M\|}{\gamma}",
                relation=r"\le",
            ),
            Step(
                value=lambda d: len(d["t"]) ** 0.5 * d["radius"] / d["margin"],
                why="but they have not grown faster than √M, as shown second",
                latex=r"\sqrt{M}\,\frac{R}{\gamma}",
                relation=r"\le",
            ),
            Step(
                value=lambda d: (d["radius"] / d["margin"]) ** 2,
                why="so √M is at most R/γ",
                latex=r"\Big(\frac{R}{\gamma}\Big)^2",
                relation=r"\le",
            ),
        ),
        draw=_journey,
    )


def _journey(rng: np.random.Generator) -> dict:
    """Run the rule on separable points; return its mistakes and its path."""
    u = rng.normal(size=4)
    u /= np.linalg.norm(u)
    x = rng.normal(size=(200, 4))
    x[:, -1] = 1
    x = x[np.abs(x @ u) > 0.1]
    t = np.where(x @ u >= 0, 1, -1)
    path, mistakes = [np.zeros(4)], []
    while (wrong := np.where(x @ path[-1] >= 0, 1, -1) != t).any():
        n = int(rng.choice(np.flatnonzero(wrong)))
        path.append(path[-1] + t[n] * x[n])
        mistakes.append(n)
    return {
        "u": u,
        "x": x[mistakes],
        "t": t[mistakes],
        "path": np.array(path),
        "margin": np.abs(x @ u).min(),
        "radius": np.linalg.norm(x, axis=1).max(),
    }


def parallelogram() -> Derivation:
    w, v, b = sp.symbols("w_1 w_2 b", real=True)
    return Derivation(
        label="perceptron.6",
        lhs="z_{00}+z_{11}",
        steps=(
            Step(
                value=b + (w + v + b),
                why="write the sums of two opposite corners",
                latex="b+(w_1+w_2+b)",
            ),
            Step(
                value=(v + b) + (w + b),
                why="sort the same terms into the sums of the other two",
                latex="(w_2+b)+(w_1+b)",
            ),
            Step(
                value=w + v + 2 * b,
                why="which are their sums",
                latex="z_{01}+z_{10}",
            ),
        ),
        draw=lambda rng: dict(
            zip(("w_1", "w_2", "b"), rng.normal(size=3), strict=True)
        ),
    )


def products() -> Derivation:
    def spread(d: dict) -> float:
        return sum(
            k * t * (row @ d["new"] + 1)
            for k, t, row in zip(d["k"], d["t"], d["x"], strict=True)
        )

    return Derivation(
        label="perceptron.7",
        lhs="z",
        steps=(
            Step(
                value=lambda d: (
                    (d["k"] * d["t"]) @ d["x"] @ d["new"]
                    + (d["k"] * d["t"]).sum()
                ),
                why="the weights and the bias are sums of corrections; kₙ "
                "counts the mistakes at example n",
                latex=r"\Big(\sum_n k_n t_n x_n\Big)^{\!\top}x+\sum_n k_n t_n",
            ),
            Step(
                value=spread,
                why="take the product inside the sum",
                latex=r"\sum_n k_n t_n\,(x_n^\top x+1)",
            ),
        ),
        draw=lambda rng: {
            "k": rng.integers(5, size=6),
            "t": rng.choice([-1, 1], size=6),
            "x": rng.normal(size=(6, 3)),
            "new": rng.normal(size=3),
        },
    )


def step_derivative() -> Derivation:
    def by_difference(d: dict, h: float = 1e-6) -> float:
        def loss(z: float) -> float:
            return max(0.0, -d["t"] * z)

        return (loss(d["z"] + h) - loss(d["z"] - h)) / (2 * h)

    return Derivation(
        label="perceptron.8",
        lhs=r"\frac{d}{dz}\max(0,-tz)",
        steps=(
            Step(
                value=by_difference,
                why="by definition of the derivative, away from z = 0",
                latex=r"\lim_{h\to0}\frac{\max(0,-t(z+h))-\max(0,-t(z-h))}{2h}",
            ),
            Step(
                value=lambda d: -d["t"] * (d["t"] * d["z"] < 0),
                why="zero on the right side, −t on the wrong one",
                latex=r"-t\cdot\mathbf 1[tz<0]",
            ),
            Step(
                value=lambda d: float(d["z"] >= 0) - (d["t"] + 1) / 2,
                why="which is what the unit says minus what it should say",
                latex=r"\hat y-y",
            ),
        ),
        draw=lambda rng: {
            "t": rng.choice([-1, 1]),
            "z": rng.choice([-1, 1]) * rng.uniform(0.01, 3),
        },
    )


def delta_rule_gradient() -> Derivation:
    z, y = sp.symbols("z y", real=True)
    return Derivation(
        label="perceptron.9",
        lhs=r"\frac{d}{dz}\,\tfrac12(z-y)^2",
        steps=(
            Step(
                value=sp.Derivative((z - y) ** 2 / 2, z),
                why="the sum itself is the answer",
                latex=r"\tfrac12\cdot2\,(z-y)",
            ),
            Step(value=z - y, why="the halves cancel", latex="z-y"),
        ),
        draw=lambda rng: {"z": rng.normal(), "y": rng.normal()},
    )


def logistic_gradient() -> Derivation:
    z, y = sp.symbols("z y", real=True)
    sigmoid = 1 / (1 + sp.exp(-z))
    loss = -y * sp.log(sigmoid) - (1 - y) * sp.log(1 - sigmoid)
    return Derivation(
        label="perceptron.10",
        lhs=r"\frac{d}{dz}\big(-y\log\sigma-(1-y)\log(1-\sigma)\big)",
        steps=(
            Step(
                value=sp.Derivative(loss, z),
                why="the negative log-likelihood of the label, which the unit "
                "gives probability σ(z) of being 1",
                latex=r"-\frac{y}{\sigma}\,\sigma(1-\sigma)"
                r"+\frac{1-y}{1-\sigma}\,\sigma(1-\sigma)",
            ),
            Step(value=sigmoid - y, why="cancel", latex=r"\sigma(z)-y"),
        ),
        draw=lambda rng: {"z": rng.normal(), "y": rng.random()},
    )


def _wrong(y: Array, with_bias: bool, epochs: int = 1000) -> list[int]:
    """Apply the rule one pair after the other; errors at each epoch's end."""
    w, b, wrong = np.zeros(2), 0.0, []
    for _ in range(epochs):
        for x, label in zip(BITS, y, strict=True):
            error = label - (w @ x + b >= 0)
            w, b = w + error * x, b + error * with_bias
        wrong.append(int(((BITS @ w + b >= 0) != y).sum()))
    return wrong


def _without_bias() -> tuple:
    possible = ((BITS @ [0.5, 0.5] - 0.7 >= 0) != AND).sum()
    return _wrong(AND, False)[-1], _wrong(AND, True)[-1], possible


def _without_line() -> tuple:
    grid = np.array(list(product(np.arange(-8, 9) / 4, repeat=3)))
    sides = grid[:, :2] @ BITS.T + grid[:, 2:] >= 0
    best = (sides != XOR).sum(1).min()
    return (0, 0), (2, 1), (min(_wrong(XOR, True)), best)


E3 = Erratum(
    "E3",
    "S2 The Perceptron, steps 3–4",
    r"“$\Delta w_i=\eta(y-\hat y)x_i$”, and nothing for the bias, which S2 "
    "keeps apart; the threshold counts as reached at $z=0$ in one place and "
    "not in another.",
    r"also $b\leftarrow b+\eta(y-\hat y)$, and one convention at $z=0$; here a "
    "unit fires at 0.",
    _without_bias,
    "the pairs of bits on which AND is wrong after 1,000 epochs from zero",
)

E4 = Erratum(
    "E4",
    "S2 Repeat Until Convergence",
    "“until the model correctly classifies all training data”.",
    "that end is certain only where a line separates the data, after at most "
    r"$(R/\gamma)^2$ mistakes; elsewhere the rule goes round in circles and "
    "needs a limit, or a pocket for the best weights so far.",
    _without_line,
    "XOR, the fewest errors at the end of any of 1,000 epochs, and the fewest "
    "that any line makes,",
)
