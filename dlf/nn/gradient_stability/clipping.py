"""Clipping by layer and adaptive clipping, in place.

PyTorch has clipping by norm and by value, `torch.nn.utils.clip_grad_norm_` and
`clip_grad_value_`; these are the other two.
Source: Brock et al. (2021), equation 3, for adaptive clipping.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn


def adaptive_clip_grad_(
    parameters: Tensor | Iterable[Tensor],
    limit: float = 0.01,
    eps: float = 1e-3,
) -> None:
    """Clip each unit's gradient in proportion to its weights, in place.

    Args:
        parameters: whose ``grad`` is clipped; the first axis of a matrix or a
            kernel counts the units, and a vector is one. The paper leaves out
            the weights of the last linear layer.
        limit: of the gradient's norm over the weights', positive.
        eps: least norm that weights are taken to have, positive.

    Raises:
        ValueError: a setting is not positive.
    """
    if not (limit > 0 and eps > 0):
        raise ValueError(
            "adaptive_clip_grad_: `limit` and `eps` must be positive, because "
            f"they bound sizes; got {limit} and {eps}"
        )
    for w in [parameters] if isinstance(parameters, Tensor) else parameters:
        if w.grad is None:
            continue
        axes = tuple(range(1, w.ndim)) or None
        wide = torch.promote_types(w.dtype, torch.float32)  # half has no room
        size, g = (
            torch.linalg.vector_norm(a, dim=axes, keepdim=True, dtype=wide)
            for a in (w.detach(), w.grad)
        )
        allowed = limit * size.clamp(min=eps)
        factor = allowed / g.clamp(min=torch.finfo(wide).tiny)
        w.grad.copy_(w.grad * factor.clamp(max=1))


def clip_grad_by_layer_(
    parameters: Tensor | Iterable[Tensor], limit: float
) -> None:
    """Clip the norm of each array by itself, in place.

    Args:
        parameters: whose ``grad`` is clipped.
        limit: of each array's norm, positive.

    Raises:
        ValueError: the limit is not positive.
    """
    if not limit > 0:
        raise ValueError(
            "clip_grad_by_layer_: `limit` must be positive, because it bounds "
            f"a size; got {limit}"
        )
    for w in [parameters] if isinstance(parameters, Tensor) else parameters:
        nn.utils.clip_grad_norm_([w], limit)
