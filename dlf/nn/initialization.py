"""Weight initialization as a PyTorch user writes it today.

Source: He et al. (2015) for the weights before ReLU; Zhang, Dauphin & Ma (2019)
for zeros at the end of residual branches; Yang et al. (2021), table 8, for
learning rates that transfer from narrow nets to wide ones.
"""

import math
from collections.abc import Sequence

import torch
from torch import nn


def initialize(module: nn.Module) -> None:
    """Draw He's weights and set biases to 0: for ``model.apply(initialize)``.

    Args:
        module: changed where it is a dense layer or a convolution.
    """
    if isinstance(module, nn.Linear | nn.Conv1d | nn.Conv2d | nn.Conv3d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def truncated_normal_(w: torch.Tensor, std: float, cut: float = 2.0) -> None:
    """Draw a truncated normal whose standard deviation is what it says.

    `nn.init.trunc_normal_` cuts at a and b, which are values and not multiples
    of std, and what is left has a smaller standard deviation than std.

    Args:
        w: weights, drawn in place.
        std: of the weights when cut, positive.
        cut: in standard deviations of the uncut distribution, positive.
    """
    mass = math.erf(cut / math.sqrt(2))
    edge = math.exp(-cut * cut / 2) / math.sqrt(2 * math.pi)
    scale = std / math.sqrt(1 - 2 * cut * edge / mass)
    nn.init.trunc_normal_(w, std=scale, a=-cut * scale, b=cut * scale)


def mup_groups(layers: Sequence[nn.Linear], lr: float, base: int) -> list[dict]:
    """Give each layer its rate under μP, for Adam: tuned at one width.

    Args:
        layers: of a multilayer perceptron, in order; all but the first read a
            hidden layer.
        lr: learning rate that was tuned at the base width.
        base: that width.

    Returns:
        Groups of parameters for `torch.optim.Adam`.
    """
    groups = [{"params": list(layers[0].parameters()), "lr": lr}]
    for layer in layers[1:]:
        rate = lr * base / layer.in_features
        groups += [
            {"params": [layer.weight], "lr": rate},
            {"params": [layer.bias], "lr": lr},
        ]
    return groups


def mup_initialize(layers: Sequence[nn.Linear], base: int) -> None:
    """Draw He's weights; those of the output shrink with the width as 1/n.

    Args:
        layers: of a multilayer perceptron, in order.
        base: the width at which the output's weights are LeCun's.
    """
    for layer in layers:
        initialize(layer)
    n = layers[-1].in_features
    nn.init.normal_(layers[-1].weight, std=math.sqrt(base) / n)
