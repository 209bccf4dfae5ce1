"""Convolution layers: cross-correlation in one and two dimensions.

    y[o, i, j] = b[o] + Σ_c,m,n w[o, c, m, n] x[c, s i + d m - p, s j + d n - p]
                                                               (convolution.2)
    y = w columns + b,  dw = dy columnsᵀ,  dcolumns = wᵀ dy    (convolution.8)

Frameworks call this convolution. Convolution proper flips the kernel; since
weights are learned, it makes no difference which of the two a layer computes.
With groups, each part of the channels has its own filters.

Source: LeCun et al. (1989), section 3; Dumoulin & Visin (2016), chapters 2
and 5; Chellapilla, Puri & Simard (2006), section 2, for the columns.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.convolution.checks import Pair, check_gradient, settings
from dlf.scratch.convolution.windows import (
    add_windows,
    check_windows,
    padded,
    sum_first,
    windows,
)
from dlf.scratch.shapes import sizes

Array = np.ndarray


def conv2d(
    x: Float[Array, "N C H W"],
    w: Float[Array, "O I K L"],
    b: Float[Array, " O"],
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> tuple[Float[Array, "N O P Q"], Callable]:
    """Convolution layer (convolution.2): im2col, one product (convolution.8).

    Args:
        x: images.
        w: filters, each on the I channels of its group.
        b: bias of each filter.
        stride: from one window to the next.
        padding: zeros put around the images.
        dilation: from one tap to the next.
        groups: parts of the channels that do not mix.

    Returns:
        The maps, and ``vjp(dy) -> (dx, dw, db)``.

    Raises:
        ValueError: shapes or numbers do not fit.
    """
    N, C, H, W, O, I, K, L = sizes(conv2d, x, w, b)
    check_groups("conv2d", groups, C, O)
    if groups * I != C:
        raise ValueError(
            f"conv2d: `w` must have filters on {C // groups} channels, because "
            f"x has {C} in {groups} groups; got shape {w.shape}"
        )
    _, s, p, d = settings("conv2d", (K, L), stride, padding, dilation)
    found = check_windows("conv2d", (H, W), (K, L), s, p, d)
    view = windows(padded(x, p), (K, L), s, d, found)
    each = found[0] * found[1]
    columns = view.copy().reshape(N, groups, I * K * L, each)
    filters = w.reshape(groups, O // groups, I * K * L)
    y = (filters @ columns).reshape(N, O, *found)
    y += b[:, None, None]

    def vjp(dy: Float[Array, "N O P Q"]) -> tuple[Array, Array, Array]:
        check_gradient("conv2d", dy, y.shape)
        rows = dy.reshape(N, groups, O // groups, each)
        dw = sum_first(rows @ columns.swapaxes(-1, -2))
        dcolumns = (filters.swapaxes(-1, -2) @ rows).reshape(view.shape)
        dx = add_windows(dcolumns, (H, W), s, p, d)
        return dx, dw.reshape(w.shape), sum_first(dy.sum(axis=(2, 3)))

    return y, vjp


def conv1d(
    x: Float[Array, "N C T"],
    w: Float[Array, "O I K"],
    b: Float[Array, " O"],
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> tuple[Float[Array, "N O P"], Callable]:
    """Convolution layer for sequences: images of height 1.

    Args:
        x: sequences.
        w: filters, each on the I channels of its group.
        b: bias of each filter.
        stride: from one window to the next.
        padding: zeros put in front and behind.
        dilation: from one tap to the next.
        groups: parts of the channels that do not mix.

    Returns:
        The maps, and ``vjp(dy) -> (dx, dw, db)``.

    Raises:
        ValueError: shapes or numbers do not fit.
    """
    sizes(conv1d, x, w, b)
    across = (1, stride), (0, padding), (1, dilation)
    y, pull = conv2d(x[:, :, None], w[:, :, None], b, *across, groups)

    def vjp(dy: Float[Array, "N O P"]) -> tuple[Array, Array, Array]:
        check_gradient("conv1d", dy, (*y.shape[:2], y.shape[3]))
        dx, dw, db = pull(dy[:, :, None])
        return dx[:, :, 0], dw[:, :, 0], db

    return y[:, :, 0], vjp


def convolve2d(
    x: Float[Array, "N C H W"],
    w: Float[Array, "O C K L"],
    padding: int | Pair = 0,
) -> tuple[Float[Array, "N O P Q"], Callable]:
    """Convolution proper (convolution.4): the kernel is turned by 180°.

    Args:
        x: images.
        w: filters.
        padding: zeros put around the images.

    Returns:
        The maps, and ``vjp(dy) -> (dx, dw)``.

    Raises:
        ValueError: shapes or numbers do not fit.
    """
    sizes(convolve2d, x, w)
    turned = w[:, :, ::-1, ::-1]
    y, pull = conv2d(x, turned, np.zeros(len(w), w.dtype), padding=padding)

    def vjp(dy: Float[Array, "N O P Q"]) -> tuple[Array, Array]:
        dx, dw, _ = pull(dy)
        return dx, dw[:, :, ::-1, ::-1]

    return y, vjp


def check_groups(name: str, groups: int, *channels: int) -> None:
    """Refuse groups that the channels cannot be shared out to.

    Args:
        name: of the operation, for errors.
        groups: how many.
        channels: of inputs and of outputs.

    Raises:
        ValueError: no whole number, or naming the number of channels.
    """
    if not isinstance(groups, int | np.integer):
        raise ValueError(
            f"{name}: `groups` must be a whole number, because it counts "
            f"parts of the channels; got {groups!r}"
        )
    for C in channels:
        if groups < 1 or C % groups or C == 0:
            raise ValueError(
                f"{name}: `groups` must divide the channels, because all "
                f"groups have equally many; got {groups} for {C}"
            )
