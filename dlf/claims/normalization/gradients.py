"""Gradients of plain nets with and without batch norm, by depth: C70.

What is measured is the size of the first layer's weight gradient over that of
the last, in random nets before training; for ReLU also after some steps.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND

Array = np.ndarray
WIDTH, BATCH, SEEDS, EPS = 128, 256, range(100, 105), 1e-5
DEPTHS, WITHIN = (10, 30, 50), 10.0


def sigmoid(z: Array) -> tuple[Array, Array]:
    """Give the logistic function and its derivative."""
    y = 1 / (1 + np.exp(-z))
    return y, y * (1 - y)


def tanh(z: Array) -> tuple[Array, Array]:
    """Give tanh and its derivative."""
    y = np.tanh(z)
    return y, 1 - y * y


def relu(z: Array) -> tuple[Array, Array]:
    """Give ReLU and its derivative."""
    return np.maximum(z, 0), (z > 0) * 1.0


NETS: dict[str, tuple[Callable, float]] = {
    "sigmoid": (sigmoid, 1.0),
    "tanh": (tanh, 1.0),
    "ReLU": (relu, 2.0),
}


def forward(weights: list, x: Array, f: Callable, norm: bool) -> list:
    """Go up; keep inputs, normalized values, scales and derivatives."""
    kept = []
    for w in weights:
        z, scale = x @ w.T, None
        if norm:
            z = z - z.mean(0)
            scale = ((z * z).mean(0) + EPS) ** -0.5
            z = z * scale
        y, derivative = f(z)
        kept.append((x, z, scale, derivative))
        x = y
    return [*kept, x]


def backward(weights: list, kept: list, dy: Array) -> list[Array]:
    """Come down; give the gradient of each layer's weights."""
    gradients = []
    for w, (x, z, scale, derivative) in zip(
        weights[::-1], kept[::-1], strict=True
    ):
        dy = dy * derivative
        if scale is not None:
            dy = scale * (dy - dy.mean(0) - z * (dy * z).mean(0))
        gradients.insert(0, dy.T @ x)
        dy = dy @ w
    return gradients


def draw(name: str, depth: int, seed: int) -> tuple[list, Array, Array]:
    """Draw weights with the variance that suits the activation, and data."""
    rng = np.random.default_rng(seed)
    deviation = (NETS[name][1] / WIDTH) ** 0.5
    weights = [
        deviation * rng.normal(size=(WIDTH, WIDTH)) for _ in range(depth)
    ]
    x, dy = rng.normal(size=(2, BATCH, WIDTH))
    return weights, x, dy


def of_one(name: str, depth: int, seed: int, norm: bool) -> float:
    """Give one net's gradient at the first layer over that at the last."""
    weights, x, dy = draw(name, depth, seed)
    *kept, _ = forward(weights, x, NETS[name][0], norm)
    gradients = backward(weights, kept, dy)
    return float(np.linalg.norm(gradients[0]) / np.linalg.norm(gradients[-1]))


def ratio(name: str, depth: int, norm: bool) -> float:
    """Give the median over five nets, in the logarithm."""
    found = [np.log(of_one(name, depth, seed, norm)) for seed in SEEDS]
    return float(np.exp(np.median(found)))


def prevents(name: str) -> tuple[bool, str]:
    """Ask whether the ratio stays between 0.1 and 10 at all three depths."""
    found = [ratio(name, depth, True) for depth in DEPTHS]
    said = ", ".join(f"{r:.2g}" for r in found)
    return all(1 / WITHIN <= r <= WITHIN for r in found), (
        f"with batch norm, first over last layer at depth 10, 30, 50: {said}"
    )


def reduces(name: str) -> tuple[bool, str]:
    """Ask whether at depth 50 the ratio is nearer 1 with batch norm."""
    plain, norm = (ratio(name, 50, norm) for norm in (False, True))
    return bool(abs(np.log(norm)) < abs(np.log(plain))), (
        f"at depth 50: {plain:.2g} without, {norm:.2g} with batch norm"
    )


def wide_limit() -> tuple[bool, str]:
    """Compare ReLU's growth per layer with the limit of wide nets."""
    want = (np.pi / (np.pi - 1)) ** 0.5
    found = (ratio("ReLU", 50, True) / ratio("ReLU", 10, True)) ** (1 / 40)
    return bool(abs(found / want - 1) < 0.03), (
        f"a factor of {found:.3f} a layer, √(π/(π − 1)) = {want:.3f}"
    )


def with_skips() -> tuple[bool, str]:
    """Ask a residual net of 50 blocks x + relu(norm(W x)) of the same."""
    found = []
    for seed in SEEDS:
        weights, x, dy = draw("ReLU", 50, seed)
        kept = []
        for w in weights:
            *one, y = forward([w], x, relu, True)
            kept.append(one)
            x = x + y
        sizes = []
        for w, one in zip(weights[::-1], kept[::-1], strict=True):
            (gradient,) = backward([w], one, dy)
            sizes.append(np.linalg.norm(gradient))
            dy = dy + back_to_input(w, one[0], dy)
        found.append(np.log(sizes[-1] / sizes[0]))
    median = float(np.exp(np.median(found)))
    return 1 / WITHIN <= median <= WITHIN, (
        f"50 blocks with skips: {median:.2g}, where the plain net has "
        f"{ratio('ReLU', 50, True):.2g}"
    )


def back_to_input(w: Array, kept: tuple[Any, ...], dy: Array) -> Array:
    """Carry a cotangent through one normalized ReLU layer."""
    _, z, scale, derivative = kept
    dy = dy * derivative
    return scale * (dy - dy.mean(0) - z * (dy * z).mean(0)) @ w


def of_each(test: Callable) -> tuple[Part, ...]:
    """Make a part of each activation function."""
    words, mark = {
        prevents: ("Prevents", "(a)"),
        reduces: ("Reduces the risk", "(b)"),
    }[test]
    return tuple(
        Part(f"{mark} {name}", words, lambda name=name: test(name))
        for name in NETS
    )


C70 = Exact(
    number="C70",
    title="Batch norm prevents vanishing and exploding gradients",
    sources=(
        Source("S1", "l.165", "Prevents Vanishing/Exploding Gradients"),
        Source("S0", "§9 A", "Reduces the risk"),
    ),
    hypothesis=(
        "(a) “Prevents”: in plain nets of 10, 30 and 50 layers before "
        "training, with batch norm between product and activation function, "
        "the first layer's weight gradient is between a tenth and ten times "
        "the last one's. (b) “Reduces the risk”: at depth 50 that ratio is "
        "nearer 1 than without batch norm."
    ),
    rule=(
        "Case by case for sigmoid, tanh (weights of variance 1/n) and ReLU "
        "(2/n), width 128, batch 256, batch statistics, scale 1 and shift 0, a "
        "normal gradient at the output; the median of five nets in the "
        "logarithm. ReLU's growth per layer against √(π/(π − 1)), within 3 %, "
        "and a net with skips are shown as background."
    ),
    literature=(
        "Yang et al. (2019): in plain nets batch norm makes gradients grow "
        "with depth, by at least √(π/(π − 1)) = 1.21 a layer. De & Smith "
        "(2020): with skips it makes branches small beside the skip."
    ),
    expects=("false as printed", "mixed"),
    cuts="Before training only; that gradients calm down later is not tested.",
    parts=(
        *of_each(prevents),
        *of_each(reduces),
        Part("limit", "exploding", wide_limit, BACKGROUND),
        Part("skips", "very deep", with_skips, BACKGROUND),
    ),
)
