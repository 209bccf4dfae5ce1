"""Exercises on gradient stability whose answer is a function."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from dlf.exercises.core import Exercise, call

Array = np.ndarray


def first_cotangent(
    weights: Sequence[Array], slopes: Sequence[Array], g: Array
) -> Array:
    """Carry a gradient from the last activations to the first layer's z."""
    delta = slopes[-1] * g
    for w, slope in zip(weights[::-1], slopes[-2::-1], strict=True):
        delta = slope * (w.T @ delta)
    return delta


def explode(K: int) -> list[Array]:
    """Give matrices without eigenvalues but 0 whose product explodes."""
    shift = np.array([[0.0, 10.0], [0.0, 0.0]])
    return [shift if k % 2 else shift.T for k in range(K)]


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


def where_it_broke(gradients: dict[str, Array]) -> str | None:
    """Name the layer nearest to the loss whose gradient is not finite."""
    for name in reversed(gradients):
        if not np.isfinite(gradients[name]).all():
            return name
    return None


def limit_from_log(norms: Array, part: float) -> float:
    """Quantile of the norms, of which those that are not finite count most."""
    ordered = np.sort(np.where(np.isfinite(norms), norms, np.inf))
    return float(ordered[math.ceil((1 - part) * len(ordered)) - 1])


def chain(rng: np.random.Generator) -> tuple:
    """Draw layers of different widths."""
    sizes = rng.integers(1, 5, size=4)
    weights = [rng.normal(size=(b, a)) for a, b in zip(sizes, sizes[1:])]  # noqa: B905, RUF007
    return (
        weights,
        [rng.uniform(size=n) for n in sizes],
        rng.normal(size=sizes[-1]),
    )


def as_matrices(weights: Sequence, slopes: Sequence, g: Array) -> Array:
    """Multiply diagonal matrices, from the left."""
    product = np.diag(slopes[0])
    for w, slope in zip(weights, slopes[1:], strict=True):
        product = product @ w.T @ np.diag(slope)
    return product @ g


def one_too_many(weights: Sequence, slopes: Sequence, g: Array) -> Array:
    """Forget the derivative of the last layer."""
    delta = g
    for w, slope in zip(weights[::-1], slopes[-2::-1], strict=True):
        delta = slope * (w.T @ delta)
    return delta


def slopes_below(weights: Sequence, slopes: Sequence, g: Array) -> Array:
    """Forget the derivative of the first layer."""
    delta = slopes[-1] * g
    for w, slope in zip(weights[::-1], slopes[-2::-1], strict=True):
        delta = w.T @ delta
        if slope is not slopes[0]:
            delta = slope * delta
    return delta


def _judge_explosion(answer: Callable, K: int) -> str | None:
    """Look at the matrices: how many, their eigenvalues, their product."""
    got = call(answer, K)
    if got is None or got is ...:
        return None
    try:
        found = [np.asarray(a, dtype=float) for a in got]
    except (TypeError, ValueError):
        return "expected a list of 2 × 2 matrices"
    if len(found) != K or any(a.shape != (2, 2) for a in found):
        return f"for K = {K} expected {K} matrices of 2 × 2"
    if not all(np.isfinite(a).all() for a in found):
        return "an entry is not finite"
    if max(np.abs(a).max() for a in found) > 10:
        return "an entry is larger than 10"
    radius = max(np.abs(np.linalg.eigvals(a)).max() for a in found)
    if radius > 0.5 + 1e-6:
        return f"a matrix has an eigenvalue of the size {radius:.3g}"
    product = np.linalg.multi_dot(found)
    size = np.linalg.norm(product, 2)
    if size < 1000:
        return f"for K = {K} the product has only the norm {size:.3g}"
    return ""


def units(rng: np.random.Generator) -> tuple:
    """Draw a kernel, one unit of it small, and its gradient."""
    shape = (3, *rng.integers(1, 4, size=rng.integers(1, 4)))
    w, g = rng.normal(size=shape), rng.normal(size=shape)
    w[0] *= 0.0
    g[1] *= 1e-3
    return w, g, float(rng.uniform(0.05, 0.5))


def broken(rng: np.random.Generator) -> tuple:
    """Draw gradients of which the first few layers' are not finite."""
    bad, found = rng.integers(0, 5), {}
    names = rng.permutation(["conv", "norm", "attention", "mlp", "head"])
    for n, name in enumerate(names):
        a = rng.normal(size=3)
        if n < bad:
            a[rng.integers(3)] = rng.choice([np.nan, np.inf, -np.inf])
        found[str(name)] = a
    return (found,)


