"""Exercises of the chapter on interpretability, with their solutions."""

import itertools
import math
from collections.abc import Callable

import numpy as np

from dlf.exercises.comparison import difference, is_open, text
from dlf.exercises.core import Exercise
from dlf.exercises.shortcuts import (
    average,
    changed_first,
    draw_shortcut,
    drop_when,
    erase,
    judge_drop,
    permute,
    reverse,
    roll_all,
)

Array = np.ndarray


def runs_for_exact_shapley(players: int = 10) -> int:
    """Count the runs: one for every coalition, the empty one included."""
    return 2**players


def path_gradients(
    gradient: Callable, x: Array, base: Array, steps: int
) -> Array:
    """Integrated gradients by the midpoint rule."""
    middles = (np.arange(steps) + 0.5) / steps
    gradients = [gradient(base + a * (x - base)) for a in middles]
    return (x - base) * np.mean(gradients, axis=0)


def shapley_values(v: Callable, players: int) -> Array:
    """Shapley values as the mean over all orders."""
    phi = np.zeros(players)
    for order in itertools.permutations(range(players)):
        there = np.zeros(players, bool)
        for p in order:
            without = v(there)
            there[p] = True
            phi[p] += v(there) - without
    return phi / math.factorial(players)


def class_map(maps: Array, gradients: Array) -> Array:
    """Grad-CAM of one image: channels weighed by their mean gradient."""
    weights = gradients.mean(axis=(1, 2))
    return np.maximum((weights[:, None, None] * maps).sum(axis=0), 0)


def left_out(x: Array, y: Array, decay: float) -> Array:
    """Each example's residual when ridge regression has not seen it."""
    gram = x.T @ x + decay * np.eye(x.shape[1])
    hat = x @ np.linalg.solve(gram, x.T)
    return (y - hat @ y) / (1 - np.diag(hat))


def shortcut_drop(f: Callable, x: Array, y: Array, where: Array) -> float:
    """Accuracy lost when some inputs are permuted among the examples."""
    mixed = x.copy()
    mixed[:, where] = np.roll(x[:, where], 1, axis=0)
    return float((f(x) == y).mean() - (f(mixed) == y).mean())


def _draw_path(rng: np.random.Generator) -> tuple[Array, Array, Array, int]:
    return (*rng.normal(size=(3, 4)), int(rng.integers(1, 9)))


def _judge_path(
    answer: Callable, w: Array, x: Array, base: Array, steps: int
) -> str | None:
    def gradient(z: Array) -> Array:
        return np.cos(np.asarray(z) @ w)[..., None] * w

    got = answer(gradient, x.copy(), base.copy(), steps)
    if is_open(got):
        return None
    want = path_gradients(gradient, x, base, steps)
    wrong = difference(got, want, rtol=1e-5, atol=1e-6)
    if wrong:
        return f"for {steps} steps from {text(base)} to {text(x)} {wrong}"
    return ""


def _judge_shapley(answer: Callable, table: Array) -> str | None:
    players = int(math.log2(len(table)))

    def v(there: Array) -> float:
        row = int(np.asarray(there, bool) @ 2 ** np.arange(players))
        return float(table[row])

    got = answer(v, players)
    if is_open(got):
        return None
    wrong = difference(got, shapley_values(v, players), rtol=1e-5, atol=1e-6)
    if wrong:
        rise = text(table[-1] - table[0])
        return f"for {players} players, v(all) − v(∅) = {rise}, {wrong}"
    return ""


def _path_at(places: Callable) -> Callable:
    """Integrated gradients with the gradients taken at other places."""

    def attribute(g: Callable, x: Array, b: Array, steps: int) -> Array:
        return (x - b) * np.mean(
            [g(b + a * (x - b)) for a in places(steps)], axis=0
        )

    return attribute


def _by_coalitions(v: Callable, n: int, weight: Callable) -> list[float]:
    """Weigh the gains of a player by the size of the coalition it joins."""
    values = []
    for p in range(n):
        total = 0.0
        for bits in itertools.product((False, True), repeat=n - 1):
            without = np.insert(np.array(bits, bool), p, False)
            joined = without | (np.arange(n) == p)
            total += weight(n, sum(bits)) * (v(joined) - v(without))
        values.append(total)
    return values


def _residual(x: Array, y: Array, decay: float) -> tuple[Array, Array]:
    hat = x @ np.linalg.inv(x.T @ x + decay * np.eye(x.shape[1])) @ x.T
    return y - hat @ y, np.diag(hat)


def _one_by_one(x: Array, y: Array, decay: float) -> Array:
    """Fit again for every example; lists and a loop, but right."""
    gaps = []
    for n in range(len(x)):
        a, b = np.delete(x, n, axis=0), np.delete(y, n)
        w = np.linalg.solve(a.T @ a + decay * np.eye(a.shape[1]), a.T @ b)
        gaps.append(y[n] - x[n] @ w)
    return gaps


