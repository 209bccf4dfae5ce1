"""Regularization in PyTorch: what torch leaves to its user.

    groups        decay on weight matrices, none on biases and norms
    dropout       one mask for all steps of a sequence; Gaussian noise
    stochastic depth   a residual branch is dropped whole
    mixup         the loss, with two lists of class numbers (regularization.13)

Source: Loshchilov & Hutter (2019); Gal & Ghahramani (2016); Srivastava et al.
(2014), section 10; Huang et al. (2016); Zhang et al. (2018).
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parameter import UninitializedParameter


def decay_groups(net: nn.Module, weight_decay: float) -> list[dict]:
    """Parameter groups for an optimizer: matrices decay, vectors do not.

    Args:
        net: whose parameters are sorted by their number of axes; embeddings
            have two, as has a norm over two axes.
        weight_decay: of those with two axes and more.

    Raises:
        ValueError: a lazy layer has not seen data, and so no shape.

    >>> [g["weight_decay"] for g in decay_groups(nn.Linear(2, 3), 0.1)]
    [0.1, 0.0]
    """
    every = [p for p in net.parameters() if p.requires_grad]
    if any(isinstance(p, UninitializedParameter) for p in every):
        raise ValueError(
            "decay_groups: `net` must have seen data, because a lazy layer "
            "has no shapes before; call it once on a batch"
        )
    return [
        {
            "params": [p for p in every if p.ndim > 1],
            "weight_decay": weight_decay,
        },
        {"params": [p for p in every if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _probability(name: str, p: float) -> None:
    """Refuse probabilities of dropping outside [0, 1)."""
    if not 0 <= p < 1:
        raise ValueError(
            f"{name}: `p` must lie in [0, 1), because it is the probability "
            f"of dropping, and all would be lost at 1; got {p}"
        )


class SequenceDropout(nn.Module):
    """Variational dropout: one mask for all steps of a sequence.

    Args:
        p: probability of dropping a feature.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        _probability("SequenceDropout", p)
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        """Drop features, the same ones at each step.

        Args:
            x: sequences, B × T × D.
        """
        ones = torch.ones_like(x[:, :1])
        return x * F.dropout(ones, self.p, self.training)


class GaussianDropout(nn.Module):
    """Gaussian dropout: factors of mean 1 and variance p/(1 - p).

    Args:
        p: probability of dropping of the dropout that it is like.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        _probability("GaussianDropout", p)
        self.scale = (p / (1 - p)) ** 0.5

    def forward(self, x: Tensor) -> Tensor:
        """Multiply by noise in training.

        Args:
            x: activations.
        """
        if not self.training:
            return x
        return x * (1 + self.scale * torch.randn_like(x))


class StochasticDepth(nn.Module):
    """A residual block whose branch is dropped, example by example.

    Args:
        branch: what is added to its input.
        p: probability of dropping it.
    """

    def __init__(self, branch: nn.Module, p: float = 0.5) -> None:
        super().__init__()
        _probability("StochasticDepth", p)
        self.branch, self.p = branch, p

    def forward(self, x: Tensor) -> Tensor:
        """Add the branch, or, in training, 0 or 1/(1 - p) times it.

        Args:
            x: examples first.
        """
        ones = torch.ones_like(x[(slice(None),) + (slice(1),) * (x.ndim - 1)])
        return x + self.branch(x) * F.dropout(ones, self.p, self.training)


def mixup_loss(
    net: Callable[[Tensor], Tensor],
    x: Tensor,
    y: Tensor,
    part: float,
    order: Tensor,
) -> Tensor:
    """Cross-entropy of mixed examples (regularization.13).

    Args:
        net: gives logits.
        x: a batch.
        y: class numbers.
        part: of the example itself, in [0, 1]; from Beta(a, a).
        order: a permutation of the batch, which pairs the examples.

    Raises:
        ValueError: the part lies outside [0, 1], or the order is no
            permutation.
    """
    if not 0 <= part <= 1 or sorted(order.tolist()) != [*range(len(x))]:
        raise ValueError(
            "mixup_loss: `part` must lie in [0, 1] and `order` hold each "
            f"example once, because two are blended; got {part} and {order}"
        )
    z = net(part * x + (1 - part) * x[order])
    mine, other = F.cross_entropy(z, y), F.cross_entropy(z, y[order])
    return part * mine + (1 - part) * other
