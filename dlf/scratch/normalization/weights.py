"""Weight and spectral normalization: layers whose weights have a set size.

    weight norm    w = g v / ‖v‖, row by row                 (normalization.12)
    spectral norm  w = v / s,  s = uᵀ v r,  the largest singular value
                                                             (normalization.13)

u and r come from a few steps of power iteration and are held fixed in the
gradient.
Source: Salimans & Kingma (2016), equations 2 and 3; Miyato et al. (2018),
algorithm 1.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def weight_norm(
    v: Float[Array, "O I"], g: Float[Array, " O"]
) -> tuple[Float[Array, "O I"], Callable]:
    """Weight normalization: the direction and the length of each row apart.

    Args:
        v: directions, none of them zero.
        g: lengths.

    Returns:
        The weights, and ``vjp(dw) -> (dv, dg)``.

    Raises:
        ValueError: shapes do not fit, or a direction is zero.
    """
    sizes(weight_norm, v, g)
    wide = v.astype(np.float64)
    largest = np.abs(wide).max(axis=1, keepdims=True, initial=0.0)
    if (largest == 0).any():
        raise ValueError(
            "weight_norm: `v` must have no row of zeros, because it has no "
            f"direction; row {int((largest == 0).argmax())} is one"
        )
    wide = wide / largest  # squares of large or small numbers would be lost
    root = np.sqrt((wide * wide).sum(axis=1, keepdims=True))
    direction = (wide / root).astype(v.dtype)
    length = (largest * root).astype(v.dtype)

    def vjp(dw: Float[Array, "O I"]) -> tuple[Array, Array]:
        check_cotangent(weight_norm, dw, v)
        dg = (dw * direction).sum(axis=1)
        dv = g[:, None] / length * (dw - dg[:, None] * direction)
        return dv, dg

    return g[:, None] * direction, vjp


def power_iteration(
    w: Float[Array, "O I"], u: Float[Array, " O"], steps: int = 1
) -> tuple[Array, Array]:
    """Power iteration: turn u toward the first left singular vector.

    Args:
        w: a matrix, not zero.
        u: where it was, not at right angles to all of w.
        steps: how often, at least 1.

    Returns:
        The left and the right singular vector, as far as they are found.

    Raises:
        ValueError: shapes do not fit, or there is no direction to turn to.
    """
    sizes(power_iteration, w, u)
    right = np.zeros(w.shape[1], w.dtype)
    top = float(np.abs(w).max(initial=0.0)) or 1.0
    wide, u = w.astype(np.float64) / top, u.astype(np.float64)
    for _ in range(steps):
        right = wide.T @ u
        right = right / (np.sqrt((right * right).sum()) or 1.0)
        u = wide @ right
        u = u / (np.sqrt((u * u).sum()) or 1.0)
    if steps < 1 or not right.any():
        raise ValueError(
            "power_iteration: `steps` must be at least 1 and `u` not at right "
            "angles to `w`, because it is turned by it; got "
            f"{steps} steps, which lead to nothing"
        )
    return u.astype(w.dtype), right.astype(w.dtype)


def spectral_norm(
    v: Float[Array, "O I"],
    left: Float[Array, " O"],
    right: Float[Array, " I"],
) -> tuple[Float[Array, "O I"], Callable]:
    """Spectral normalization: divide by the largest singular value.

    Args:
        v: weights.
        left: first left singular vector, of `power_iteration`.
        right: first right singular vector.

    Returns:
        The weights, and ``vjp(dw) -> dv``; the vectors are held fixed.

    Raises:
        ValueError: shapes do not fit, or the singular value is not positive.
    """
    sizes(spectral_norm, v, left, right)
    s = left @ v @ right
    if s <= 0:
        raise ValueError(
            "spectral_norm: `left` and `right` must belong to a positive "
            f"singular value, because it divides; got {s}"
        )
    w = v / s

    def vjp(dw: Float[Array, "O I"]) -> Array:
        check_cotangent(spectral_norm, dw, v)
        return (dw - (dw * w).sum() * np.outer(left, right)) / s

    return w, vjp
