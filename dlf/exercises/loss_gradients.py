"""Exercises on losses: values and derivatives with respect to logits."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def softmax(z: Array) -> Array:
    """Return the probabilities of one row of logits, whatever their size."""
    e = np.exp(z - z.max())
    return e / e.sum()


def loss_and_gradient(z: Array, label: int) -> tuple[float, Array]:
    """Return cross-entropy of one example and its gradient."""
    p = softmax(z)
    return -float(np.log(p[label])), p - np.eye(len(z))[label]


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


def hessian(z: Array) -> Array:
    """Differentiate softmax minus truth; the truth is a constant."""
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def _answers(rng: np.random.Generator) -> tuple:
    z = np.append(rng.normal(scale=3, size=6), [1e4, -1e4])
    return z, rng.integers(2, size=8).astype(float), float(rng.uniform(0.2, 9))


def _focal_case(rng: np.random.Generator) -> tuple:
    z, t = rng.normal(scale=3, size=6), rng.integers(2, size=6)
    return z, t.astype(float), float(rng.choice([0.0, 1.0, 2.0, 3.5]))


def _bce_by_sigmoid(z: Array, t: Array, weight: float) -> float:
    p = np.clip(1 / (1 + np.exp(-z)), 1e-12, 1 - 1e-12)
    return -(weight * t * np.log(p) + (1 - t) * np.log(1 - p)).mean()


def _focal_by_p(z: Array, t: Array, gamma: float) -> Array:
    p = 1 / (1 + np.exp(np.where(t == 1, -z, z)))
    inner = gamma * (1 - p) ** gamma * p * np.log(p) - (1 - p) ** (gamma + 1)
    return np.where(t == 1, inner, -inner)


def _unshifted(z: Array) -> Array:
    p = np.exp(z) / np.exp(z).sum()
    return np.diag(p) - np.outer(p, p)


def _shifted_by(shift: Callable) -> Callable:
    """Make a solution that shifts the logits by something else than the max."""
    return lambda z: _unshifted(z - shift(z))


def _by_differences(z: Array, h: float = 1e-5) -> Array:
    rows = [softmax(z + h * e) - softmax(z - h * e) for e in np.eye(len(z))]
    return np.array(rows) / (2 * h)


BY_HAND = Exercise(
    "losses-2",
    loss_and_gradient(np.log([1.0, 1, 2]), 0),
    rtol=3e-3,  # three digits by hand
    wrong=(
        (np.log(4), [0.25, 0.25, 0.5]),
        (np.log(4), [0.75, -0.25, -0.5]),
        (np.log(2), [0.25, 0.25, -0.5]),
        (2.0, [-0.75, 0.25, 0.5]),  # in bits
        (-np.log(4), [-0.75, 0.25, 0.5]),
        (np.log(4), -0.75),
        (np.log(4), [-0.25, 0.0833, 0.167]),  # divided by the classes
        (0.25, [-0.75, 0.25, 0.5]),
        (np.log(4), [np.nan] * 3),
        np.log(4),
    ),
    right=(
        (1.386, [-0.75, 0.25, 0.5]),
        (1.39, [-0.75, 0.25, 0.5]),
        [np.log(4), (-3 / 4, 1 / 4, 1 / 2)],
        (np.float32(1.3863), np.array([-0.75, 0.25, 0.5], np.float32)),
    ),
)
FROM_LOGITS = Exercise(
    "losses-5",
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
)
FOCAL = Exercise(
    "losses-6",
    focal_gradient,
    draw=_focal_case,
    edges=(
        (np.array([0.0]), np.array([1.0]), 2.0),
        (np.array([8.0, -8, 1, -1]), np.array([1.0, 1, 0, 0]), 0.0),
        (np.array([8.0, -8, 1, -1]), np.array([1.0, 1, 0, 0]), 1.5),
        (np.array([50.0, -50, 50, -50]), np.array([1.0, 1, 0, 0]), 2.0),
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
        lambda z, t, g: focal_gradient(np.clip(z, -10, 10), t, g),
        lambda z, t, g: np.abs(focal_gradient(z, t, g)),
        lambda z, t, g: t * focal_gradient(z, t, g),
    ),
    right=(
        _focal_by_p,
        lambda z, t, g: [
            float(focal_gradient(a, b, g)) for a, b in zip(z, t, strict=True)
        ],
    ),
)
HESSIAN = Exercise(
    "losses-7",
    hessian,
    draw=lambda rng: (rng.normal(scale=2, size=rng.integers(2, 6)),),
    edges=(
        (np.array([0.0, 0.0]),),
        (np.array([0.7]),),  # one class: nothing to learn
        (np.array([1e3, 1e3, -1e3]),),
        (np.array([-1e3, 1e3, 0.0]),),
        (np.array([1e4, 9_999.0, 0.0]),),
    ),
    wrong=(
        lambda z: -hessian(z),
        lambda z: np.diag(softmax(z)),
        lambda z: np.diag(np.diag(hessian(z))),
        lambda z: softmax(z) * (1 - softmax(z)),
        lambda z: np.diag(softmax(z)) + np.outer(softmax(z), softmax(z)),
        lambda z: hessian(z) / len(z),
        lambda z: np.eye(len(z)) - np.outer(softmax(z), softmax(z)),
        lambda z: np.outer(softmax(z), 1 - softmax(z)),
        lambda z: np.full((len(z), len(z)), np.nan),
        _unshifted,
        _shifted_by(lambda z: z[0]),
        _shifted_by(np.mean),
        _shifted_by(np.min),
        lambda z: hessian(np.clip(z, -30, 30)),
        lambda z: hessian(np.clip(z, -700, 700)),
    ),
    right=(
        lambda z: softmax(z)[:, None] * (np.eye(len(z)) - softmax(z)),
        lambda z: np.einsum(
            "ni,n,nj->ij",
            np.eye(len(z)) - softmax(z),
            softmax(z),
            np.eye(len(z)) - softmax(z),
        ),
        _by_differences,
    ),
)
