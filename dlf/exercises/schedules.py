"""Exercises of the chapter on schedules, with their solutions."""

import math

import numpy as np

from dlf.exercises.core import Exercise


def largest_rate(curvature: float = 50.0) -> float:
    """Largest rate at which descent does not diverge on a parabola."""
    return 2 / curvature


def annealed_rates() -> tuple[float, float, float, float]:
    """Rates of CosineAnnealingLR, 0.1 to 0 in 100 steps, at 0, 50, 100, 150."""
    return 0.1, 0.05, 0.0, 0.05


def mean_rate() -> float:
    """Mean of the four rates of a cosine from 0.1 to 0 in 4 steps."""
    return 0.1 / 2 + 0.1 / (2 * 4)


def warmup_cosine(t: int, lr: float, warm: int, steps: int) -> float:
    """Rise linearly for ``warm`` steps, then fall by a cosine to 0."""
    if t < warm:
        return lr * t / warm
    part = (t - warm) / (steps - warm)
    return lr * (1 + math.cos(math.pi * part)) / 2


def warmup_stable_decay(
    t: int, lr: float, warm: int, stable: int, decay: int
) -> float:
    """Rise, stay, and fall linearly to 0 in the last ``decay`` steps."""
    if t < warm:
        return lr * t / warm
    left = warm + stable + decay - t
    return lr * max(0.0, min(1.0, left / decay))


def noise_floor(eta: float, lam: float, s: float) -> float:
    """Mean squared distance at which descent with noise settles."""
    return eta * s * s / (lam * (2 - eta * lam))


def halving_factor(steps: int) -> float:
    """Factor per step with which the rate halves in so many steps."""
    return 0.5 ** (1 / steps)


def steps_of_cycles(first: int, factor: int, cycles: int) -> int:
    """Add up the steps of so many cycles of warm restarts."""
    return sum(first * factor**i for i in range(cycles))


def threshold(eta: float, beta: float, nesterov: bool) -> float:
    """Curvature at which momentum begins to oscillate without end."""
    plain = (2 + 2 * beta) / eta
    return plain / (1 + 2 * beta) if nesterov else plain


def _steps(rng: np.random.Generator) -> tuple:
    warm, rest = (int(n) for n in rng.integers(1, 50, size=2))
    t = int(rng.integers(0, warm + rest + 1))
    return t, float(rng.uniform(0.01, 1)), warm, warm + rest


def _phases(rng: np.random.Generator) -> tuple:
    warm, stable, decay = (int(n) for n in rng.integers(1, 30, size=3))
    t = int(rng.integers(0, warm + stable + decay + 1))
    return t, float(rng.uniform(0.01, 1)), warm, stable, decay


