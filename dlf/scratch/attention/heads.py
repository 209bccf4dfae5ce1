"""Multi-head attention: several attentions side by side.

    head_h = attention(x Wq_hᵀ, z Wk_hᵀ, z Wv_hᵀ)
    y = [head_1, …, head_H] Woᵀ                                    (attention.6)

x gives the queries, z keys and values: x itself in self-attention, the
encoder's rows in cross-attention. Keys and values may have fewer heads than
queries; then several heads of queries have one in common: grouped-query
attention, and multi-query attention if there is one. A head's width follows
from the weights and need not be D / H.

Source: Vaswani et al. (2017), section 3.2.2; Shazeer (2019); Ainslie et al.
(2023).
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Float

from dlf.scratch.attention.dot_product import attention
from dlf.scratch.attention.positions import rope
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray
Mask = Bool[Array, "... S"] | Float[Array, "... S"]


def multi_head_attention(
    x: Float[Array, "N T D"],
    z: Float[Array, "N S E"],
    wq: Float[Array, "Q D"],
    wk: Float[Array, "K E"],
    wv: Float[Array, "V E"],
    wo: Float[Array, "O P"],
    mask: Mask | None = None,
    heads: int = 1,
    groups: int | None = None,
    rotary: bool = False,
) -> tuple[Float[Array, "N T O"], Callable]:
    """Attend in several heads and mix what they found (attention.6).

    Args:
        x: rows that ask.
        z: rows that are asked; ``x`` itself in self-attention.
        wq: of the queries, all heads' rows below each other.
        wk: of the keys.
        wv: of the values.
        wo: mixes the heads.
        mask: T S; or N 1 T S, or N 1 1 S, for one a sequence; or H T S.
        heads: of queries, H.
        groups: heads of keys and of values, of which ``heads`` is a multiple;
            as many if None.
        rotary: rotate queries and keys by their places; the last query stands
            at the last key.

    Returns:
        Mixed rows, and ``vjp(dy) -> (dx, dz, dwq, dwk, dwv, dwo)``. In
        self-attention add the first two.

    Raises:
        ValueError: shapes do not fit, or heads do not divide them.
    """
    N, T, _, S, *_ = sizes(multi_head_attention, x, z, wq, wk, wv, wo)
    groups = heads if groups is None else groups
    check_heads(wq, wk, wv, wo, heads, groups)
    mask = spread("multi_head_attention", mask, (N, heads, T, S))
    if rotary and T > S:
        raise ValueError(
            "multi_head_attention: `x` must have no more rows than `z` if "
            "`rotary`, because the last query stands at the last key; got "
            f"{T} and {S}"
        )
    q, k, v = (
        split(rows @ w.T, H)
        for rows, w, H in ((x, wq, heads), (z, wk, groups), (z, wv, groups))
    )
    places = np.arange(S, dtype=np.float64)
    back_q = back_k = lambda dy: dy
    if rotary:
        q, back_q = rope(q, places[S - T :])
        k, back_k = rope(k, places)
    each = heads // groups
    k, v = (np.repeat(a, each, axis=1) for a in (k, v))
    mixed, pull = attention(q, k, v, mask)
    rows = joined(mixed)

    def vjp(dy: Float[Array, "N T O"]) -> tuple[Array, ...]:
        if dy.shape != (N, T, len(wo)):
            check_cotangent(multi_head_attention, dy, rows @ wo.T)
        dq, dk, dv = pull(split(dy @ wo, heads))
        dk, dv = (summed_over_groups(a, groups) for a in (dk, dv))
        dq, dk, dv = (joined(a) for a in (back_q(dq), back_k(dk), dv))
        dwq, dwk, dwv, dwo = (
            flat(a).T @ flat(b)
            for a, b in ((dq, x), (dk, z), (dv, z), (dy, rows))
        )
        return dq @ wq, dk @ wk + dv @ wv, dwq, dwk, dwv, dwo

    return rows @ wo.T, vjp


def spread(
    name: str, mask: Mask | None, shape: tuple[int, int, int, int]
) -> Mask | None:
    """Give each sequence and head its mask.

    Args:
        name: of the operation, for errors.
        mask: see `multi_head_attention`.
        shape: sequences, heads, queries, keys.

    Raises:
        ValueError: the mask's shape is none of those.
    """
    if mask is None or mask.ndim == 2:
        return mask
    N, H, T, S = shape
    fits = (
        mask.shape == (H, T, S)
        if mask.ndim == 3
        else (
            mask.ndim == 4
            and all(m in (1, n) for m, n in zip(mask.shape, shape, strict=True))
        )
    )
    if not fits:
        raise ValueError(
            f"{name}: `mask` must have shape {(T, S)}, {(H, T, S)} or "
            f"{(N, 1, T, S)}, where the last may have 1 for T, because it "
            f"says for each query which keys it sees; got {mask.shape}"
        )
    return np.broadcast_to(mask, shape)


def split(x: Float[Array, "N T C"], heads: int) -> Float[Array, "N H T d"]:
    """Cut features into heads, and put the heads before the places.

    Args:
        x: rows of all heads.
        heads: how many.
    """
    N, T, C = x.shape
    return x.reshape(N, T, heads, C // heads).transpose(0, 2, 1, 3)


def joined(x: Float[Array, "N H T d"]) -> Float[Array, "N T C"]:
    """Put the heads of each place side by side again.

    Args:
        x: as `split` gives them.
    """
    N, H, T, d = x.shape
    return x.transpose(0, 2, 1, 3).reshape(N, T, H * d)


def summed_over_groups(dx: Float[Array, "N H T d"], groups: int) -> Array:
    """Add up the cotangents of heads that have keys in common.

    Args:
        dx: of all heads.
        groups: heads of keys.
    """
    N, H, T, d = dx.shape
    if groups == H:
        return dx
    return dx.reshape(N, groups, H // groups, T, d).sum(axis=2)


def flat(x: Float[Array, "N T C"]) -> Float[Array, "M C"]:
    """Write all places of all sequences below each other.

    Args:
        x: rows.
    """
    return x.reshape(-1, x.shape[-1])


def check_heads(
    wq: Array, wk: Array, wv: Array, wo: Array, heads: int, groups: int
) -> None:
    """Refuse heads that do not divide the weights.

    Args:
        wq: of the queries.
        wk: of the keys.
        wv: of the values.
        wo: of the mixing.
        heads: of queries.
        groups: of keys.

    Raises:
        ValueError: naming the argument that does not fit.
    """
    name = "multi_head_attention"
    if groups < 1 or heads < 1 or heads % groups:
        raise ValueError(
            f"{name}: `heads` must be a multiple of `groups`, because each "
            f"group has as many; got {heads} and {groups}"
        )
    for argument, w, count in (("wq", wq, heads), ("wk", wk, groups),
                               ("wv", wv, groups)):  # fmt: skip
        if len(w) % count:
            raise ValueError(
                f"{name}: `{argument}` must have rows for {count} heads, "
                f"because each gets as many; got {len(w)}"
            )
    if len(wq) // heads != len(wk) // groups:
        raise ValueError(
            f"{name}: `wk` must make keys as wide as queries, because they are "
            f"multiplied; got {len(wk) // groups} and {len(wq) // heads}"
        )
    if wo.shape[1] != len(wv) // groups * heads:
        raise ValueError(
            f"{name}: `wo` must have {len(wv) // groups * heads} columns, "
            f"because so many values come; got {wo.shape[1]}"
        )
