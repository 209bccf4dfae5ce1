"""An operation with a backward pass of its own, and one that lies about it."""

from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from dlf.nn.shapes import sizes


class _CrossEntropy(torch.autograd.Function):
    """Backward is prediction minus truth, which can be differentiated again."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, labels: Tensor) -> Tensor:
        ctx.save_for_backward(logits, labels)
        log_p = torch.log_softmax(logits, dim=-1)
        return -log_p.gather(-1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None]:
        logits, labels = ctx.saved_tensors
        truth = F.one_hot(labels.long(), logits.shape[-1])
        delta = torch.softmax(logits, dim=-1) - truth
        return delta * (dy / len(labels)), None


def cross_entropy(
    logits: Float[Tensor, "N C"], labels: Int[Tensor, " N"]
) -> Float[Tensor, ""]:
    """Compute cross-entropy with (backpropagation.3) as its backward pass.

    Args:
        logits: scores, classes last.
        labels: classes.
    """
    sizes(cross_entropy, logits, labels)
    return _CrossEntropy.apply(logits, labels)


def round_straight_through(x: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """Round forward; backward, pretend that nothing was done.

    The true derivative is zero almost everywhere and teaches nothing.

    Args:
        x: any numbers.

    Source: Bengio, Leonard & Courville (2013), arXiv:1308.3432.
    """
    return x + (x.round() - x).detach()
