"""Losses that compare one distance with another: triplet and InfoNCE.

    max(0, |a - p|^2 - |a - n|^2 + m)                                (losses.15)
    -log softmax(a B^T / t)_n  at row n, with rows of length 1       (losses.16)

Each is averaged over rows, and each is 0, or nearly, once the lead is large
enough.
Source: Schroff, Kalenichenko & Philbin (2015), FaceNet, eq. 3, (losses.15);
van den Oord, Li & Vinyals (2018), Representation Learning with Contrastive
Predictive Coding, eq. 4, (losses.16).
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive, entries
from dlf.scratch.losses.classification import cross_entropy
from dlf.scratch.mathematics.numerics import norm
from dlf.scratch.shapes import sizes

Array = np.ndarray


def triplet(
    anchor: Float[Array, "N D"],
    positive: Float[Array, "N D"],
    negative: Float[Array, "N D"],
    margin: float = 1.0,
) -> tuple[float, Callable]:
    """Compute triplet loss: squared distances against a margin (losses.15).

    Args:
        anchor: points, a row an example.
        positive: points that belong near them.
        negative: points that belong farther off.
        margin: by how much farther, in squared distance.

    Returns:
        The loss, and ``vjp(dy=1.0) -> (danchor, dpositive, dnegative)``.

    Raises:
        ValueError: there is no triplet, or ``margin`` is not positive.
    """
    N, _ = sizes(triplet, anchor, positive, negative)
    entries(triplet, anchor=anchor)
    why = "without one all points may fall together"
    check_positive("triplet", "margin", margin, why)
    margin = float(margin)  # a NumPy scalar would impose its type
    near, far = anchor - positive, anchor - negative
    lack = (near * near).sum(-1) - (far * far).sum(-1) + margin

    def vjp(dy: float = 1.0) -> tuple:
        share = np.where(lack > 0, 2.0 * float(dy) / N, 0.0).astype(near.dtype)[
            :, None
        ]
        return share * (near - far), -share * near, share * far

    return float(np.maximum(lack, 0.0).mean()), vjp


def info_nce(
    a: Float[Array, "N D"], b: Float[Array, "N D"], temperature: float = 0.1
) -> tuple[float, Callable]:
    """Compute InfoNCE: cross-entropy of matching rows of a and b (losses.16).

    Args:
        a: vectors of any length but 0, a row an example.
        b: their partners; the other rows are the rivals.
        temperature: scales the cosines, positive.

    Returns:
        The loss in nats, and ``vjp(dy=1.0) -> (da, db)``.

    Raises:
        ValueError: there is no row, or ``temperature`` is not positive.
    """
    N, _ = sizes(info_nce, a, b)
    entries(info_nce, a=a)
    why = "it divides the cosines"
    check_positive("info_nce", "temperature", temperature, why)
    temperature = float(temperature)  # a NumPy scalar would impose its type
    u, pull_u = _normalized(a)
    v, pull_v = _normalized(b)
    loss, pull = cross_entropy(u @ v.T / temperature, np.arange(N))

    def vjp(dy: float = 1.0) -> tuple:
        d = pull(dy) / temperature
        return pull_u(d @ v), pull_v(d.T @ u)

    return loss, vjp


def _normalized(x: Array) -> tuple[Array, Callable]:
    """Scale rows to length 1; a row of zeros stays."""
    tiny = max(1e-12, float(np.finfo(x.dtype).tiny))
    length = np.maximum(norm(x)[0][:, None], tiny)
    u = x / length

    def vjp(du: Array) -> Array:
        return (du - u * (u * du).sum(axis=-1, keepdims=True)) / length

    return u, vjp
