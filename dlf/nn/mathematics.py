"""The same tools as PyTorch users write them."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dlf.nn.shapes import sizes


def entropy(p: Float[Tensor, "*B C"]) -> Float[Tensor, "*B"]:
    """Compute the entropy of p, in nats.

    Args:
        p: probabilities, which sum to 1 over the last axis.
    """
    return torch.special.entr(p).sum(-1)


def cross_entropy(
    p: Float[Tensor, "*B C"], q: Float[Tensor, "*B C"]
) -> Float[Tensor, "*B"]:
    """Compute the cross-entropy of q under p, in nats.

    Args:
        p: probabilities of what is drawn.
        q: probabilities that a code or a model assumes.
    """
    sizes(cross_entropy, p, q)
    return -torch.special.xlogy(p, q).sum(-1)


def low_rank(layer: nn.Linear, rank: int) -> nn.Sequential:
    """Replace a layer by two of low rank (mathematics.5).

    Args:
        layer: a trained layer; it is left alone.
        rank: width between the two, in 1..min(inputs, outputs).

    Returns:
        Layers that hold rank (inputs + outputs) weights, and the old bias.
    """
    if not 1 <= rank <= min(layer.weight.shape):
        raise ValueError(
            f"low_rank: `rank` must lie in 1..{min(layer.weight.shape)}, "
            f"because the weights have shape {tuple(layer.weight.shape)}; "
            f"got {rank}"
        )
    w = layer.weight.detach()
    u, s, vt = torch.linalg.svd(w, full_matrices=False)
    down = nn.Linear(layer.in_features, rank, bias=False)
    up = nn.Linear(rank, layer.out_features, bias=layer.bias is not None)
    down, up = down.to(w), up.to(w)
    with torch.no_grad():
        down.weight.copy_(vt[:rank])
        up.weight.copy_(u[:, :rank] * s[:rank])
        if layer.bias is not None:
            up.bias.copy_(layer.bias)
    return nn.Sequential(down, up)
