"""Exercises on optimizers: running means of gradients, and what breaks them."""

import math
import numbers
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import torch

from dlf.exercises.comparison import as_plain, is_open, text
from dlf.exercises.core import Exercise

Array = np.ndarray
STEPS, MOST = 6_000, 24


def correction(betas: Sequence[float]) -> float:
    """Return the weight that gradients have in a mean whose beta changes."""
    start = 1.0  # what is left of the zero that it began with
    for beta in betas:
        start *= beta
    return 1 - start


def largest_step(t: int, b1: float, b2: float) -> float:
    """Return the longest that Adam's step t can be, over its rate."""
    age = np.arange(t)
    first = (1 - b1) * b1**age / (1 - b1**t)
    second = (1 - b2) * b2**age / (1 - b2**t)
    return float(np.sqrt((first**2 / second).sum()))


def adams_end(given: Sequence[float], b1: float = 0.0, b2: float = 0.9):
    """Run Adam on these gradients, over and over, in [-1, 1]; give the end."""
    w, m, s = 0.0, 0.0, 0.0
    for t in range(1, STEPS + 1):
        g = given[(t - 1) % len(given)]
        m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g * g
        step = m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + 1e-12)
        w = min(1.0, max(-1.0, w - 0.1 / np.sqrt(t) * step))
    return w


def uphill_gradients() -> list[float]:
    """Return gradients of a positive mean with which Adam ends at +1."""
    return [22.0] + 20 * [-1.0]


def recurrence(path: Array) -> tuple[float, float]:
    """Read momentum and the product of rate and curvature off a path."""
    rows = np.stack([path[1:-1], -path[:-2]], axis=1)
    (p, beta), *_ = np.linalg.lstsq(rows, path[2:], rcond=None)
    return float(beta), float(1 + beta - p)


def _draw_path(rng: np.random.Generator) -> tuple[Array]:
    beta, product = rng.uniform(0.3, 0.9), rng.uniform(0.1, 1.5)
    v = rng.uniform(0.2, 1) * rng.choice([-1.0, 1.0])  # not from rest
    return (_path(float(rng.uniform(0.5, 2)), beta, product, float(v)),)


def _path(
    w: float, beta: float, product: float, v: float = 0.0, steps: int = 7
) -> Array:
    found = []
    for _ in range(steps):
        found.append(w)
        v = beta * v + product * w
        w -= v
    return np.array(found)


def _judge_gradients(answer: Any) -> str | None:
    """Run Adam on the gradients, after a look at what they are."""
    got = as_plain(answer)
    if is_open(got):
        return None
    given = _numbers(got)
    if given.ndim != 1 or not 2 <= given.size <= MOST:
        return f"expected 2 to {MOST} numbers, got {text(got)}"
    if not np.isfinite(given).all():
        return f"expected finite numbers, got {text(got)}"
    # Adam does not notice a common factor, and squares shall not overflow
    given = np.ldexp(given, -np.frexp(np.abs(given).max())[1])
    if not math.fsum(given) > 0:
        return f"their mean must be positive; got {text(got)}"
    end = adams_end(given.tolist())
    if not end > 0.9:
        return f"Adam ends at {end:.3g}, and should end above 0.9"
    return ""


def _numbers(got: Any) -> Array:
    """Read an answer as an array of floats; of no size if it is not one."""
    try:
        given = np.asarray(got)
        if given.dtype.kind in "iuf" or (
            given.dtype.kind == "O"
            and all(isinstance(v, numbers.Real) for v in given.flat)
        ):
            return given.astype(float)
    except (TypeError, ValueError, OverflowError):
        pass
    return np.zeros((0, 0))


def _by_logs(betas: Sequence[float]) -> Any:
    return torch.tensor(1 - np.exp(np.log(betas).sum()))


def _by_running(betas: Sequence[float]) -> float:
    """Average ones, which gives the weight itself."""
    mean = 0.0
    for beta in betas:
        mean = beta * mean + (1 - beta) * 1.0
    return mean


def _from_rest(path: Array) -> tuple[float, float]:
    """Read both off a path that is taken to start without a velocity."""
    a, b, c = path[:3]
    x = 1 - b / a
    return (c - (1 - x) * b) / (b - a), x


def _by_products(path: Array) -> tuple[float, float]:
    """Solve two equations with two unknowns by Cramer's rule."""
    a, b, c, d = path[:4]
    det = b * b - a * c
    p, beta = (b * c - a * d) / det, (c * c - b * d) / det
    return beta, 1 + beta - p


def _maximized(t: int, b1: float, b2: float) -> float:
    """Put in the gradients at which Cauchy and Schwarz are equal."""
    g = (b1 / b2) ** np.arange(t)[::-1]
    m = s = 0.0
    for value in g:
        m, s = b1 * m + (1 - b1) * value, b2 * s + (1 - b2) * value**2
    return m / (1 - b1**t) / np.sqrt(s / (1 - b2**t))


