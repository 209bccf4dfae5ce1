"""Solutions and graders of the chapter on activations."""

import math
from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise


def layers_until_lost() -> int:
    """Count sigmoid layers until a slope of 1/4 each leaves under 1e-6."""
    return math.ceil(math.log(1e-6) / math.log(0.25))


def softplus(x: np.ndarray) -> np.ndarray:
    """Compute log(1 + e^x) without an exponent above 0."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def mish_slope(x: np.ndarray) -> np.ndarray:
    """Differentiate x tanh(softplus(x)): a product, then a chain of two."""
    gate = np.tanh(softplus(x))
    slope_of_softplus = np.exp(-softplus(-x))
    return gate + x * (1.0 - gate**2) * slope_of_softplus


def dead_units(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> int:
    """Count the ReLU units of a layer that no example ever switches on."""
    return int((x @ w.T + b <= 0).all(axis=0).sum())


def swish_beta_gradient(x: np.ndarray, beta: float, dy: np.ndarray) -> float:
    """Pull dy back to beta, one number shared by all of x."""
    gate = 1.0 / (1.0 + np.exp(-beta * x))
    return float((dy * x * x * gate * (1.0 - gate)).sum())


def gated_width(width: int, multiple: int) -> int:
    """Round two thirds of a plain width up to the next multiple."""
    return math.ceil(2 * width / 3 / multiple) * multiple


def centred_relu(x: np.ndarray) -> np.ndarray:
    """Shift and stretch a ReLU to mean 0 and variance 1 under N(0, 1)."""
    mean = 1 / math.sqrt(2 * math.pi)
    return (np.maximum(x, 0.0) - mean) / math.sqrt(0.5 - mean**2)


def keeps_the_normal(f: Callable) -> str | None:
    """Say what keeps f from being a bend with mean 0 and variance 1."""
    z = np.linspace(-10, 10, 20_001)
    weights = np.exp(-0.5 * z * z) / np.exp(-0.5 * z * z).sum()
    y = f(z)
    if y is None or y is ...:
        return None
    mean = weights @ y
    variance = weights @ (y - mean) ** 2
    if not abs(mean) < 1e-3:
        return f"its mean under N(0, 1) is {mean:.4f}, not 0"
    if not abs(variance - 1) < 1e-3:
        return f"its variance under N(0, 1) is {variance:.4f}, not 1"
    if abs(weights @ (y * z)) > 0.999:
        return "it is a straight line, which bends nothing"
    steep = np.abs(np.gradient(y, z)) > 1e-3
    if weights @ steep < 0.3:
        return "its slope is 0 almost everywhere, so nothing could be learned"
    if not np.isfinite(f(np.array([-1e4, 1e4]))).all():
        return "it is not finite at -10000 and 10000"
    return ""


def far_and_near(rng: np.random.Generator) -> tuple:
    x = rng.normal(scale=3, size=6)
    x[:2] = rng.choice([-1e4, -800.0, 800.0, 1e4], size=2)
    return (x,)


def layer(rng: np.random.Generator) -> tuple:
    N, I, O = rng.integers(3, 9, size=3)
    bias = rng.normal(loc=-2, scale=1.5, size=O)
    return rng.normal(size=(N, I)), rng.normal(size=(O, I)) / 2, bias


def slope_without(part: str) -> Callable:
    """Mish's slope as it comes out when one rule is forgotten."""

    def slope(x: np.ndarray) -> np.ndarray:
        gate, sigma = np.tanh(softplus(x)), np.exp(-softplus(-x))
        return {
            "product rule": gate,
            "first term": x * (1 - gate**2) * sigma,
            "chain rule": gate + x * (1 - gate**2),
            "square": gate + x * (1 - gate) * sigma,
        }[part]

    return slope


EXERCISES = (
    Exercise("activations-1", layers_until_lost(), wrong=(6, 9, 20, 9.97)),
    Exercise(
        "activations-2",
        softplus,
        far_and_near,
        wrong=(
            lambda x: np.log(1 + np.exp(x)),
            lambda x: np.log1p(np.exp(x)),
            lambda x: np.maximum(x, 0.0),
            lambda x: np.abs(x) + np.log1p(np.exp(-np.abs(x))),
            lambda x: np.log1p(np.exp(np.clip(x, -20, 20))),
        ),
    ),
    Exercise(
        "activations-3",
        mish_slope,
        lambda rng: (rng.normal(scale=2, size=5),),
        wrong=(
            slope_without("product rule"),
            slope_without("first term"),
            slope_without("chain rule"),
            slope_without("square"),
        ),
    ),
    Exercise(
        "activations-4",
        dead_units,
        layer,
        wrong=(
            lambda x, w, b: int((x @ w.T + b <= 0).any(axis=0).sum()),
            lambda x, w, b: int((x @ w.T + b <= 0).sum()),
            lambda x, w, b: int((x @ w.T + b <= 0).all(axis=1).sum()),
            lambda x, w, b: int(((x @ w.T + b).mean(axis=0) <= 0).sum()),
            lambda x, w, b: int((b <= 0).sum()),
        ),
    ),
    Exercise(
        "activations-5",
        swish_beta_gradient,
        lambda rng: (
            rng.normal(size=(4, 3)),
            rng.uniform(0.5, 3),
            rng.normal(size=(4, 3)),
        ),
        wrong=(
            lambda x, beta, dy: (
                dy * x * (g := 1 / (1 + np.exp(-beta * x))) * (1 - g)
            ).sum(),
            lambda x, beta, dy: (
                dy * beta * x * (g := 1 / (1 + np.exp(-beta * x))) * (1 - g)
            ).sum(),
            lambda x, beta, dy: (
                dy * x * x * (g := 1 / (1 + np.exp(-beta * x))) * (1 - g)
            ).mean(),
            lambda x, beta, dy: (
                dy * x * x * (g := 1 / (1 + np.exp(-beta * x))) * (1 - g)
            ),
        ),
    ),
    Exercise(
        "activations-6",
        gated_width,
        lambda rng: (
            4 * int(rng.integers(64, 8192)),
            int(rng.choice([1, 64, 256])),
        ),
        wrong=(
            lambda width, multiple: width,
            lambda width, multiple: width // 2,
            lambda width, multiple: 2 * width // 3 // multiple * multiple,
            lambda width, multiple: 2 * width // 3,
        ),
    ),
    Exercise(
        "activations-7",
        centred_relu,
        judge=keeps_the_normal,
        wrong=(
            lambda x: x,
            lambda x: np.maximum(x, 0.0),
            np.tanh,
            np.sign,
            lambda x: np.maximum(x, 0.0) - 1 / math.sqrt(2 * math.pi),
            lambda x: np.where(np.abs(x) < 100, centred_relu(x), np.inf),
        ),
    ),
)
