"""Handwritten digits, 8 x 8: 1,797 images that come with scikit-learn.

Each pixel counts the inked ones of a 4 x 4 block, 0..16, here divided by 16.
Source: Alpaydin & Kaynak (1998), Optical Recognition of Handwritten Digits,
UCI Machine Learning Repository; scikit-learn carries its test set.
"""

import numpy as np

from dlf.data.core import Dataset, Real, split


def load(*, seed: int = 0, dtype: Real = np.float64) -> Dataset:
    """Load the digits, split anew by each seed: 1,000 / 300 / 497.

    Args:
        seed: shuffles before the split.
        dtype: of the images.

    >>> load().train
    Examples(x: float64 (1000, 1, 8, 8), y: int64 (1000,))
    """
    from sklearn.datasets import load_digits  # 2 s to import

    images, labels = load_digits().images, load_digits().target  # pyright: ignore[reportAttributeAccessIssue]
    x = (images[:, None] / 16).astype(dtype)
    rng = np.random.default_rng(seed)
    return split(x, labels.astype(np.int64), (1000, 300, 497), rng)
