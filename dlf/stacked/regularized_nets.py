"""Multilayer perceptrons with dropout, with norms of two kinds, and mixup.

    dropout      a <- a m / (1 - p),  m ~ Bernoulli(1 - p)    in training only
    layer norm   z <- g (z - mean) / √(var + eps) + b         over the features
    mixup        x <- c x + (1 - c) x′,  c ~ Beta(a, a)       likewise the loss

What is random is the same for all settings of a seed.
Source: Srivastava et al. (2014); Ba, Kiros & Hinton (2016); Ioffe & Szegedy
(2015); Zhang et al. (2018).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from dlf.stacked.nets import Mlp
from dlf.stacked.training import losses


class LayerNorm(nn.Module):
    """Layer normalization of K nets' features, each with its own scale."""

    def __init__(self, K: int, width: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(K, 1, width, dtype=dtype))
        self.bias = nn.Parameter(torch.zeros(K, 1, width, dtype=dtype))

    def forward(self, x: Float[Tensor, "K B D"]) -> Float[Tensor, "K B D"]:
        """Normalize each example over its features.

        Args:
            x: features of B examples for each net.
        """
        return F.layer_norm(x, x.shape[-1:]) * self.weight + self.bias


class RegularizedMlp(Mlp):
    """K perceptrons that are regularized, net by net.

    Args:
        widths: inputs, hidden layers, outputs.
        seeds: see `Stack`.
        copies: see `Stack`.
        activation: see `Stack`.
        norm: ``batch``, ``layer`` or nothing.
        after: normalize what the activation gives, and not what it takes.
        dropout: the fraction of hidden units that is dropped.
        mixup: a of the Beta distribution; 0 for no mixup.
        options: see `Stack`.
    """

    def __init__(
        self,
        widths: Sequence[int],
        seeds: Sequence[int],
        copies: int,
        activation: str,
        *,
        norm: str = "",
        after: bool = False,
        dropout: float = 0.0,
        mixup: float = 0.0,
        **options: Any,
    ) -> None:
        batch = norm == "batch"
        super().__init__(
            widths, seeds, copies, activation, norm=batch, **options
        )
        self.after, self.dropout, self.mixup = after, dropout, mixup
        self.normed = bool(norm)
        if norm == "layer":
            for width in widths[1:-1]:
                self.norms.append(LayerNorm(self.K, width, self.dtype))
        self.draws = [np.random.default_rng([s, 1]) for s in self.seeds]
        self.mixed: tuple[Tensor, Tensor] | None = None

    def activate(self, i: int, h: Tensor) -> Tensor:
        """Apply norm, activation number i and dropout.

        Args:
            i: of the layer.
            h: its pre-activations.
        """
        if self.normed and not self.after:
            h = self.norms[i](h)
        h = self.f(h)
        if self.normed and self.after:
            h = self.norms[i](h)
        if self.training and self.dropout:
            kept = np.stack([g.random(h.shape[1:]) for g in self.draws])
            mask = torch.tensor(kept >= self.dropout) / (1 - self.dropout)
            h = h * mask.to(h.dtype).repeat(self.copies, 1, 1)
        return h

    def forward(
        self,
        x: Float[Tensor, "K B ..."],
        before: list[Tensor] | None = None,
        after: list[Tensor] | None = None,
    ) -> Float[Tensor, "K B C"]:
        """Give logits, in training with mixup those of mixed examples.

        Args:
            x: examples.
            before: a list for the pre-activations.
            after: a list for the activations.
        """
        self.mixed = None
        if self.training and self.mixup:
            x = self.mix(x.flatten(2))
        return super().forward(x, before, after)

    def mix(self, x: Float[Tensor, "K B D"]) -> Float[Tensor, "K B D"]:
        """Mix each example with another, and keep how.

        Args:
            x: examples.
        """
        a, B = self.mixup, x.shape[1]
        part = torch.tensor([g.beta(a, a) for g in self.draws], dtype=x.dtype)
        other = torch.tensor(np.stack([g.permutation(B) for g in self.draws]))
        part = part.repeat(self.copies)
        other = other.repeat(self.copies, 1)
        self.mixed = part, other
        rows = other[..., None].expand_as(x)
        c = part[:, None, None]
        return c * x + (1 - c) * x.gather(1, rows)


def training_loss(
    net: RegularizedMlp, smoothing: float = 0.0
) -> Callable[[Tensor, Tensor], Tensor]:
    """Make the loss that a net is trained with; judged, it is cross-entropy.

    Args:
        net: whose mixing the loss follows.
        smoothing: the probability that a label leaves to all classes.
    """

    def smoothed(
        logits: Float[Tensor, "K B C"], labels: Int[Tensor, "K B"]
    ) -> Float[Tensor, " K"]:
        log_p = logits.log_softmax(-1).mean((1, 2))
        return (1 - smoothing) * losses(logits, labels) - smoothing * log_p

    def loss(
        logits: Float[Tensor, "K B C"], labels: Int[Tensor, "K B"]
    ) -> Float[Tensor, " K"]:
        if not net.training:
            return losses(logits, labels)
        one = smoothed if smoothing else losses
        if net.mixed is None:
            return one(logits, labels)
        part, other = net.mixed
        second = one(logits, labels.gather(1, other))
        return part * one(logits, labels) + (1 - part) * second

    return loss
