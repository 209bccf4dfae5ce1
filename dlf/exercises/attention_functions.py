"""Exercises on attention that ask for a function."""

from typing import Any

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray
ONE = np.ones((1, 1))


def attention(q: Array, k: Array, v: Array, mask: Array) -> Array:
    """Scaled dot-product attention; a query that sees nothing gets zeros."""
    s = np.where(mask, q @ k.T / np.sqrt(q.shape[1]), -np.inf)
    top = s.max(axis=1, keepdims=True)
    e = np.exp(s - np.where(np.isfinite(top), top, 0))
    total = e.sum(axis=1, keepdims=True)
    return e @ v / np.where(total == 0, 1, total)


def score_gradient(scores: Array, v: Array, dy: Array) -> Array:
    """Gradient of one query's scores: p (v − y) · dy."""
    e = np.exp(scores - scores.max())
    p = e / e.sum()
    return p * ((v - p @ v) @ dy)


def smooth(q: Array, k: Array, v: Array) -> Array:
    """Mean of the values by a Gaussian kernel of the distance to each key."""
    gaps = ((q[:, None] - k[None]) ** 2).sum(axis=2)
    e = np.exp(-(gaps - gaps.min(axis=1, keepdims=True)) / 2)
    return e @ v / e.sum(axis=1, keepdims=True)


def rotate(x: Array, place: int, base: float) -> Array:
    """Rotate neighbors 2i and 2i + 1 by place times base^(−2i/D)."""
    angle = place * base ** -(np.arange(0, len(x), 2) / len(x))
    z = (x[::2] + 1j * x[1::2]) * np.exp(1j * angle)
    return np.stack([z.real, z.imag], axis=1).ravel()


def some_attention(rng: np.random.Generator) -> tuple:
    """Draw queries, keys, values and a mask."""
    T, S, D, V = (int(n) for n in rng.integers(1, 6, size=4))
    mask = rng.random((T, S)) < 0.6
    return (
        rng.normal(size=(T, D)),
        rng.normal(size=(S, D)),
        rng.normal(size=(S, V)),
        mask,
    )


def some_scores(rng: np.random.Generator) -> tuple:
    """Draw scores, values and a gradient."""
    S, V = (int(n) for n in rng.integers(2, 6, size=2))
    return rng.normal(size=S), rng.normal(size=(S, V)), rng.normal(size=V)


def some_points(rng: np.random.Generator) -> tuple:
    """Draw queries, keys of any length, and values."""
    return some_attention(rng)[:3]


def some_row(rng: np.random.Generator) -> tuple:
    """Draw a row of even width, a place and a base."""
    D = 2 * int(rng.integers(1, 5))
    base = float(rng.choice([10.0, 100.0, 10_000.0]))
    return rng.normal(size=D), int(rng.integers(0, 30)), base


def filled(q: Array, k: Array, v: Array, mask: Array, low: float) -> Array:
    """Fill forbidden scores with a low number in place of −∞."""
    s = np.where(mask, q @ k.T / np.sqrt(q.shape[1]), low)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e @ v / e.sum(axis=1, keepdims=True)


def halves(x: Array, place: int, base: float) -> Array:
    """Pair entry i with entry i + D/2."""
    half = len(x) // 2
    angle = place * base ** -(np.arange(half) / half)
    a, b = x[:half], x[half:]
    c, s = np.cos(angle), np.sin(angle)
    return np.concatenate([c * a - s * b, s * a + c * b])


def unmasked(q: Array, k: Array, v: Array, mask: Array) -> Array:
    """Forget the mask."""
    return attention(q, k, v, np.ones_like(mask))


def multiplied(q: Array, k: Array, v: Array, mask: Array) -> Array:
    """Multiply the weights by the mask, so that they do not sum to 1."""
    s = q @ k.T / np.sqrt(q.shape[1])
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    return (p * mask) @ v


def unshifted(q: Array, k: Array, v: Array, mask: Array) -> Array:
    """Do without the shift."""
    e = np.exp(q @ k.T / np.sqrt(q.shape[1])) * mask
    total = e.sum(axis=1, keepdims=True)
    return e @ v / np.where(total == 0, 1, total)


