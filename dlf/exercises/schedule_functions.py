"""Exercises on schedules whose answer is a function."""

import math
from collections.abc import Callable

import numpy as np
import torch

from dlf.exercises.core import Exercise


def warmup_cosine(t: int, warm: int, steps: int, least: float) -> float:
    """Rise linearly from 0 to 1, then fall by a cosine to ``least``."""
    if t < warm:
        return t / warm
    part = min(1.0, (t - warm) / (steps - warm))
    return least + (1 - least) * (1 + math.cos(math.pi * part)) / 2


def cooldown(t: int, lr: float, stable: int, decay: int) -> float:
    """Stay for ``stable`` steps, then fall as 1 less the root of the part."""
    part = max(0, t - stable) / decay
    return lr * max(0.0, 1 - math.sqrt(part))


def rate_for(v: float, lam: float, s: float) -> float:
    """Rate whose noise floor is ``v``: solve the floor for the rate."""
    return 2 * lam * v / (s * s + lam * lam * v)


def best_rate(v: float, lam: float, s: float) -> float:
    """Rate after whose step the mean square of the distance is least."""
    return lam * v / (lam * lam * v + s * s)


def halving_factor(steps: int) -> float:
    """Factor per step with which the rate halves in so many steps."""
    return 0.5 ** (1 / steps)


def complete_cycles(first: int, factor: int, steps: int) -> int:
    """Count the cycles of warm restarts that end within so many steps."""
    done, length = 0, first
    while steps >= length:
        steps, length, done = steps - length, length * factor, done + 1
    return done


def threshold(eta: float, beta: float, nu: float) -> float:
    """Curvature at which a mix of gradient and mean begins to oscillate.

    With w' = -w the mean alternates too: -m = β m + (1 - β) λ w, so that the
    new mean is (1 - β) λ w / (1 + β).
    """
    step = (1 - nu) + nu * (1 - beta) / (1 + beta)
    return 2 / (eta * step)


def same_floor(eta: float, lam: float, k: float) -> float:
    """Rate with ``k`` times the batch that has the same noise floor."""
    return 2 * k * eta / (2 - eta * lam + k * eta * lam)


def _uniform(*ends: tuple[float | int, float | int]) -> Callable:
    return lambda rng: tuple(float(rng.uniform(*e)) for e in ends)


def _steps(rng: np.random.Generator) -> tuple:
    warm, rest = (int(n) for n in rng.integers(1, 50, size=2))
    t = int(rng.integers(0, warm + rest + 3))
    return t, warm, warm + rest, float(rng.uniform(0, 0.3))


def _phases(rng: np.random.Generator) -> tuple:
    stable, decay = (int(n) for n in rng.integers(1, 30, size=2))
    t = int(rng.integers(0, stable + decay + 3))
    return t, float(rng.uniform(0.01, 1)), stable, decay


