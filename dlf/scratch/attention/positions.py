"""Positions: sinusoids that are added, rotations of queries and keys.

    PE_t = (sin(w_0 t), cos(w_0 t), sin(w_1 t), …),
    w_i = base^(-2i/D)                                             (attention.8)
    y_{t,2i} + j y_{t,2i+1} = exp(j w_i t) (x_{t,2i} + j x_{t,2i+1})
                                                                  (attention.10)

The pullback of a rotation is the rotation back. Pairs are neighbors, as in the
papers; many libraries pair entry i with entry i + D/2, and weights of one are
of no use to the other unless their rows are reordered.

Source: Vaswani et al. (2017), section 3.5; Su et al. (2021), equation 34.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray
WHY = "frequencies are its powers"


def frequencies(name: str, width: int, base: float) -> Float[Array, " F"]:
    """Give the angle by place of each pair of entries.

    Args:
        name: of the operation, for errors.
        width: entries, an even number of them.
        base: of the geometric sequence.

    Raises:
        ValueError: the entries do not make pairs.
    """
    check_positive(name, "base", base, WHY)
    if width % 2 or width < 2:
        argument = "width" if name == "sinusoidal" else "x"
        raise ValueError(
            f"{name}: `{argument}` must have an even number of entries, "
            f"because they go in pairs; got {width}"
        )
    return base ** -(np.arange(0, width, 2) / width)


def sinusoidal(
    positions: Float[Array, " T"], width: int = 2, base: float = 10_000.0
) -> tuple[Float[Array, "T D"], Callable]:
    """Encode places by sines and cosines of falling frequency (attention.8).

    Args:
        positions: of the places, 0, 1, 2, … as a rule.
        width: of a row.
        base: the slowest wave is about 2π times as long.

    Returns:
        A row a place, and ``vjp(dy) -> dpositions``.

    Raises:
        ValueError: the width is odd.
    """
    sizes(sinusoidal, positions)
    w = frequencies("sinusoidal", width, base)
    angle = positions[:, None].astype(np.float64) * w
    y = np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    y = y.reshape(len(positions), width).astype(positions.dtype)

    def vjp(dy: Float[Array, "T D"]) -> Float[Array, " T"]:
        check_cotangent(sinusoidal, dy, y)
        turned = dy[:, ::2] * y[:, 1::2] - dy[:, 1::2] * y[:, ::2]
        return turned @ w.astype(positions.dtype)

    return y, vjp


def rope(
    x: Float[Array, "*B T D"],
    positions: Float[Array, " T"],
    base: float = 10_000.0,
) -> tuple[Float[Array, "*B T D"], Callable]:
    """Rotate pairs of entries by angles that grow with the place.

    This is rotary position embedding (attention.10), for queries and keys.

    Args:
        x: queries or keys of a head, of even width.
        positions: of the places.
        base: of the frequencies.

    Returns:
        As many rows, and ``vjp(dy) -> dx``.

    Raises:
        ValueError: the width is odd.
    """
    _, D = sizes(rope, x, positions)
    w = frequencies("rope", D, base)
    angle = positions[:, None].astype(np.float64) * w
    cos, sin = (f(angle).astype(x.dtype) for f in (np.cos, np.sin))

    def vjp(dy: Float[Array, "*B T D"]) -> Float[Array, "*B T D"]:
        check_cotangent(rope, dy, x)
        return rotated(dy, cos, -sin)

    return rotated(x, cos, sin), vjp


def rotated(x: Array, cos: Array, sin: Array) -> Array:
    """Rotate each pair of neighbors.

    Args:
        x: rows, T D.
        cos: cosines, T by D / 2.
        sin: sines, likewise.
    """
    y = np.empty_like(x)
    even, odd = x[..., ::2], x[..., 1::2]
    y[..., ::2] = even * cos - odd * sin
    y[..., 1::2] = even * sin + odd * cos
    return y
