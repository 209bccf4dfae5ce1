import numpy as np

from dlf.nn import interpretability as nn
from dlf.scratch.interpretability import sparse_autoencoder

from . import Concept


def parts(rng: np.random.Generator, N: int, D: int, K: int) -> tuple:
    shapes = (N, D), (K, D), (K,), (D, K), (D,)
    return tuple(rng.normal(size=shape) for shape in shapes)


def dull() -> tuple:
    """No feature is active, and one direction has no length."""
    h, w, b, d, c = parts(np.random.default_rng(1), 3, 2, 4)
    return h, w, b - 100, d, c


CONCEPTS = [
    Concept(
        "dictionary/autoencoder_loss",
        sparse_autoencoder.autoencoder_loss,
        draw=lambda rng: parts(rng, 5, 3, 4),
        twins=(nn.autoencoder_loss,),
        wrt=5,
        hostile=(
            dull(),
            parts(np.random.default_rng(2), 1, 1, 1),
            tuple(100 * a for a in parts(np.random.default_rng(3), 4, 6, 2)),
        ),
        refuses=(
            (
                (
                    np.zeros((0, 2)), np.zeros((3, 2)), np.zeros(3),
                    np.zeros((2, 3)), np.zeros(2),
                ),
                "must have a row to average",
            ),
        ),
        settings=({}, {"penalty": 0.7}),
        excused={"large float16": "its squares and products leave the range"},
    ),
]  # fmt: skip