NOISY = _uniform((0.01, 2), (0.1, 3), (0.1, 2))
HALVING = Exercise(
    "schedules-5",
    halving_factor,
    lambda rng: (int(rng.integers(1, 2_000)),),
    edges=((1,),),
    wrong=(
        lambda n: 0.5,
        lambda n: 0.5**n,
        lambda n: 1 - 0.5 / n,
        lambda n: 1 / n,
        lambda n: math.exp(-1 / n),
        lambda n: 1 - math.log(2) / n,
    ),
    right=(
        lambda n: 2 ** (-1 / n),
        lambda n: math.exp(-math.log(2) / n),
        lambda n: np.float32(0.5 ** (1 / n)),
        lambda n: torch.tensor(0.5) ** (1 / n),
    ),
)
FLOOR = Exercise(
    "schedules-6",
    rate_for,
    NOISY,
    wrong=(
        lambda v, k, s: 2 * k * v / s**2,
        lambda v, k, s: k * v / (s**2 + k**2 * v),
        lambda v, k, s: 2 * k * v / (s + k**2 * v),
        lambda v, k, s: 2 / k,
        lambda v, k, s: 2 * k * v / (s**2 + k * v),
    ),
    right=(
        lambda v, k, s: 2 / (k + s**2 / (k * v)),
        lambda v, k, s: np.float32(rate_for(v, k, s)),
    ),
)
GREEDY = Exercise(
    "schedules-7",
    best_rate,
    NOISY,
    wrong=(
        lambda v, k, s: 1 / k,
        lambda v, k, s: v / (k**2 * v + s**2),
        lambda v, k, s: k * v / (k**2 * v + s),
        lambda v, k, s: 2 * k * v / (k**2 * v + s**2),
        lambda v, k, s: k * v / s**2,
    ),
    right=(
        lambda v, k, s: 1 / (k + s**2 / (k * v)),
        lambda v, k, s: np.float32(best_rate(v, k, s)),
    ),
)
CYCLES = Exercise(
    "schedules-8",
    complete_cycles,
    lambda rng: (
        int(rng.integers(1, 20)),
        int(rng.integers(1, 4)),
        int(rng.integers(0, 500)),
    ),
    edges=(
        (10, 1, 50),
        (10, 2, 70),
        (10, 2, 69),
        (10, 3, 9),
        (1, 2, 0),
        (1, 3, 121),
        (2, 3, 242),
    ),
    wrong=(
        lambda t, m, n: n // t,
        lambda t, m, n: complete_cycles(t, m, n) + 1,
        lambda t, m, n: complete_cycles(t, m, n - 1) if n else 0,
        lambda t, m, n: n // (t * m),
        lambda t, m, n: complete_cycles(t, 2, n),
        lambda t, m, n: int(math.log(max(1, n / t), m)) if m > 1 else n // t,
        lambda t, m, n: (  # rounded down where a cycle ends exactly there
            int(math.log(n * (m - 1) / t + 1, m)) if m > 1 else n // t
        ),
        lambda t, m, n: (
            int(np.log(n * (m - 1) / t + 1) / np.log(m)) if m > 1 else n // t
        ),
    ),
    right=(
        lambda t, m, n: sum(
            sum(t * m**i for i in range(k)) <= n for k in range(1, n + 1)
        ),
    ),
)
MIXED = Exercise(
    "schedules-9",
    threshold,
    _uniform((0.001, 1), (0.1, 0.99), (0, 1)),
    edges=((0.1, 0.9, 0.0), (0.1, 0.9, 1.0), (0.5, 0.5, 0.5)),
    wrong=(
        lambda e, b, n: 2 / e,
        lambda e, b, n: (2 + 2 * b) / e,
        lambda e, b, n: (2 + 2 * b) / (e * (1 - b)),
        lambda e, b, n: (2 + 2 * b) / (e * (1 - b) * (1 + 2 * b)),
        lambda e, b, n: 2 / (e * (1 - n * b)),
        lambda e, b, n: threshold(e, b, 1 - n),
    ),
    right=(
        lambda e, b, n: 2 * (1 + b) / (e * (1 + b - 2 * n * b)),
        lambda e, b, n: np.float32(threshold(e, b, n)),
    ),
)
BATCH = Exercise(
    "schedules-10",
    same_floor,
    lambda rng: (
        float(rng.uniform(0.01, 0.5)),
        float(rng.uniform(0.1, 3)),
        float(rng.integers(2, 100)),
    ),
    edges=((0.1, 1.0, 1.0),),
    wrong=(
        lambda e, la, k: k * e,
        lambda e, la, k: math.sqrt(k) * e,
        lambda e, la, k: e,
        lambda e, la, k: min(k * e, 2 / la),
        lambda e, la, k: k * e / (1 + k * e * la),
    ),
    right=(
        lambda e, la, k: 2 / (la + (2 - e * la) / (k * e)),
        lambda e, la, k: np.float32(same_floor(e, la, k)),
    ),
)
WARM = Exercise(
    "schedules-11",
    warmup_cosine,
    _steps,
    edges=((0, 5, 10, 0.1), (5, 5, 10, 0.1), (10, 5, 10, 0.1), (12, 5, 10, 0)),
    wrong=(
        lambda t, w, n, a: a + (1 - a) * (1 + math.cos(math.pi * t / n)) / 2,
        lambda t, w, n, a: (
            t / w if t < w else (1 + math.cos(math.pi * min(1, t / n))) / 2
        ),
        lambda t, w, n, a: (t + 1) / w if t < w else warmup_cosine(t, w, n, a),
        lambda t, w, n, a: warmup_cosine(t, w, n, 0),
        lambda t, w, n, a: (
            t / w
            if t < w
            else a + (1 - a) * (1 + math.cos(math.pi * (t - w) / (n - w))) / 2
        ),
        lambda t, w, n, a: 1.0,
    ),
    right=(
        lambda t, w, n, a: (
            np.minimum(t / w, 1.0)
            if t <= w
            else a
            + (1 - a) * np.cos(np.pi * min(1, (t - w) / (n - w)) / 2) ** 2
        ),
    ),
)
COOLDOWN = Exercise(
    "schedules-12",
    cooldown,
    _phases,
    edges=((0, 0.1, 3, 4), (3, 0.1, 3, 4), (4, 0.1, 3, 4), (9, 0.1, 3, 4)),
    wrong=(
        lambda t, lr, s, d: lr,
        lambda t, lr, s, d: lr * max(0.0, min(1.0, (s + d - t) / d)),
        lambda t, lr, s, d: lr * math.sqrt(max(0, min(1, (s + d - t) / d))),
        lambda t, lr, s, d: cooldown(t + 1, lr, s, d),
        lambda t, lr, s, d: lr * max(0.0, 1 - math.sqrt(t / (s + d))),
        lambda t, lr, s, d: lr * (1 - max(0, (t - s) / d) ** 0.5),
    ),
    right=(lambda t, lr, s, d: lr * (1 - np.clip((t - s) / d, 0, 1) ** 0.5),),
)
