"""An operation with a backward pass of its own, and one that lies about it."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor


class _CrossEntropy(torch.autograd.Function):
    """Forward keeps the shares; backward is prediction minus truth."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, labels: Tensor) -> Tensor:
        log_p = torch.log_softmax(logits, dim=-1)
        ctx.save_for_backward(log_p, labels)
        return -log_p.gather(-1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None]:
        log_p, labels = ctx.saved_tensors
        delta = log_p.exp()
        delta[torch.arange(len(labels)), labels] -= 1
        return delta * (dy / len(labels)), None


def cross_entropy(
    logits: Float[Tensor, "N C"], labels: Int[Tensor, " N"]
) -> Float[Tensor, ""]:
    """Average surprise, with (backpropagation.3) as its backward pass."""
    return _CrossEntropy.apply(logits, labels)


def round_straight_through(x: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """Round forward; backward, pretend that nothing was done.

    The true slope of rounding is zero almost everywhere and teaches nothing.
    Source: Bengio, Leonard & Courville (2013), arXiv:1308.3432.
    """
    return x + (x.round() - x).detach()
