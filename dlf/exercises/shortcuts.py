"""A classifier with a shortcut, and what may be done to the inputs it uses."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.comparison import difference, is_open
from dlf.exercises.core import call

Array = np.ndarray


def draw_shortcut(rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Draw inputs of which the first tells the class; a tenth is mislabeled.

    The classes are of unequal size, so that erasing is not exchanging.
    """
    N = 10_000  # so many that chance moves the accuracy by half a percent
    x = rng.normal(size=(N, 3))
    x[:, 0] = np.where(rng.permutation(N) < 0.2 * N, 1.0, -1.0)
    return x, rng.permutation(N) < 0.1 * N, np.array([True, False, False])


def judge_drop(
    answer: Callable, x: Array, flipped: Array, where: Array
) -> str | None:
    """Judge a measured drop by models that do and do not use an input."""

    def relies(z: Array) -> Array:
        return (z[:, 0] > 0).astype(int)

    def ignores(z: Array) -> Array:
        return (z[:, 1] > 0).astype(int)

    got = call(answer, relies, x, relies(x) ^ flipped, where)
    if is_open(got):
        return None
    idle = call(answer, ignores, x, ignores(x) ^ flipped, where)
    wrong = difference(idle, 0.0, rtol=0.0, atol=1e-9)
    if wrong:
        return f"for a classifier that ignores the marked inputs {wrong}"
    want = 0.8 * (1 - 0.2**2 - 0.8**2)
    wrong = difference(got, want, rtol=0.0, atol=0.04)
    if wrong:
        return f"for one that relies on them alone {wrong} or so"
    return ""


def drop_when(change: Callable) -> Callable:
    """Return the accuracy that is lost when `change` is done to the inputs."""

    def drop(f: Callable, x: Array, y: Array, where: Array) -> float:
        before = (f(x) == y).mean()
        changed = x.copy()
        change(changed, where)
        return float(before - (f(changed) == y).mean())

    return drop


def roll_all(x: Array, where: Array) -> None:
    """Exchange all inputs, marked or not."""
    x[:] = np.roll(x, 1, axis=0)


def reverse(x: Array, where: Array) -> None:
    """Give the marked inputs of the last example to the first, and so on."""
    x[:, where] = x[::-1, where].copy()


def permute(x: Array, where: Array) -> None:
    """Shuffle the marked inputs among the examples."""
    x[:, where] = np.random.default_rng(0).permutation(x[:, where])


def erase(x: Array, where: Array) -> None:
    """Set the marked inputs to zero."""
    x[:, where] = 0.0


def average(x: Array, where: Array) -> None:
    """Set the marked inputs to their mean."""
    x[:, where] = x[:, where].mean(axis=0)


def changed_first(f: Callable, x: Array, y: Array, where: Array) -> float:
    """Change the inputs before the accuracy has been taken."""
    permute(x, where)
    return float((f(x) == y).mean() - (f(x) == y).mean())
