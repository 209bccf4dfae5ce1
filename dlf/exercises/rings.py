"""A disc inside a ring, and what makes a line separate them."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.comparison import is_open, text
from dlf.exercises.core import call

Array = np.ndarray


def rings(
    rng: np.random.Generator, count: int, center: Array
) -> tuple[Array, Array]:
    """Draw a disc (1) inside a ring (0) around a center."""
    y = rng.integers(2, size=count)
    radius = np.where(y, rng.uniform(0, 1, count), rng.uniform(1.5, 2.5, count))
    angle = rng.uniform(0, 2 * np.pi, count)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + center, y


def draw_rings(rng: np.random.Generator) -> tuple:
    """Draw a center, 200 points to learn from, and 1000 fresh ones."""
    angle = rng.uniform(0, 2 * np.pi)
    center = rng.uniform(0.5, 1) * np.array([np.cos(angle), np.sin(angle)])
    return center, *rings(rng, 200, center), *rings(rng, 1000, center)


def separates(
    answer: Callable, center: Array, x: Array, y: Array, new: Array, due: Array
) -> str | None:
    """Learn from the lifted rings, wherever they lie; test on fresh points."""
    from dlf.scratch import perceptron

    lifted = call(answer, x)
    if is_open(lifted):
        return None
    lifted = np.asarray(lifted, float)
    if lifted.ndim != 2 or len(lifted) != 200 or lifted.shape[1] > 6:
        return f"expected (200, at most 6), got {lifted.shape}"
    if not np.isfinite(lifted).all():
        return "it returned numbers that are not finite"
    where = f"around the center {text(center, digits=2)}"
    if not _separable(lifted, y):
        return f"{where} no line separates what you return"
    w, b, _ = perceptron.train_perceptron(lifted, y, epochs=5000)
    if (perceptron.predict(lifted, w, b) != y).any():
        return f"{where} the rule found no line in 5000 epochs"
    again = np.asarray(call(answer, new), float)
    right = (perceptron.predict(again, w, b) == due).mean()
    if not right >= 0.9:
        return f"{where} {100 * right:.0f} % of new points are right"
    return ""


def _separable(x: Array, y: Array) -> bool:
    """Ask linear programming, which is quick to tell where the rule is not."""
    from scipy.optimize import linprog

    signs = 2 * y[:, None] - 1
    rows = signs * np.hstack([x, np.ones((len(x), 1))])
    free = np.zeros(rows.shape[1])
    found = linprog(
        free, A_ub=-rows, b_ub=-np.ones(len(x)), bounds=(None, None)
    )
    return found.status == 0