def logged(rng: np.random.Generator) -> tuple:
    """Draw the norms of a hundred steps, of which two are not finite."""
    norms = np.exp(rng.normal(size=100))
    norms[rng.choice(100, 2, replace=False)] = np.nan, np.inf
    return norms, float(rng.choice([0.05, 0.1, 0.25]))


COTANGENT = Exercise(
    "gradient_stability-5",
    first_cotangent,
    chain,
    wrong=(
        one_too_many,
        slopes_below,
        lambda w, s, g: g,
        lambda w, s, g: first_cotangent(w, s, g)[::-1] * 2,
        lambda w, s, g: first_cotangent(w, s, np.sign(g)),
        lambda w, s, g: first_cotangent(w, [np.ones_like(v) for v in s], g),
    ),
    right=(
        as_matrices,
        lambda w, s, g: first_cotangent(w, s, g).astype(np.float32),
        lambda w, s, g: list(first_cotangent(w, s, g)),
    ),
)
EXPLOSION = Exercise(
    "gradient_stability-6",
    explode,
    lambda rng: (int(rng.integers(4, 13)),),
    edges=((4,), (5,)),
    wrong=(
        lambda K: [np.diag([2.0, 2.0])] * K,
        lambda K: [np.array([[0, 10.0], [0, 0]])] * K,
        lambda K: [np.array([[0.5, 10.0], [0, 0.5]])] * K,
        lambda K: [np.array([[0, 1e9], [0, 0]])] * K,
        lambda K: explode(K)[1:],
        lambda K: [np.full((2, 2), np.nan)] * K,
        lambda K: 1000.0,
    ),
    right=(
        lambda K: np.array(explode(K)),
        lambda K: [a.tolist() for a in explode(K)],
        lambda K: [
            np.array([[0.5, 9], [0, 0.5]]).T
            if k % 2
            else np.array([[0.5, 9], [0, 0.5]])
            for k in range(K)
        ],
    ),
    judge=_judge_explosion,
)
NORM = Exercise(
    "gradient_stability-7",
    half_norm,
    lambda rng: (
        [
            (rng.normal(size=s) * 10.0 ** rng.integers(-4, 5)).astype("f2")
            for s in ((2, 3), 4)
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
BROKE = Exercise(
    "gradient_stability-12",
    lambda gradients: where_it_broke(gradients) or "none",
    broken,
    edges=(
        ({"a": np.array([np.nan]), "b": np.array([1.0])},),
        ({"a": np.array([1.0]), "b": np.array([1.0])},),
        ({"a": np.array([-np.inf]), "b": np.array([np.nan])},),
    ),
    wrong=(
        lambda g: next(iter(g)),
        lambda g: "none",
        lambda g: next(
            (k for k, a in g.items() if not np.isfinite(a).all()), "none"
        ),
        lambda g: next(
            (k for k in reversed(g) if np.isnan(g[k]).any()), "none"
        ),
        lambda g: next(
            (k for k, a in g.items() if np.isfinite(a).all()), "none"
        ),
    ),
    right=(
        lambda g: str(where_it_broke(g) or "none"),
        lambda g: (
            [k for k, a in g.items() if not np.isfinite(a).all()] or ["none"]
        )[-1],
    ),
)
LIMIT = Exercise(
    "gradient_stability-13",
    limit_from_log,
    logged,
    edges=(
        (np.arange(1.0, 101.0), 0.05),
        (np.r_[np.arange(1.0, 97.0), np.nan, np.nan, np.inf, 500.0], 0.05),
    ),
    wrong=(
        lambda n, p: float(np.nanmean(n)),
        lambda n, p: float(n.max()),
        lambda n, p: float(np.quantile(n, 1 - p)),
        lambda n, p: limit_from_log(n, 1 - p),
        lambda n, p: 1.0,
        lambda n, p: limit_from_log(n[np.isfinite(n)], 2 * p),
    ),
    right=(
        lambda n, p: np.float32(limit_from_log(n, p)),
        lambda n, p: min(
            v
            for v in n
            if np.isfinite(v) and np.sum(~(n <= v)) <= p * len(n) + 1e-9
        ),
    ),
)
