"""Solutions and graders of the chapter on activations."""

import math
from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise
from dlf.exercises.normal_maps import keeps_the_normal


def layers_until_lost() -> int:
    """Count sigmoid layers until a derivative of 1/4 each leaves under 1e-6."""
    return math.ceil(math.log(1e-6) / math.log(0.25))


def softplus(x: np.ndarray) -> np.ndarray:
    """Compute log(1 + e^x) without an exponent above 0."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def mish_derivative(x: np.ndarray) -> np.ndarray:
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


def far_and_near(rng: np.random.Generator) -> tuple:
    """Draw numbers near 0, and two where an exponential overflows."""
    x = rng.normal(scale=3, size=6)
    x[:2] = rng.choice([-1e4, -800.0, 800.0, 1e4], size=2)
    return (x,)


def layer(rng: np.random.Generator) -> tuple:
    """Draw the inputs, weights and biases of a ReLU layer."""
    N, I, O = rng.integers(3, 9, size=3)
    bias = rng.normal(loc=-2, scale=1.5, size=O)
    return rng.normal(size=(N, I)), rng.normal(size=(O, I)) / 2, bias


def derivative_without(part: str) -> Callable:
    """Mish's derivative as it comes out when one rule is forgotten."""

    def derivative(x: np.ndarray) -> np.ndarray:
        gate, sigma = np.tanh(softplus(x)), np.exp(-softplus(-x))
        return {
            "product rule": gate,
            "first term": x * (1 - gate**2) * sigma,
            "chain rule": gate + x * (1 - gate**2),
            "square": gate + x * (1 - gate) * sigma,
            "everything": x * gate,
        }[part]

    return derivative


def mish_derivative_in_exponentials(x: np.ndarray) -> np.ndarray:
    """Mish's derivative as one fraction, as its paper prints it."""
    e = np.exp(x)
    omega = 4 * (x + 1) + 4 * e**2 + e**3 + e * (4 * x + 6)
    return e * omega / (2 * e + e**2 + 2) ** 2


def swish_dbeta(x: np.ndarray, beta: float) -> np.ndarray:
    """Return derivatives in beta, entry by entry."""
    gate = 1 / (1 + np.exp(-beta * x))
    return x * x * gate * (1 - gate)


def relu_in_place(x: np.ndarray) -> np.ndarray:
    """Centre and scale a ReLU where the input lies."""
    np.maximum(x, 0, out=x)
    x -= 1 / math.sqrt(2 * math.pi)
    x /= math.sqrt(0.5 - 0.5 / math.pi)
    return x


def softplus_in_place(x: np.ndarray) -> np.ndarray:
    """Softplus that overwrites its input."""
    hinge = np.maximum(x, 0)
    np.negative(np.abs(x, out=x), out=x)
    np.log1p(np.exp(x, out=x), out=x)
    x += hinge
    return x


