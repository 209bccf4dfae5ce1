"""Exercises on residual nets that ask for a function."""

from itertools import combinations
from typing import Any

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def block(x: Array, w1: Array, w2: Array) -> Array:
    """Pre-activation block without biases; rows are examples."""
    h = np.maximum(np.maximum(x, 0) @ w1.T, 0)
    return x + h @ w2.T


def block_gradient(x: Array, w1: Array, w2: Array, dy: Array) -> Array:
    """Gradient of the input of that block: straight on, and back through."""
    z = np.maximum(x, 0) @ w1.T
    return dy + ((dy @ w2) * (z > 0) @ w1) * (x > 0)


def short_paths(jacobians: Array, longest: int) -> Array:
    """Sum of the paths through at most `longest` branches.

    Sums by length grow block by block, so that 2^K paths are never listed.
    """
    n = jacobians.shape[-1]
    sums = [np.eye(n)] + [np.zeros((n, n)) for _ in range(longest)]
    for j in jacobians:
        sums = [sums[0]] + [
            sums[m] + j @ sums[m - 1] for m in range(1, longest + 1)
        ]
    return np.sum(sums, axis=0)


def gate_bias(layers: int, kept: float) -> float:
    """Bias of all gates with which a fraction `kept` of the input gets through.

    (1 − T)^K = kept, and T = sigmoid(b) has b = log(T / (1 − T)).
    """
    carried = kept ** (1 / layers)
    return float(np.log((1 - carried) / carried))


def dense_parameters(width: int, growth: int, layers: int) -> int:
    """Weights and biases of a dense block."""
    return sum((width + k * growth + 1) * growth for k in range(layers))


def shortcut(x: Array, channels: int) -> Array:
    """Every other pixel both ways, and channels of zeros behind."""
    kept = x[:, ::2, ::2]
    zeros = np.zeros((channels - len(x), *kept.shape[1:]))
    return np.concatenate([kept, zeros])


def some_block(rng: np.random.Generator) -> tuple:
    """Draw a batch and the weights of a branch."""
    n, d, h = (int(v) for v in rng.integers(1, 6, size=3))
    return (
        rng.normal(size=(n, d)),
        rng.normal(size=(h, d)),
        rng.normal(size=(d, h)),
    )


def some_gradient(rng: np.random.Generator) -> tuple:
    """Draw likewise, and a gradient that arrives."""
    x, w1, w2 = some_block(rng)
    return x, w1, w2, rng.normal(size=x.shape)


def some_jacobians(rng: np.random.Generator) -> tuple:
    """Draw a few Jacobians and a largest length."""
    K, n = (int(v) for v in rng.integers(1, 5, size=2))
    return rng.normal(size=(K, n, n)), int(rng.integers(0, K + 1))


def listed(jacobians: Array, longest: int, shortest: int = 0) -> Any:
    """List the paths, and add them up."""
    total = np.zeros(jacobians.shape[1:])
    for m in range(shortest, longest + 1):
        for chosen in combinations(range(len(jacobians)), m):
            path = np.eye(len(total))
            for k in chosen:
                path = jacobians[k] @ path
            total += path
    return total


def without_last_mask(x: Array, w1: Array, w2: Array, dy: Array) -> Array:
    """Forget the ReLU in front of the branch."""
    z = np.maximum(x, 0) @ w1.T
    return dy + (dy @ w2) * (z > 0) @ w1


