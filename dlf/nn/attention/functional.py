"""Attention and positions as functions of tensors.

`attention` is written out, so that its weights can be seen; for speed use
`torch.nn.functional.scaled_dot_product_attention`, which computes the same.

Source: Vaswani et al. (2017), equation 1 and section 3.5; Su et al. (2021).
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from dlf.nn.shapes import sizes


def attention(
    q: Float[Tensor, "*B T D"],
    k: Float[Tensor, "*B S D"],
    v: Float[Tensor, "*B S V"],
    mask: Tensor | None = None,
    scale: float | None = None,
) -> Float[Tensor, "*B T V"]:
    """Take the mean of the values that a query's softmax weighs.

    Args:
        q: queries, T D behind any leading axes.
        k: keys, S D.
        v: values, S V.
        mask: booleans, True where a query may look; or numbers to be added.
        scale: of the dot products; 1 / √D if None.
    """
    sizes(attention, q, k, v)
    return attention_weights(q, k, mask, scale) @ v


def attention_weights(
    q: Tensor,
    k: Tensor,
    mask: Tensor | None = None,
    scale: float | None = None,
) -> Tensor:
    """Give the weights, T S; zeros for a query that may look nowhere.

    Args:
        q: queries.
        k: keys.
        mask: see `attention`.
        scale: see `attention`.
    """
    factor = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scores = factor * q @ k.transpose(-1, -2)
    if mask is None:
        return scores.softmax(-1)
    if mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -math.inf)
    else:
        scores = scores + mask
    nowhere = (scores == -math.inf).all(-1, keepdim=True)
    weights = scores.masked_fill(nowhere, 0.0).softmax(-1)
    return weights.masked_fill(nowhere, 0.0)


def causal_mask(queries: int, keys: int | None = None) -> Tensor:
    """Let each place see itself and earlier ones; the last sees all keys.

    Args:
        queries: how many.
        keys: how many; as many if None.
    """
    keys = queries if keys is None else keys
    seen = torch.ones(queries, keys, dtype=torch.bool)
    return seen.tril(keys - queries)


def sinusoidal(
    positions: Float[Tensor, " T"], width: int = 2, base: float = 10_000.0
) -> Float[Tensor, "T D"]:
    """Encode places by sines and cosines, neighbors in a row.

    Args:
        positions: of the places.
        width: of a row, even.
        base: of the frequencies.
    """
    sizes(sinusoidal, positions)
    w = base ** -(torch.arange(0, width, 2).to(positions) / width)
    angle = positions[:, None] * w
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(-2)


def rope(
    x: Float[Tensor, "*B T D"],
    positions: Float[Tensor, " T"],
    base: float = 10_000.0,
) -> Float[Tensor, "*B T D"]:
    """Rotate pairs of neighbors by angles that grow with the place.

    Args:
        x: queries or keys, T D behind any leading axes.
        positions: of the places.
        base: of the frequencies.
    """
    sizes(rope, x, positions)
    D = x.shape[-1]
    w = base ** -(torch.arange(0, D, 2).to(positions) / D)
    angle = positions[:, None] * w
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    even, odd = x.unflatten(-1, (-1, 2)).unbind(-1)
    turned = even * cos - odd * sin, even * sin + odd * cos
    return torch.stack(turned, -1).flatten(-2)
