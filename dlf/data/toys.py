"""Points in the plane: small tasks whose answer can be drawn.

Each function draws n points and their classes, and refuses a negative count or
noise with a ValueError; `load` makes the three sets.
Source: moons, circles and blobs as in scikit-learn's `sklearn.datasets`;
spirals after Lang & Witbrock (1988), Learning to Tell Two Spirals Apart; XOR
after Minsky & Papert (1969), Perceptrons.
"""

from collections.abc import Callable

import numpy as np

from dlf.data.core import Array, Dataset, Examples, Real, split


def moons(n: int, rng: np.random.Generator, noise: float = 0.1) -> Examples:
    """Draw two half circles that reach into each other.

    Args:
        n: how many points.
        rng: draws them.
        noise: standard deviation along each axis, not negative; the radius is
            1.
    """
    _check("moons", n, noise)
    angle, y = np.pi * rng.random(n), _labels(n, 2, rng)
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(y[:, None] == 0, x, (1, 0.5) - x)
    return Examples(x + rng.normal(0, noise, x.shape), y)


def circles(n: int, rng: np.random.Generator, noise: float = 0.1) -> Examples:
    """Draw a circle, class 0, around one of half its radius, class 1.

    Args:
        n: how many points.
        rng: draws them.
        noise: standard deviation along each axis, not negative; the radii are 1
            and 0.5.
    """
    _check("circles", n, noise)
    angle, y = 2 * np.pi * rng.random(n), _labels(n, 2, rng)
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x *= np.where(y == 0, 1, 0.5)[:, None]
    return Examples(x + rng.normal(0, noise, x.shape), y)


def spirals(n: int, rng: np.random.Generator, noise: float = 0.02) -> Examples:
    """Draw two arms of a spiral, each turning one and a half times.

    Args:
        n: how many points.
        rng: draws them.
        noise: standard deviation along each axis, not negative; the arms end at
            radius 1.
    """
    _check("spirals", n, noise)
    way, y = np.sqrt(rng.random(n)), _labels(n, 2, rng)
    angle = 3 * np.pi * way + np.pi * y
    x = way[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Examples(x + rng.normal(0, noise, x.shape), y)


def xor(n: int, rng: np.random.Generator, noise: float = 0.2) -> Examples:
    """Draw clouds at the corners (±1, ±1); class 1 where the signs differ.

    Args:
        n: how many points.
        rng: draws them.
        noise: standard deviation along each axis, not negative.
    """
    _check("xor", n, noise)
    corner, y = rng.choice([-1, 1], n), _labels(n, 2, rng)
    x = np.stack([corner, np.where(y == 0, corner, -corner)], axis=1)
    return Examples(x + rng.normal(0, noise, x.shape), y)


def blobs(n: int, rng: np.random.Generator, noise: float = 0.6) -> Examples:
    """Draw three clouds, 1.5 from the origin, a third of a turn apart.

    Args:
        n: how many points.
        rng: draws them.
        noise: standard deviation along each axis, not negative.
    """
    _check("blobs", n, noise)
    y = _labels(n, 3, rng)
    angle = 2 * np.pi * y / 3 + np.pi / 2
    x = 1.5 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Examples(x + rng.normal(0, noise, x.shape), y)


def load(
    draw: Callable = moons,
    *,
    train: int = 400,
    validation: int = 200,
    test: int = 1000,
    noise: float | None = None,
    seed: int = 0,
    dtype: Real = np.float64,
) -> Dataset:
    """Make a data set of any of the functions above: ``load(spirals)``.

    Args:
        draw: the function.
        train: points to learn from.
        validation: points to choose by.
        test: points to test on.
        noise: standard deviation; None leaves each function its own.
        seed: names the draw.
        dtype: of the points.

    Raises:
        ValueError: a size or the noise is negative.

    >>> load(xor).train
    Examples(x: float64 (400, 2), y: int64 (400,))
    """
    sizes = train, validation, test
    if min(sizes) < 0 or (noise is not None and noise < 0):
        raise ValueError(
            "load: sizes and `noise` must not be negative; "
            f"got {sizes} and {noise}"
        )
    rng = np.random.default_rng(seed)
    x, y = draw(sum(sizes), rng, *(() if noise is None else (noise,)))
    return split(x.astype(dtype), y, sizes, rng)


def _check(name: str, n: int, noise: float) -> None:
    if n < 0 or not noise >= 0:
        raise ValueError(
            f"{name}: `n` and `noise` must not be negative, because they are a "
            f"count and a spread; got {n} and {noise}"
        )


def _labels(n: int, classes: int, rng: np.random.Generator) -> Array:
    return rng.permutation(np.arange(n) % classes)
