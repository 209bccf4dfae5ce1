"""Exercises of the chapter on backpropagation, with their solutions."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.comparison import difference, is_open, text
from dlf.exercises.core import Exercise, call

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
    """Softplus as an op: value, and pullback with the sigmoid as derivative."""
    e = np.exp(-np.abs(x))
    derivative = np.where(x >= 0, 1.0, e) / (1.0 + e)
    return np.maximum(x, 0) + np.log1p(e), lambda dy: dy * derivative


def jvp(f: Callable, x, v):
    """Push ``v`` forward through ``f`` with nothing but two pullbacks."""
    import torch

    x = x.detach().requires_grad_()
    u = torch.zeros_like(f(x), requires_grad=True)
    (pulled,) = torch.autograd.grad(f(x), x, u, create_graph=True)
    (pushed,) = torch.autograd.grad(pulled, u, v)
    return pushed


def best_stretch(layers: int) -> int:
    """Find the shortest stretch k that makes ceil(L / k) + k smallest."""
    return min(range(1, layers + 1), key=lambda k: -(-layers // k) + k)


def _judge_op(answer: Callable, x: Array, dy: Array) -> str | None:
    got = call(answer, x)
    if is_open(got):
        return None
    if not isinstance(got, tuple | list) or len(got) != 2:
        return f"expected the value and the pullback, got {text(got)}"
    y, pull = got
    want, want_pull = log1p_exp(x)
    wrong = difference(y, want, rtol=1e-5, atol=0.0)
    if wrong:
        return f"for x = {text(x)} {wrong} as the value"
    if not callable(pull):
        return f"expected a function for the pullback, got {text(pull)}"
    wrong = difference(call(pull, dy), want_pull(dy), rtol=1e-5, atol=1e-9)
    if wrong:
        return (
            f"the value is right, the pullback is not: for x = {text(x)} and "
            f"dy = {text(dy)} {wrong}"
        )
    return ""


def _draw_jvp(rng: np.random.Generator) -> tuple:
    """Two matrices of a small net, its input and a direction."""
    shapes = (4, 3), (int(rng.integers(1, 5)), 4), (3,), (3,)
    return tuple(rng.normal(size=s) for s in shapes)


def _judge_jvp(
    answer: Callable, a: Array, b: Array, x: Array, v: Array
) -> str | None:
    import torch

    first, second, point, way = map(torch.tensor, (a, b, x, v))

    def f(x):
        return torch.sin(second @ torch.tanh(first @ x))

    got = answer(f, point, way)
    if is_open(got):
        return None
    if isinstance(got, torch.Tensor):
        got = got.detach().numpy()
    hidden = np.tanh(a @ x)
    want = np.cos(b @ hidden) * (b @ ((1 - hidden**2) * (a @ v)))
    wrong = difference(got, want, rtol=1e-9, atol=1e-12)
    return f"at x = {text(x)}, along v = {text(v)} {wrong}" if wrong else ""


def _softplus_in_place(x: Array) -> tuple[Array, Callable]:
    """Value and pullback that overwrite what they are given."""
    derivative = np.exp(-np.logaddexp(0, -x))
    np.logaddexp(0, x, out=x)

    def pull(dy: Array) -> Array:
        dy *= derivative
        return dy

    return x, pull


def _shifted_by_one_number(z: Array, y: Array) -> Array:
    """Shift all rows by the same maximum: low rows become 0 / 0."""
    e = np.exp(z - z.max())
    return (e / e.sum(axis=1, keepdims=True) - np.eye(z.shape[1])[y]) / len(z)


def _gradient_in_place(z: Array, y: Array) -> Array:
    z -= z.max(axis=1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)
    for n, label in enumerate(y):
        z[n, label] -= 1
    z /= len(y)
    return z


def _by_jacobian(f: Callable, x, v):
    import torch

    return torch.autograd.functional.jacobian(f, x) @ v


def _by_library(f: Callable, x, v):
    import torch

    return torch.autograd.functional.jvp(f, x, v)[1]


EXERCISES = (
    Exercise(
        "backpropagation-1",
        passes_by_wiggling(),
        wrong=(118_282, 2, 118_283, 2 * 118_282 + 1, 2 * 117_152, np.nan),
        right=(236_564.0, np.int64(236_564)),
    ),
    Exercise(
        "backpropagation-2",
        hidden_delta,
        draw=lambda rng: (
            rng.normal(size=(5, 2)),
            rng.normal(size=(2, 3)),
            rng.normal(size=(5, 3)),
        ),
        edges=(
            (np.array([[2.0]]), np.array([[3.0]]), np.array([[0.5]])),
            (np.eye(2), np.array([[1.0, 2], [3, 4]]), np.array([[0.0, 1]] * 2)),
        ),
        wrong=(
            lambda d, w, z: d @ w,
            lambda d, w, z: (d @ w) * (1 - z**2),
            lambda d, w, z: (d @ w) * np.tanh(z),
            lambda d, w, z: (w.T @ d) * (1 - np.tanh(z) ** 2),
            lambda d, w, z: (d @ w) * (1 - np.tanh(z)),
            lambda d, w, z: (d @ w.T) * (1 - np.tanh(z) ** 2),
            lambda d, w, z: -hidden_delta(d, w, z),
            lambda d, w, z: hidden_delta(d, w, z) / len(d),
        ),
        right=(
            lambda d, w, z: np.einsum("nk,kj->nj", d, w) / np.cosh(z) ** 2,
            lambda d, w, z: [
                (row @ w) * (1 - t * t)
                for row, t in zip(d, np.tanh(z), strict=True)
            ],
        ),
    ),
    Exercise(
        "backpropagation-3",
        softmax_cross_entropy_gradient,
        draw=lambda rng: (
            rng.normal(scale=30, size=(4, 3)),
            rng.integers(3, size=4),
        ),
        edges=(
            (np.zeros((1, 2)), np.array([0])),
            (np.array([[1.0, 2, 4], [1, 0, 1]]), np.array([2, 1])),
            (np.array([[1e4, 0], [-1000, -1001.0]]), np.array([1, 1])),
        ),
        wrong=(
            lambda z, y: softmax_cross_entropy_gradient(z, y) * len(z),
            lambda z, y: -softmax_cross_entropy_gradient(z, y),
            lambda z, y: np.exp(z) / np.exp(z).sum() - np.eye(3)[y],
            lambda z, y: (
                (
                    np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
                    - np.eye(z.shape[1])[y]
                )
                / len(z)
            ),
            _shifted_by_one_number,
            lambda z, y: softmax_cross_entropy_gradient(z, y).mean(axis=0),
            lambda z, y: softmax_cross_entropy_gradient(np.clip(z, -30, 30), y),
        ),
        right=(
            _gradient_in_place,
            lambda z, y: (
                (
                    np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
                    - (np.arange(z.shape[1]) == y[:, None])
                )
                / len(y)
            ),
        ),
    ),
    Exercise(
        "backpropagation-4",
        log1p_exp,
        draw=lambda rng: (
            np.append(rng.normal(scale=5, size=5), [800.0, -800.0]),
            rng.normal(size=7),
        ),
        edges=(
            (np.array([0.0]), np.array([2.0])),
            (np.array([-800.0, 800, 1, -1]), np.array([1.0, -1, 2, 3])),
        ),
        wrong=(
            lambda x: (np.log1p(np.exp(x)), lambda dy: dy),
            lambda x: (log1p_exp(x)[0], lambda dy: dy * (x > 0)),
            lambda x: (log1p_exp(x)[0], lambda dy: log1p_exp(x)[1](1.0)),
            lambda x: (log1p_exp(x)[0], log1p_exp(x)[1](1.0)),
            lambda x: (log1p_exp(x)[0], lambda dy: None),
            lambda x: (log1p_exp(x)[0], lambda dy: log1p_exp(x)[1](dy).sum()),
            lambda x: (log1p_exp(x)[0], log1p_exp(-x)[1]),
            lambda x: (
                log1p_exp(x)[0],
                lambda dy: dy * np.exp(x) / (1 + np.exp(x)),
            ),
        ),
        right=(
            _softplus_in_place,
            lambda x: (
                y := np.logaddexp(0, x),
                lambda dy: -dy * np.expm1(-y),
            ),
            lambda x: [
                np.maximum(x, 0) + np.log1p(np.exp(-abs(x))),
                lambda dy: dy * 0.5 * (1 + np.tanh(x / 2)),
            ],
        ),
        judge=_judge_op,
    ),
    Exercise(
        "backpropagation-5",
        jvp,
        draw=_draw_jvp,
        edges=(
            (np.eye(1), np.eye(1), np.array([0.5]), np.array([2.0])),
            (
                np.array([[1.0, 2], [0, 1]]),
                np.array([[1.0, 0], [1, 1]]),
                np.array([0.1, -0.2]),
                np.array([1.0, 3.0]),
            ),
        ),
        wrong=(
            lambda f, x, v: v,
            lambda f, x, v: f(x + v) - f(x),
            lambda f, x, v: f(v),
            lambda f, x, v: (f(x + 1e-6 * v) - f(x)) / 1e-6,
            lambda f, x, v: _by_jacobian(f, x, v).sum(),
            lambda f, x, v: -jvp(f, x, v),
        ),
        right=(_by_jacobian, _by_library, lambda *c: jvp(*c).numpy().tolist()),
        judge=_judge_jvp,
    ),
    Exercise(
        "backpropagation-6",
        best_stretch,
        draw=lambda rng: (int(rng.integers(2, 400)),),
        edges=tuple((layers,) for layers in range(1, 21)),
        wrong=(
            lambda layers: int(layers**0.5),
            lambda layers: layers,
            lambda layers: 1,
            lambda layers: round(layers**0.5),
            lambda layers: int(np.ceil(layers**0.5)),
            lambda n: min(range(n, 0, -1), key=lambda k: -(-n // k) + k),
            lambda n: min(range(1, n + 1), key=lambda k: n // k + k),
            lambda n: min(range(1, n + 1), key=lambda k: n / k + k),
            lambda layers: -(-layers // best_stretch(layers)),
        ),
        right=(
            lambda n: np.argmin([-(-n // k) + k for k in range(1, n + 1)]) + 1,
            lambda layers: float(best_stretch(layers)),
        ),
    ),
)
