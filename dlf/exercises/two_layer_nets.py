"""Gradients of a net of two layers as they come out right and wrong."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray
Gradient = Callable[..., dict[str, Array]]


def draw_net(rng: np.random.Generator) -> tuple:
    """Draw inputs, targets, and the weights and biases of both layers."""
    N, I, H, O = rng.integers(2, 7, size=4)
    shapes = (N, I), (N, O), (H, I), (H,), (O, H), (O,)
    return tuple(rng.normal(size=s) for s in shapes)


def by_torch(*args: Array) -> dict[str, Array]:
    """Leave the gradients to the library, in float32."""
    import torch

    x, y, *weights = (torch.tensor(a, dtype=torch.float32) for a in args)
    w, b, v, c = (p.requires_grad_() for p in weights)
    loss = ((torch.relu(x @ w.T + b) @ v.T + c - y) ** 2).mean()
    found = torch.autograd.grad(loss, (w, b, v, c))
    return dict(zip("wbvc", found, strict=True))


def in_single(gradient: Gradient) -> Gradient:
    """Compute in float32."""
    return lambda *args: gradient(*(a.astype(np.float32) for a in args))


def changed(gradient: Gradient, **how: Callable) -> Gradient:
    """Change some of the gradients."""

    def other(*args: Array) -> dict[str, Array]:
        g = gradient(*args)
        return g | {k: change(g[k]) for k, change in how.items()}

    return other


def times(gradient: Gradient, factor: Callable) -> Gradient:
    """Scale all by what depends on the numbers of rows and of outputs."""

    def other(*args: Array) -> dict[str, Array]:
        scale = factor(*args[1].shape)
        return {k: g * scale for k, g in gradient(*args).items()}

    return other


def without_gate(gradient: Gradient) -> Gradient:
    """Forget that a ReLU stops the gradient where it is off."""

    def other(*args: Array) -> dict[str, Array]:
        x, y, w, b, v, c = args
        a = np.maximum(x @ w.T + b, 0)
        dz = 2 * (a @ v.T + c - y) / y.size @ v
        return gradient(*args) | {"w": dz.T @ x, "b": dz.sum(axis=0)}

    return other
