"""Exercises on gradient clipping whose answer is a function."""

import math
from collections.abc import Sequence

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def half_norm(arrays: Sequence[Array]) -> float:
    """Norm of all entries of float16 arrays, with squares in float64."""
    return math.sqrt(sum((a.astype(np.float64) ** 2).sum() for a in arrays))


def cosine_by_layer(norms: Array, limit: float) -> float:
    """Cosine of the gradient before and after clipping by layer."""
    left = np.minimum(norms, limit)
    return float(norms @ left / np.linalg.norm(norms) / np.linalg.norm(left))


def clip_units(w: Array, g: Array, limit: float) -> Array:
    """Clip a kernel's gradient adaptively, axis 0 counting the units."""

    def norm(a: Array) -> Array:
        flat = a.reshape(len(a), -1)
        return np.sqrt((flat**2).sum(1)).reshape(-1, *[1] * (a.ndim - 1))

    allowed = limit * np.maximum(norm(w), 1e-3)
    return g * np.minimum(1, allowed / np.maximum(norm(g), 1e-300))


def limit_from_log(norms: Array, part: float) -> float:
    """Quantile of the norms, of which those that are not finite count most."""
    ordered = np.sort(np.where(np.isfinite(norms), norms, np.inf))
    above = math.floor(part * len(ordered) + 1e-9)  # 0.3 · 10 is below 3
    return float(ordered[max(len(ordered) - above, 1) - 1])


def by_direction(w: Array, g: Array, limit: float) -> Array:
    """Multiply a direction by a length, though a gradient of 0 has none."""
    axes = tuple(range(1, w.ndim))
    size, length = (
        np.sqrt((a * a).sum(axis=axes, keepdims=True)) for a in (w, g)
    )
    with np.errstate(invalid="ignore"):
        return g / length * np.minimum(length, limit * np.maximum(size, 1e-3))


def units(rng: np.random.Generator) -> tuple:
    """Draw a kernel and its gradient, units of both 0 or small."""
    shape = (4, *rng.integers(1, 4, size=rng.integers(1, 4)))
    w, g = rng.normal(size=shape), rng.normal(size=shape)
    w[0] *= 0.0
    g[1] *= 1e-3
    g[2] *= 0.0
    return w, g, float(rng.uniform(0.05, 0.5))


def logged(rng: np.random.Generator) -> tuple:
    """Draw the norms of some steps, of which a few are not finite."""
    steps, bad = rng.integers(20, 120), rng.integers(0, 5)
    norms = np.exp(rng.normal(size=steps))
    places = rng.choice(steps, bad, replace=False)
    norms[places] = rng.choice([np.nan, np.inf], bad)
    return norms, float(rng.choice([0.05, 0.1, 0.25, 0.7]))


