"""Exercises on the gradients of batch norm and RMS norm."""

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def batch_norm_backward(
    dy: Array, x: Array, weight: Array, eps: float
) -> Array:
    """Gradient of a batch by what arrives at its normalized outputs.

    Args:
        dy: gradient of the outputs, one example a row.
        x: the batch.
        weight: scale γ of each feature.
        eps: added to the variance.
    """
    p, r = dy * weight, 1 / np.sqrt(x.var(0) + eps)
    hat = (x - x.mean(0)) * r
    return r * (p - p.mean(0) - hat * (p * hat).mean(0))


def rms_norm_backward(dy: Array, x: Array, weight: Array, eps: float) -> Array:
    """Gradient of rows behind RMS norm."""
    p, r = dy * weight, 1 / np.sqrt((x**2).mean(1, keepdims=True) + eps)
    hat = x * r
    return r * (p - hat * (p * hat).mean(1, keepdims=True))


def some_batch(rng: np.random.Generator) -> tuple:
    """Draw a gradient, a batch of three or more, scales and ε."""
    N, C = (int(n) for n in rng.integers((3, 1), (8, 5)))
    return (
        rng.normal(size=(N, C)),
        rng.normal(size=(N, C)) * 3 + 5,
        rng.normal(size=C) + 1,
        float(rng.uniform(0.001, 0.5)),
    )


def through_matrix(dy: Array, x: Array, weight: Array, eps: float) -> Array:
    """Multiply by the Jacobian, feature by feature."""
    out, N = np.empty_like(x), len(x)
    for c in range(x.shape[1]):
        r = (x[:, c].var() + eps) ** -0.5
        hat = (x[:, c] - x[:, c].mean()) * r
        J = r * (np.eye(N) - 1 / N - np.outer(hat, hat) / N)
        out[:, c] = J @ (weight[c] * dy[:, c])
    return out


def by_torch(dy: Array, x: Array, weight: Array, eps: float) -> Array:
    """Ask a library for the gradient."""
    import torch
    import torch.nn.functional as F

    t = torch.tensor(x, requires_grad=True)
    y = F.batch_norm(
        t, None, None, torch.tensor(weight), training=True, eps=eps
    )
    y.backward(torch.tensor(dy))
    return t.grad.numpy()  # pyright: ignore[reportOptionalMemberAccess]


def rms_by_torch(dy: Array, x: Array, weight: Array, eps: float) -> Array:
    """Ask a library for the gradient."""
    import torch
    import torch.nn.functional as F

    t = torch.tensor(x, requires_grad=True)
    y = F.rms_norm(t, weight.shape, torch.tensor(weight), eps)
    y.backward(torch.tensor(dy))
    return t.grad.numpy()  # pyright: ignore[reportOptionalMemberAccess]


def _bn(dy: Array, x: Array, weight: Array, eps: float, **parts: bool) -> Array:
    """Compute the gradient with something left out, for wrong answers."""
    ddof = int(parts.get("bessel", False))
    r = 1 / np.sqrt(x.var(0, ddof=ddof) + eps)
    hat, p = (x - x.mean(0)) * r, dy * weight
    out = p.copy()
    if not parts.get("no_mean"):
        out = out - p.mean(0)
    if not parts.get("no_variance"):
        out = out - hat * (p * hat).mean(0)
    return r * out


BACKWARD = Exercise(
    "normalization-5",
    batch_norm_backward,
    some_batch,
    edges=(
        (
            np.array([[0.0], [0], [0], [1]]),
            np.array([[2.0], [4], [4], [10]]),
            np.array([3.0]),
            1e-5,
        ),
    ),
    wrong=(
        lambda dy, x, g, e: dy * g / np.sqrt(x.var(0) + e),
        lambda dy, x, g, e: _bn(dy, x, g, e, no_mean=True),
        lambda dy, x, g, e: _bn(dy, x, g, e, no_variance=True),
        lambda dy, x, g, e: _bn(dy, x, g, e, bessel=True),
        lambda dy, x, g, e: batch_norm_backward(dy, x, np.ones_like(g), e),
        lambda dy, x, g, e: batch_norm_backward(dy, x, g, 0.0),
        lambda dy, x, g, e: (
            batch_norm_backward(dy.T, x.T, np.ones(len(x)), e).T
        ),
        lambda dy, x, g, e: -batch_norm_backward(dy, x, g, e),
    ),
    right=(through_matrix, by_torch),
)
RMS = Exercise(
    "normalization-8",
    rms_norm_backward,
    some_batch,
    wrong=(
        lambda dy, x, g, e: dy * g / np.sqrt((x**2).mean(1, keepdims=True) + e),
        lambda dy, x, g, e: batch_norm_backward(dy, x, g, e),
        lambda dy, x, g, e: rms_norm_backward(dy, x, np.ones_like(g), e),
        lambda dy, x, g, e: rms_norm_backward(dy, x, g, 0.0),
        lambda dy, x, g, e: (
            batch_norm_backward((dy * g).T, x.T, np.ones(len(x)), e).T
        ),
        lambda dy, x, g, e: (
            rms_norm_backward(
                dy * g - (dy * g).mean(1, keepdims=True), x, np.ones_like(g), e
            )
            + 1e-3
        ),
    ),
    right=(
        rms_by_torch,
        lambda dy, x, g, e: (
            (
                dy * g
                - x
                * (dy * g * x).sum(1, keepdims=True)
                / ((x**2).sum(1, keepdims=True) + e * x.shape[1])
            )
            / np.sqrt((x**2).mean(1, keepdims=True) + e)
        ),
    ),
)
