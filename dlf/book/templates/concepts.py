import torch

from NN_PACKAGE import NN_MODULE as nn
from SCRATCH_PACKAGE import SCRATCH_MODULE as scratch

from . import Concept

CONCEPTS = [
    Concept(
        "SLUG/square",
        scratch.square,
        draw=lambda rng: (rng.normal(size=(5, 3)),),
        twins=(nn.square, torch.square),
    ),
]
