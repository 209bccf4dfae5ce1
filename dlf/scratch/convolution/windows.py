"""Windows of an image as columns (im2col), and columns added back (col2im).

    L = ⌊(H + 2 p - d (k - 1) - 1) / s⌋ + 1                    (convolution.3)
    columns[c m n, i j] = x[c, s i + d m - p, s j + d n - p]
    ⟨unfold(x), c⟩ = ⟨x, fold(c)⟩                              (convolution.7)

Windows are a strided view of the padded image; columns are always a copy of
them, so that a later change of the image changes no gradient. The pullback
adds each column back where it came from, one slice for each tap of the kernel,
and not one index for each number.

Source: Chellapilla, Puri & Simard (2006), section 2; Dumoulin & Visin (2016),
relation 6 for sizes.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from numpy.lib.stride_tricks import as_strided

from dlf.scratch.convolution.checks import (
    Pair,
    check_gradient,
    pair,
    settings,
)
from dlf.scratch.shapes import sizes

Array = np.ndarray


def output_size(
    size: int, kernel: int, stride: int, padding: int, dilation: int
) -> int:
    """Count the windows along one axis (convolution.3); 0 if none fits.

    Args:
        size: of the input.
        kernel: taps.
        stride: from one window to the next.
        padding: zeros put in front and behind.
        dilation: from one tap to the next.

    >>> output_size(28, 5, 1, 2, 1), output_size(7, 3, 2, 0, 1)
    (28, 3)
    """
    reach = dilation * (kernel - 1) + 1
    return max(0, (size + 2 * padding - reach) // stride + 1)


def check_windows(
    name: str, shape: Pair, kernel: Pair, stride: Pair, padding: Pair,
    dilation: Pair = (1, 1), of: str = "w",
) -> Pair:  # fmt: skip
    """Refuse windows that make no sense; give how many there are.

    Args:
        name: of the operation, for errors.
        shape: height and width of the image.
        kernel: taps of both axes.
        stride: from one window to the next.
        padding: zeros put around.
        dilation: from one tap to the next.
        of: the argument that has the taps.

    Raises:
        ValueError: naming what is wrong.
    """
    if min(kernel) < 1:
        raise ValueError(
            f"{name}: `{of}` must have a tap along each axis, because there "
            f"is nothing to add up otherwise; got {kernel}"
        )
    for what, values, least in (
        ("stride", stride, 1),
        ("dilation", dilation, 1),
        ("padding", padding, 0),
    ):
        if min(values) < least:
            raise ValueError(
                f"{name}: `{what}` must be at least {least}, because it "
                f"counts pixels; got {values}"
            )
    axes = zip(shape, kernel, stride, padding, dilation, strict=True)
    found = [output_size(*axis) for axis in axes]
    if min(found) < 1:
        reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
        raise ValueError(
            f"{name}: `x` must be no smaller than a window with its padding, "
            "because there is no output otherwise; got "
            f"{shape[0]} x {shape[1]} for windows of {reach[0]} x {reach[1]}, "
            f"padding {padding}"
        )
    return found[0], found[1]


def padded(x: Array, padding: Pair, value: float = 0.0) -> Array:
    """Put a border around images.

    Args:
        x: images on the last two axes.
        padding: rows above and below, columns left and right.
        value: of the border.
    """
    if padding == (0, 0):
        return x
    p, q = padding
    H, W = x.shape[-2:]
    wide = np.full((*x.shape[:-2], H + 2 * p, W + 2 * q), value, x.dtype)
    wide[..., p : p + H, q : q + W] = x
    return wide


def windows(
    x: Float[Array, "N C H W"], kernel: Pair, stride: Pair, dilation: Pair,
    found: Pair,
) -> Array:  # fmt: skip
    """View all windows: N, C, tap down, tap across, window down, across.

    Args:
        x: images, padded already.
        kernel: taps of both axes.
        stride: from one window to the next.
        dilation: from one tap to the next.
        found: how many windows there are along both axes.
    """
    (s, t), (d, e) = stride, dilation
    n, c, down, across = x.strides
    return as_strided(
        x,
        (*x.shape[:2], *kernel, *found),
        (n, c, d * down, e * across, s * down, t * across),
        writeable=False,
    )


def add_windows(
    dwindows: Array, shape: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> Float[Array, "N C H W"]:
    """Add windows back to where they were viewed, tap by tap; drop the border.

    Args:
        dwindows: axes as `windows` gives them.
        shape: of the images without their border.
        stride: from one window to the next.
        padding: width of the border.
        dilation: from one tap to the next.
    """
    N, C, K, L, I, J = dwindows.shape
    (H, W), (s, t), (p, q), (d, e) = shape, stride, padding, dilation
    dx = np.zeros((N, C, H + 2 * p, W + 2 * q), dwindows.dtype)
    for m in range(K):
        for n in range(L):
            down = slice(d * m, d * m + s * I, s)
            across = slice(e * n, e * n + t * J, t)
            dx[:, :, down, across] += dwindows[:, :, m, n]
    return dx[:, :, p : p + H, q : q + W]


def sum_first(x: Array) -> Array:
    """Sum over axis 0, the examples, in float64, and round once.

    Args:
        x: what each example gives.
    """
    return x.sum(axis=0, dtype=np.float64).astype(x.dtype)


def unfold(
    x: Float[Array, "N C H W"],
    kernel_size: int | Pair,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> tuple[Float[Array, "N R L"], Callable]:
    """Make a column of each window (im2col), as many as (convolution.3) says.

    Args:
        x: images.
        kernel_size: taps of both axes; a column has R = C times their number.
        stride: from one window to the next.
        padding: zeros put around the images.
        dilation: from one tap to the next.

    Returns:
        The columns, and ``vjp(dcolumns) -> dx``, which is `fold`.

    Raises:
        ValueError: no window fits, or a number makes no sense.
    """
    N, C, H, W = sizes(unfold, x)
    taps, s, p, d = settings("unfold", kernel_size, stride, padding, dilation)
    found = check_windows("unfold", (H, W), taps, s, p, d, "kernel_size")
    view = windows(padded(x, p), taps, s, d, found)
    rows, each = C * taps[0] * taps[1], found[0] * found[1]

    def vjp(dcolumns: Float[Array, "N R L"]) -> Float[Array, "N C H W"]:
        check_gradient("unfold", dcolumns, (N, rows, each))
        back = dcolumns.reshape(view.shape)
        return add_windows(back, (H, W), s, p, d)

    return view.copy().reshape(N, rows, each), vjp


def fold(
    columns: Float[Array, "N R L"],
    output_size: int | Pair,
    kernel_size: int | Pair,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> tuple[Float[Array, "N C H W"], Callable]:
    """Add columns up to images (col2im): the pullback of `unfold`.

    Args:
        columns: R = C taps, L windows.
        output_size: height and width of the images.
        kernel_size: taps of both axes.
        stride: from one window to the next.
        padding: width of the border that is dropped.
        dilation: from one tap to the next.

    Returns:
        The images, and ``vjp(dx) -> dcolumns``, which is `unfold`.

    Raises:
        ValueError: the columns are not those of such windows.
    """
    N, R, L = sizes(fold, columns)
    taps, s, p, d = settings("fold", kernel_size, stride, padding, dilation)
    size = pair(output_size, "fold: `output_size`")
    I, J = check_windows("fold", size, taps, s, p, d, "kernel_size")
    if R % (taps[0] * taps[1]) or L != I * J:
        raise ValueError(
            "fold: `columns` must have a row for each tap of each channel and "
            f"a column for each of {I * J} windows; got shape {columns.shape}"
        )
    C = R // (taps[0] * taps[1])

    def vjp(dx: Float[Array, "N C H W"]) -> Float[Array, "N R L"]:
        check_gradient("fold", dx, (N, C, *size))
        view = windows(padded(dx, p), taps, s, d, (I, J))
        return view.copy().reshape(N, R, L)

    back = columns.reshape(N, C, *taps, I, J)
    return add_windows(back, size, s, p, d), vjp
