"""MNIST: 70,000 handwritten digits, 28 x 28, of which 10,000 are the test.

Download: 12 MB. Copyright Yann LeCun and Corinna Cortes; downstream pages
state CC BY-SA 3.0.
Source: LeCun, Bottou, Bengio & Haffner (1998), Gradient-Based Learning Applied
to Document Recognition.
"""

import numpy as np

from dlf.data import idx
from dlf.data.core import Dataset, Real
from dlf.data.files import File

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "http://yann.lecun.com/exdb/mnist",
)
FILES = tuple(
    File(f"mnist/{name}-ubyte.gz", sha256, size, MIRRORS)
    for name, size, sha256 in (
        (
            "train-images-idx3",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        (
            "train-labels-idx1",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        (
            "t10k-images-idx3",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        (
            "t10k-labels-idx1",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
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
    """Load the digits; arguments and errors as in `dlf.data.idx.load`.

    Args:
        train: how many of the 60,000 training images to learn from.
        validation: how many of the others to choose by.
        seed: shuffles the training images first; None keeps their order.
        dtype: of the images.
    """
    return idx.load(
        FILES, train=train, validation=validation, seed=seed, dtype=dtype
    )
