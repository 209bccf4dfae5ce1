"""Exercises about activation functions alone, one number in and one out."""

import math

import numpy as np

from dlf.exercises.core import Exercise
from dlf.exercises.normal_maps import keeps_the_normal


def layers_until_lost() -> int:
    """Count sigmoid layers until a derivative of 1/4 each leaves under 1e-6."""
    return math.ceil(math.log(1e-6) / math.log(0.25))


def logit_threshold(tau: float) -> float:
    """Invert the sigmoid: the logit at which the probability is tau."""
    return math.log(tau / (1 - tau))


def softplus(x: np.ndarray) -> np.ndarray:
    """Compute log(1 + e^x) without an exponent above 0."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def leaky_variance(alpha: float) -> float:
    """Undo the half that is kept, and the part alpha² of the other half."""
    return 2 / (1 + alpha**2)


def small_signal_variances() -> np.ndarray:
    """Square 1 / f'(0) for tanh, GELU and Mish."""
    tanh_of_log_2 = (2 - 1 / 2) / (2 + 1 / 2)
    return 1 / np.array([1, 1 / 2, tanh_of_log_2]) ** 2


def swish_beta_gradient(x: np.ndarray, beta: float, dy: np.ndarray) -> float:
    """Pull dy back to beta, one number shared by all of x."""
    gate = 1.0 / (1.0 + np.exp(-beta * x))
    return float((dy * x * x * gate * (1.0 - gate)).sum())


def gated_width(width: int, multiple: int) -> int:
    """Round two thirds of a plain width up to the next multiple."""
    return math.ceil(2 * width / 3 / multiple) * multiple


def centered_relu(x: np.ndarray) -> np.ndarray:
    """Shift and stretch a ReLU to mean 0 and variance 1 under N(0, 1)."""
    mean = 1 / math.sqrt(2 * math.pi)
    return (np.maximum(x, 0.0) - mean) / math.sqrt(0.5 - mean**2)


def far_and_near(rng: np.random.Generator) -> tuple:
    """Draw numbers near 0, and two where an exponential overflows."""
    x = rng.normal(scale=3, size=6)
    x[:2] = rng.choice([-1e4, -800.0, 800.0, 1e4], size=2)
    return (x,)


def inputs_and_cotangents(rng: np.random.Generator) -> tuple:
    """Draw inputs of any small size, a beta and cotangents of that size."""
    size = tuple(rng.integers(1, 6, size=2))
    return rng.normal(size=size), rng.uniform(0.5, 3), rng.normal(size=size)


def swish_dbeta(x: np.ndarray, beta: float) -> np.ndarray:
    """Return derivatives in beta, entry by entry."""
    gate = 1 / (1 + np.exp(-beta * x))
    return x * x * gate * (1 - gate)


def relu_in_place(x: np.ndarray) -> np.ndarray:
    """Center and scale a ReLU where the input lies."""
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


