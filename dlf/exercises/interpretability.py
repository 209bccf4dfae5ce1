"""Exercises of the chapter on interpretability, with their solutions."""

import itertools
import math
from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def runs_for_exact_shares(players: int = 10) -> int:
    """A run for every coalition, the empty one included."""
    return 2**players


def path_shares(gradient: Callable, x: Array, base: Array, steps: int) -> Array:
    """Integrated gradients by the midpoint rule."""
    middles = (np.arange(steps) + 0.5) / steps
    slopes = [gradient(base + a * (x - base)) for a in middles]
    return (x - base) * np.mean(slopes, axis=0)


def fair_shares(v: Callable, players: int) -> Array:
    """Shapley values as the mean over all orders."""
    phi = np.zeros(players)
    for order in itertools.permutations(range(players)):
        there = np.zeros(players, bool)
        for p in order:
            without = v(there)
            there[p] = True
            phi[p] += v(there) - without
    return phi / math.factorial(players)


def class_map(maps: Array, slopes: Array) -> Array:
    """Grad-CAM of one image: channels weighed by their mean slope."""
    weights = slopes.mean(axis=(1, 2))
    return np.maximum((weights[:, None, None] * maps).sum(axis=0), 0)


def left_out(x: Array, y: Array, decay: float) -> Array:
    """Each example's residual when ridge regression has not seen it."""
    gram = x.T @ x + decay * np.eye(x.shape[1])
    hat = x @ np.linalg.solve(gram, x.T)
    return (y - hat @ y) / (1 - np.diag(hat))


def shortcut_drop(f: Callable, x: Array, y: Array, where: Array) -> float:
    """Accuracy lost when some inputs are dealt anew among the examples."""
    mixed = x.copy()
    mixed[:, where] = np.roll(x[:, where], 1, axis=0)
    return float((f(x) == y).mean() - (f(mixed) == y).mean())


def _judge_path(
    answer: Callable, w: Array, x: Array, base: Array
) -> str | None:
    def gradient(z: Array) -> Array:
        return np.cos(z @ w) * w

    got = answer(gradient, x.copy(), base.copy(), 7)
    if got is None or got is ...:
        return None
    want = path_shares(gradient, x, base, 7)
    if np.shape(got) != want.shape or not np.allclose(got, want, rtol=1e-9):
        return f"for 7 steps from {base} to {x} you returned {got}, not {want}"
    return ""


def _judge_shares(answer: Callable, table: Array) -> str | None:
    players = int(math.log2(len(table)))

    def v(there: Array) -> float:
        return float(table[int(there @ 2 ** np.arange(players))])

    got = answer(v, players)
    if got is None or got is ...:
        return None
    want = fair_shares(v, players)
    if np.shape(got) != want.shape or not np.allclose(got, want, rtol=1e-9):
        total, rise = float(np.sum(got)), table[-1] - table[0]
        return (
            f"expected {want}, got {got}; they add up to {total:.4g}, and "
            f"v(all) − v(∅) is {rise:.4g}"
        )
    return ""


def _judge_drop(answer: Callable, x: Array, w: Array) -> str | None:
    def f(z: Array) -> Array:
        return (z @ w > 0).astype(int)

    where = np.array([True, False, False])
    got = answer(f, x.copy(), f(x), where)
    if got is None or got is ...:
        return None
    idle = answer(lambda z: f(z * ~where), x.copy(), f(x * ~where), where)
    if abs(idle) > 1e-12:
        return f"a model that ignores these inputs loses nothing, not {idle}"
    if not 0.1 < got < 0.9:
        return f"a model that relies on them loses about half, not {got}"
    return ""


EXERCISES = (
    Exercise(
        "interpretability-1",
        runs_for_exact_shares(),
        wrong=(10, 100, 2**10 - 1, math.factorial(10)),
    ),
    Exercise(
        "interpretability-2",
        path_shares,
        draw=lambda rng: tuple(rng.normal(size=(3, 4))),
        wrong=(
            lambda g, x, b, n: (x - b) * g(x),
            lambda g, x, b, n: np.mean(
                [g(b + k / n * (x - b)) for k in range(n)], axis=0
            ),
            lambda g, x, b, n: (
                x * np.mean([g((k + 0.5) / n * x) for k in range(n)], axis=0)
            ),
        ),
        judge=_judge_path,
    ),
    Exercise(
        "interpretability-3",
        fair_shares,
        draw=lambda rng: (rng.normal(size=2 ** int(rng.integers(2, 5))),),
        wrong=(
            lambda v, n: np.array([v(e) for e in np.eye(n, dtype=bool)]),
            lambda v, n: np.array(
                [v(np.ones(n, bool)) - v(~e) for e in np.eye(n, dtype=bool)]
            ),
            lambda v, n: np.full(n, v(np.ones(n, bool)) / n),
        ),
        judge=_judge_shares,
    ),
    Exercise(
        "interpretability-4",
        class_map,
        draw=lambda rng: tuple(rng.normal(size=(2, 3, 4, 5))),
        wrong=(
            lambda a, s: (s * a).sum(axis=0),
            lambda a, s: np.maximum((s * a).sum(axis=0), 0),
            lambda a, s: np.tensordot(s.mean(axis=(1, 2)), a, axes=1),
        ),
    ),
    Exercise(
        "interpretability-5",
        left_out,
        draw=lambda rng: (
            rng.normal(size=(8, 3)),
            rng.normal(size=8),
            float(rng.uniform(0.1, 2)),
        ),
        wrong=(
            lambda x, y, d: y - x @ np.linalg.lstsq(x, y, rcond=None)[0],
            lambda x, y, d: left_out(x, y, 0.0),
            lambda x, y, d: -left_out(x, y, d),
        ),
    ),
    Exercise(
        "interpretability-6",
        shortcut_drop,
        draw=lambda rng: (
            rng.choice([-1.0, 1.0], size=(400, 3)),
            np.array([3.0, 1.0, 1.0]),
        ),
        wrong=(
            lambda f, x, y, where: float((f(x) == y).mean()),
            lambda f, x, y, where: 0.0,
            lambda f, x, y, where: float(
                (f(np.roll(x, 1, axis=0)) == y).mean() - (f(x) == y).mean()
            ),
        ),
        judge=_judge_drop,
    ),
)
