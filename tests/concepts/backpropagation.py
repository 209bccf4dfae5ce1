import numpy as np
import torch.nn.functional as F

from dlf.nn import backpropagation as nn
from dlf.scratch.backpropagation import tape
from dlf.scratch.losses import classification

from . import Concept


def pair(rng: np.random.Generator, a: tuple, b: tuple) -> tuple:
    return rng.normal(size=a), rng.normal(size=b)


CONCEPTS = [
    Concept(
        "backpropagation/cross_entropy",
        classification.cross_entropy,
        draw=lambda rng: (
            rng.normal(scale=5, size=(6, 4)),
            rng.integers(4, size=6),
        ),
        twins=(nn.cross_entropy, F.cross_entropy),
        hostile=((np.array([[1e4, 0.0, -1e4]]), np.array([1])),),
    ),
    Concept(
        "backpropagation/matmul",
        tape.matmul,
        draw=lambda rng: pair(rng, (4, 3), (3, 5)),
        twins=(lambda a, b: a @ b,),
        wrt=2,
        hostile=((np.zeros((0, 3)), np.zeros((3, 2))),),
    ),
]
