"""Exercises of the chapter on losses, with their solutions."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from dlf.exercises.comparison import apart, difference, is_open, text
from dlf.exercises.core import Exercise, call

Array = np.ndarray


def papers_to_order(unsold: float, missed: float) -> float:
    """Return the fraction of days on which the order should be enough."""
    return missed / (unsold + missed)


def quantile_loss(prediction: Array, target: Array, q: float) -> float:
    """Average q for each unit too low and 1 - q for each unit too high."""
    e = target - prediction
    return float(np.maximum(q * e, (q - 1) * e).mean())


def bce_from_logits(z: Array, t: Array, weight: float) -> float:
    """Weigh the yes-answers; no exponential of anything positive."""
    rest = np.log1p(np.exp(-np.abs(z)))
    no, yes = np.maximum(z, 0) + rest, np.maximum(-z, 0) + rest
    return float((weight * t * yes + (1 - t) * no).mean())


def focal_gradient(z: Array, t: Array, gamma: float) -> Array:
    """Differentiate the focal loss of yes-or-no answers, entry by entry."""
    sign = 2 * t - 1  # p is the probability of what happened
    log_p = -np.logaddexp(0, -sign * z)
    p, wrong = np.exp(log_p), np.exp(-np.logaddexp(0, sign * z))
    return sign * wrong**gamma * (gamma * p * log_p - wrong)


def corrected(p: Array, weight: float) -> Array:
    """Undo the weight of the rare class in a predicted probability."""
    return p / (p + weight * (1 - p))


def best_constant(y: Array, delta: float) -> float:
    """Huber's constant: clipped residuals must balance; bisect."""
    low, high = float(y.min()), float(y.max())
    for _ in range(100):
        c = (low + high) / 2
        if np.clip(c - y, -delta, delta).sum() > 0:
            high = c
        else:
            low = c
    return (low + high) / 2


def _sample(rng: np.random.Generator) -> tuple:
    prediction, target = rng.normal(size=(2, 8))
    return prediction, target, float(rng.uniform(0.05, 0.95))


def _answers(rng: np.random.Generator) -> tuple:
    z = np.append(rng.normal(scale=3, size=6), [1e4, -1e4])
    return z, rng.integers(2, size=8).astype(float), float(rng.uniform(0.2, 9))


def _focal_case(rng: np.random.Generator) -> tuple:
    z, t = rng.normal(scale=3, size=6), rng.integers(2, size=6)
    return z, t.astype(float), float(rng.choice([0.0, 1.0, 2.0, 3.5]))


def _huber(y: Array, delta: float, c: float) -> float:
    off = np.abs(y - c)
    inside = np.minimum(off, delta)
    return float((inside * (off - inside / 2)).mean())


def _judge_constant(answer: Callable, y: Array, delta: float) -> str | None:
    """Accept whatever has the least loss, which may be a whole interval."""
    got, best = call(answer, y, delta), best_constant(y, delta)
    if is_open(got):
        return None
    wrong = difference(got, best, rtol=0.0, atol=np.inf)
    least = _huber(y, delta, best)
    if not wrong and not _huber(y, delta, got) <= least * (1 + 1e-7) + 1e-12:
        mine, due = apart(_huber(y, delta, got), least)
        wrong = (
            f"you returned {text(got)} with loss {mine}; there is one of {due}"
        )
    return f"for {text(y)}, {text(delta)} {wrong}" if wrong else ""


def _by_scipy(y: Array, delta: float) -> float:
    """Hand the loss to a library's minimiser."""
    from scipy.optimize import minimize_scalar

    return minimize_scalar(lambda c: _huber(y, delta, c)).x


def _reweighted(y: Array, delta: float, rounds: int = 200) -> float:
    """Average again and again, with weights that fall with the distance."""
    c = np.median(y)
    for _ in range(rounds):
        weights = np.minimum(1.0, delta / np.maximum(np.abs(y - c), 1e-300))
        c = weights @ y / weights.sum()
    return c