EXERCISES = (
    Exercise(
        "interpretability-1",
        runs_for_exact_shapley(),
        wrong=(10, 100, 2**10 - 1, math.factorial(10), 10 * 2**9, np.nan),
        right=(1024.0, np.int64(1024)),
    ),
    Exercise(
        "interpretability-2",
        path_gradients,
        draw=_draw_path,
        edges=(
            (np.array([1.0, 2]), np.array([1.0, -1]), np.array([0.5, 0]), 1),
            (np.array([1.0]), np.array([2.0]), np.array([1.0]), 2),
            (np.ones(2), np.ones(2), np.ones(2), 3),
        ),
        wrong=(
            lambda g, x, b, n: (x - b) * g(x),
            _path_at(lambda n: np.arange(n) / n),
            _path_at(lambda n: np.arange(1, n + 1) / n),
            _path_at(lambda n: np.linspace(0, 1, n)),
            _path_at(lambda n: (np.arange(n) + 0.5) / (n + 1)),
            lambda g, x, b, n: path_gradients(g, x, np.zeros_like(b), n),
            lambda g, x, b, n: (
                x / (x - b + (x == b)) * path_gradients(g, x, b, n)
            ),
            lambda g, x, b, n: n * path_gradients(g, x, b, n),
            lambda g, x, b, n: -path_gradients(g, x, b, n),
            lambda g, x, b, n: path_gradients(g, x, b, 100 * n),
        ),
        right=(
            _path_at(lambda n: np.linspace(0.5 / n, 1 - 0.5 / n, n)),
            _path_at(lambda n: [1 - (k + 0.5) / n for k in range(n)]),
            lambda g, x, b, n: (
                (x - b)
                * g(b + (np.arange(0.5, n) / n)[:, None] * (x - b)).mean(axis=0)
            ),
        ),
        judge=_judge_path,
    ),
    Exercise(
        "interpretability-3",
        shapley_values,
        draw=lambda rng: (rng.normal(size=2 ** int(rng.integers(2, 5))),),
        edges=(
            (np.array([1.0, 3.0]),),
            (np.array([1.0, 3.0, 4.0, 10.0]),),
            (np.array([0.0, 0, 0, 6, 0, 0, 0, 9]),),
        ),
        wrong=(
            lambda v, n: np.array([v(e) for e in np.eye(n, dtype=bool)]),
            lambda v, n: np.array(
                [v(np.ones(n, bool)) - v(~e) for e in np.eye(n, dtype=bool)]
            ),
            lambda v, n: np.full(n, v(np.ones(n, bool)) / n),
            lambda v, n: shapley_values(v, n) * math.factorial(n),
            lambda v, n: -shapley_values(v, n),
            lambda v, n: shapley_values(v, n)[::-1],
            lambda v, n: shapley_values(v, n) + v(np.zeros(n, bool)) / n,
            lambda v, n: _by_coalitions(v, n, lambda n, k: 0.5 ** (n - 1)),
            lambda v, n: _by_coalitions(v, n, lambda n, k: 1 / n),
        ),
        right=(
            lambda v, n: _by_coalitions(
                v, n, lambda n, k: 1 / (n * math.comb(n - 1, k))
            ),
            lambda v, n: shapley_values(v, n).astype(np.float32),
        ),
        judge=_judge_shapley,
    ),
    Exercise(
        "interpretability-4",
        class_map,
        draw=lambda rng: tuple(rng.normal(size=(2, 3, 4, 5))),
        edges=(
            (np.full((1, 1, 1), 2.0), np.full((1, 1, 1), 3.0)),
            (np.full((1, 1, 2), 2.0), np.array([[[-3.0, 1.0]]])),
            (
                np.array([[[1.0, -1]], [[2, 5]]]),
                np.array([[[1.0, 3]], [[-1, 0]]]),
            ),
        ),
        wrong=(
            lambda a, s: (s * a).sum(axis=0),
            lambda a, s: np.maximum((s * a).sum(axis=0), 0),
            lambda a, s: np.tensordot(s.mean(axis=(1, 2)), a, axes=1),
            lambda a, s: np.abs(np.tensordot(s.mean(axis=(1, 2)), a, axes=1)),
            lambda a, s: class_map(a, s) * s[0].size,
            lambda a, s: class_map(a, s) / len(a),
            lambda a, s: class_map(s, a),
            lambda a, s: class_map(a, np.maximum(s, 0)),
            lambda a, s: class_map(np.maximum(a, 0), s),
            lambda a, s: class_map(a, s) / max(class_map(a, s).max(), 1e-9),
        ),
        right=(
            lambda a, s: np.einsum("khw,k->hw", a, s.mean(axis=(1, 2))).clip(
                min=0
            ),
            lambda a, s: np.maximum(
                sum(m * d.sum() / d.size for m, d in zip(a, s, strict=True)), 0
            ),
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
        edges=(
            (np.array([[1.0], [2.0]]), np.array([1.0, 3.0]), 0.5),
            (np.array([[1.0, 2.0]]), np.array([3.0]), 1.0),
        ),
        wrong=(
            lambda x, y, d: y - x @ np.linalg.lstsq(x, y, rcond=None)[0],
            lambda x, y, d: left_out(x, y, 0.0),
            lambda x, y, d: -left_out(x, y, d),
            lambda x, y, d: _residual(x, y, d)[0],
            lambda x, y, d: left_out(x, y, d * len(x)),
            lambda x, y, d: np.divide(*_residual(x, y, d)),
            lambda x, y, d: (
                _residual(x, y, d)[0] / (1 - _residual(x, y, d)[1].mean())
            ),
            lambda x, y, d: left_out(x, y, d) ** 2,
            lambda x, y, d: y - left_out(x, y, d),
        ),
        right=(
            _one_by_one,
            lambda x, y, d: (r := _residual(x, y, d))[0] / (1 - r[1]),
        ),
    ),
    Exercise(
        "interpretability-6",
        shortcut_drop,
        draw=draw_shortcut,
        wrong=(
            lambda f, x, y, where: float((f(x) == y).mean()),
            lambda f, x, y, where: 0.0,
            lambda f, x, y, where: -shortcut_drop(f, x, y, where),
            lambda f, x, y, where: shortcut_drop(f, x, f(x), where),
            lambda f, x, y, where: shortcut_drop(f, x, y, ~where),
            lambda f, x, y, where: np.nan,
            drop_when(roll_all),
            drop_when(erase),
            drop_when(average),
            changed_first,
        ),
        right=(drop_when(reverse), drop_when(permute)),
        judge=judge_drop,
    ),
)