EXERCISES = (
    Exercise(
        "activations-1",
        layers_until_lost(),
        wrong=(6, 9, 11, 20, 9.97, 10.1, math.nan, True, "10"),
        right=(10, 10.0, np.int64(10), np.array(10)),
    ),
    Exercise(
        "activations-2",
        softplus,
        far_and_near,
        edges=(
            (np.array([0.0]),),
            (np.array([-1e4, -800, -40, -1, 1, 40, 800, 1e4]),),
        ),
        atol=0.0,
        wrong=(
            lambda x: np.log(1 + np.exp(x)),
            lambda x: np.log1p(np.exp(x)),
            lambda x: np.maximum(x, 0.0),
            lambda x: np.abs(x) + np.log1p(np.exp(-np.abs(x))),
            lambda x: np.log1p(np.exp(np.clip(x, -20, 20))),
            lambda x: np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x))),
            lambda x: np.where(x > 0, x, np.log1p(np.exp(x))),
            lambda x: softplus(x).sum(),
        ),
        right=(
            lambda x: np.logaddexp(0, x),
            lambda x: np.where(x > 20, x, np.log1p(np.exp(x))),
            lambda x: x + np.where(x > 0, 0, -x) + np.log1p(np.exp(-abs(x))),
            lambda x: [max(v, 0) + math.log1p(math.exp(-abs(v))) for v in x],
            softplus_in_place,
        ),
    ),
    Exercise(
        "activations-3",
        mish_derivative,
        lambda rng: (rng.normal(scale=2, size=5),),
        edges=((np.array([0.0]),), (np.array([-20.0, -1.0, 1.0, 20.0]),)),
        wrong=(
            derivative_without("product rule"),
            derivative_without("first term"),
            derivative_without("chain rule"),
            derivative_without("square"),
            derivative_without("everything"),
            lambda x: (g := 1 / (1 + np.exp(-x))) + x * g * (1 - g),
        ),
        right=(
            mish_derivative_in_exponentials,
            lambda x: np.array([mish_derivative(v) for v in x]),
            lambda x: (
                np.tanh(s := np.log1p(np.exp(x)))
                + x / np.cosh(s) ** 2 / (1 + np.exp(-x))
            ),
        ),
    ),
    Exercise(
        "activations-4",
        dead_units,
        layer,
        edges=(
            # one unit that is 0 on every example, one that is 0 on one
            (
                np.array([[1.0], [2.0]]),
                np.array([[0.0], [1.0]]),
                np.array([0.0, -1]),
            ),
            (np.ones((1, 2)), np.array([[-1.0, 0], [1, 1]]), np.zeros(2)),
            (np.ones((3, 1)), -np.ones((2, 1)), np.array([2.0, 3.0])),
        ),
        wrong=(
            lambda x, w, b: int((x @ w.T + b <= 0).any(axis=0).sum()),
            lambda x, w, b: int((x @ w.T + b <= 0).sum()),
            lambda x, w, b: int((x @ w.T + b <= 0).all(axis=1).sum()),
            lambda x, w, b: int(((x @ w.T + b).mean(axis=0) <= 0).sum()),
            lambda x, w, b: int((b <= 0).sum()),
            lambda x, w, b: int((x @ w.T + b < 0).all(axis=0).sum()),
            lambda x, w, b: int((x @ w.T <= 0).all(axis=0).sum()),
            lambda x, w, b: float((x @ w.T + b <= 0).all(axis=0).mean()),
            lambda x, w, b: bool((x @ w.T + b <= 0).all(axis=0).any()),
        ),
        right=(
            lambda x, w, b: (np.maximum(x @ w.T + b, 0).sum(axis=0) == 0).sum(),
            lambda x, w, b: sum(
                all(row @ unit + c <= 0 for row in x)
                for unit, c in zip(w, b, strict=True)
            ),
            lambda x, w, b: len(b) - np.any(x @ w.T + b > 0, axis=0).sum(),
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
        edges=(
            (np.array([[2.0]]), 0.0, np.array([[1.0]])),
            (np.array([[-1.0, 2.0]]), -0.5, np.array([[3.0, 1.0]])),
        ),
        wrong=(
            lambda x, beta, dy: (
                dy * x * (g := 1 / (1 + np.exp(-beta * x))) * (1 - g)
            ).sum(),
            lambda x, beta, dy: (
                dy * beta * x * (g := 1 / (1 + np.exp(-beta * x))) * (1 - g)
            ).sum(),
            lambda x, beta, dy: (dy * swish_dbeta(x, beta)).mean(),
            lambda x, beta, dy: dy * swish_dbeta(x, beta),
            lambda x, beta, dy: swish_dbeta(x, beta).sum(),
            lambda x, beta, dy: -(dy * swish_dbeta(x, beta)).sum(),
            lambda x, beta, dy: dy.sum() * swish_dbeta(x, beta).sum(),
        ),
        right=(
            lambda x, beta, dy: np.vdot(dy, swish_dbeta(x, beta)),
            lambda x, beta, dy: np.array(
                sum(
                    d * v * v / (2 + 2 * np.cosh(beta * v))
                    for d, v in zip(dy.ravel(), x.ravel(), strict=True)
                )
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
        edges=((3, 1), (16384, 256), (384, 256), (385, 256), (1, 64)),
        wrong=(
            lambda width, multiple: width,
            lambda width, multiple: width // 2,
            lambda width, multiple: 2 * width // 3 // multiple * multiple,
            lambda width, multiple: 2 * width // 3,
            lambda width, multiple: (2 * width // 3 // multiple + 1) * multiple,
            lambda width, multiple: -(-(2 * width // 3) // multiple) * multiple,
            lambda width, multiple: round(2 * width / 3 / multiple) * multiple,
            lambda width, multiple: math.ceil(2 * width / 3 / multiple),
        ),
        right=(
            lambda width, multiple: -(-2 * width // (3 * multiple)) * multiple,
            lambda width, multiple: (
                np.ceil(2 * width / (3 * multiple)) * multiple
            ),
        ),
    ),
    Exercise(
        "activations-7",
        centred_relu,
        draw=lambda rng: (),
        cases=1,
        judge=keeps_the_normal,
        wrong=(
            lambda x: x,
            lambda x: -x,
            lambda x: np.maximum(x, 0.0),
            np.tanh,
            np.sign,
            lambda x: np.maximum(x, 0.0) - 1 / math.sqrt(2 * math.pi),
            lambda x: np.where(np.abs(x) < 100, centred_relu(x), np.inf),
            lambda x: (np.exp(x) - math.e**0.5) / math.sqrt(math.e**2 - math.e),
            lambda x: (
                (np.maximum(x, 0) - np.maximum(x, 0).mean())
                / np.maximum(x, 0).std()
            ),
            lambda x: np.full_like(x, np.nan),
            lambda x: 0.0,
            lambda x: np.zeros_like(x),
            lambda x: centred_relu(x)[:, None],
            lambda x: np.where(np.abs(x) < 1.9, centred_relu(x), np.nan),
        ),
        right=(
            relu_in_place,
            lambda x: (x * x - 1) / math.sqrt(2),
            lambda x: np.sin(x) * math.sqrt(2 / (1 - math.exp(-2))),
            lambda x: (
                (np.abs(x) - math.sqrt(2 / math.pi))
                / math.sqrt(1 - 2 / math.pi)
            ),
            lambda x: centred_relu(x.astype(np.float32)),
            lambda x: -centred_relu(x),
            lambda x: centred_relu(x).tolist(),
        ),
    ),
)