EXERCISES = (
    Exercise(
        "schedules-1",
        largest_rate(),
        wrong=(0.02, 1 / 50, 0.4, 25.0, 2.0, np.nan),
        right=(0.04, 2 / 50, np.float32(0.04)),
    ),
    Exercise(
        "schedules-2",
        annealed_rates(),
        wrong=(
            (0.1, 0.05, 0.0, 0.0),
            (0.1, 0.05, 0.0, -0.05),
            (0.1, 0.05, 0.1, 0.05),
            (0.1, 0.0707, 0.0, 0.0707),
            (0.1, 0.05, 0.0),
            0.05,
        ),
        right=([0.1, 0.05, 0, 0.05], np.array([0.1, 0.05, 0.0, 0.05])),
    ),
    Exercise(
        "schedules-3",
        mean_rate(),
        wrong=(0.05, 0.0375, 0.1, 0.25, np.nan),
        right=(0.0625, 1 / 16),
    ),
    Exercise(
        "schedules-4",
        warmup_cosine,
        _steps,
        edges=((0, 0.1, 5, 10), (5, 0.1, 5, 10), (10, 0.1, 5, 10)),
        wrong=(
            lambda t, lr, w, n: lr * (1 + math.cos(math.pi * t / n)) / 2,
            lambda t, lr, w, n: (
                lr * t / w
                if t < w
                else lr * (1 + math.cos(math.pi * t / n)) / 2
            ),
            lambda t, lr, w, n: (
                lr * (t + 1) / w if t < w else warmup_cosine(t, lr, w, n)
            ),
            lambda t, lr, w, n: (
                lr * t / w if t < w else lr * (1 - (t - w) / (n - w))
            ),
            lambda t, lr, w, n: lr,
        ),
        right=(
            lambda t, lr, w, n: (
                lr * np.minimum(t / w, 1.0)
                if t <= w
                else lr * np.cos(np.pi * (t - w) / (n - w) / 2) ** 2
            ),
        ),
    ),
    Exercise(
        "schedules-5",
        warmup_stable_decay,
        _phases,
        edges=(
            (0, 0.1, 2, 3, 4),
            (2, 0.1, 2, 3, 4),
            (5, 0.1, 2, 3, 4),
            (7, 0.1, 2, 3, 4),
            (9, 0.1, 2, 3, 4),
        ),
        wrong=(
            lambda t, lr, w, s, d: lr,
            lambda t, lr, w, s, d: lr * min(1.0, t / w),
            lambda t, lr, w, s, d: lr * (1 - t / (w + s + d)),
            lambda t, lr, w, s, d: (
                lr * t / w if t < w else lr if t < w + s else 0.0
            ),
            lambda t, lr, w, s, d: warmup_stable_decay(t + 1, lr, w, s, d),
        ),
        right=(
            lambda t, lr, w, s, d: np.interp(
                t, [0, w, w + s, w + s + d], [0, lr, lr, 0]
            ),
        ),
    ),
    Exercise(
        "schedules-6",
        noise_floor,
        lambda rng: (
            float(rng.uniform(0.01, 0.5)),
            float(rng.uniform(0.1, 3)),
            float(rng.uniform(0.1, 2)),
        ),
        wrong=(
            lambda e, k, s: e * s * s / (2 * k),
            lambda e, k, s: e**2 * s * s,
            lambda e, k, s: e * s / (k * (2 - e * k)),
            lambda e, k, s: s * s / (k * (2 - e * k)),
            lambda e, k, s: 0.0,
            lambda e, k, s: math.sqrt(noise_floor(e, k, s)),
        ),
        right=(
            lambda e, k, s: e**2 * s**2 / (1 - (1 - e * k) ** 2),
            lambda e, k, s: np.float32(noise_floor(e, k, s)),
        ),
    ),
    Exercise(
        "schedules-7",
        halving_factor,
        lambda rng: (int(rng.integers(1, 2_000)),),
        edges=((1,),),
        rtol=1e-9,
        atol=0.0,
        wrong=(
            lambda n: 0.5,
            lambda n: 0.5**n,
            lambda n: 1 - 0.5 / n,
            lambda n: 1 / n,
            lambda n: math.exp(-1 / n),
        ),
        right=(
            lambda n: 2 ** (-1 / n),
            lambda n: math.exp(-math.log(2) / n),
        ),
    ),
    Exercise(
        "schedules-8",
        steps_of_cycles,
        lambda rng: tuple(int(rng.integers(1, end)) for end in (50, 4, 7)),
        edges=((10, 1, 5), (10, 2, 1)),
        wrong=(
            lambda t, m, k: t * k,
            lambda t, m, k: t * m**k,
            lambda t, m, k: t * m ** (k - 1),
            lambda t, m, k: steps_of_cycles(t, m, k + 1),
            lambda t, m, k: t * m * k,
        ),
        right=(
            lambda t, m, k: t * k if m == 1 else t * (m**k - 1) // (m - 1),
            lambda t, m, k: np.sum(t * m ** np.arange(k)),
        ),
    ),
    Exercise(
        "schedules-9",
        threshold,
        lambda rng: (
            float(rng.uniform(0.001, 1)),
            float(rng.uniform(0.1, 0.99)),
            bool(rng.integers(2)),
        ),
        edges=((0.1, 0.9, False), (0.1, 0.9, True), (0.5, 0.0, True)),
        wrong=(
            lambda e, b, n: 2 / e,
            lambda e, b, n: (2 + 2 * b) / e,
            lambda e, b, n: (2 + 2 * b) / (e * (1 + 2 * b)),
            lambda e, b, n: 2 / (e * (1 - b)),
            lambda e, b, n: 2 * (1 - b) / e,
        ),
        right=(
            lambda e, b, n: 2 * (1 + b) / e / (1 + 2 * b * n),
            lambda e, b, n: np.float32(threshold(e, b, n)),
        ),
    ),
)
