"""Exercises of the chapter on mathematics, with their solutions."""

import math
from collections.abc import Callable, Iterable

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def worthwhile_rank(inputs: int, outputs: int) -> int:
    """The largest rank whose two factors hold fewer numbers."""
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


def enough(accuracy: float, risk: float) -> int:
    """Test examples that keep a measured share this near, by Hoeffding."""
    return math.ceil(math.log(2 / risk) / (2 * accuracy**2))


def ridge_by_rows(x: Array, y: Array, s2: float, v: float) -> Array:
    """Least squares, with a row for each belief that a weight is 0."""
    D = x.shape[1]
    rows = np.vstack([x, math.sqrt(s2 / v) * np.eye(D)])
    return np.linalg.lstsq(rows, np.append(y, np.zeros(D)), rcond=None)[0]


def naive(numbers: Array) -> tuple[float, float]:
    """Lose the digits: mean of squares less square of the mean."""
    x = np.asarray(list(numbers))
    return float(x.mean()), float((x * x).mean() - x.mean() ** 2)


def _judge_welford(answer: Callable, numbers: Array) -> str | None:
    got = answer(iter(numbers.tolist()))
    if got is None or got is ...:
        return None
    mean, variance = got
    want = float(((numbers - numbers.mean()) ** 2).mean())
    if not math.isclose(mean, numbers.mean(), rel_tol=1e-12):
        return f"the mean should be {numbers.mean():.12g}, yours is {mean:.12g}"
    if not math.isclose(variance, want, rel_tol=1e-4, abs_tol=1e-12):
        return (
            f"of {len(numbers)} numbers near {numbers[0]:.3g} the variance is "
            f"{want:.6g}, yours is {variance:.6g}"
        )
    return ""


def _some_shares(rng: np.random.Generator) -> tuple[Array, Array]:
    """Two distributions; now and then the second misses a case."""
    p, q = rng.dirichlet(np.ones(4), size=2)
    if rng.random() < 0.3:
        p = np.array([0.5, 0.5, 0.0, 0.0])
    return p, q


EXERCISES = (
    Exercise(
        "mathematics-1",
        worthwhile_rank,
        draw=lambda rng: tuple(map(int, rng.integers(2, 2000, size=2))),
        wrong=(
            lambda i, o: min(i, o),
            lambda i, o: min(i, o) // 2,
            lambda i, o: -(-i * o // (i + o)),
        ),
    ),
    Exercise(
        "mathematics-2",
        quadratic_gradient,
        draw=lambda rng: (rng.normal(size=(3, 3)), rng.normal(size=3)),
        wrong=(
            lambda a, x: 2 * a @ x,
            lambda a, x: a @ x,
            lambda a, x: x @ a @ x,
        ),
    ),
    Exercise(
        "mathematics-3",
        both_ways,
        draw=_some_shares,
        wrong=(
            lambda p, q: both_ways(q, p),
            lambda p, q: 2 * both_ways(p, q)[:1],
            lambda p, q: tuple(v * math.log(2) for v in both_ways(p, q)),
        ),
    ),
    Exercise(
        "mathematics-4",
        welford,
        draw=lambda rng: (
            10.0 ** rng.integers(0, 10) + rng.normal(size=rng.integers(1, 40)),
        ),
        wrong=(
            naive,
            lambda numbers: (0.0, 1.0),
            lambda numbers: (naive(numbers)[0], 1.0),
        ),
        judge=_judge_welford,
    ),
    Exercise(
        "mathematics-5",
        spectral_norm,
        draw=lambda rng: (rng.normal(size=(3, 2)) @ rng.normal(size=(2, 5)),),
        wrong=(
            lambda a: np.linalg.norm(a),
            lambda a: np.linalg.norm(a, 2) ** 2,
            lambda a: np.abs(a).max(),
        ),
        rtol=1e-4,
    ),
    Exercise(
        "mathematics-6",
        enough,
        draw=lambda rng: (
            float(rng.uniform(0.001, 0.2)),
            float(rng.uniform(0.001, 0.3)),
        ),
        wrong=(
            lambda e, a: math.ceil(math.log(1 / a) / (2 * e**2)),
            lambda e, a: math.ceil(1 / e**2),
            lambda e, a: math.log(2 / a) / (2 * e**2),
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
        wrong=(
            lambda x, y, s2, v: np.linalg.lstsq(x, y, rcond=None)[0],
            lambda x, y, s2, v: ridge_by_rows(x, y, v, s2),
            lambda x, y, s2, v: ridge_by_rows(x, y, 1.0, v),
        ),
    ),
)
