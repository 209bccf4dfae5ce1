"""Exercises on products of Jacobians, and on where a gradient broke."""

from collections.abc import Callable, Sequence

import numpy as np

from dlf.exercises.core import Exercise, call

Array = np.ndarray


def first_cotangent(
    weights: Sequence[Array], derivatives: Sequence[Array], g: Array
) -> Array:
    """Carry a gradient from the last activations to the first layer's z."""
    delta = derivatives[-1] * g
    for w, derivative in zip(weights[::-1], derivatives[-2::-1], strict=True):
        delta = derivative * (w.T @ delta)
    return delta


def explode(K: int) -> list[Array]:
    """Give matrices with the eigenvalue ½ alone whose product explodes."""
    w = np.array([[0.5, 2.0], [0.0, 0.5]])  # of norm 2.12
    return [w if k % 2 else w.T for k in range(K)]


def where_it_broke(gradients: dict[str, Array]) -> str:
    """Name the layer nearest to the loss whose gradient is not finite."""
    for name in reversed(gradients):
        if not np.isfinite(gradients[name]).all():
            return name
    return "none"


def chain(rng: np.random.Generator) -> tuple:
    """Draw layers of different widths."""
    sizes = rng.integers(1, 5, size=rng.integers(2, 8))
    weights = [rng.normal(size=(b, a)) for a, b in zip(sizes, sizes[1:])]  # noqa: B905, RUF007
    return (
        weights,
        [rng.uniform(size=n) for n in sizes],
        rng.normal(size=sizes[-1]),
    )


def as_matrices(weights: Sequence, derivatives: Sequence, g: Array) -> Array:
    """Multiply diagonal matrices, from the left."""
    product = np.diag(derivatives[0])
    for w, derivative in zip(weights, derivatives[1:], strict=True):
        product = product @ w.T @ np.diag(derivative)
    return product @ g


def of_four(w: Sequence, d: Sequence, g: Array) -> Array:
    """Write out four layers, however many there are."""
    delta = d[2] * (w[2].T @ (d[3] * g))
    return d[0] * (w[0].T @ (d[1] * (w[1].T @ delta)))


def one_too_many(weights: Sequence, derivatives: Sequence, g: Array) -> Array:
    """Forget the derivative of the last layer."""
    delta = g
    for w, derivative in zip(weights[::-1], derivatives[-2::-1], strict=True):
        delta = derivative * (w.T @ delta)
    return delta


def first_forgotten(
    weights: Sequence, derivatives: Sequence, g: Array
) -> Array:
    """Forget the derivative of the first layer."""
    delta = derivatives[-1] * g
    for w, derivative in zip(weights[::-1], derivatives[-2::-1], strict=True):
        delta = w.T @ delta
        if derivative is not derivatives[0]:
            delta = derivative * delta
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
    if max(np.abs(a).max() for a in found) > 2:
        return "an entry is larger than 2"
    for a in found:
        trace, determinant = np.trace(a), a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
        if abs(trace - 1) + abs(determinant - 0.25) > 1e-6:
            shown = ", ".join(f"{v:.3g}" for v in np.linalg.eigvals(a))
            return f"a matrix has the eigenvalues {shown}"
    size = np.linalg.norm(np.linalg.multi_dot(found), 2)
    if size < 2.0**K:
        return f"for K = {K} the product has only the norm {size:.3g}"
    return ""


def broken(rng: np.random.Generator) -> tuple:
    """Draw gradients, some of the first layers' not finite, one frozen."""
    bad, frozen, found = rng.integers(0, 5), rng.integers(0, 5), {}
    names = rng.permutation(["conv", "norm", "attention", "mlp", "head"])
    for n, name in enumerate(names):
        a = rng.normal(size=3)
        if n == frozen:
            a[:] = 0
        elif n < bad:
            a[rng.integers(3)] = rng.choice([np.nan, np.inf, -np.inf])
        found[str(name)] = a
    return (found,)


def counted(gradients: dict[str, Array]) -> str:
    """Count what is not finite, as if nothing lay in between."""
    bad = sum(not np.isfinite(a).all() for a in gradients.values())
    return list(gradients)[bad - 1] if bad else "none"


COTANGENT = Exercise(
    "gradient_stability-5",
    first_cotangent,
    chain,
    wrong=(
        of_four,
        one_too_many,
        first_forgotten,
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
    lambda rng: (int(rng.integers(4, 60)),),
    edges=((4,), (5,)),
    wrong=(
        lambda K: [np.diag([2.0, 2.0])] * K,
        lambda K: [np.diag([0.5, 0.5])] * K,
        lambda K: [np.array([[0.5, 2.0], [0, 0.5]])] * K,
        lambda K: [
            np.array([[0, 2.0], [0, 0]]).T
            if k % 2
            else np.array([[0, 2.0], [0, 0]])
            for k in range(K)
        ],
        lambda K: [np.array([[0.5, 1e9], [0, 0.5]])] * K,
        lambda K: explode(min(K, 12)),
        lambda K: explode(K)[1:],
        lambda K: [np.full((2, 2), np.nan)] * K,
        lambda K: 1000.0,
    ),
    right=(
        lambda K: np.array(explode(K)),
        lambda K: [a.tolist() for a in explode(K)],
        lambda K: [
            np.array([[0.5, 1.99], [0, 0.5]]).T
            if k % 2
            else np.array([[0.5, 1.99], [0, 0.5]])
            for k in range(K)
        ],
    ),
    judge=_judge_explosion,
)
BROKE = Exercise(
    "gradient_stability-12",
    where_it_broke,
    broken,
    edges=(
        ({"a": np.array([np.nan]), "b": np.array([1.0])},),
        ({"a": np.array([1.0]), "b": np.array([1.0])},),
        ({"a": np.array([-np.inf]), "b": np.array([np.nan])},),
        (
            {
                "a": np.array([np.nan]),
                "b": np.array([0.0]),
                "c": np.array([np.nan]),
                "d": np.array([1.0]),
            },
        ),
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
        counted,
    ),
    right=(
        lambda g: np.str_(where_it_broke(g)),
        lambda g: (
            [k for k, a in g.items() if not np.isfinite(a).all()] or ["none"]
        )[-1],
    ),
)