FUNCTIONS = (
    Exercise(
        "activations-1",
        layers_until_lost(),
        wrong=(6, 9, 11, 20, 9.97, 10.1, math.nan, True, "10"),
        right=(10, 10.0, np.int64(10), np.array(10)),
    ),
    Exercise(
        "activations-2",
        logit_threshold,
        lambda rng: (float(rng.uniform(0.01, 0.99)),),
        edges=((0.5,), (0.9,), (0.01,)),
        wrong=(
            lambda tau: tau,
            lambda tau: tau - 0.5,
            lambda tau: math.log(tau),
            lambda tau: 1 / (1 + math.exp(-tau)),
            lambda tau: math.log((1 - tau) / tau),
            lambda tau: math.log10(tau / (1 - tau)),
            lambda tau: tau / (1 - tau),
        ),
        right=(
            lambda tau: -np.log(1 / tau - 1),
            lambda tau: 2 * np.arctanh(2 * tau - 1),
            lambda tau: np.log(tau) - np.log1p(-tau),
        ),
    ),
    Exercise(
        "activations-4",
        softplus,
        far_and_near,
        edges=(
            (np.array([0.0]),),
            (np.array([-1e4, -800, -40, -1, 1, 40, 800, 1e4]),),
            (np.array([-80.0, -50, -9.5, 9.5]),),
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
            lambda x: np.where(x < -41, 0.0, softplus(x)),
            lambda x: np.where(x < -9, np.exp(x), softplus(x)),
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
        "activations-5",
        leaky_variance,
        lambda rng: (float(rng.uniform(-1, 2)),),
        edges=((0.0,), (1.0,), (0.25,)),
        wrong=(
            lambda alpha: 2.0,
            lambda alpha: 2 / (1 + alpha),
            lambda alpha: 2 / (1 + alpha) ** 2,
            lambda alpha: (1 + alpha**2) / 2,
            lambda alpha: math.sqrt(2 / (1 + alpha**2)),
            lambda alpha: 2 / (1 - alpha**2) if alpha**2 != 1 else math.inf,
        ),
        right=(
            lambda alpha: np.float64(1 / (0.5 + 0.5 * alpha * alpha)),
            lambda alpha: math.sqrt(2 / (1 + alpha**2)) ** 2,
        ),
    ),
    Exercise(
        "activations-6",
        small_signal_variances(),
        wrong=(
            [1, 2, 5 / 3],
            [1, 1 / 4, 9 / 25],
            [2, 2, 2],
            [1, 4, 1],
            [1, 4, 2.8],
            4,
        ),
        right=(
            [1, 4, 25 / 9],
            (1.0, 4.0, 2.777778),
            np.array([1, 4, 1 / 0.36], np.float32),
            [1, 4, 2.78],
        ),
        rtol=2e-3,
    ),
    Exercise(
        "activations-9",
        swish_beta_gradient,
        inputs_and_cotangents,
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
            lambda x, beta, dy: 12 * (dy * swish_dbeta(x, beta)).mean(),
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
        "activations-12",
        gated_width,
        lambda rng: (
            4 * int(rng.integers(64, 8192)),
            int(rng.choice([1, 8, 64, 96, 128, 256])),
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
            lambda width, multiple: gated_width(
                width, min((1, 64, 256), key=lambda m: abs(m - multiple))
            ),
        ),
        right=(
            lambda width, multiple: -(-2 * width // (3 * multiple)) * multiple,
            lambda width, multiple: (
                np.ceil(2 * width / (3 * multiple)) * multiple
            ),
        ),
    ),
    Exercise(
        "activations-13",
        centered_relu,
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
            lambda x: np.where(np.abs(x) < 100, centered_relu(x), np.inf),
            lambda x: (np.exp(x) - math.e**0.5) / math.sqrt(math.e**2 - math.e),
            lambda x: (
                (np.maximum(x, 0) - np.maximum(x, 0).mean())
                / np.maximum(x, 0).std()
            ),
            lambda x: np.full_like(x, np.nan),
            lambda x: 0.0,
            lambda x: np.zeros_like(x),
            lambda x: centered_relu(x)[:, None],
            lambda x: np.where(np.abs(x) < 1.9, centered_relu(x), np.nan),
            lambda x: np.sort(centered_relu(x)),
            lambda x: centered_relu(-x)[::-1],
            lambda x: centered_relu(x) + 0j,
            lambda x: centered_relu(x) if np.abs(x).max() < 100 else None,
        ),
        right=(
            relu_in_place,
            lambda x: (x * x - 1) / math.sqrt(2),
            lambda x: np.sin(x) * math.sqrt(2 / (1 - math.exp(-2))),
            lambda x: (
                (np.abs(x) - math.sqrt(2 / math.pi))
                / math.sqrt(1 - 2 / math.pi)
            ),
            lambda x: centered_relu(x.astype(np.float32)),
            lambda x: -centered_relu(x),
            lambda x: centered_relu(x).tolist(),
        ),
    ),
)