def _by_series(t: int, b1: float, b2: float) -> float:
    """Sum the series by a formula that divides by zero at b1² = b2."""
    r = b1**2 / b2
    first, second = (1 - b1) / (1 - b1**t), (1 - b2) / (1 - b2**t)
    return first * math.sqrt((1 - r**t) / (1 - r) / second)


def _alternated(function: Callable) -> tuple:
    """Collect what is often taken for the longest step."""
    return (
        lambda t, b1, b2: 1.0,
        lambda t, b1, b2: (1 - b1) / np.sqrt(1 - b2),
        lambda t, b1, b2: (1 - b1) / np.sqrt((1 - b2) * (1 - b1**2 / b2)),
        lambda t, b1, b2: function(t, b2, b1),
        lambda t, b1, b2: function(t + 1, b1, b2),
        lambda t, b1, b2: function(t, b1, b2) ** 2,
        lambda t, b1, b2: (
            (1 - b1) / (1 - b1**t) * np.sqrt((1 - b2**t) / (1 - b2))
        ),
        _by_series,
        lambda t, b1, b2: np.nan,
    )


CORRECTION = Exercise(
    "optimizers-6",
    correction,
    draw=lambda rng: (rng.uniform(0.5, 0.99, rng.integers(1, 9)).tolist(),),
    edges=(([0.9],), ([0.1, 0.9],), ([0.5, 0.8, 0.9],), ([0.9] * 10,)),
    wrong=(
        lambda b: 1 - b[-1] ** len(b),
        lambda b: 1 - b[0] ** len(b),
        lambda b: 1 - np.mean(b) ** len(b),
        lambda b: np.prod(b),
        lambda b: np.prod([1 - x for x in b]),
        lambda b: 1.0,
        lambda b: 1 - np.prod(b[1:]),
        lambda b: 1 / (1 - np.prod(b)),
        lambda b: np.nan,
    ),
    right=(
        _by_running,
        _by_logs,
        lambda b: 1 - math.exp(sum(map(math.log, b))),
        lambda b: np.float32(1 - np.prod(b)),
    ),
)
LONGEST = Exercise(
    "optimizers-7",
    largest_step,
    draw=lambda rng: (
        int(rng.integers(2, 40)),
        float(rng.uniform(0.3, 0.9)),
        float(rng.uniform(0.9, 0.999)),
    ),
    edges=(
        (1, 0.9, 0.999),
        (2, 0.5, 0.9),
        (3, 0.9, 0.95),
        (6, 0.0, 0.9),
        (5, 0.5, 0.25),  # the ratio of the series is 1
        (5, 0.8, 0.25),
    ),
    wrong=_alternated(largest_step),
    right=(
        _maximized,
        lambda t, b1, b2: torch.tensor(largest_step(t, b1, b2)),
    ),
)
BREAK = Exercise(
    "optimizers-10",
    uphill_gradients(),
    wrong=(
        [3.0, -1.0, -1.0],
        [-1.0, -1.0],  # their mean is not positive
        [1.0, 1.0],
        [22.0] + 40 * [-1.0],
        [1.0, -1.0],
        [1.0],
        [np.inf, -1.0],
        [np.nan, 1.0],
        "22, -1",
        ["22"] + 20 * ["-1"],
        [-(10.0**k) for k in range(22)] + [1e160],  # squares overflow
        [4.0**k for k in range(24)],
        [1e16, -1.0, -1.0, -1.0, -1e16, 2.0],  # rounded, its sum is 2
        [[22.0], [-1.0]],
        5.0,
    ),
    right=(
        np.array(uphill_gradients()),
        tuple(10 * v for v in uphill_gradients()),
        torch.tensor(uphill_gradients()),
        [Fraction(22), *20 * [Fraction(-1)]],
        [1e200 * v for v in uphill_gradients()],
        20 * [-1.0] + [21.0],
    ),
    judge=_judge_gradients,
)
READ_OFF = Exercise(
    "optimizers-12",
    recurrence,
    draw=_draw_path,
    edges=(
        (_path(1.0, 0.8, 0.4, 0.7),),
        (_path(1.0, 0.9, 0.5),),  # from rest
        (_path(1.0, 0.5, 1.8, -0.3),),
    ),
    rtol=1e-3,
    atol=1e-4,
    wrong=(
        lambda p: recurrence(p)[::-1],
        lambda p: (recurrence(p)[0], 1 - recurrence(p)[1]),
        lambda p: (0.9, recurrence(p)[1]),
        lambda p: (recurrence(p)[0], 1 - p[1] / p[0]),
        _from_rest,
        lambda p: (p[2] / p[1], 1 - p[1] / p[0]),
        lambda p: (0.0, 0.0),
        lambda p: recurrence(p)[0],
        lambda p: (np.nan, np.nan),
    ),
    right=(
        _by_products,
        lambda p: np.array(recurrence(p)),
        lambda p: torch.tensor(recurrence(p)),
    ),
)
