"""Normalization as a PyTorch user writes it: batch norm, folding, stacks.

Source: Ioffe & Szegedy (2015), algorithms 1 and 2; Santurkar et al. (2018),
2.2, for the shift that is put back, here in a simpler form; Xiong et al.
(2020) for the two places of layer norm in a residual block.
"""

import copy
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


class BatchNorm(nn.Module):
    """Batch normalization of features or of channels, the second axis.

    Args:
        features: how many.
        eps: added to the variance.
        momentum: part of a batch's statistics in the new running ones.
    """

    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(
        self, features: int, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(features))
        self.bias = nn.Parameter(torch.zeros(features))
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x: Tensor) -> Tensor:
        """Normalize by the batch in training, by stored statistics in use.

        Args:
            x: examples first, features or channels second.

        Raises:
            ValueError: in training there is one value for each feature.
        """
        mean, var = self.running_mean, self.running_var
        if self.training:
            axes = [axis for axis in range(x.ndim) if axis != 1]
            n = x.numel() // x.shape[1]
            if n < 2:
                raise ValueError(
                    "BatchNorm: `x` must have two values or more for each "
                    f"feature in training; got shape {tuple(x.shape)}"
                )
            mean, var = x.mean(axes), x.var(axes, unbiased=False)
            with torch.no_grad():
                self.num_batches_tracked += 1
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var * n / (n - 1), self.momentum)
        scale = self.weight * torch.rsqrt(var + self.eps)
        shape = (-1,) + (1,) * (x.ndim - 2)
        x = (x - mean.reshape(shape)) * scale.reshape(shape)
        return x + self.bias.reshape(shape)


def fold_batch_norm(
    layer: nn.Linear | nn.Conv2d, norm: nn.BatchNorm1d | nn.BatchNorm2d
) -> nn.Module:
    """Fold a batch norm that follows into a copy of the layer.

    Args:
        layer: dense or convolution, not transposed.
        norm: with running statistics, in evaluation mode.

    Returns:
        A layer of the same kind, with biases.

    Raises:
        ValueError: the norm keeps no running statistics or is in training
            mode, or the layer is of another kind.
    """
    if not isinstance(layer, nn.Linear | nn.Conv2d):
        raise ValueError(
            "fold_batch_norm: `layer` must be nn.Linear or nn.Conv2d, whose "
            f"outputs are rows of the weight; got {type(layer).__name__}"
        )
    if norm.running_mean is None or norm.running_var is None:
        raise ValueError(
            "fold_batch_norm: `norm` must keep running statistics, because "
            "they are what is folded; got track_running_stats=False"
        )
    if norm.training:
        raise ValueError(
            "fold_batch_norm: `norm` must be in evaluation mode, because in "
            "training it is no affine map; got training=True"
        )
    folded = copy.deepcopy(layer)
    with torch.no_grad():
        r = torch.rsqrt(norm.running_var + norm.eps)
        if norm.weight is not None:
            r = r * norm.weight
        shift = -norm.running_mean if layer.bias is None else (
            layer.bias - norm.running_mean
        )  # fmt: skip
        bias = r * shift
        if norm.bias is not None:
            bias = bias + norm.bias
        rows = r.reshape(-1, *[1] * (layer.weight.ndim - 1))
        learned = layer.weight.requires_grad
        folded.weight = nn.Parameter(rows * layer.weight, learned)
        folded.bias = nn.Parameter(bias, learned)
    return folded


