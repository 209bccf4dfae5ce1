"""Scaled dot-product attention: each query takes a mean of the values.

    y_t = sum over s of p_ts v_s,   p_t = softmax(q_t . k_s / √D)  (attention.1)
    dv = pᵀ dy,   dp = dy vᵀ,   ds = p (dp - dy . y)               (attention.3)

and from ds, q and k get their cotangents as from any product. Scores stand
with the keys first, S T: sums over keys then run over whole rows, which NumPy
does fastest. p is never written out: what is kept are e = exp(s - max s) and
its sums, and y and the cotangents are divided by these, which are fewer.
A query that may look nowhere gets zeros, and gives none back.

Source: Vaswani et al. (2017), equation 1; Dao et al. (2022), appendix B.2, for
the backward pass.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Float

from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray
Mask = Bool[Array, "*M T S"] | Float[Array, "*M T S"]


def attention(
    q: Float[Array, "*B T D"],
    k: Float[Array, "*B S D"],
    v: Float[Array, "*B S V"],
    mask: Mask | None = None,
    scale: float | None = None,
) -> tuple[Float[Array, "*B T V"], Callable]:
    """Take the mean of the values that a query's softmax weighs (attention.1).

    Args:
        q: queries.
        k: keys, as wide as queries.
        v: values, a row a key, of any width.
        mask: T S, or with the leading axes of ``q`` before it. Booleans say
            which keys a query may look at; numbers are added to the scores,
            -inf to forbid. None allows all.
        scale: of the dot products; 1 / √D if None.

    Returns:
        A row for each query, and ``vjp(dy) -> (dq, dk, dv)``.

    Raises:
        ValueError: shapes do not fit.
    """
    T, D, S, _ = sizes(attention, q, k, v)
    lead = np.broadcast_shapes(q.shape[:-2])
    check_mask("attention", mask, lead, T, S)
    factor = 1 / math.sqrt(max(D, 1)) if scale is None else float(scale)
    small = q * factor
    e, total = exponentials(k @ small.swapaxes(-1, -2), mask)
    y = (e.swapaxes(-1, -2) @ v) / total[..., None]

    def vjp(dy: Float[Array, "*B T V"]) -> tuple[Array, Array, Array]:
        check_cotangent(attention, dy, y)
        part = dy / total[..., None]
        ds = v @ part.swapaxes(-1, -2)
        ds -= np.vecdot(part, y)[..., None, :]
        ds *= e
        dq = ds.swapaxes(-1, -2) @ k
        dq *= factor
        return dq, ds @ small, e @ part

    return y, vjp


def weights(
    q: Float[Array, "*B T D"],
    k: Float[Array, "*B S D"],
    mask: Mask | None = None,
    scale: float | None = None,
) -> Float[Array, "*B T S"]:
    """Give the weights alone, to look at: each row sums to 1, or to 0.

    Args:
        q: queries.
        k: keys.
        mask: see `attention`.
        scale: see `attention`.
    """
    T, D, S = sizes(weights, q, k)
    check_mask("weights", mask, q.shape[:-2], T, S)
    factor = 1 / math.sqrt(max(D, 1)) if scale is None else float(scale)
    e, total = exponentials(k @ (q * factor).swapaxes(-1, -2), mask)
    return (e / total[..., None, :]).swapaxes(-1, -2)


def exponentials(scores: Array, mask: Mask | None) -> tuple[Array, Array]:
    """Overwrite scores by exp(score - the query's largest); give their sums.

    Args:
        scores: with the keys first, S T.
        mask: see `attention`.

    Returns:
        The exponentials, and the sum of each query's, or 1 where it may look
        nowhere.
    """
    if mask is not None:
        turned = mask.swapaxes(-1, -2)
        if turned.dtype == bool:
            np.copyto(scores, -math.inf, where=~turned)
        else:
            scores += turned.astype(scores.dtype)
    # fmax takes a fifth of max's time along rows; any NaN stays in the scores
    top = np.fmax.reduce(scores, axis=-2, keepdims=True, initial=-math.inf)
    top[top == -math.inf] = 0
    scores -= top
    e = np.exp(scores, out=scores)
    total = e.sum(axis=-2)
    total[total == 0] = 1
    return e, total


def check_mask(
    operation: str, mask: Mask | None, lead: tuple[int, ...], T: int, S: int
) -> None:
    """Refuse a mask of other numbers or another shape than T S.

    One for each leading index may come, too. Integers are refused because 0 and
    1 could be meant as no and yes, or as numbers to be added.

    Args:
        operation: its name, for errors.
        mask: what came.
        lead: leading sizes of the queries.
        T: queries.
        S: keys.

    Raises:
        ValueError: naming both shapes, or the kind of its entries.
    """
    if mask is None:
        return
    if np.asarray(mask).dtype.kind not in "bf":
        raise ValueError(
            f"{operation}: `mask` must be of booleans, or of floating-point "
            "numbers to be added, because 0 and 1 could mean either; got "
            f"{np.asarray(mask).dtype}"
        )
    if mask.shape == (T, S):
        return
    try:
        if mask.shape[-2:] == (T, S) and mask.ndim == len(lead) + 2:
            np.broadcast_to(mask, (*lead, T, S))
            return
    except ValueError:
        pass
    raise ValueError(
        f"{operation}: `mask` must have shape {(T, S)} or {(*lead, T, S)}, "
        f"because it says for each query which keys it sees; got {mask.shape}"
    )
