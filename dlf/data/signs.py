"""Signs among signs: images in which the pixels that decide are known.

Each quarter of a 16 x 16 image holds a sign of nine bright pixels on a 5 x 5
grid. One of the four is of a kind that names the class; the other three are
of kinds that every class has. All are equally many pixels, equally bright on
average, and in random places, so that nothing but the nine pixels of one sign
tells the class.
Source: the idea of known ground truth after Yang & Kim (2019), Benchmarking
Attribution Methods with Relative Feature Importance, arXiv:1907.09701.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from dlf.data.core import Array, Dataset, Examples, Real

CLASSES = ("plus", "cross", "T", "L")
SIDE, SIGN, NOISE = 16, 5, 0.1
BRIGHT = 0.6, 1.0


class Signs(NamedTuple):
    """Images, classes, and which pixels are the deciding sign's."""

    x: Float[Array, "N 1 16 16"]
    y: Int[Array, " N"]
    truth: Bool[Array, "N 16 16"]

    def __repr__(self) -> str:
        parts = (f"{k}: {a.dtype} {a.shape}" for k, a in self._asdict().items())
        return f"Signs({', '.join(parts)})"


def kinds() -> Bool[Array, "8 5 5"]:
    """Draw the signs: four that name a class, four that do not."""
    i, j = np.indices((SIGN, SIGN))
    end, mid = SIGN - 1, SIGN // 2
    lines = (
        (i == mid, j == mid),  # plus
        (i == j, i + j == end),  # cross
        (i == 0, j == mid),  # T
        (i == end, j == 0),  # L
        (i == end, j == mid),  # the same upside down and mirrored:
        (i == 0, j == 0),
        (i == 0, j == end),
        (i == mid, j == 0),
    )
    return np.stack([a | b for a, b in lines])


def draw(
    count: int, rng: np.random.Generator, dtype: Real = np.float64
) -> Signs:
    """Draw images, their classes, and the truth.

    Args:
        count: of images, N.
        rng: draws signs, places, brightness and noise.
        dtype: of the images.

    Raises:
        ValueError: ``count`` is negative.

    >>> signs = draw(2, np.random.default_rng(0))
    >>> signs
    Signs(x: float64 (2, 1, 16, 16), y: int64 (2,), truth: bool (2, 16, 16))
    >>> signs.truth.sum(axis=(1, 2))
    array([9, 9])
    """
    if count < 0:
        raise ValueError(f"draw: `count` must not be negative; got {count}")
    N, half, free = count, SIDE // 2, SIDE // 2 - SIGN + 1
    y = rng.permutation(np.arange(N) % len(CLASSES))
    which = rng.integers(len(CLASSES), 2 * len(CLASSES), size=(N, 4))
    decides = rng.integers(4, size=N)
    which[np.arange(N), decides] = y
    top, left = rng.integers(free, size=(2, N, 4))
    quarters = np.zeros((N, 4, half, half), bool)
    n, q = np.indices((N, 4))[..., None, None]
    i, j = np.indices((SIGN, SIGN))[:, None, None]
    place = n, q, top[..., None, None] + i, left[..., None, None] + j
    quarters[place] = kinds()[which]
    bright = rng.uniform(*BRIGHT, size=(N, 4, 1, 1))
    mine = quarters & (np.arange(4) == decides[:, None])[..., None, None]
    x = _whole(quarters * bright) + NOISE * rng.standard_normal((N, SIDE, SIDE))
    return Signs(x[:, None].astype(dtype), y, _whole(mine))


def _whole(quarters: Array) -> Array:
    """Put four quarters together: N 4 h w to N 2h 2w."""
    N, _, h, w = quarters.shape
    rows = quarters.reshape(N, 2, 2, h, w).swapaxes(2, 3)
    return rows.reshape(N, 2 * h, 2 * w)


def load(
    *,
    train: int = 2_000,
    validation: int = 500,
    test: int = 500,
    seed: int = 0,
    dtype: Real = np.float64,
) -> Dataset:
    """Draw three sets from a seed; `draw` gives the truth with the images.

    Args:
        train: images to learn from.
        validation: images to choose by.
        test: images to test on.
        seed: names the draw.
        dtype: of the images.

    Raises:
        ValueError: a size is negative.

    >>> load(train=8, validation=0, test=4).train
    Examples(x: float64 (8, 1, 16, 16), y: int64 (8,))
    """
    sets = [
        draw(n, np.random.default_rng([seed, k]), dtype)
        for k, n in enumerate((train, validation, test))
    ]
    return Dataset(*(Examples(s.x, s.y) for s in sets))
