import torch

from dlf.nn import SLUG as nn
from dlf.scratch import SLUG as scratch

from . import Concept

CONCEPTS = [
    Concept(
        "SLUG/square",
        scratch.square,
        draw=lambda rng: (rng.normal(size=(5, 3)),),
        twins=(nn.square, torch.square),
    ),
]
