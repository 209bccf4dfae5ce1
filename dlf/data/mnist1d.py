"""MNIST-1D: ten one-dimensional digits, hard to learn and quick to train on.

A digit is a template of 12 points. It is padded with 36 to 60 zeros and
stretched to 72 points, which sets its width; scaled, shifted around, laid over
correlated noise, given a little white noise, sheared, and sampled at 40 points.
The whole, all three sets together, then has mean 0 and deviation 1.
Source: Greydanus & Kobak (2024), Scaling Down Deep Learning with MNIST-1D;
templates and constants of github.com/greydanus/mnist1d, draws of our own.
"""

import numpy as np
from jaxtyping import Float, Int
from scipy.ndimage import gaussian_filter1d

from dlf.data.core import Array, Dataset, Real, split

TEMPLATES = np.array(
    [
        [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
        [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
        [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
        [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
        [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
        [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
        [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
        [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
    ]
)
LENGTH, SAMPLED = 72, 40
PADDING = 36, 60
SCALE, SHIFT, SHEAR = 0.4, 48, 0.75
CORRELATED, WHITE = 0.25, 0.02


def load(
    *,
    train: int = 4000,
    validation: int = 1000,
    test: int = 5000,
    seed: int = 0,
    dtype: Real = np.float64,
) -> Dataset:
    """Make the data set from a seed, each class equally often in the whole.

    Args:
        train: signals to learn from.
        validation: signals to choose by.
        test: signals to test on.
        seed: names the draw.
        dtype: of the signals.

    Raises:
        ValueError: a size is negative, or all are zero.

    >>> load().train
    Examples(x: float64 (4000, 40), y: int64 (4000,))
    """
    sizes = train, validation, test
    if min(sizes) < 0 or sum(sizes) == 0:
        raise ValueError(
            "load: `train`, `validation`, `test` must be counts, one of them "
            f"positive; got {sizes}"
        )
    rng = np.random.default_rng(seed)
    labels = np.arange(sum(sizes)) % len(TEMPLATES)
    x = draw(labels, rng)
    x = (x - x.mean()) / x.std()
    return split(x.astype(dtype), labels, sizes, rng)


def templates() -> Float[Array, "10 12"]:
    """Give the ten shapes, each normalized and starting at zero."""
    x = TEMPLATES - TEMPLATES.mean(axis=1, keepdims=True)
    x /= x.std(axis=1, keepdims=True)
    return (x - x[:, :1]) / 6


def draw(
    labels: Int[Array, " N"], rng: np.random.Generator
) -> Float[Array, "N 40"]:
    """Draw one signal for each label, before standardization.

    Args:
        labels: digits, 0..9.
        rng: draws width, scale, shift, shear and noise of each.

    Raises:
        ValueError: a label names no shape.
    """
    if (outside := (labels < 0) | (labels >= len(TEMPLATES))).any():
        raise ValueError(
            f"draw: `labels` must lie in 0..{len(TEMPLATES) - 1}, because each "
            f"names a shape; got {labels[outside.argmax()]}"
        )
    N = len(labels)
    shape = np.zeros((len(TEMPLATES), TEMPLATES.shape[1] + PADDING[1] + 1))
    shape[:, : TEMPLATES.shape[1]] = templates()

    padding = rng.integers(PADDING[0], PADDING[1], N, endpoint=True)
    ends = TEMPLATES.shape[1] + padding - 1
    at = np.arange(LENGTH) * (ends / (LENGTH - 1))[:, None]
    below = at.astype(int)
    left, right = (shape[labels[:, None], below + i] for i in (0, 1))
    x = left + (right - left) * (at - below)
    x *= 1 + SCALE * rng.uniform(-0.5, 0.5, (N, 1))

    noise = gaussian_filter1d(rng.normal(0, CORRELATED, x.shape), 2, axis=1)
    turn = (np.arange(LENGTH) - rng.integers(SHIFT, size=(N, 1))) % LENGTH
    x, inside = (
        np.take_along_axis(a, turn, axis=1)
        for a in (x, at < TEMPLATES.shape[1])
    )
    x = np.where(inside, x, noise) + rng.normal(0, WHITE, x.shape)

    slope = SHEAR * rng.uniform(-0.5, 0.5, (N, 1))
    x -= slope * np.linspace(-0.5, 0.5, LENGTH)
    at = np.linspace(0, LENGTH - 1, SAMPLED)
    below = np.minimum(at.astype(int), LENGTH - 2)
    return x[:, below] + (x[:, below + 1] - x[:, below]) * (at - below)
