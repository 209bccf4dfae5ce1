"""Masks: which keys a query may look at. True allows.

PyTorch's `scaled_dot_product_attention` reads booleans in this way; its
`nn.MultiheadAttention` reads them the other way, True forbids.

Source: Vaswani et al. (2017), section 3.2.3; Beltagy, Peters & Cohan (2020),
figure 2, for the window; Press, Smith & Lewis (2022), section 3, for ALiBi.
"""

import numpy as np
from jaxtyping import Bool, Float, Int

Array = np.ndarray


def causal_mask(queries: int, keys: int | None = None) -> Bool[Array, "T S"]:
    """Let each place see itself and what came before.

    The last query stands at the last key: with a cache there are more keys
    than queries, and the corner lies at the bottom right.

    Args:
        queries: how many, T.
        keys: how many, S; as many if None.

    Raises:
        ValueError: there are more queries than keys.

    >>> causal_mask(2, 3).astype(int)
    array([[1, 1, 0],
           [1, 1, 1]])
    """
    keys = queries if keys is None else keys
    if not 0 <= queries <= keys:
        raise ValueError(
            "causal_mask: `keys` must be no fewer than queries, because every "
            f"query has a key of its own; got {queries} queries, {keys} keys"
        )
    return np.tri(queries, keys, keys - queries, dtype=bool)


def window_mask(
    queries: int, keys: int | None = None, width: int = 1
) -> Bool[Array, "T S"]:
    """Let each place see itself and the ``width - 1`` before it.

    Args:
        queries: how many, T.
        keys: how many, S; as many if None.
        width: places seen.

    Raises:
        ValueError: a place would not see itself.

    >>> window_mask(3, width=2).astype(int)
    array([[1, 0, 0],
           [1, 1, 0],
           [0, 1, 1]])
    """
    if width < 1:
        raise ValueError(
            "window_mask: `width` must be at least 1, because a place sees "
            f"itself; got {width}"
        )
    seen = causal_mask(queries, keys)
    apart = seen.shape[1] - queries - width
    return seen & ~np.tri(queries, seen.shape[1], apart, dtype=bool)


def padding_mask(
    lengths: Int[Array, " N"], keys: int
) -> Bool[Array, "N 1 1 keys"]:
    """Hide what lies behind the end of each sequence, for all heads, queries.

    Args:
        lengths: real places of each sequence of the batch.
        keys: places of the longest, S.

    Raises:
        ValueError: a length is negative or beyond ``keys``.

    >>> padding_mask(np.array([1, 2]), 3).astype(int).tolist()
    [[[[1, 0, 0]]], [[[1, 1, 0]]]]
    """
    lengths = np.asarray(lengths)
    if lengths.size and not 0 <= lengths.min() <= lengths.max() <= keys:
        raise ValueError(
            f"padding_mask: `lengths` must lie in 0..{keys}, because there are "
            f"{keys} places; got {lengths}"
        )
    return (np.arange(keys) < lengths[:, None])[:, None, None]


def prefix_mask(prefix: int, places: int) -> Bool[Array, "T T"]:
    """Let all see the prefix, and what follows see what came before it.

    Args:
        prefix: places that see each other both ways.
        places: in all.

    Raises:
        ValueError: the prefix is longer than the sequence.

    >>> prefix_mask(2, 3).astype(int)
    array([[1, 1, 0],
           [1, 1, 0],
           [1, 1, 1]])
    """
    if not 0 <= prefix <= places:
        raise ValueError(
            "prefix_mask: `prefix` must be no longer than the sequence; got "
            f"{prefix} of {places}"
        )
    return causal_mask(places) | (np.arange(places) < prefix)


def alibi(
    heads: int, queries: int, keys: int | None = None
) -> Float[Array, "H T S"]:
    """Lower the scores of keys by their distance, and forbid those ahead.

    The slopes of the heads are a geometric sequence from 2^(-8/H) to 2^-8, as
    the paper has them for powers of two; for other numbers of heads its code
    interleaves two sequences, and weights trained with it need those.

    Args:
        heads: how many, H.
        queries: how many, T.
        keys: how many, S; as many if None.

    Raises:
        ValueError: there is no head.

    >>> alibi(1, 2)[0].tolist()
    [[0.0, -inf], [-0.00390625, 0.0]]
    """
    if heads < 1 or heads != int(heads):
        raise ValueError(
            "alibi: `heads` must be a whole number, at least 1, because each "
            f"has a slope; got {heads}"
        )
    seen = causal_mask(queries, keys)
    places = np.arange(seen.shape[1])
    back = places[len(places) - queries :, None] - places
    slopes = 2.0 ** (-8 * np.arange(1, heads + 1) / heads)
    bias = -slopes[:, None, None] * back
    return np.where(seen, bias, -np.inf) + 0.0
