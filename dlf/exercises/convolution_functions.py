"""Exercises on convolution that ask for a function of sizes or gradients."""

import numpy as np
import torch

from dlf.exercises.core import Exercise

Array = np.ndarray


def dilated(x: Array, w: Array, stride: int, dilation: int) -> Array:
    """Cross-correlate a sequence where the kernel fits.

    Args:
        x: the sequence.
        w: the kernel.
        stride: from one window to the next.
        dilation: from one tap to the next.
    """
    reach = dilation * (len(w) - 1) + 1
    starts = range(0, len(x) - reach + 1, stride)
    return np.array([x[i : i + reach : dilation] @ w for i in starts])


def weight_gradient(x: Array, dy: Array, taps: int, stride: int) -> Array:
    """Gradient of the kernel: every place at which a tap was at work."""
    at = stride * np.arange(len(dy))
    return np.array([dy @ x[at + m] for m in range(taps)])


def missing_rows(
    size: int, kernel: int, stride: int, padding: int, dilation: int
) -> int:
    """Output padding with which the transposed layer gives `size` back.

    Pixels behind the last window are in no window: a remainder.
    """
    return (size + 2 * padding - dilation * (kernel - 1) - 1) % stride


def mean_pool_gradient(dy: Array, size: int, kernel: int, stride: int) -> Array:
    """Gradient of the inputs of mean pooling; windows may overlap."""
    dx = np.zeros(size)
    for i, d in enumerate(dy):
        dx[i * stride : i * stride + kernel] += d / kernel
    return dx


def by_torch(dy: Array, size: int, kernel: int, stride: int) -> Array:
    """By PyTorch, which refuses a gradient too few or too many."""
    x = torch.zeros(1, 1, size, dtype=torch.float64, requires_grad=True)
    y = torch.nn.functional.avg_pool1d(x, kernel, stride)
    (dx,) = torch.autograd.grad(y, x, torch.tensor(dy)[None, None])
    return dx[0, 0].numpy()


def some_sequence(rng: np.random.Generator) -> tuple:
    """Draw a sequence, a kernel, a stride and a dilation."""
    k, d = int(rng.integers(2, 5)), int(rng.integers(1, 4))
    n = d * (k - 1) + 1 + int(rng.integers(0, 9))
    return rng.normal(size=n), rng.normal(size=k), int(rng.integers(1, 4)), d


def some_gradient(rng: np.random.Generator) -> tuple:
    """Draw a sequence, gradients of its windows, and their shape."""
    k, s, n = (int(v) for v in rng.integers((2, 1, 1), (5, 4, 6)))
    size = (n - 1) * s + k + int(rng.integers(0, s))
    return rng.normal(size=size), rng.normal(size=n), k, s


def some_large(rng: np.random.Generator) -> tuple:
    """Draw settings under which a window fits."""
    low, high = (20, 1, 1, 0, 1), (40, 6, 6, 3, 4)
    return tuple(int(v) for v in rng.integers(low, high))


def some_pooling(rng: np.random.Generator) -> tuple:
    """Draw gradients of windows that may overlap, and their shape."""
    k, s, n = (int(v) for v in rng.integers((2, 1, 2), (5, 4, 6)))
    size = (n - 1) * s + k + int(rng.integers(0, s))
    return rng.normal(size=n), size, k, s


DILATED = Exercise(
    "convolution-5",
    dilated,
    some_sequence,
    edges=((np.array([1.0, 2, 3]), np.array([1.0, 10]), 1, 2),),
    wrong=(
        lambda x, w, s, d: dilated(x, w[::-1], s, d),
        lambda x, w, s, d: dilated(x, w, 1, d),
        lambda x, w, s, d: dilated(x, w, s, 1),
        lambda x, w, s, d: dilated(x, w, d, s),
        lambda x, w, s, d: np.correlate(x, w, "valid")[::s],
        lambda x, w, s, d: dilated(x, w, s, d)[:-1],
        lambda x, w, s, d: dilated(np.pad(x, 1), w, s, d),
    ),
    right=(
        lambda x, w, s, d: np.correlate(
            x, np.kron(w, np.eye(1, d)[0])[: d * (len(w) - 1) + 1], "valid"
        )[::s],
        lambda x, w, s, d: [
            sum(w[m] * x[i + d * m] for m in range(len(w)))
            for i in range(0, len(x) - d * (len(w) - 1), s)
        ],
    ),
)
GRADIENT = Exercise(
    "convolution-6",
    weight_gradient,
    some_gradient,
    edges=((np.array([1.0, 2, 3, 4]), np.array([1.0, 10]), 2, 2),),
    wrong=(
        lambda x, dy, k, s: weight_gradient(x, dy, k, 1) if s == 1 else dy[:k],
        lambda x, dy, k, s: weight_gradient(x, dy, k, s)[::-1],
        lambda x, dy, k, s: weight_gradient(x, dy, k, s) / len(dy),
        lambda x, dy, k, s: weight_gradient(x, dy[::-1], k, s),
        lambda x, dy, k, s: np.correlate(x, dy, "valid")[:k],
        lambda x, dy, k, s: dy[0] * x[:k],
    ),
    right=(
        lambda x, dy, k, s: sum(
            d * x[i * s : i * s + k] for i, d in enumerate(dy)
        ),
        lambda x, dy, k, s: [
            float((dy * x[m : m + s * len(dy) : s][: len(dy)]).sum())
            for m in range(k)
        ],
    ),
)
MISSING = Exercise(
    "convolution-8",
    missing_rows,
    some_large,
    edges=((28, 3, 2, 1, 1), (7, 2, 2, 0, 1), (9, 3, 1, 1, 1)),
    wrong=(
        lambda n, k, s, p, d: 0,
        lambda n, k, s, p, d: s - 1,
        lambda n, k, s, p, d: (n + 2 * p - k) % s,
        lambda n, k, s, p, d: (n - d * (k - 1) - 1) % s,
        lambda n, k, s, p, d: n % s,
        lambda n, k, s, p, d: (-missing_rows(n, k, s, p, d)) % s,
    ),
    right=(
        lambda n, k, s, p, d: (
            n
            - (n + 2 * p - d * (k - 1) - 1) // s * s
            + 2 * p
            - (d * (k - 1) + 1)
        ),
    ),
)
MEAN = Exercise(
    "convolution-10",
    mean_pool_gradient,
    some_pooling,
    edges=((np.array([1.0, 10]), 4, 3, 1), (np.array([2.0, 4]), 5, 2, 2)),
    wrong=(
        lambda dy, n, k, s: np.resize(np.repeat(dy / k, s), n),
        lambda dy, n, k, s: np.full(n, dy.sum() / n),
        lambda dy, n, k, s: k * mean_pool_gradient(dy, n, k, s),
        lambda dy, n, k, s: mean_pool_gradient(dy, n, k, s)[::-1],
        lambda dy, n, k, s: [
            max(
                (d / k for i, d in enumerate(dy) if i * s <= j < i * s + k),
                default=0.0,
            )
            for j in range(n)
        ],
    ),
    right=(
        by_torch,
        lambda dy, n, k, s: [
            sum(d / k for i, d in enumerate(dy) if 0 <= j - i * s < k)
            for j in range(n)
        ],
    ),
)
