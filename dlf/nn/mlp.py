"""The multilayer perceptron as a PyTorch user writes it."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn


class MLP(nn.Module):
    """Apply a multilayer perceptron: affine maps (mlp.1), activations between.

    Args:
        widths: of the input, of each hidden layer, and of the output.
        activation: a module or a function, applied to every hidden layer.
    """

    def __init__(self, widths: Sequence[int], activation=torch.relu) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Linear(fan_in, fan_out) for fan_in, fan_out in pairwise(widths)
        )
        self.activation = activation

    def forward(self, x: Float[Tensor, "N I"]) -> Float[Tensor, "N O"]:
        """Compute the outputs, one row an example.

        Args:
            x: I features of each example.
        """
        *hidden, last = self.layers
        for layer in hidden:
            x = self.activation(layer(x))
        return last(x)
