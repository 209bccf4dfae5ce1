"""Dense layers: gradients, counts, what collapses, what looks the same.

The derivations about piecewise linear functions stand in `piecewise_linear`.
Source: Goodfellow, Bengio & Courville (2016), Deep Learning, 6.4 and 6.5.6.
"""

from itertools import pairwise

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.erratum import Erratum
from dlf.derive.numeric import relu

Array = np.ndarray


def weight_gradient() -> Derivation:
    def by_definition(d: dict) -> Array:
        def loss(w: Array) -> object:
            return ((d["x"] @ w.T) * d["dy"]).sum()

        return jacobian(loss, d["w"])

    return Derivation(
        label="mlp.2",
        lhs=r"\frac{\partial \mathcal{L}}{\partial W}",
        steps=(
            Step(
                value=by_definition,
                why="by definition of the derivative, with $E_{oi}$ one at "
                "$(o, i)$ and zero elsewhere",
                latex=r"\Big(\lim_{h\to0}\frac{\mathcal{L}(W+hE_{oi})"
                r"-\mathcal{L}(W)}{h}\Big)_{oi}",
            ),
            Step(
                value=lambda d: np.einsum("no,ni->oi", d["dy"], d["x"]),
                why="the chain rule, index by index",
                latex=r"\Big(\sum_n \bar y_{no}\,x_{ni}\Big)_{oi}",
            ),
            Step(
                value=lambda d: d["dy"].T @ d["x"],
                why="the sum is a matrix product",
                latex=r"\bar Y^\top X",
            ),
        ),
        draw=lambda rng: {
            name: rng.normal(size=shape)
            for name, shape in {"x": (4, 3), "w": (2, 3), "dy": (4, 2)}.items()
        },
    )


def parameter_count() -> Derivation:
    def counted(d: dict) -> int:
        n = d["n"]
        layers = [(np.empty((o, i)), np.empty(o)) for i, o in pairwise(n)]
        return sum(w.size + b.size for w, b in layers)

    return Derivation(
        label="mlp.3",
        lhs=r"P",
        steps=(
            Step(
                value=counted,
                why="count the entries of every matrix and every bias",
                latex=r"\sum_{l=1}^{L}\big(|W_l|+|b_l|\big)",
            ),
            Step(
                value=lambda d: int(d["n"][1:] @ (d["n"][:-1] + 1)),
                why="layer l has a row for each unit: a weight for each input, "
                "and a bias",
                latex=r"\sum_{l=1}^{L} n_l\,(n_{l-1}+1)",
            ),
        ),
        draw=lambda rng: {"n": rng.integers(1, 50, size=rng.integers(2, 7))},
    )


def dense_flops() -> Derivation:
    N, I, O = sp.symbols("N I O", positive=True)
    return Derivation(
        label="mlp.4",
        lhs=r"\mathrm{FLOPs}(XW^\top+b)",
        steps=(
            Step(
                value=N * O * (I + (I - 1) + 1),
                why="each of the N O outputs takes I products, I − 1 sums of "
                "them, and one more for the bias",
                latex=r"N\,O\,\big(I+(I-1)+1\big)",
            ),
            Step(value=2 * N * I * O, why="collect", latex=r"2\,N\,I\,O"),
        ),
        draw=lambda rng: dict(
            zip("NIO", rng.integers(1, 99, size=3), strict=True)
        ),
    )


def collapse() -> Derivation:
    def deep(d: dict) -> Array:
        return (d["x"] @ d["w1"].T + d["b1"]) @ d["w2"].T + d["b2"]

    def spread(d: dict) -> Array:
        return d["x"] @ d["w1"].T @ d["w2"].T + d["b1"] @ d["w2"].T + d["b2"]

    def one(d: dict) -> Array:
        w = d["w2"] @ d["w1"]
        return d["x"] @ w.T + (d["w2"] @ d["b1"] + d["b2"])

    shapes = {"x": (5, 4), "w1": (3, 4), "b1": (3,), "w2": (2, 3), "b2": (2,)}
    return Derivation(
        label="mlp.5",
        lhs="Y",
        steps=(
            Step(
                value=deep,
                why="two layers without an activation function between",
                latex=r"(XW_1^\top+b_1)\,W_2^\top+b_2",
            ),
            Step(
                value=spread,
                why="a product of sums",
                latex=r"XW_1^\top W_2^\top+b_1W_2^\top+b_2",
            ),
            Step(
                value=one,
                why="transposes change the order; the last two terms are a "
                "bias",
                latex=r"X\,(W_2W_1)^\top+(W_2b_1+b_2)",
            ),
        ),
        draw=lambda rng: {k: rng.normal(size=s) for k, s in shapes.items()},
    )


def _two_layers(d: dict) -> Array:
    return relu(d["x"] @ d["w"].T + d["b"]) @ d["v"].T


def _hidden(rng: np.random.Generator) -> dict:
    shapes = {"x": (6, 3), "w": (5, 3), "b": (5,), "v": (2, 5)}
    drawn = {k: rng.normal(size=s) for k, s in shapes.items()}
    p = np.eye(5)[rng.permutation(5)]
    return drawn | {"p": p, "c": rng.uniform(0.1, 9, size=5)}


