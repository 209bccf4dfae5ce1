"""Pooling: the largest or the mean value of each window, channel by channel.

    max: y = max_m,n x[s i + m - p, s j + n - p];  dx goes to the argmax
                                                              (convolution.10)
    mean: y = (1/k²) Σ_m,n x[...];  each gets dy/k²

Padding is -∞ for the maximum and 0 for the mean, where it counts as a value.
Of equal values the first has the maximum's gradient, row by row, and never the
border; of NaNs, the first, where PyTorch takes the last.

Source: LeCun et al. (1998), section II.B, for the mean; Ranzato et al. (2007),
section 2, for the maximum; Lin, Chen & Yan (2014), section 3.2, for the mean
over all positions.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.convolution.checks import Pair, check_gradient, settings
from dlf.scratch.convolution.windows import (
    add_windows,
    check_windows,
    padded,
    windows,
)
from dlf.scratch.shapes import sizes

Array = np.ndarray


def max_pool2d(
    x: Float[Array, "N C H W"],
    kernel_size: int | Pair,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
) -> tuple[Float[Array, "N C P Q"], Callable]:
    """Max pooling: the largest value of each window.

    Args:
        x: images.
        kernel_size: height and width of a window.
        stride: from one window to the next; as large as a window if None.
        padding: border of -∞, at most half a window.

    Returns:
        The maps, and ``vjp(dy) -> dx``.

    Raises:
        ValueError: no window fits, or the padding is too wide.
    """
    N, C, H, W = sizes(max_pool2d, x)
    lying = kernel_size, stride, padding
    view, how = _pooled("max_pool2d", x, *lying, -np.inf)
    taps = view.shape[2] * view.shape[3]
    flat = view.reshape(N, C, taps, *view.shape[4:])
    y = flat.max(axis=2)
    ones = np.ones((1, 1, H, W))
    inside, _ = _pooled("max_pool2d", ones, *lying, 0.0)
    best = (flat == y[:, :, None]) | np.isnan(flat)
    best &= inside.reshape(1, 1, taps, *y.shape[2:]) == 1  # not the border
    at = best.argmax(axis=2)[:, :, None]

    def vjp(dy: Float[Array, "N C P Q"]) -> Float[Array, "N C H W"]:
        check_gradient("max_pool2d", dy, y.shape)
        dwindows = np.zeros(flat.shape, dy.dtype)
        np.put_along_axis(dwindows, at, dy[:, :, None], axis=2)
        return add_windows(dwindows.reshape(view.shape), (H, W), *how, (1, 1))

    return y, vjp


def avg_pool2d(
    x: Float[Array, "N C H W"],
    kernel_size: int | Pair,
    stride: int | Pair | None = None,
    padding: int | Pair = 0,
) -> tuple[Float[Array, "N C P Q"], Callable]:
    """Mean pooling: the mean of each window, zeros of the border included.

    Args:
        x: images.
        kernel_size: height and width of a window.
        stride: from one window to the next; as large as a window if None.
        padding: border of zeros, at most half a window.

    Returns:
        The maps, and ``vjp(dy) -> dx``.

    Raises:
        ValueError: no window fits, or the padding is too wide.
    """
    _, _, H, W = sizes(avg_pool2d, x)
    view, how = _pooled("avg_pool2d", x, kernel_size, stride, padding, 0.0)
    taps = view.shape[2] * view.shape[3]

    def vjp(dy: Float[Array, "N C P Q"]) -> Float[Array, "N C H W"]:
        check_gradient("avg_pool2d", dy, y.shape)
        each = np.broadcast_to((dy / taps)[:, :, None, None], view.shape)
        return add_windows(each, (H, W), *how, (1, 1))

    y = view.mean(axis=(2, 3))
    return y, vjp


def global_avg_pool2d(
    x: Float[Array, "N C H W"],
) -> tuple[Float[Array, "N C"], Callable]:
    """Global average pooling: the mean of each map.

    Args:
        x: images, with a pixel or more.

    Returns:
        One number a map, and ``vjp(dy) -> dx``.

    Raises:
        ValueError: there is no pixel.
    """
    _, _, H, W = sizes(global_avg_pool2d, x)
    if H * W == 0:
        raise ValueError(
            "global_avg_pool2d: `x` must have a pixel, because the mean of "
            f"nothing is 0/0; got shape {x.shape}"
        )

    def vjp(dy: Float[Array, "N C"]) -> Float[Array, "N C H W"]:
        check_gradient("global_avg_pool2d", dy, x.shape[:2])
        return np.broadcast_to((dy / (H * W))[:, :, None, None], x.shape).copy()

    return x.mean(axis=(2, 3)), vjp


def _pooled(
    name: str,
    x: Array,
    kernel_size: int | Pair,
    stride: int | Pair | None,
    padding: int | Pair,
    border: float,
) -> tuple[Array, tuple[Pair, Pair]]:
    """View the windows that are pooled; give stride and padding as pairs."""
    step = kernel_size if stride is None else stride
    kernel, s, p, _ = settings(name, kernel_size, step, padding, 1)
    if p[0] > kernel[0] // 2 or p[1] > kernel[1] // 2:
        raise ValueError(
            f"{name}: `padding` must be at most half a window, because a "
            f"window could hold nothing else; got {p} for {kernel}"
        )
    found = check_windows(name, x.shape[-2:], kernel, s, p, of="kernel_size")
    wide = padded(x, p, border)
    return windows(wide, kernel, s, (1, 1), found), (s, p)
