"""A slice of the loss surface around a net's weights, filter by filter.

    L(w + a d + b e),  rows of d and e as long as those of w they are added to

Without that normalization a net with larger weights looks flatter, though ReLU
nets may be rescaled layer by layer without changing what they compute.

Source: Li et al. (2018), Visualizing the loss landscape of neural nets,
equation 1 and section 4.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from dlf.nn.residual.nets import loss_of


def direction(net: nn.Module, generator: torch.Generator) -> list[Tensor]:
    """Draw a random direction, each row scaled to the row of the weights.

    Args:
        net: whose parameters say the shapes; biases and norms do not move.
        generator: source of the draws.
    """
    found = []
    for p in net.parameters():
        d = torch.randn(p.shape, generator=generator, dtype=p.dtype)
        if p.ndim > 1:
            rows = tuple(range(1, p.ndim))
            size = d.norm(dim=rows, keepdim=True)
            d *= p.detach().norm(dim=rows, keepdim=True) / size
        else:
            d.zero_()
        found.append(d)
    return found


@torch.no_grad()
def loss_slice(
    net: nn.Module,
    x: Tensor,
    y: Tensor,
    directions: Sequence[list[Tensor]],
    at: Sequence[float],
) -> np.ndarray:
    """Give the loss on a grid through the weights, which are put back.

    Args:
        net: trained.
        x: examples.
        y: their classes.
        directions: one or two, as `direction` draws them.
        at: steps along each.

    Raises:
        ValueError: not one or two directions.

    Returns:
        The losses, an axis for each direction.
    """
    if len(directions) not in (1, 2):
        raise ValueError(
            "loss_slice: `directions` must be one or two, because a picture "
            f"has no more; got {len(directions)}"
        )
    start = [p.detach().clone() for p in net.parameters()]
    found = np.empty((len(at),) * len(directions))
    for place in np.ndindex(found.shape):
        for i, p in enumerate(net.parameters()):
            p.copy_(start[i])
            for k, d in zip(place, directions, strict=True):
                p.add_(d[i], alpha=at[k])
        found[place] = loss_of(net, x, y)
    for p, s in zip(net.parameters(), start, strict=True):
        p.copy_(s)
    return found
