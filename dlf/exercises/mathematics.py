"""Exercises of the chapter on mathematics, with their solutions."""

import math
from collections.abc import Callable, Iterable

import numpy as np

from dlf.exercises.comparison import difference, is_open, text
from dlf.exercises.core import Exercise, call
from dlf.exercises.streams import (
    draw_stream,
    judge_variance,
    naive,
    shifted,
    two_passes,
    unbiased,
)

Array = np.ndarray


def worthwhile_rank(inputs: int, outputs: int) -> int:
    """Return the largest rank whose two factors hold fewer numbers."""
    return (inputs * outputs - 1) // (inputs + outputs)


def quadratic_gradient(a: Array, x: Array) -> Array:
    """Differentiate x^T A x, where A need not be symmetric."""
    return (a + a.T) @ x


def both_ways(p: Array, q: Array) -> tuple[float, float]:
    """Kullback–Leibler divergences of p from q and of q from p, in bits."""

    def divergence(p: Array, q: Array) -> float:
        there = p > 0
        with np.errstate(divide="ignore"):
            ratio = np.log2(p[there]) - np.log2(q[there])
        return float(p[there] @ ratio)

    return divergence(p, q), divergence(q, p)


def welford(numbers: Iterable[float]) -> tuple[float, float]:
    """Mean and variance in one pass, each number seen once."""
    n, mean, m2 = 0, 0.0, 0.0
    for x in numbers:
        n += 1
        off = x - mean
        mean += off / n
        m2 += off * (x - mean)
    return mean, m2 / n


def spectral_norm(a: Array, steps: int = 200) -> float:
    """Push a vector through A and back until it has turned to the first v."""
    v = np.random.default_rng(0).normal(size=a.shape[1])
    for _ in range(steps):
        v = a.T @ (a @ v)
        v /= np.linalg.norm(v)
    return float(np.linalg.norm(a @ v))


def enough(within: float, risk: float) -> int:
    """Test examples that keep a measured proportion this near, by Hoeffding."""
    return math.ceil(math.log(2 / risk) / (2 * within**2))


def ridge_by_rows(x: Array, y: Array, s2: float, v: float) -> Array:
    """Least squares, with a row for each belief that a weight is 0."""
    D = x.shape[1]
    rows = np.vstack([x, math.sqrt(s2 / v) * np.eye(D)])
    return np.linalg.lstsq(rows, np.append(y, np.zeros(D)), rcond=None)[0]


def _two_distributions(rng: np.random.Generator) -> tuple[Array, Array]:
    """Two distributions; now and then the second misses a case."""
    p, q = rng.dirichlet(np.ones(4), size=2)
    if rng.random() < 0.3:
        p = np.array([0.5, 0.5, 0.0, 0.0])
    return p, q


def _of_rank_2(rng: np.random.Generator) -> tuple[Array]:
    """Return a matrix whose largest singular value stands out."""
    u, v = (np.linalg.qr(rng.normal(size=(n, 2)))[0] for n in (3, 5))
    return (rng.uniform(0.5, 5) * (u * [1.0, rng.uniform(0, 0.9)]) @ v.T,)


def _judge_norm(answer: Callable, a: Array) -> str | None:
    got = call(answer, a)
    if is_open(got):
        return None
    wrong = difference(got, np.linalg.norm(a, 2), rtol=1e-4, atol=1e-6)
    return f"for {text(a)} {wrong}" if wrong else ""


def _iterated(a: Array, v: Array, steps: int) -> float:
    """Return the length of A v when v has gone through A and back so often."""
    for _ in range(steps):
        v = a.T @ (a @ v)
        v = v / np.linalg.norm(v)
    return float(np.linalg.norm(a @ v))


def _bits(p: Array, q: Array) -> tuple[float, float]:
    """Both divergences by the library."""
    from scipy.special import rel_entr

    nats = rel_entr([p, q], [q, p]).sum(axis=1)
    return tuple(nats / math.log(2))


def _posterior(x: Array, y: Array, decay: float) -> Array:
    return np.linalg.solve(x.T @ x + decay * np.eye(x.shape[1]), x.T @ y)


