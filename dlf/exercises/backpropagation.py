"""Exercises of the chapter on backpropagation, with their solutions."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def passes_by_wiggling(parameters: int = 118_282) -> int:
    """Central differences need two forward passes a parameter."""
    return 2 * parameters


def hidden_delta(delta_next: Array, w_next: Array, z: Array) -> Array:
    """Carry a batch of deltas back through a layer of tanh units."""
    return (delta_next @ w_next) * (1 - np.tanh(z) ** 2)


def softmax_cross_entropy_gradient(z: Array, labels: Array) -> Array:
    """Prediction minus truth, averaged over the batch."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(z)), labels] -= 1
    return p / len(z)


def log1p_exp(x: Array) -> tuple[Array, Callable]:
    """Softplus as an op: value, and pullback with the sigmoid as slope."""
    e = np.exp(-np.abs(x))
    slope = np.where(x >= 0, 1.0, e) / (1.0 + e)
    return np.maximum(x, 0) + np.log1p(e), lambda dy: dy * slope


def jvp(f: Callable, x, v):
    """Push ``v`` forward through ``f`` with nothing but two pullbacks."""
    import torch

    x = x.detach().requires_grad_()
    u = torch.zeros_like(f(x), requires_grad=True)
    (pulled,) = torch.autograd.grad(f(x), x, u, create_graph=True)
    (pushed,) = torch.autograd.grad(pulled, u, v)
    return pushed


def best_stretch(layers: int) -> int:
    """The stretch k that makes ceil(L / k) + k smallest; the shortest such."""
    return min(range(1, layers + 1), key=lambda k: -(-layers // k) + k)


def _judge_op(answer: Callable, x: Array, dy: Array) -> str | None:
    got = answer(x.copy())
    if got is None or got is ...:
        return None
    y, pull = got
    want, want_pull = log1p_exp(x)
    if not np.allclose(y, want, rtol=1e-9, atol=0):
        n = int(np.argmax(~np.isclose(y, want, rtol=1e-9, atol=0)))
        return f"at x = {x[n]:.4g} the value is {y[n]:.6g}, not {want[n]:.6g}"
    if not np.allclose(pull(dy), want_pull(dy), rtol=1e-9, atol=0):
        return f"the value is right, the pullback is not, for x = {x[:3]} …"
    return ""


def _judge_jvp(answer: Callable, seed: int) -> str | None:
    import torch

    generator = torch.Generator().manual_seed(seed)
    a, b = (
        torch.randn(s, generator=generator, dtype=torch.float64)
        for s in ((4, 3), (2, 4))
    )
    x, v = torch.randn(2, 3, generator=generator, dtype=torch.float64)

    def f(x):
        return torch.sin(b @ torch.tanh(a @ x))

    got = answer(f, x, v)
    if got is None or got is ...:
        return None
    want = torch.func.jvp(f, (x,), (v,))[1]
    if got.shape != want.shape:
        return f"J v has shape {tuple(want.shape)}, yours {tuple(got.shape)}"
    if not torch.allclose(got, want, rtol=1e-9):
        return f"J v should be {want.tolist()}, yours is {got.tolist()}"
    return ""


EXERCISES = (
    Exercise(
        "backpropagation-1",
        passes_by_wiggling(),
        wrong=(118_282, 2, 118_283),
    ),
    Exercise(
        "backpropagation-2",
        hidden_delta,
        draw=lambda rng: (
            rng.normal(size=(5, 2)),
            rng.normal(size=(2, 3)),
            rng.normal(size=(5, 3)),
        ),
        wrong=(
            lambda d, w, z: d @ w,
            lambda d, w, z: (d @ w) * (1 - z**2),
            lambda d, w, z: (d @ w) * np.tanh(z),
            lambda d, w, z: (w.T @ d) * (1 - np.tanh(z) ** 2),
        ),
    ),
    Exercise(
        "backpropagation-3",
        softmax_cross_entropy_gradient,
        draw=lambda rng: (
            rng.normal(scale=30, size=(4, 3)),
            rng.integers(3, size=4),
        ),
        wrong=(
            lambda z, y: softmax_cross_entropy_gradient(z, y) * len(z),
            lambda z, y: -softmax_cross_entropy_gradient(z, y),
            lambda z, y: np.exp(z) / np.exp(z).sum() - np.eye(3)[y],
        ),
    ),
    Exercise(
        "backpropagation-4",
        log1p_exp,
        draw=lambda rng: (
            np.append(rng.normal(scale=5, size=5), [800.0, -800.0]),
            rng.normal(size=7),
        ),
        wrong=(
            lambda x: (np.log1p(np.exp(x)), lambda dy: dy),
            lambda x: (log1p_exp(x)[0], lambda dy: dy * (x > 0)),
            lambda x: (log1p_exp(x)[0], lambda dy: log1p_exp(x)[1](1.0)),
        ),
        judge=_judge_op,
    ),
    Exercise(
        "backpropagation-5",
        jvp,
        draw=lambda rng: (int(rng.integers(2**31)),),
        wrong=(
            lambda f, x, v: v,
            lambda f, x, v: f(x + v) - f(x),
            lambda f, x, v: f(v),
        ),
        judge=_judge_jvp,
    ),
    Exercise(
        "backpropagation-6",
        best_stretch,
        draw=lambda rng: (int(rng.integers(2, 400)),),
        wrong=(
            lambda layers: int(layers**0.5),
            lambda layers: layers,
            lambda layers: 1,
        ),
    ),
)
