"""Exercises on losses: what the probabilities of a trained net mean."""

from collections.abc import Callable

import numpy as np
import torch

from dlf.exercises.comparison import (
    apart,
    as_plain,
    difference,
    is_open,
    text,
)
from dlf.exercises.core import Exercise, call

Array = np.ndarray


def corrected(p: Array, weight: float) -> Array:
    """Undo the weight of the rare class in a predicted probability."""
    return p / (p + weight * (1 - p))


def temperature(z: Array, y: Array) -> float:
    """Bisect for the T at which the mean of z is the mean of z at y."""
    low, high = -9.0, 9.0  # of log T
    at_y = z[np.arange(len(z)), y].mean()
    for _ in range(100):
        middle = (low + high) / 2
        p = _softmax(z / np.exp(middle))
        if (p * z).sum(1).mean() > at_y:
            low = middle  # too sure
        else:
            high = middle
    return float(np.exp(middle))


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def _loss(z: Array, y: Array, t: float) -> float:
    s = z / t
    top = s.max(1)
    log_sum = top + np.log(np.exp(s - top[:, None]).sum(1))
    return float((log_sum - s[np.arange(len(z)), y]).mean())


def _overconfident(rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw labels from a softmax, then multiply its logits."""
    z = rng.normal(scale=1.5, size=(300, 4))
    y = np.array([rng.choice(4, p=p) for p in _softmax(z)])
    return z * rng.uniform(1.5, 5), y


def _judge_temperature(answer: Callable, z: Array, y: Array) -> str | None:
    """Accept a temperature whose loss is the least, to six digits."""
    got, best = as_plain(call(answer, z, y)), temperature(z, y)
    if is_open(got):
        return None
    wrong = difference(got, best, rtol=0.0, atol=np.inf)
    if not wrong and not got > 0:
        wrong = f"a temperature is positive; you returned {text(got)}"
    least = _loss(z, y, best)
    if not wrong and not _loss(z, y, got) <= least * (1 + 1e-6):
        mine, due = apart(_loss(z, y, got), least)
        wrong = f"at {text(got)} the loss is {mine}; there is one of {due}"
    return f"for {text(z)}, {text(y)} {wrong}" if wrong else ""


def _by_scipy(z: Array, y: Array) -> float:
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda log_t: _loss(z, y, np.exp(log_t)),
        bounds=(-9, 9),
        method="bounded",
    )
    return np.exp(found.x)


def _by_newton(z: Array, y: Array) -> float:
    """Newton's method on 1/T, in which the loss is convex."""
    inverse, at_y = 1 / np.abs(z).max(), z[np.arange(len(z)), y].mean()
    for _ in range(100):
        p = _softmax(z * inverse)
        mean = (p * z).sum(1)
        variance = ((p * z * z).sum(1) - mean * mean).mean()
        inverse = max(inverse - (mean.mean() - at_y) / variance, inverse / 2)
    return 1 / inverse


def _least_on_a_coarse_grid(z: Array, y: Array) -> float:
    return min((0.5, 1.0, 2.0, 4.0), key=lambda t: _loss(z, y, t))


UNWEIGHTED = Exercise(
    "losses-8",
    corrected,
    draw=lambda rng: (
        rng.uniform(size=rng.integers(1, 7)),
        float(rng.uniform(2, 100)),
    ),
    edges=(
        (np.array([0.5]), 3.0),
        (np.array([0.0, 0.9, 1e-3]), 10.0),
        (np.array([1e-6]), 10.0),
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
        lambda p, w: 1 / (1 + w * (1 - p) / (p + 1e-6)),
        lambda p, w: corrected(p, w) / corrected(p, w).sum(),
    ),
    right=(
        lambda p, w: (o := p / (1 - p) / w) / (1 + o),
        lambda p, w: 1 / (1 + w * (1 / p - 1)),
        lambda p, w: [v / (v + w - w * v) for v in p],
    ),
    atol=0.0,
)
TEMPERATURE = Exercise(
    "losses-12",
    temperature,
    draw=_overconfident,
    edges=(
        (np.log([[9.0, 1]] * 4), np.array([0, 0, 0, 1])),  # three of four
        (np.array([[2.0, 0], [0, 2], [2, 0]]), np.array([0, 1, 1])),
    ),
    cases=5,
    wrong=(
        lambda z, y: 1.0,
        lambda z, y: 2.0,
        lambda z, y: 1 / temperature(z, y),
        lambda z, y: np.log(temperature(z, y)),
        lambda z, y: -temperature(z, y),
        lambda z, y: z.std(),
        lambda z, y: _loss(z, y, temperature(z, y)),
        lambda z, y: temperature(z, z.argmax(1)),
        lambda z, y: np.nan,
        lambda z, y: 1.1 * temperature(z, y),
        _least_on_a_coarse_grid,
    ),
    right=(
        _by_scipy,
        _by_newton,
        lambda z, y: np.float32(temperature(z, y)),
        lambda z, y: torch.tensor(temperature(z, y), requires_grad=True),
    ),
    judge=_judge_temperature,
)