EXERCISES = (
    Exercise(
        "mathematics-1",
        worthwhile_rank,
        draw=lambda rng: tuple(map(int, rng.integers(2, 2000, size=2))),
        edges=((1, 1), (2, 2), (4, 4), (3, 6), (12, 6), (1, 9), (100, 10)),
        wrong=(
            lambda i, o: min(i, o),
            lambda i, o: min(i, o) // 2,
            lambda i, o: -(-i * o // (i + o)),
            lambda i, o: i * o // (i + o),
            lambda i, o: round(i * o / (i + o)),
            lambda i, o: i * o / (i + o),
            lambda i, o: math.isqrt(i * o) // 2,
        ),
        right=(
            lambda i, o: math.ceil(i * o / (i + o)) - 1,
            lambda i, o: next(
                r for r in range(i) if (r + 1) * (i + o) >= i * o
            ),
            lambda i, o: np.int64(i * o - 1) // (i + o),
        ),
    ),
    Exercise(
        "mathematics-2",
        quadratic_gradient,
        draw=lambda rng: (rng.normal(size=(3, 3)), rng.normal(size=3)),
        edges=(
            (np.array([[2.0]]), np.array([3.0])),
            (np.array([[0.0, 1], [0, 0]]), np.array([2.0, 3.0])),
            (np.array([[0.0, 1], [-1, 0]]), np.array([2.0, 3.0])),
        ),
        wrong=(
            lambda a, x: 2 * a @ x,
            lambda a, x: a @ x,
            lambda a, x: x @ a @ x,
            lambda a, x: 2 * a.T @ x,
            lambda a, x: (a + a.T) @ x / 2,
            lambda a, x: (a - a.T) @ x,
            lambda a, x: ((a + a.T) @ x)[:, None],
        ),
        right=(
            lambda a, x: a @ x + x @ a,
            lambda a, x: np.einsum("ij,j->i", a, x) + np.einsum("ji,j", a, x),
            lambda a, x: [
                sum((a[i, j] + a[j, i]) * x[j] for j in range(len(x)))
                for i in range(len(x))
            ],
        ),
    ),
    Exercise(
        "mathematics-3",
        both_ways,
        draw=_two_distributions,
        edges=(
            (np.array([0.5, 0.5]), np.array([1.0, 0.0])),
            (np.array([1.0, 0.0]), np.array([0.0, 1.0])),
            (np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.75, 0.0])),
            (np.array([1.0]), np.array([1.0])),
        ),
        wrong=(
            lambda p, q: both_ways(q, p),
            lambda p, q: 2 * both_ways(p, q)[:1],
            lambda p, q: tuple(v * math.log(2) for v in both_ways(p, q)),
            lambda p, q: (p @ np.log2(p / q), q @ np.log2(q / p)),
            lambda p, q: both_ways(p + 1e-9, q + 1e-9),
            lambda p, q: both_ways(p, q)[0],
            lambda p, q: tuple(v / len(p) for v in both_ways(p, q)),
            lambda p, q: both_ways(p[p * q > 0], q[p * q > 0]),
        ),
        right=(_bits, lambda p, q: np.array(_bits(p, q))),
    ),
    Exercise(
        "mathematics-4",
        welford,
        draw=draw_stream,
        edges=(
            (np.array([5.0]),),
            (np.array([1.0, 2.0, 4.0]),),
            (1e9 + np.array([0.0, 1.0, 0.0, 2.0]),),
            (np.full(3, 1e9),),
        ),
        wrong=(
            naive,
            lambda numbers: (0.0, 1.0),
            lambda numbers: (naive(numbers)[0], 1.0),
            unbiased,
            two_passes,
            lambda numbers: ((r := welford(numbers))[0], r[1] ** 0.5),
            lambda numbers: welford(np.float32(list(numbers))),
            lambda numbers: (np.nan, np.nan),
            lambda numbers: welford(list(numbers)[:-1] or [0.0]),
            lambda numbers: welford(numbers)[::-1],
        ),
        right=(
            shifted,
            lambda numbers: (np.mean(x := [*numbers]), np.var(x)),
            lambda numbers: [*welford(map(np.longdouble, numbers))],
        ),
        judge=judge_variance,
    ),
    Exercise(
        "mathematics-5",
        spectral_norm,
        draw=_of_rank_2,
        edges=(
            (np.array([[-2.0]]),),
            (np.array([[1.0, -1.0], [-1.0, 1.0]]),),
            (np.array([[1.0, 1.0], [0.0, 1.0]]),),
            (np.array([[0.0, 3.0], [3.0, 0.0]]),),
            (np.array([[3.0, 4.0]]),),
        ),
        wrong=(
            lambda a: np.linalg.norm(a),
            lambda a: np.linalg.norm(a, 2) ** 2,
            lambda a: np.abs(a).max(),
            lambda a: _iterated(a, np.ones(a.shape[1]), 200),
            lambda a: _iterated(a, np.arange(a.shape[1]) + 1.0, 1),
            lambda a: np.abs(np.linalg.eigvals(a[:2, :2])).max(),
            lambda a: np.linalg.svd(a)[1][-1],
        ),
        right=(
            lambda a: np.linalg.norm(a, 2),
            lambda a: np.linalg.eigvalsh(a @ a.T)[-1] ** 0.5,
            lambda a: _iterated(a, np.arange(a.shape[1]) + 1.0, 100),
        ),
        judge=_judge_norm,
    ),
    Exercise(
        "mathematics-6",
        enough,
        draw=lambda rng: (
            float(rng.uniform(0.001, 0.2)),
            float(rng.uniform(0.001, 0.3)),
        ),
        edges=((0.01, 0.05), (0.1, 0.1), (0.5, 0.5), (1.0, 0.9)),
        wrong=(
            lambda e, a: math.ceil(math.log(1 / a) / (2 * e**2)),
            lambda e, a: math.ceil(1 / e**2),
            lambda e, a: math.log(2 / a) / (2 * e**2),
            lambda e, a: int(math.log(2 / a) / (2 * e**2)),
            lambda e, a: enough(e, a) + 1,
            lambda e, a: round(math.log(2 / a) / (2 * e**2)),
            lambda e, a: math.ceil(math.log2(2 / a) / (2 * e**2)),
            lambda e, a: math.ceil(math.log(2 / a) / e**2),
        ),
        right=(
            lambda e, a: 1 + math.floor((math.log(2) - math.log(a)) / 2 / e**2),
            lambda e, a: np.ceil(-np.log(a / 2) / (2 * e * e)),
        ),
    ),
    Exercise(
        "mathematics-7",
        ridge_by_rows,
        draw=lambda rng: (
            rng.normal(size=(5, 3)),
            rng.normal(size=5),
            float(rng.uniform(0.1, 2)),
            float(rng.uniform(0.1, 2)),
        ),
        edges=(
            (np.array([[1.0]]), np.array([2.0]), 3.0, 1.0),
            (np.array([[1.0, 2.0]]), np.array([3.0]), 0.5, 2.0),
            (np.array([[1.0], [2.0]]), np.array([1.0, 1.0]), 1.0, 4.0),
        ),
        wrong=(
            lambda x, y, s2, v: np.linalg.lstsq(x, y, rcond=None)[0],
            lambda x, y, s2, v: ridge_by_rows(x, y, v, s2),
            lambda x, y, s2, v: ridge_by_rows(x, y, 1.0, v),
            lambda x, y, s2, v: _posterior(x, y, s2),
            lambda x, y, s2, v: _posterior(x, y, 1 / v),
            lambda x, y, s2, v: _posterior(x, y, len(x) * s2 / v),
            lambda x, y, s2, v: ridge_by_rows(x, y, s2, v)[:, None],
        ),
        right=(
            lambda x, y, s2, v: _posterior(x, y, s2 / v),
            lambda x, y, s2, v: np.linalg.lstsq(
                np.vstack([x / s2**0.5, np.eye(len(x.T)) / v**0.5]),
                np.r_[y / s2**0.5, np.zeros(len(x.T))],
            )[0],
        ),
    ),
)
