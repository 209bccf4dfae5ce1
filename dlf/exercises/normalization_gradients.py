"""Exercises on the gradients of layer norm and RMS norm."""

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def layer_norm_backward(
    dy: Array, x: Array, weight: Array, eps: float
) -> Array:
    """Gradient of rows by what arrives at their normalized outputs.

    Args:
        dy: gradient of the outputs, one example or token a row.
        x: the rows.
        weight: scale γ of each feature, which differs within a row.
        eps: added to the variance.
    """
    p, r = dy * weight, 1 / np.sqrt(x.var(1, keepdims=True) + eps)
    hat = (x - x.mean(1, keepdims=True)) * r
    along = (p * hat).mean(1, keepdims=True)
    return r * (p - p.mean(1, keepdims=True) - hat * along)


def rms_norm_backward(dy: Array, x: Array, weight: Array, eps: float) -> Array:
    """Gradient of rows behind RMS norm."""
    p, r = dy * weight, 1 / np.sqrt((x**2).mean(1, keepdims=True) + eps)
    hat = x * r
    return r * (p - hat * (p * hat).mean(1, keepdims=True))


def some_rows(rng: np.random.Generator) -> tuple:
    """Draw a gradient, rows of three features or more, scales and ε."""
    N, D = (int(n) for n in rng.integers((1, 3), (5, 8)))
    return (
        rng.normal(size=(N, D)),
        rng.normal(size=(N, D)) * 3 + 5,
        rng.normal(size=D) + 1,
        float(rng.uniform(0.001, 0.5)),
    )


def through_matrix(dy: Array, x: Array, weight: Array, eps: float) -> Array:
    """Multiply by the Jacobian, row by row."""
    out, D = np.empty_like(x), x.shape[1]
    for i, row in enumerate(x):
        r = (row.var() + eps) ** -0.5
        hat = (row - row.mean()) * r
        J = r * (np.eye(D) - 1 / D - np.outer(hat, hat) / D)
        out[i] = J @ (weight * dy[i])
    return out


def by_torch(dy: Array, x: Array, weight: Array, eps: float) -> Array:
    """Ask a library for the gradient."""
    import torch
    import torch.nn.functional as F

    t = torch.tensor(x, requires_grad=True)
    y = F.layer_norm(t, weight.shape, torch.tensor(weight), eps=eps)
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


def _ln(dy: Array, x: Array, weight: Array, eps: float, **parts: bool) -> Array:
    """Compute the gradient with something wrong, for wrong answers."""
    ddof, axis = int(parts.get("bessel", False)), int(not parts.get("batch"))
    r = 1 / np.sqrt(x.var(axis, ddof=ddof, keepdims=True) + eps)
    hat, p = (x - x.mean(axis, keepdims=True)) * r, dy * weight
    out = p.copy()
    if not parts.get("no_mean"):
        out = out - p.mean(axis, keepdims=True)
    if not parts.get("no_variance"):
        out = out - hat * (p * hat).mean(axis, keepdims=True)
    return r * out


BACKWARD = Exercise(
    "normalization-5",
    layer_norm_backward,
    some_rows,
    edges=(
        (
            np.array([[0.0, 0, 0, 1]]),
            np.array([[2.0, 4, 4, 10]]),
            np.array([3.0, 1, 2, -1]),
            1e-5,
        ),
    ),
    wrong=(
        lambda dy, x, g, e: dy * g / np.sqrt(x.var(1, keepdims=True) + e),
        lambda dy, x, g, e: _ln(dy, x, g, e, no_mean=True),
        lambda dy, x, g, e: _ln(dy, x, g, e, no_variance=True),
        lambda dy, x, g, e: _ln(dy, x, g, e, bessel=True),
        lambda dy, x, g, e: _ln(dy, x, g, e, batch=True),
        lambda dy, x, g, e: g * _ln(dy, x, np.ones_like(g), e),
        lambda dy, x, g, e: _ln(dy, x, np.ones_like(g), e),
        lambda dy, x, g, e: _ln(dy, x, g, 0.0),
        lambda dy, x, g, e: -_ln(dy, x, g, e),
    ),
    right=(through_matrix, by_torch),
)
RMS = Exercise(
    "normalization-8",
    rms_norm_backward,
    some_rows,
    wrong=(
        lambda dy, x, g, e: dy * g / np.sqrt((x**2).mean(1, keepdims=True) + e),
        lambda dy, x, g, e: _ln(dy, x, g, e, batch=True),
        lambda dy, x, g, e: rms_norm_backward(dy, x, np.ones_like(g), e),
        lambda dy, x, g, e: rms_norm_backward(dy, x, g, 0.0),
        lambda dy, x, g, e: layer_norm_backward(dy, x, g, e),
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
