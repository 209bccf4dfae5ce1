"""Exercises on second-order methods: products, estimates and their cost."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch

from dlf.exercises.core import Exercise

Array = np.ndarray
WIDTHS = (784, 200, 200, 10)


def memory(widths: Sequence[int], pairs: int) -> tuple[float, float, float]:
    """Bytes of H, of L-BFGS's pairs, and of K-FAC's factors, in float32.

    Both factors of a layer: one for its inputs with a 1 for the biases, one
    for its outputs.
    """
    layers = [*pairwise(widths)]
    D = sum(a * b + b for a, b in layers)
    factors = sum((a + 1) ** 2 + b**2 for a, b in layers)
    return 4.0 * D**2, 4.0 * 2 * pairs * D, 4.0 * factors


def logistic_hvp(x: Array, w: Array, v: Array) -> Array:
    """Multiply from the right: never a matrix of weights by weights."""
    p = 1 / (1 + np.exp(-(x @ w)))
    return x.T @ (p * (1 - p) * (x @ v)) / len(x)


def trace_variances(h: Array) -> tuple[float, float]:
    """Variance of z^T H z for random signs, and for a standard normal z."""
    squares = float((h**2).sum())
    return 2 * (squares - float((np.diag(h) ** 2).sum())), 2 * squares


def steps_of_cg(eigenvalues: Array) -> int:
    """Count the distinct eigenvalues."""
    return len(set(eigenvalues.tolist()))


def rms_of_estimate(h: Array) -> Array:
    """Root mean square of z * H z: the length of each row of H."""
    return np.sqrt((h**2).sum(axis=1))


SPECTRUM = np.repeat([1.0, 10.0, 1000.0], [90, 9, 1])


def _all_signs(h: Array) -> Array:
    """Average over all vectors of signs."""
    D = len(h)
    bits = np.arange(2**D)[:, None] >> np.arange(D) & 1
    z = 2.0 * bits - 1
    return np.sqrt(((z * (z @ h)) ** 2).mean(0))


def _symmetric(rng: np.random.Generator) -> tuple:
    a = rng.normal(size=(4, 4))
    return (a + a.T,)


def _with_torch(x: Array, w: Array, v: Array) -> Array:
    """Differentiate the gradient along v, forwards."""

    def gradient(w: torch.Tensor) -> torch.Tensor:
        z = torch.as_tensor(x) @ w
        return torch.as_tensor(x).T @ torch.sigmoid(z) / len(x)

    w, v = torch.as_tensor(w), torch.as_tensor(v)
    return torch.func.jvp(gradient, (w,), (v,))[1].numpy()


def _weighted(weigh: Callable) -> Callable:
    """Make a product with another weight for each example."""

    def product(x: Array, w: Array, v: Array) -> Array:
        p = 1 / (1 + np.exp(-(x @ w)))
        return x.T @ (weigh(p) * (x @ v)) / len(x)

    return product


BYTES = Exercise(
    "second_order-2",
    memory(WIDTHS, 10),
    rtol=3e-2,
    wrong=(
        tuple(2 * v for v in memory(WIDTHS, 10)),  # float64
        tuple(v / 4 for v in memory(WIDTHS, 10)),  # numbers
        tuple(v / 1e6 for v in memory(WIDTHS, 10)),
        memory(WIDTHS, 5),  # a vector a pair
        memory(WIDTHS, 10)[::-1],
        (memory(WIDTHS, 10)[0] / 2, *memory(WIDTHS, 10)[1:]),
        memory(WIDTHS, 10)[:2],
        (np.nan, *memory(WIDTHS, 10)[1:]),
    ),
    right=(
        (159e9, 15.9e6, 3.11e6),
        list(memory(WIDTHS, 10)),
        (1.6e11, 1.6e7, 3.1e6),
    ),
)
PRODUCT = Exercise(
    "second_order-5",
    logistic_hvp,
    draw=lambda rng: (
        rng.normal(size=(6, 4)),
        rng.normal(size=4),
        rng.normal(size=4),
    ),
    edges=(
        (np.array([[2.0]]), np.array([0.0]), np.array([3.0])),
        (np.eye(2), np.zeros(2), np.array([1.0, -1.0])),
        (np.array([[1.0, 1.0]]), np.array([1.0, 2.0]), np.array([1.0, 0.0])),
    ),
    wrong=(
        lambda x, w, v: len(x) * logistic_hvp(x, w, v),
        lambda x, w, v: logistic_hvp(x, v, w),
        lambda x, w, v: logistic_hvp(x, np.zeros_like(w), v),
        lambda x, w, v: -logistic_hvp(x, w, v),
        lambda x, w, v: logistic_hvp(x, w, v) @ v,
        lambda x, w, v: x @ logistic_hvp(x, w, v),
        _weighted(lambda p: p),
        _weighted(lambda p: 1 - p),
        _weighted(lambda p: (p * (1 - p)) ** 2),
        _weighted(np.ones_like),
    ),
    right=(
        _with_torch,
        lambda x, w, v: (
            (x.T * (0.25 / np.cosh(x @ w / 2) ** 2)) @ x / len(x) @ v
        ),
    ),
)
VARIANCES = Exercise(
    "second_order-7",
    trace_variances,
    draw=_symmetric,
    edges=(
        (np.diag([1.0, 2.0]),),
        (np.array([[3.0]]),),
        (np.array([[0.0, 1.0], [1.0, 0.0]]),),
    ),
    wrong=(
        lambda h: trace_variances(h)[::-1],
        lambda h: (trace_variances(h)[0] / 2, trace_variances(h)[1] / 2),
        lambda h: (trace_variances(h)[0] / 2, trace_variances(h)[1]),
        lambda h: (trace_variances(h)[0], trace_variances(h)[1] / 2),
        lambda h: (trace_variances(h)[1],) * 2,
        lambda h: (0.0, trace_variances(h)[1]),
        lambda h: tuple(v**0.5 for v in trace_variances(h)),
        lambda h: (2 * np.trace(h) ** 2, 2 * (h**2).sum()),
        lambda h: (
            trace_variances(h)[0],
            3 * (np.diag(h) ** 2).sum() + trace_variances(h)[0],
        ),
    ),
    right=(
        lambda h: [
            4 * (np.triu(h, 1) ** 2).sum(),
            2 * np.trace(h @ h),
        ],
        lambda h: (
            2 * ((h - np.diag(np.diag(h))) ** 2).sum(),
            2 * (np.linalg.eigvalsh(h) ** 2).sum(),
        ),
    ),
)
CG_STEPS = Exercise(
    "second_order-8",
    steps_of_cg(SPECTRUM),
    wrong=(100, 1000, 32, 2, 4, 90, np.nan, "3", 3.5, True),
    right=(3.0, np.int64(3), [3][0], torch.tensor(3)),
)
ROW_LENGTHS = Exercise(
    "second_order-10",
    rms_of_estimate,
    draw=_symmetric,
    edges=(
        (np.diag([1.0, -2.0]),),
        (np.array([[3.0]]),),
        (np.array([[0.0, 1.0], [1.0, 0.0]]),),
    ),
    wrong=(
        lambda h: np.abs(np.diag(h)),
        lambda h: np.diag(h),
        lambda h: (h**2).sum(axis=1),
        lambda h: np.abs(h).sum(axis=1),
        lambda h: np.sqrt((h**2).mean(axis=1)),
        lambda h: np.sqrt((h**2).sum()),
        lambda h: np.sqrt(2 * (h**2).sum(axis=1) - np.diag(h) ** 2),
        lambda h: h.sum(axis=1),
    ),
    right=(
        _all_signs,
        lambda h: np.linalg.norm(h, axis=0),
        lambda h: np.diag(h @ h) ** 0.5,
    ),
)
