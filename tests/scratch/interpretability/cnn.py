"""The network that the tests of explanations explain."""

import numpy as np
import torch
from torch import nn

TARGETS = np.array([0, 2, 1, 2])


def net(activation=nn.ReLU, seed=0):
    """A small CNN with random biases, so that nothing is zero by luck."""
    torch.manual_seed(seed)
    pool = nn.MaxPool2d if activation is nn.ReLU else nn.AvgPool2d  # no kinks
    model = nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1), activation(), pool(2),
        nn.Conv2d(3, 4, 3), activation(), nn.Flatten(), nn.Linear(4 * 1 * 2, 3),
    ).double()  # fmt: skip
    return model.eval()