class Jitter(nn.Module):
    """Scale and shift each feature at random, anew at every training step.

    Put behind a norm it gives the next layer inputs whose distribution shifts
    from step to step.

    Args:
        shape: one draw for each entry, such as (features,), or (nets, 1,
            features) for nets side by side.
        size: of the shifts, and of the scales in the logarithm.
        seed: of the draws; one of its own for each layer of a net.
    """

    def __init__(
        self, shape: tuple[int, ...], size: float, seed: int = 0
    ) -> None:
        super().__init__()
        self.shape, self.size = shape, size
        self.rng = np.random.default_rng(seed)

    def forward(self, x: Tensor) -> Tensor:
        """Shift and scale in training; pass on otherwise.

        Args:
            x: examples, one a row; of each net, if there are several.
        """
        if not self.training:
            return x
        scale, shift = self.size * torch.tensor(
            self.rng.normal(size=(2, *self.shape)), dtype=x.dtype
        )
        return x * scale.exp() + shift


def mlp(
    widths: Sequence[int],
    norm: Callable[[int], nn.Module] | None = None,
    place: str = "before",
) -> nn.Sequential:
    """Build a ReLU net with a norm before or after each activation function.

    Args:
        widths: of all layers, from the inputs to the classes.
        norm: maps a width to a layer; None for a plain net.
        place: before, or after.

    Raises:
        ValueError: the place is neither.
    """
    if place not in ("before", "after"):
        raise ValueError(
            "mlp: `place` must be 'before' or 'after', the two sides of an "
            f"activation function; got {place!r}"
        )
    layers: list[nn.Module] = []
    for fan_in, width in pairwise(widths[:-1]):
        linear = nn.Linear(fan_in, width)
        nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
        nn.init.zeros_(linear.bias)
        both = [nn.ReLU()] if norm is None else [norm(width), nn.ReLU()]
        layers += [linear, *(both if place == "before" else both[::-1])]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1])).double()


class ResidualStack(nn.Module):
    """Residual blocks of two dense layers with layer norm, pre or post.

    Args:
        blocks: how many.
        width: of the stream.
        place: pre, x + f(norm(x)); post, norm(x + f(x)); or none.

    Raises:
        ValueError: the place is none of these.
    """

    def __init__(self, blocks: int, width: int, place: str) -> None:
        super().__init__()
        if place not in ("pre", "post", "none"):
            raise ValueError(
                "ResidualStack: `place` must be 'pre', 'post' or 'none'; got "
                f"{place!r}"
            )
        self.place = place
        self.branches = nn.ModuleList()
        for _ in range(blocks):
            first, second = nn.Linear(width, width), nn.Linear(width, width)
            nn.init.kaiming_normal_(first.weight, nonlinearity="relu")
            nn.init.kaiming_normal_(second.weight, nonlinearity="linear")
            nn.init.zeros_(first.bias)
            nn.init.zeros_(second.bias)
            self.branches.append(nn.Sequential(first, nn.ReLU(), second))
        norms = [nn.LayerNorm(width) for _ in range(blocks)]
        self.norms = nn.ModuleList(norms)
        self.last = nn.LayerNorm(width) if place == "pre" else nn.Identity()
        self.double()

    def forward(self, x: Tensor) -> Tensor:
        """Send a stream through all blocks.

        Args:
            x: examples, one a row.
        """
        for branch, norm in zip(self.branches, self.norms, strict=True):
            if self.place == "pre":
                x = x + branch(norm(x))
            elif self.place == "post":
                x = norm(x + branch(x))
            else:
                x = x + branch(x)
        return self.last(x)


def train(
    net: nn.Module,
    x: Tensor,
    y: Tensor,
    steps: int,
    optimizer: torch.optim.Optimizer,
    batch: int = 50,
    order: Tensor | None = None,
) -> list[float]:
    """Train a classifier on random batches, the same for all nets.

    Args:
        net: changed in place.
        x: inputs, one a row.
        y: labels.
        steps: how many.
        optimizer: of the net's parameters.
        batch: examples a step.
        order: of the examples, to go through in turn; None for random draws.

    Returns:
        The loss at each step.
    """
    rng, losses = np.random.default_rng(1), []
    for step in range(steps):
        i = torch.tensor(rng.integers(len(x), size=batch))
        if order is not None:
            i = order.roll(-step * batch)[:batch]
        loss = F.cross_entropy(net(x[i]), y[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