def _bce_by_sigmoid(z: Array, t: Array, weight: float) -> float:
    p = np.clip(1 / (1 + np.exp(-z)), 1e-12, 1 - 1e-12)
    return -(weight * t * np.log(p) + (1 - t) * np.log(1 - p)).mean()


def _focal_by_p(z: Array, t: Array, gamma: float) -> Array:
    p = 1 / (1 + np.exp(np.where(t == 1, -z, z)))
    inner = gamma * (1 - p) ** gamma * p * np.log(p) - (1 - p) ** (gamma + 1)
    return np.where(t == 1, inner, -inner)


EXERCISES = (
    Exercise(
        "losses-1",
        papers_to_order(1.0, 3.0),
        wrong=(0.25, 1 / 3, 3.0, 0.5, 4 / 3, 75, np.nan, "0.75"),
        right=(3 / 4, np.float32(0.75), Fraction(3, 4)),
    ),
    Exercise(
        "losses-2",
        quantile_loss,
        draw=_sample,
        edges=(
            (np.array([1.0]), np.array([3.0]), 0.9),
            (np.array([3.0, 1.0]), np.array([1.0, 1.0]), 0.9),
        ),
        wrong=(
            lambda p, t, q: quantile_loss(t, p, q),
            lambda p, t, q: quantile_loss(p, t, q) * len(p),
            lambda p, t, q: float(np.abs(p - t).mean()),
            lambda p, t, q: quantile_loss(p, t, 1 - q),
            lambda p, t, q: float(
                np.minimum(q * (t - p), (q - 1) * (t - p)).mean()
            ),
            lambda p, t, q: float(q * np.maximum(t - p, 0).mean()),
            lambda p, t, q: float(np.where(t > p, q, 1 - q).mean()),
            lambda p, t, q: np.maximum(q * (t - p), (q - 1) * (t - p)),
            lambda p, t, q: 2 * quantile_loss(p, t, q),
        ),
        right=(
            lambda p, t, q: np.mean(np.where(t >= p, q, q - 1) * (t - p)),
            lambda p, t, q: (
                sum(
                    q * (b - a) if b > a else (1 - q) * (a - b)
                    for a, b in zip(p, t, strict=True)
                )
                / len(p)
            ),
            lambda p, t, q: np.abs((p > t) - q) @ np.abs(p - t) / len(p),
        ),
    ),
    Exercise(
        "losses-3",
        bce_from_logits,
        draw=_answers,
        edges=(
            (np.array([0.0]), np.array([1.0]), 2.0),
            (np.array([1e4, -1e4]), np.array([1.0, 0.0]), 3.0),
            (np.array([1e4, -1e4]), np.array([0.0, 1.0]), 3.0),
            (np.array([1.0, -2.0, 3.0]), np.array([1.0, 1.0, 0.0]), 0.5),
        ),
        wrong=(
            lambda z, t, w: bce_from_logits(z, t, 1.0),
            lambda z, t, w: w * bce_from_logits(z, t, 1.0),
            lambda z, t, w: bce_from_logits(np.clip(z, -30, 30), t, w),
            lambda z, t, w: bce_from_logits(z, 1 - t, w),
            lambda z, t, w: bce_from_logits(z, t, w) * len(z),
            lambda z, t, w: bce_from_logits(z, t, w) / np.log(2),
            lambda z, t, w: bce_from_logits(z, t, w) / (1 + (w - 1) * t).mean(),
            lambda z, t, w: bce_from_logits(-z, 1 - t, w),
            lambda z, t, w: (
                np.log1p(np.exp(z)) * (1 - t) + w * t * np.log1p(np.exp(-z))
            ).mean(),
            _bce_by_sigmoid,
        ),
        right=(
            lambda z, t, w: np.where(
                t == 1, w * np.logaddexp(0, -z), np.logaddexp(0, z)
            ).mean(),
            lambda z, t, w: np.mean(
                z * (1 - t)
                + (1 + (w - 1) * t)
                * (np.maximum(-z, 0) + np.log1p(np.exp(-abs(z))))
            ),
        ),
    ),
    Exercise(
        "losses-4",
        focal_gradient,
        draw=_focal_case,
        edges=(
            (np.array([0.0]), np.array([1.0]), 2.0),
            (np.array([8.0, -8, 1, -1]), np.array([1.0, 1, 0, 0]), 0.0),
            (np.array([8.0, -8, 1, -1]), np.array([1.0, 1, 0, 0]), 1.5),
        ),
        wrong=(
            lambda z, t, g: -focal_gradient(z, t, g),
            lambda z, t, g: focal_gradient(z, t, 0.0),
            lambda z, t, g: focal_gradient(z, 1 - t, g),
            lambda z, t, g: (
                focal_gradient(z, t, 0.0)
                * np.exp(-g * np.logaddexp(0, (2 * t - 1) * z))
            ),
            lambda z, t, g: focal_gradient(z, t, g) / len(z),
            lambda z, t, g: focal_gradient(z, t, g).sum(),
            lambda z, t, g: focal_gradient(z, t, g + 1),
            lambda z, t, g: np.abs(focal_gradient(z, t, g)),
            lambda z, t, g: t * focal_gradient(z, t, g),
        ),
        right=(
            _focal_by_p,
            lambda z, t, g: [
                float(focal_gradient(a, b, g))
                for a, b in zip(z, t, strict=True)
            ],
        ),
    ),
    Exercise(
        "losses-5",
        corrected,
        draw=lambda rng: (rng.uniform(size=5), float(rng.uniform(2, 100))),
        edges=(
            (np.array([0.5]), 3.0),
            (np.array([0.0, 0.9, 1e-3]), 10.0),
            (np.array([0.2, 0.7]), 1.0),
        ),
        wrong=(
            lambda p, w: p / w,
            lambda p, w: w * p / (w * p + 1 - p),
            lambda p, w: p,
            lambda p, w: p / (p + w),
            lambda p, w: p / (1 - p) / w,
            lambda p, w: 1 - corrected(p, w),
            lambda p, w: p / (w * (1 - p) + 1),
            lambda p, w: corrected(p, w) / corrected(p, w).sum(),
        ),
        right=(
            lambda p, w: (o := p / (1 - p) / w) / (1 + o),
            lambda p, w: 1 / (1 + w * (1 / p - 1)),
            lambda p, w: [v / (v + w - w * v) for v in p],
        ),
    ),
    Exercise(
        "losses-6",
        best_constant,
        draw=lambda rng: (
            rng.standard_t(2, size=9),
            float(rng.uniform(0.3, 2)),
        ),
        edges=(
            (np.array([3.0]), 1.0),
            (np.array([0.0, 0.2, 10.0]), 1.0),
            (np.array([0.0, 10.0]), 1.0),  # all of 1 to 9 are as good
            (np.array([1.0, 2.0, 6.0]), 100.0),
        ),
        wrong=(
            lambda y, d: float(y.mean()),
            lambda y, d: float(np.median(y)),
            lambda y, d: float(np.clip(y, -d, d).mean()),
            lambda y, d: (y.min() + y.max()) / 2,
            lambda y, d: np.clip(y, np.median(y) - d, np.median(y) + d).mean(),
            lambda y, d: y[np.abs(y - np.median(y)) <= d].mean(),
            lambda y, d: _reweighted(y, d, 1),
            lambda y, d: best_constant(y, d / 2),
            lambda y, d: _huber(y, d, best_constant(y, d)),
            lambda y, d: np.nan,
            lambda y, d: best_constant(y, d) + 0.01,
        ),
        right=(
            _by_scipy,
            _reweighted,
            lambda y, d: np.float32(best_constant(y, d)),
        ),
        judge=_judge_constant,
    ),
)