BLOCK = Exercise(
    "residual-5",
    block,
    some_block,
    edges=((np.array([[-1.0, 2]]), np.eye(2), -np.eye(2)),),
    wrong=(
        lambda x, w1, w2: np.maximum(block(x, w1, w2), 0),
        lambda x, w1, w2: block(x, w1, w2) - x,
        lambda x, w1, w2: x + np.maximum(x @ w1.T, 0) @ w2.T,
        lambda x, w1, w2: x + np.maximum(x, 0) @ w1.T @ w2.T,
        lambda x, w1, w2: np.maximum(x, 0) + block(x, w1, w2) - x,
        lambda x, w1, w2: (
            x + np.maximum(np.maximum(np.maximum(x, 0) @ w1.T, 0) @ w2.T, 0)
        ),
    ),
    right=(
        lambda x, w1, w2: [
            row + w2 @ (w1 @ (row * (row > 0))).clip(0) for row in x
        ],
        lambda x, w1, w2: (
            x + np.einsum("dh,nh->nd", w2, (x.clip(0) @ w1.T).clip(0))
        ),
    ),
)
GRADIENT = Exercise(
    "residual-6",
    block_gradient,
    some_gradient,
    wrong=(
        without_last_mask,
        lambda x, w1, w2, dy: block_gradient(x, w1, w2, dy) - dy,
        lambda x, w1, w2, dy: dy,
        lambda x, w1, w2, dy: dy + (dy @ w2 @ w1) * (x > 0),
        lambda x, w1, w2, dy: (
            (dy + without_last_mask(x, w1, w2, dy) - dy) * (x > 0)
        ),
    ),
    right=(
        lambda x, w1, w2, dy: [
            g + (r > 0) * (w1.T @ ((w1 @ np.maximum(r, 0) > 0) * (w2.T @ g)))
            for r, g in zip(x, dy, strict=True)
        ],
    ),
)
SHORT = Exercise(
    "residual-7",
    short_paths,
    some_jacobians,
    edges=((np.array([[[0.0, 1], [0, 0]], [[0, 0], [1, 0]]]), 2),),
    wrong=(
        lambda j, longest: listed(j, longest, 1),
        lambda j, longest: listed(j[::-1], longest),
        lambda j, longest: listed(j, len(j)),
        lambda j, longest: listed(j, longest, longest),
        lambda j, longest: listed(j, max(longest - 1, 0)),
        lambda j, longest: np.eye(j.shape[-1]) + j.sum(0),
    ),
    right=(
        listed,
        lambda j, longest: listed(j, longest).tolist(),
    ),
)
GATE = Exercise(
    "residual-8",
    gate_bias,
    lambda rng: (int(rng.integers(1, 100)), float(rng.uniform(0.05, 0.95))),
    edges=((1, 0.5), (16, 0.5)),
    wrong=(
        lambda layers, kept: -gate_bias(layers, kept),
        lambda layers, kept: np.log(kept ** (1 / layers)),
        lambda layers, kept: gate_bias(1, kept),
        lambda layers, kept: gate_bias(layers, 1 - kept),
        lambda layers, kept: 1 - kept ** (1 / layers),
        lambda layers, kept: -2.0,
    ),
    right=(
        lambda layers, kept: -np.log(1 / (kept ** (-1 / layers) - 1)),
        lambda layers, kept: np.float64(
            np.log(np.expm1(-np.log(kept) / layers))
        ),
    ),
)
DENSE = Exercise(
    "residual-9",
    dense_parameters,
    lambda rng: tuple(int(v) for v in rng.integers(1, 40, size=3)),
    edges=((24, 7, 16), (5, 3, 1)),
    wrong=(
        lambda d, g, k: g * k * d + g * g * k * (k - 1) // 2,
        lambda d, g, k: g * k * d + g * g * k * (k + 1) // 2 + g * k,
        lambda d, g, k: k * (d + 1) * g,
        lambda d, g, k: k * (d + g * (k - 1) + 1) * g,
        lambda d, g, k: dense_parameters(d, g, k) + 1,
        lambda d, g, k: dense_parameters(g, d, k),
    ),
    right=(
        lambda d, g, k: k * d * g + g * g * k * (k - 1) // 2 + k * g,
        lambda d, g, k: g * np.sum(d + 1 + g * np.arange(k)),
    ),
)
SHORTCUT = Exercise(
    "residual-10",
    shortcut,
    lambda rng: (
        rng.normal(size=(c := int(rng.integers(1, 4)), 5, 4)),
        c + int(rng.integers(0, 4)),
    ),
    edges=((np.arange(16.0).reshape(1, 4, 4), 3),),
    wrong=(
        lambda x, channels: shortcut(x, channels)[::-1],
        lambda x, channels: shortcut(x[:, 1:, 1:], channels),
        lambda x, channels: np.concatenate(
            [x, np.zeros((channels - len(x), *x.shape[1:]))]
        ),
        lambda x, channels: x[:, ::2, ::2],
        lambda x, channels: (
            np.resize(x[:, ::2, ::2], (channels, *x[0, ::2, ::2].shape)) + 1
        ),
        lambda x, channels: shortcut(x, channels + 1),
    ),
    right=(
        lambda x, channels: np.pad(
            x[:, ::2, ::2], [(0, channels - len(x)), (0, 0), (0, 0)]
        ),
        lambda x, channels: shortcut(x, channels).tolist(),
    ),
)