def padded_sum(q: Array, k: Array, v: Array, mask: Array) -> Array:
    """Add a little to the sum in place of the shift."""
    e = np.exp(q @ k.T / np.sqrt(q.shape[1])) * mask
    return e @ v / (e.sum(axis=1, keepdims=True) + 1e-9)


def largest_of_all(q: Array, k: Array, v: Array, mask: Array) -> Array:
    """Shift by the largest score, allowed or not."""
    s = q @ k.T / np.sqrt(q.shape[1])
    e = np.exp(s - s.max(axis=1, keepdims=True)) * mask
    total = e.sum(axis=1, keepdims=True)
    return e @ v / np.where(total == 0, 1, total)


def one_shift(q: Array, k: Array, v: Array, mask: Array) -> Array:
    """Shift all rows by the largest score of all."""
    s = np.where(mask, q @ k.T / np.sqrt(q.shape[1]), -1e9)
    e = np.exp(s - s.max()) * mask
    return e @ v / np.maximum(e.sum(axis=1, keepdims=True), 1e-9)


def one_by_one(q: Array, k: Array, v: Array, mask: Array) -> Any:
    """Go through the queries."""
    rows = []
    for a, seen in zip(q, mask, strict=True):
        s = k[seen] @ a / len(a) ** 0.5
        e = np.exp(s - s.max(initial=-np.inf))
        rows.append(e @ v[seen] / e.sum() if seen.any() else 0 * v[0])
    return rows


def by_jacobian(scores: Array, v: Array, dy: Array) -> Array:
    """Multiply by the Jacobian of softmax."""
    p = np.exp(scores - scores.max())
    p /= p.sum()
    return (np.diag(p) - np.outer(p, p)) @ v @ dy


def by_query(scores: Array, v: Array, dy: Array) -> list[float]:
    """Go through the keys."""
    p = np.exp(scores - scores.max())
    p /= p.sum()
    mean = float(p @ (v @ dy))
    return [a * (float(row @ dy) - mean) for a, row in zip(p, v, strict=True)]


def plain_gradient(scores: Array, v: Array, dy: Array) -> Array:
    """Do without the shift."""
    p = np.exp(scores) / np.exp(scores).sum()
    return p * ((v - p @ v) @ dy)


def plain_smooth(q: Array, k: Array, v: Array) -> Array:
    """Do without the shift, so that far keys have no weight at all."""
    e = np.exp(-((q[:, None] - k[None]) ** 2).sum(axis=2) / 2)
    return e @ v / e.sum(axis=1, keepdims=True)


def smooth_with_one_shift(q: Array, k: Array, v: Array) -> Array:
    """Shift all rows by the least square of all."""
    squares = ((q[:, None] - k[None]) ** 2).sum(axis=2) / 2
    e = np.exp(squares.min() - squares)
    return e @ v / e.sum(axis=1, keepdims=True)


def by_matrices(x: Array, place: int, base: float) -> list[float]:
    """Turn each pair by a matrix."""
    out: list[float] = []
    for i in range(0, len(x), 2):
        a = place / base ** (i / len(x))
        turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
        out += list(turn @ x[i : i + 2])
    return out