NORM = Exercise(
    "gradient_stability-7",
    half_norm,
    lambda rng: (
        [
            (rng.normal(size=s) * 10.0 ** rng.integers(-4, 5)).astype("f2")
            for s in [(2, 3), 4, (1, 2, 2), 5][: rng.integers(1, 5)]
        ],
    ),
    edges=(
        ([np.array([3], "f2"), np.array([4], "f2")],),
        ([np.array([3e4], "f2"), np.array([4e4], "f2")],),
        ([np.array([3e-5], "f2"), np.array([4e-5], "f2")],),
        ([np.zeros(2, "f2"), np.zeros((2, 2), "f2")],),
    ),
    atol=0.0,
    wrong=(
        lambda a: math.sqrt(sum(float((v**2).sum()) for v in a)),
        lambda a: max(float(np.abs(v.astype(float)).max()) for v in a),
        lambda a: sum(float(np.linalg.norm(v.astype(float))) for v in a),
        lambda a: math.sqrt(sum(float(np.vecdot(v, v).sum()) for v in a)),
        lambda a: half_norm(a[:1]),
        lambda a: half_norm(a[:2]),
    ),
    right=(
        lambda a: math.hypot(
            *np.concatenate([v.astype(float).ravel() for v in a])
        ),
        lambda a: np.linalg.norm([half_norm([v]) for v in a]),
        lambda a: np.float32(half_norm(a)),
    ),
)
BY_LAYER = Exercise(
    "gradient_stability-9",
    cosine_by_layer,
    lambda rng: (
        np.exp(rng.normal(size=rng.integers(2, 6))),
        float(rng.uniform(0.1, 2)),
    ),
    edges=(
        (np.array([50.0, 0.5]), 1.0),
        (np.array([5.0, 12.0]), 6.5),
        (np.array([1.0, 2.0]), 3.0),
    ),
    wrong=(
        lambda n, c: 1.0,
        lambda n, c: float(np.minimum(1, c / n).mean()),
        lambda n, c: c / float(np.linalg.norm(n)),
        lambda n, c: float(n.sum() / np.linalg.norm(n) / math.sqrt(len(n))),
        lambda n, c: cosine_by_layer(n, c) ** 2,
        lambda n, c: math.degrees(math.acos(min(1, cosine_by_layer(n, c)))),
    ),
    right=(
        lambda n, c: np.float32(cosine_by_layer(n, c)),
        lambda n, c: (
            np.sum(n * np.minimum(n, c))
            / np.sqrt((n**2).sum() * (np.minimum(n, c) ** 2).sum())
        ),
    ),
)
UNITS = Exercise(
    "gradient_stability-10",
    clip_units,
    units,
    wrong=(
        lambda w, g, c: g * min(1, c / np.linalg.norm(g)),
        lambda w, g, c: g.clip(-c, c),
        lambda w, g, c: (
            g * min(1, c * max(np.linalg.norm(w), 1e-3) / np.linalg.norm(g))
        ),
        lambda w, g, c: (
            g * c * np.maximum(np.abs(w), 1e-3) / np.maximum(np.abs(g), 1e-9)
        ),
        lambda w, g, c: clip_units(np.where(w == 0, 1.0, w), g, c),
        lambda w, g, c: clip_units(w, 1e6 * g, c),
        by_direction,
    ),
    right=(
        lambda w, g, c: clip_units(w, g, c).astype(np.float32),
        lambda w, g, c: np.stack(
            [
                clip_units(a[None], b[None], c)[0]
                for a, b in zip(w, g, strict=True)
            ]
        ),
    ),
)
LIMIT = Exercise(
    "gradient_stability-13",
    limit_from_log,
    logged,
    edges=(
        (np.arange(1.0, 101.0), 0.05),
        (np.r_[np.arange(1.0, 97.0), np.nan, np.nan, np.inf, 500.0], 0.05),
        (np.arange(1.0, 11.0), 0.7),
        (np.arange(1.0, 11.0), 1.0),
        (np.array([1.0, np.nan, np.inf, 2.0]), 0.25),
    ),
    wrong=(
        lambda n, p: float(np.nanmean(n)),
        lambda n, p: float(n.max()),
        lambda n, p: float(np.quantile(n, 1 - p)),
        lambda n, p: limit_from_log(n, 1 - p),
        lambda n, p: 1.0,
        lambda n, p: limit_from_log(n[np.isfinite(n)], 2 * p),
        lambda n, p: limit_from_log(n[np.isfinite(n)], p),
        lambda n, p: float(np.sort(n)[math.ceil((1 - p) * 100) - 1]),
        lambda n, p: limit_from_log(
            np.r_[n[np.isfinite(n)], np.inf, np.inf], p
        ),
        lambda n, p: float(
            np.sort(np.where(np.isfinite(n), n, np.inf))[
                math.ceil((1 - p) * len(n)) - 1
            ]
        ),
    ),
    right=(
        lambda n, p: np.float32(limit_from_log(n, p)),
        lambda n, p: min(
            [
                v
                for v in n
                if np.isfinite(v) and np.sum(~(n <= v)) <= p * len(n) + 1e-9
            ],
            default=math.inf,
        ),
    ),
)
