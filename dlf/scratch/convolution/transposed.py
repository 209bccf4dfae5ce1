"""Transposed convolution: the pullback of a convolution as a layer.

    size = (L - 1) s - 2 p + d (k - 1) + 1 + output_padding    (convolution.9)

Each input scales a copy of the kernel and adds it to the output, s further on
from one to the next. As a matrix it is the transpose of the convolution with
the same kernel, stride, padding and dilation; it does not undo it.

Source: Zeiler et al. (2010), section 2; Dumoulin & Visin (2016), chapter 4.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.convolution.checks import Pair, check_gradient, pair, settings
from dlf.scratch.convolution.correlation import check_groups
from dlf.scratch.convolution.windows import (
    add_windows,
    check_windows,
    padded,
    sum_first,
    windows,
)
from dlf.scratch.shapes import sizes

Array = np.ndarray


def transposed_size(
    size: int,
    kernel: int,
    stride: int,
    padding: int,
    dilation: int,
    output_padding: int,
) -> int:
    """Give the output's size along one axis (convolution.9).

    Args:
        size: of the input.
        kernel: taps.
        stride: from one copy of the kernel to the next.
        padding: what is cut off at both ends.
        dilation: from one tap to the next.
        output_padding: what is added behind.

    >>> transposed_size(3, 3, 2, 0, 1, 0), transposed_size(3, 3, 2, 0, 2, 1)
    (7, 10)
    """
    reach = dilation * (kernel - 1) + 1
    return (size - 1) * stride - 2 * padding + reach + output_padding


def conv_transpose2d(
    x: Float[Array, "N C H W"],
    w: Float[Array, "C O K L"],
    b: Float[Array, " M"],
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    groups: int = 1,
    dilation: int | Pair = 1,
) -> tuple[Float[Array, "N M P Q"], Callable]:
    """Transposed convolution, whose output has the size (convolution.9).

    Args:
        x: maps.
        w: kernels, from each channel to the O outputs of its group.
        b: bias of each of the M = O groups outputs.
        stride: from one copy of the kernel to the next.
        padding: rows and columns cut off around; the convolution's padding.
        output_padding: rows below and columns to the right that are added;
            several sizes have the same convolution, and this chooses one.
        groups: parts of the channels that do not mix.
        dilation: from one tap to the next.

    Returns:
        The images, and ``vjp(dy) -> (dx, dw, db)``.

    Raises:
        ValueError: shapes or numbers do not fit.
    """
    N, C, H, W, O, K, L, M = sizes(conv_transpose2d, x, w, b)
    check_groups("conv_transpose2d", groups, C, M)
    _, s, p, d = settings("conv_transpose2d", (K, L), stride, padding, dilation)
    o = pair(output_padding, "conv_transpose2d: `output_padding`")
    if groups * O != M:
        raise ValueError(
            f"conv_transpose2d: `b` must have {groups * O} entries, because w "
            f"has {O} outputs in each of {groups} groups; got {M}"
        )
    for extra, limit in zip(o, map(max, zip(s, d, strict=True)), strict=True):
        if not 0 <= extra < limit:
            raise ValueError(
                "conv_transpose2d: `output_padding` must be smaller than "
                "stride or dilation, because it chooses among the sizes that "
                f"these leave open; got {o}"
            )
    axes = zip((H, W), (K, L), s, p, d, o, strict=True)
    size = [transposed_size(*axis) for axis in axes]
    if min(size) < 1:
        raise ValueError(
            "conv_transpose2d: `padding` must leave something of the output; "
            f"got {p} for an output of {size[0]} x {size[1]}"
        )
    shape = size[0], size[1]
    check_windows("conv_transpose2d", (H, W), (1, 1), s, p, d)
    maps = x.reshape(N, groups, C // groups, H * W)
    kernels = w.reshape(groups, C // groups, O * K * L)
    columns = (kernels.swapaxes(-1, -2) @ maps).reshape(N, M, K, L, H, W)
    y = add_windows(columns, shape, s, p, d)

    def vjp(dy: Float[Array, "N M P Q"]) -> tuple[Array, Array, Array]:
        check_gradient("conv_transpose2d", dy, y.shape)
        view = windows(padded(dy, p), (K, L), s, d, (H, W))
        dcolumns = view.reshape(N, groups, O * K * L, H * W)
        dx = (kernels @ dcolumns).reshape(x.shape)
        dw = sum_first(maps @ dcolumns.swapaxes(-1, -2))
        return dx, dw.reshape(w.shape), sum_first(dy.sum(axis=(2, 3)))

    return y + b[:, None, None], vjp


def conv_transpose1d(
    x: Float[Array, "N C T"],
    w: Float[Array, "C O K"],
    b: Float[Array, " M"],
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
    groups: int = 1,
    dilation: int = 1,
) -> tuple[Float[Array, "N M P"], Callable]:
    """Transposed convolution for sequences: images of height 1.

    Args:
        x: maps.
        w: kernels, from each channel to the O outputs of its group.
        b: bias of each of the M = O groups outputs.
        stride: from one copy of the kernel to the next.
        padding: entries cut off at both ends.
        output_padding: entries added behind.
        groups: parts of the channels that do not mix.
        dilation: from one tap to the next.

    Returns:
        The sequences, and ``vjp(dy) -> (dx, dw, db)``.

    Raises:
        ValueError: shapes or numbers do not fit.
    """
    sizes(conv_transpose1d, x, w, b)
    across = (1, stride), (0, padding), (0, output_padding)
    y, pull = conv_transpose2d(
        x[:, :, None], w[:, :, None], b, *across, groups, (1, dilation)
    )

    def vjp(dy: Float[Array, "N M P"]) -> tuple[Array, Array, Array]:
        check_gradient("conv_transpose1d", dy, (*y.shape[:2], y.shape[3]))
        dx, dw, db = pull(dy[:, :, None])
        return dx[:, :, 0], dw[:, :, 0], db

    return y[:, :, 0], vjp
