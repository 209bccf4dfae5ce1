"""Penalties on weights: L1, L2, elastic net, and what enforces them.

    L1            λ Σ|w|                  subgradient λ sign(w)
    L2            λ/2 Σ w²                gradient λ w
    elastic net   λ (a Σ|w| + (1 - a)/2 Σ w²)            (regularization.4)
    soft threshold  argmin_u (u - w)²/2 + t|u| = sign(w) max(|w| - t, 0)
                                                         (regularization.3)
    max-norm      w min(1, c / ‖w‖), row by row          (regularization.8)

A subgradient step almost never makes a weight zero; the soft threshold, which
solves the penalized problem exactly, does.
Source: Tibshirani (1996); Zou & Hastie (2005), equation 3; Parikh & Boyd
(2014), Proximal algorithms, 6.5.2; Srivastava et al. (2014), 5.1.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive
from dlf.scratch.shapes import sizes

Array = np.ndarray


def elastic_net(
    w: Float[Array, "O I"], strength: float = 1.0, l1_ratio: float = 0.5
) -> tuple[float, Callable]:
    """Elastic net: a mix of L1 and L2 penalty (regularization.4).

    Args:
        w: weights.
        strength: λ, not negative.
        l1_ratio: a, in [0, 1]: 1 is L1, 0 is L2.

    Returns:
        The penalty, and ``vjp(dy=1.0) -> dw``, a subgradient that is 0 where a
        weight is 0.

    Raises:
        ValueError: a setting is out of its range.
    """
    sizes(elastic_net, w)
    if not strength >= 0 or not 0 <= l1_ratio <= 1:
        raise ValueError(
            "elastic_net: `strength` must not be negative and `l1_ratio` lie "
            f"in [0, 1], because it mixes; got {strength} and {l1_ratio}"
        )
    a, b = float(strength * l1_ratio), float(strength * (1 - l1_ratio))
    wide = w.astype(np.float64)
    absolute, squares = np.abs(wide).sum(), (wide * wide).sum()

    def vjp(dy: float = 1.0) -> Array:
        return float(dy) * (a * np.sign(w) + b * w)

    return float(a * absolute + b / 2 * squares), vjp


def soft_threshold(
    w: Float[Array, "*B"], threshold: float
) -> tuple[Float[Array, "*B"], Callable]:
    """Soft threshold: shrink by a constant, and to zero what is smaller.

    Args:
        w: any numbers.
        threshold: t, not negative.

    Returns:
        The numbers (regularization.3), and ``vjp(dy) -> dw``.

    Raises:
        ValueError: the threshold is negative.
    """
    sizes(soft_threshold, w)
    if not threshold >= 0:
        raise ValueError(
            "soft_threshold: `threshold` must not be negative, because it is "
            f"what weights lose; got {threshold}"
        )
    t = float(threshold)
    beyond = ~(np.abs(w) <= t)  # so that NaN is handed on

    def vjp(dy: Float[Array, "*B"]) -> Array:
        return np.where(beyond, dy, 0)

    shrunk = w - np.clip(w, -t, t)
    return shrunk, vjp


def max_norm(w: Float[Array, "O I"], limit: float) -> Float[Array, "O I"]:
    """Max-norm constraint: shorten rows longer than the limit.

    Args:
        w: weights, a row a unit.
        limit: of a row's norm, positive.

    Raises:
        ValueError: the limit is not positive.

    >>> max_norm(np.array([[3.0, 4.0], [0.3, 0.4]]), 1.0)
    array([[0.6, 0.8],
           [0.3, 0.4]])
    """
    sizes(max_norm, w)
    check_positive("max_norm", "limit", limit, "it bounds a length")
    wide = w.astype(np.float64)
    length = np.sqrt((wide * wide).sum(axis=1, keepdims=True))
    factor = np.where(
        length > limit, float(limit) / np.maximum(length, 1e-300), 1
    )
    return w * factor.astype(w.dtype)
