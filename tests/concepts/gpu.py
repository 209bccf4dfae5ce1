import numpy as np
import torch
import torch.nn.functional as F

from dlf.scratch.gpu import blocked_matmul, fusion

from . import Concept

SIDE = "must be 1 or more, because a tile covers something; got 0"
ROWS = "must be 1 or more, because a block holds something; got 0"

CONCEPTS = [
    Concept(
        "gpu/matmul",
        blocked_matmul.matmul,
        draw=lambda rng: (rng.normal(size=(7, 5)), rng.normal(size=(5, 6))),
        twins=(lambda a, b, side: torch.matmul(a, b),),
        wrt=2,
        hostile=(
            (np.zeros((0, 3)), np.ones((3, 2))),
            (np.ones((2, 0)), np.ones((0, 3))),
            (np.ones((1, 1)), np.full((1, 1), 5e-324)),
            (np.array([[1e4, -1e4]]), np.array([[1e4], [1e4]])),
            (np.array([[np.inf, 1.0]]), np.array([[1.0], [2.0]])),
        ),
        refuses=(((np.ones((2, 2)), np.ones((2, 2)), {"side": 0}), SIDE),),
        settings=({"side": 1}, {"side": 2}, {"side": 4}, {"side": 64}),
        excused={"rows": "tiles are added one by one: that is the concept"},
    ),
    Concept(
        "gpu/bias_gelu",
        fusion.bias_gelu,
        draw=lambda rng: (rng.normal(size=(7, 4)), rng.normal(size=4)),
        twins=(lambda x, bias, rows: F.gelu(x + bias),),
        wrt=2,
        hostile=(
            (np.zeros((0, 3)), np.ones(3)),
            (np.ones((1, 1)), np.full(1, 0.5)),
            (np.array([[1e4, -1e4]]), np.array([1.0, -1.0])),
            (np.array([[np.inf, -3.0]]), np.array([1.0, 5e-324])),
        ),
        refuses=(((np.ones((2, 2)), np.ones(2), {"rows": 0}), ROWS),),
        settings=({"rows": 1}, {"rows": 3}, {"rows": 64}),
    ),
]
