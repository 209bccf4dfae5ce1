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
    if not 0 <= strength < np.inf or not 0 <= l1_ratio <= 1:
        raise ValueError(
            "elastic_net: `strength` must not be negative nor infinite and "
            "`l1_ratio` lie in [0, 1], because it mixes; got "
            f"{strength} and {l1_ratio}"
        )
    a, b = float(strength * l1_ratio), float(strength * (1 - l1_ratio))
    w = w.copy()  # the caller may change its own before the pullback
    wide = w.astype(np.float64)
    total = a * np.abs(wide).sum() if a else 0.0
    total += b / 2 * (wide * wide).sum() if b else 0.0

    def vjp(dy: float = 1.0) -> Array:
        pull = a * np.sign(w) + b * w if b else a * np.sign(w)
        return float(dy) * pull

    return float(total), vjp


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
        ValueError: the threshold is negative, infinite or no single number.
    """
    sizes(soft_threshold, w)
    if np.ndim(threshold) or not 0 <= threshold < np.inf:
        raise ValueError(
            "soft_threshold: `threshold` must be a number, not negative nor "
            f"infinite, because it is what weights lose; got {threshold}"
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
        ValueError: the limit is not positive, or a weight infinite.

    >>> max_norm(np.array([[3.0, 4.0], [0.3, 0.4]]), 1.0)
    array([[0.6, 0.8],
           [0.3, 0.4]])
    """
    sizes(max_norm, w)
    check_positive("max_norm", "limit", limit, "it bounds a length")
    if np.isinf(w).any():
        raise ValueError(
            "max_norm: `w` must be finite, because what is infinitely long "
            f"has no direction; got {np.isinf(w).sum()} that are not"
        )
    wide = w.astype(np.float64)
    largest = np.abs(wide).max(axis=1, keepdims=True, initial=0.0)
    largest[largest == 0] = 1
    scaled = wide / largest  # so that squares neither overflow nor vanish
    length = np.sqrt((scaled * scaled).sum(axis=1, keepdims=True))
    with np.errstate(over="ignore", invalid="ignore"):  # of rows not taken
        longer = length > limit / largest
        shortened = limit / np.maximum(length, 1) * scaled
        return np.where(longer, shortened.astype(w.dtype), w)