def permutation() -> Derivation:
    return Derivation(
        label="mlp.10",
        lhs="y",
        steps=(
            Step(
                value=_two_layers,
                why="a hidden layer with any activation function f",
                latex=r"V f(Wx+b)",
            ),
            Step(
                value=lambda d: (
                    relu(d["x"] @ d["w"].T + d["b"])
                    @ (d["v"] @ d["p"].T @ d["p"]).T
                ),
                why="shuffle the units and shuffle them back",
                latex=r"V P^\top P f(Wx+b)",
            ),
            Step(
                value=lambda d: _two_layers(
                    d
                    | {
                        "w": d["p"] @ d["w"],
                        "b": d["p"] @ d["b"],
                        "v": d["v"] @ d["p"].T,
                    }
                ),
                why="f acts on each unit alone, so the shuffle passes through "
                "it",
                latex=r"(VP^\top)\,f\big((PW)x+Pb\big)",
            ),
        ),
        draw=_hidden,
        scope="ReLU",
    )


def rescaling() -> Derivation:
    return Derivation(
        label="mlp.11",
        lhs="y",
        steps=(
            Step(
                value=_two_layers,
                why="a hidden layer of ReLU units",
                latex=r"V\,\mathrm{relu}(Wx+b)",
            ),
            Step(
                value=lambda d: (
                    relu(d["x"] @ d["w"].T + d["b"])
                    * d["c"]
                    @ (d["v"] / d["c"]).T
                ),
                why="multiply each unit by a positive number, and divide by it",
                latex=r"(VC^{-1})\,C\,\mathrm{relu}(Wx+b)",
            ),
            Step(
                value=lambda d: _two_layers(
                    d
                    | {
                        "w": d["w"] * d["c"][:, None],
                        "b": d["b"] * d["c"],
                        "v": d["v"] / d["c"],
                    }
                ),
                why="ReLU keeps positive factors: c relu(z) = relu(c z) for c "
                "> 0",
                latex=r"(VC^{-1})\,\mathrm{relu}\big((CW)x+Cb\big)",
            ),
        ),
        draw=_hidden,
        scope="C diagonal and positive",
    )


def squares_at_integers(x: Array) -> Array:
    """Evaluate the ReLU net that meets x² at the integers −10 to 10.

    Args:
        x: inputs, of any shape.
    """
    knots = np.arange(-10.0, 10.0)
    change = np.diff(2 * knots + 1, prepend=0.0)  # of slope, at each knot
    return 100.0 + np.maximum(np.subtract.outer(x, knots), 0.0) @ change


def _approximation() -> tuple:
    x = np.linspace(-1, 1, 2001)
    at_best = np.abs(x**2 + 1 / 8 - np.abs(x)).max()
    line = 100 + (100 - 81) * (100 - 10)  # straight on from the last two knots
    there = squares_at_integers(np.array([100.0]))[0]
    # No quadratic is nearer: these weights cancel 1, x and x², not |x|.
    points = np.array([-1, -0.5, 0, 0.5, 1])
    weights = np.array([1, -4, 6, -4, 1]) / 16
    bound = abs(weights @ np.abs(points))
    return (0, 100**2), (at_best, line), (bound, there)


E5 = Erratum(
    key="E5",
    kind="needs a condition",
    place="S4 §1.5.1",
    prints=(
        "one hidden layer “can approximate any continuous function to "
        "arbitrary precision given sufficient width”."
    ),
    correct=(
        "on a compact set (“compact domains”, as S4 itself says in §1.7.1), "
        "in the largest error, with an activation function that is no "
        "polynomial (and is locally bounded and piecewise continuous); and "
        "it says that weights exist, not that training finds them. Units "
        "$x^2$ make quadratics only. A ReLU net is straight far out: the "
        "one that meets $x^2$ at the integers −10 to 10 errs by ¼ between "
        "them, and by thousands beyond."
    ),
    witness=_approximation,
    of="units $x^2$, and a ReLU net made for $x^2$ on $[-10,10]$",
    implied=True,
    columns=(
        r"least error of units $x^2$ on $\lvert x\rvert$, $[-1,1]$",
        "value at 100",
    ),
)


def _dropout() -> tuple:
    rng = np.random.default_rng(0)
    out = (rng.random(100_000) < 0.8) / 0.8  # a unit of output 1, keep 0.8
    expected = 0.8 * (1 / 0.8) + 0.2 * 0.0
    return (out.min(), out.max(), out.mean()), (1, 1, 1), [expected] * 3


E6 = Erratum(
    key="E6",
    kind="wording",
    place="S0 §4",
    prints="“Forward Pass (Inference)”, as if these were one thing.",
    correct=(
        "training has a forward pass too, and it may compute another "
        "function; inference is the forward pass in evaluation mode, "
        "without gradients."
    ),
    witness=_dropout,
    of=(
        "outputs of a unit that gives 1, behind dropout that keeps 0.8, in "
        "the forward pass of training"
    ),
    columns=("least", "largest", "mean"),
    implied=True,
)
