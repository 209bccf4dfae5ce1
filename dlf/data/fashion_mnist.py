"""Fashion-MNIST: 70,000 pieces of clothing, 28 x 28, 10,000 of them the test.

Download: 31 MB. MIT license, copyright 2017 Zalando SE.
Source: Xiao, Rasul & Vollgraf (2017), Fashion-MNIST: a Novel Image Dataset for
Benchmarking Machine Learning Algorithms.
"""

import numpy as np

from dlf.data import idx
from dlf.data.core import Dataset, Real
from dlf.data.files import File

CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
MIRRORS = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
)
FILES = tuple(
    File(f"fashion-mnist/{name}-ubyte.gz", sha256, size, MIRRORS)
    for name, size, sha256 in (
        (
            "train-images-idx3",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        (
            "train-labels-idx1",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        (
            "t10k-images-idx3",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        (
            "t10k-labels-idx1",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    )
)


def load(
    *,
    train: int = 50_000,
    validation: int = 10_000,
    seed: int | None = None,
    dtype: Real = np.float64,
) -> Dataset:
    """Load the images; arguments and errors as in `dlf.data.idx.load`.

    Args:
        train: how many of the 60,000 training images to learn from.
        validation: how many of the others to choose by.
        seed: shuffles the training images first; None keeps their order.
        dtype: of the images.
    """
    return idx.load(
        FILES, train=train, validation=validation, seed=seed, dtype=dtype
    )
