"""Gradients of plain nets with and without batch norm, by depth: C70.

What is measured, in random nets before training, is the gradient that reaches
the inputs over the one that was sent in at the output. The weight gradient of
the first layer over that of the last would not do: in a plain ReLU net all of
them carry the same product, and their ratio stays near 1 while all vanish.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND

Array = np.ndarray
WIDTH, BATCH, SEEDS, EPS = 128, 256, range(110, 115), 1e-5
DEPTHS, WITHIN, STARTS = (10, 30, 50), 10.0, (0.25, 1.0, 4.0)


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


def back(w: Array, kept: tuple[Any, ...], dy: Array) -> tuple[Array, Array]:
    """Carry a gradient down one layer; give that of its weights and inputs."""
    x, z, scale, derivative = kept
    dz = dy * derivative
    if scale is not None:
        dz = scale * (dz - dz.mean(0) - z * (dz * z).mean(0))
    return dz.T @ x, dz @ w


def draw(
    name: str, depth: int, seed: int, factor: float = 1.0
) -> tuple[list, Array, Array]:
    """Draw weights, with a multiple of the variance that suits, and data."""
    rng = np.random.default_rng(seed)
    deviation = (factor * NETS[name][1] / WIDTH) ** 0.5
    weights = [
        deviation * rng.normal(size=(WIDTH, WIDTH)) for _ in range(depth)
    ]
    x, dy = rng.normal(size=(2, BATCH, WIDTH))
    return weights, x, dy


def of_one(
    name: str, depth: int, seed: int, norm: bool, factor: float = 1.0
) -> float:
    """Give one net's gradient at the inputs over that at the output."""
    weights, x, dy = draw(name, depth, seed, factor)
    *kept, _ = forward(weights, x, NETS[name][0], norm)
    sent = np.linalg.norm(dy)
    for w, one in zip(weights[::-1], kept[::-1], strict=True):
        _, dy = back(w, one, dy)
    return float(np.linalg.norm(dy) / sent)


def ratio(name: str, depth: int, norm: bool, factor: float = 1.0) -> float:
    """Give the median over five nets, in the logarithm."""
    found = [np.log(of_one(name, depth, s, norm, factor)) for s in SEEDS]
    return float(np.exp(np.median(found)))


def prevents(name: str) -> tuple[bool, str]:
    """Ask whether the ratio stays between 0.1 and 10 at all three depths."""
    found = [ratio(name, depth, True) for depth in DEPTHS]
    said = ", ".join(f"{r:.2g}" for r in found)
    return all(1 / WITHIN <= r <= WITHIN for r in found), (
        f"with batch norm, inputs over output at depth 10, 30, 50: {said}"
    )


def reduces(name: str) -> tuple[bool, str]:
    """Ask whether the worst of three starts is nearer 1 with batch norm."""
    worst, said = [], []
    for norm in (False, True):
        found = [ratio(name, 50, norm, factor) for factor in STARTS]
        worst.append(np.abs(np.log(found)).max())
        said.append(", ".join(f"{r:.2g}" for r in found))
    return bool(worst[1] < worst[0]), (
        f"at depth 50, variance × 1/4, 1, 4: {said[0]} without, {said[1]} with "
        "batch norm"
    )


def where_it_suits() -> tuple[bool, str]:
    """Ask whether a plain net whose weights suit it is within the bounds."""
    found = {name: ratio(name, 50, False) for name in ("tanh", "ReLU")}
    said = ", ".join(f"{name} {r:.2g}" for name, r in found.items())
    return all(1 / WITHIN <= r <= WITHIN for r in found.values()), (
        f"without batch norm, at depth 50 and the variance that suits: {said}"
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
        kept, sent = [], np.linalg.norm(dy)
        for w in weights:
            one, y = forward([w], x, relu, True)
            kept.append(one)
            x = x + y
        for w, one in zip(weights[::-1], kept[::-1], strict=True):
            dy = dy + back(w, one, dy)[1]
        found.append(np.log(np.linalg.norm(dy) / sent))
    median, plain = float(np.exp(np.median(found))), ratio("ReLU", 50, True)
    return median < plain / 100, (
        f"50 blocks with skips: {median:.2g}, where the net without skips has "
        f"{plain:.2g}"
    )


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
        "the gradient that reaches the inputs is between a tenth and ten times "
        "the one at the output. (b) “Reduces the risk”: over initial weights "
        "of a quarter, once and four times the variance that suits the "
        "activation function, at depth 50, the worst of these ratios is nearer "
        "1 than without batch norm."
    ),
    rule=(
        "Case by case for sigmoid, tanh (variance 1/n suits) and ReLU (2/n), "
        "width 128, batch 256, batch statistics, scale 1 and shift 0, a normal "
        "gradient at the output; the median of five nets in the logarithm, and "
        "“nearer 1” in the logarithm. Plain nets at the variance that suits, "
        "ReLU's growth per layer against √(π/(π − 1)), within 3 %, and a net "
        "with skips, below a hundredth of that without, are background."
    ),
    literature=(
        "Yang et al. (2019): before training, gradients of plain nets with "
        "batch norm grow exponentially with depth whatever the activation "
        "function; for ReLU, in wide layers and large batches, by "
        "√(π/(π − 1)) = 1.21 a layer; less for nets that are nearly linear; "
        "and after a step they are much calmer. De & Smith (2020): with skips "
        "it makes branches small beside the skip."
    ),
    expects=("false as printed", "mixed", "mostly supported"),
    cuts="Before training only; that gradients calm down later is not tested.",
    parts=(
        *of_each(prevents),
        *of_each(reduces),
        Part("weights that suit", "risk", where_it_suits, BACKGROUND),
        Part("limit", "exploding", wide_limit, BACKGROUND),
        Part("skips", "very deep", with_skips, BACKGROUND),
    ),
)
