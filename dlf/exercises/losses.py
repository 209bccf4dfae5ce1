"""Exercises of the chapter on losses, with their solutions."""

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def papers_to_order(unsold: float, missed: float) -> float:
    """The share of days on which the order should be enough."""
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
    """Slope of the focal loss of yes-or-no answers, entry by entry."""
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


EXERCISES = (
    Exercise(
        "losses-1",
        papers_to_order(1.0, 3.0),
        wrong=(0.25, 1 / 3, 3.0, 0.5),
    ),
    Exercise(
        "losses-2",
        quantile_loss,
        draw=_sample,
        wrong=(
            lambda p, t, q: quantile_loss(t, p, q),
            lambda p, t, q: quantile_loss(p, t, q) * len(p),
            lambda p, t, q: float(np.abs(p - t).mean()),
        ),
    ),
    Exercise(
        "losses-3",
        bce_from_logits,
        draw=_answers,
        wrong=(
            lambda z, t, w: bce_from_logits(z, t, 1.0),
            lambda z, t, w: w * bce_from_logits(z, t, 1.0),
            lambda z, t, w: bce_from_logits(np.clip(z, -30, 30), t, w),
            lambda z, t, w: bce_from_logits(z, 1 - t, w),
        ),
    ),
    Exercise(
        "losses-4",
        focal_gradient,
        draw=_focal_case,
        wrong=(
            lambda z, t, g: -focal_gradient(z, t, g),
            lambda z, t, g: focal_gradient(z, t, 0.0),
            lambda z, t, g: focal_gradient(z, 1 - t, g),
            lambda z, t, g: (
                focal_gradient(z, t, 0.0)
                * np.exp(-g * np.logaddexp(0, (2 * t - 1) * z))
            ),
        ),
    ),
    Exercise(
        "losses-5",
        corrected,
        draw=lambda rng: (rng.uniform(size=5), float(rng.uniform(2, 100))),
        wrong=(
            lambda p, w: p / w,
            lambda p, w: w * p / (w * p + 1 - p),
            lambda p, w: p,
        ),
    ),
    Exercise(
        "losses-6",
        best_constant,
        draw=lambda rng: (
            rng.standard_t(2, size=9),
            float(rng.uniform(0.3, 2)),
        ),
        wrong=(
            lambda y, d: float(y.mean()),
            lambda y, d: float(np.median(y)),
            lambda y, d: float(np.clip(y, -d, d).mean()),
        ),
    ),
)
