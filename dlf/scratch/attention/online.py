"""Attention a block of keys at a time: online softmax, as in FlashAttention.

    m' = max(m, max s),  l' = exp(m - m') l + sum exp(s - m'),
    o' = exp(m - m') o + exp(s - m') v                            (attention.14)

over the blocks, and y = o / l at the end. No more than T x block scores exist
at a time. For the way back y and L = m + log l are kept, from which the scores'
weights are computed again, block by block, p = exp(s - L).

Source: Milakov & Gimelshein (2018); Dao et al. (2022), algorithms 1 and 4.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.attention.dot_product import Mask, check_mask
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def attention_online(
    q: Float[Array, "*B T D"],
    k: Float[Array, "*B S D"],
    v: Float[Array, "*B S V"],
    mask: Mask | None = None,
    block: int = 64,
) -> tuple[Float[Array, "*B T V"], Callable]:
    """Attend block by block, without all scores at once (attention.14).

    Args:
        q: queries.
        k: keys.
        v: values.
        mask: see `dlf.scratch.attention.dot_product.attention`.
        block: keys at a time.

    Returns:
        A row for each query, and ``vjp(dy) -> (dq, dk, dv)``.

    Raises:
        ValueError: shapes do not fit, or a block is empty.
    """
    T, D, S, _ = sizes(attention_online, q, k, v)
    check_mask("attention_online", mask, q.shape[:-2], T, S)
    if block < 1:
        raise ValueError(
            "attention_online: `block` must be at least 1, because a block "
            f"holds keys; got {block}"
        )
    small = q / math.sqrt(max(D, 1))
    parts = [slice(at, at + block) for at in range(0, S, block)]
    top = np.full(q.shape[:-1], -math.inf, q.dtype)
    total = np.zeros_like(top)
    out = np.zeros((*q.shape[:-1], v.shape[-1]), v.dtype)
    for part in parts:
        s = scores(small, k, mask, part)
        higher = np.maximum(top, s.max(axis=-1))
        finite = np.where(higher == -math.inf, 0, higher)
        e = np.exp(s - finite[..., None])
        correct = np.exp(top - finite)
        total = correct * total + e.sum(axis=-1)
        out = correct[..., None] * out + e @ v[..., part, :]
        top = higher
    total = np.where(total == 0, 1, total)
    y = out / total[..., None]
    level = np.where(top == -math.inf, 0, top) + np.log(total)

    def vjp(dy: Float[Array, "*B T V"]) -> tuple[Array, Array, Array]:
        check_cotangent(attention_online, dy, y)
        delta = np.vecdot(dy, y)[..., None]
        dq, dk, dv = (np.zeros_like(a) for a in (q, k, v))
        for part in parts:
            p = np.exp(scores(small, k, mask, part) - level[..., None])
            ds = p * (dy @ v[..., part, :].swapaxes(-1, -2) - delta)
            dq += ds @ k[..., part, :]
            dk[..., part, :] = ds.swapaxes(-1, -2) @ small
            dv[..., part, :] = p.swapaxes(-1, -2) @ dy
        return dq / math.sqrt(max(D, 1)), dk, dv

    return y, vjp


def scores(
    q: Float[Array, "*B T D"],
    k: Float[Array, "*B S D"],
    mask: Mask | None,
    part: slice,
) -> Float[Array, "*B T P"]:
    """Give the scores of some keys, -inf where a query may not look.

    Args:
        q: queries, scaled.
        k: all keys.
        mask: of all keys.
        part: which keys.
    """
    s = q @ k[..., part, :].swapaxes(-1, -2)
    if mask is None:
        return s
    seen = mask[..., part]
    if seen.dtype == bool:
        return np.where(seen, s, -math.inf).astype(s.dtype)
    return s + seen.astype(s.dtype)