ATTENTION = Exercise(
    "attention-5",
    attention,
    some_attention,
    edges=(
        (
            np.ones((2, 1)),
            np.ones((1, 1)),
            np.ones((1, 1)),
            np.array([[True], [False]]),
        ),
        (np.full((1, 2), 300.0), np.eye(2), np.eye(2), np.ones((1, 2), bool)),
        (ONE, np.array([[900.0], [899.0]]), np.eye(2), np.ones((1, 2), bool)),
        (ONE, np.array([[-900.0], [-899.0]]), np.eye(2), np.ones((1, 2), bool)),
        (ONE, np.array([[900.0], [0.0]]), np.eye(2), np.array([[False, True]])),
        (
            np.array([[1.0], [-1.0]]),
            np.array([[900.0], [899.0]]),
            np.eye(2),
            np.ones((2, 2), bool),
        ),
    ),
    wrong=(
        unmasked,
        multiplied,
        lambda q, k, v, mask: filled(q, k, v, mask, -1e9),
        lambda q, k, v, mask: filled(q, k, v, mask, 0.0),
        lambda q, k, v, mask: filled(q, k, v, mask, -np.inf),
        unshifted,
        padded_sum,
        largest_of_all,
        one_shift,
        lambda q, k, v, mask: attention(q, k, v, ~mask),
        lambda q, k, v, mask: attention(q * np.sqrt(q.shape[1]), k, v, mask),
        lambda q, k, v, mask: attention(q / np.sqrt(q.shape[1]), k, v, mask),
    ),
    right=(
        lambda q, k, v, mask: np.nan_to_num(filled(q, k, v, mask, -np.inf)),
        lambda q, k, v, mask: (
            filled(q, k, v, mask, -1e30) * mask.any(axis=1)[:, None]
        ),
    ),
)
GRADIENT = Exercise(
    "attention-6",
    score_gradient,
    some_scores,
    edges=(
        (np.zeros(2), np.array([[1.0], [3.0]]), np.ones(1)),
        (np.array([800.0, 799.0]), np.array([[1.0], [3.0]]), np.ones(1)),
        (np.array([-800.0, -799.0]), np.array([[1.0], [3.0]]), np.ones(1)),
        (np.array([1500.0, 0.0, 0.0]), np.eye(3), np.ones(3)),
    ),
    wrong=(
        lambda scores, v, dy: np.exp(scores) / np.exp(scores).sum() * (v @ dy),
        plain_gradient,
        lambda scores, v, dy: plain_gradient(scores - scores.mean(), v, dy),
        lambda scores, v, dy: v @ dy,
        lambda scores, v, dy: score_gradient(0 * scores, v, dy),
        lambda scores, v, dy: -score_gradient(scores, v, dy),
        lambda scores, v, dy: score_gradient(scores, v - v.mean(0), dy) * 2,
        lambda scores, v, dy: (
            np.exp(scores) / np.exp(scores).sum() * ((v - v.mean(0)) @ dy)
        ),
    ),
    right=(by_jacobian, by_query),
)
SMOOTH = Exercise(
    "attention-7",
    smooth,
    some_points,
    edges=(
        (np.zeros((1, 1)), np.array([[1.0], [2.0]]), np.eye(2)),
        (np.zeros((1, 1)), np.array([[50.0], [-50.0]]), np.eye(2)),
        (np.array([[0.0], [50.0]]), np.array([[0.0], [1.0]]), np.eye(2)),
    ),
    wrong=(
        plain_smooth,
        smooth_with_one_shift,
        lambda q, k, v: attention(
            q * np.sqrt(q.shape[1]), k, v, np.ones((len(q), len(k)), bool)
        ),
        lambda q, k, v: attention(q, k, v, np.ones((len(q), len(k)), bool)),
        lambda q, k, v: smooth(q * 2, k * 2, v),
        lambda q, k, v: smooth(q, k, v) * len(k),
        lambda q, k, v: smooth(np.sqrt(2) * q, np.sqrt(2) * k, v),
    ),
    right=(
        lambda q, k, v: attention(
            np.sqrt(q.shape[1] + 1) * np.c_[q, np.ones(len(q))],
            np.c_[k, -(k**2).sum(1) / 2],
            v,
            np.ones((len(q), len(k)), bool),
        ),
    ),
)
ROTATE = Exercise(
    "attention-8",
    rotate,
    some_row,
    edges=(
        (np.array([1.0, 0.0]), 1, 10.0),
        (np.array([1.0, 0.0, 0.0, 1.0]), 3, 100.0),
    ),
    wrong=(
        halves,
        lambda x, place, base: rotate(x, -place, base),
        lambda x, place, base: rotate(x, place, base**2),
        lambda x, place, base: rotate(x, place + 1, base),
        lambda x, place, base: rotate(x, place, 1.0),
        lambda x, place, base: x,
    ),
    right=(by_matrices,),
)
