"""Mean and variance over some axes, and what is left when they are divided out.

    x̂ = (x - m) / √(v + eps)                                 (normalization.3)
    dx = (p - mean p - x̂ mean(p x̂)) / √(v + eps)             (normalization.5)

Means are added in float64, and float16 is computed in float32, where squares
do not overflow. The mean of what rounding left of the mean is subtracted too.
Source: Ioffe & Szegedy (2015), algorithm 1 and the equations after it.
"""

from collections.abc import Callable

import numpy as np

Array = np.ndarray
FINITE = "it keeps the quotient finite where nothing varies"


def mean(x: Array, axes: tuple[int, ...]) -> Array:
    """Mean over some axes, which stay with length 1; added in float64.

    Args:
        x: any array with an entry.
        axes: over which.
    """
    total = x.mean(axis=axes, keepdims=True, dtype=np.float64)
    return total.astype(x.dtype)


def widened(x: Array) -> Array:
    """Give float16 as float32, since squares of it overflow at 256.

    Args:
        x: any array.
    """
    return x.astype(np.promote_types(x.dtype, np.float32), copy=False)


def normalize(
    x: Array, axes: tuple[int, ...], eps: float
) -> tuple[Array, Callable]:
    """Subtract the mean and divide by the standard deviation over some axes.

    Args:
        x: numbers, with an entry along every axis.
        axes: over which mean and variance are taken.
        eps: added to the variance.

    Returns:
        x̂, of float16 in float32, and its pullback (normalization.5).
    """
    x = widened(x)
    centered = x - mean(x, axes)
    centered = centered - mean(centered, axes)  # what rounding left
    scale = (mean(centered * centered, axes) + float(eps)) ** -0.5
    out = centered * scale

    def vjp(p: Array) -> Array:
        p = p - mean(p, axes)  # first, or the next mean loses digits
        return scale * (p - out * mean(p * out, axes))

    return out, vjp


def like(x: Array, *results: Array) -> tuple:
    """Give results in the type of the input.

    Args:
        x: the input.
        results: in its type or a wider one.
    """
    return tuple(r.astype(x.dtype, copy=False) for r in results)
