"""What a convolution is as a matrix, and which inputs an output sees.

    size ← size + (k - 1) d · jump,   jump ← s · jump          (convolution.11)

Layer by layer from the input: `size` is the receptive field, `jump` how far
the fields of neighboring outputs are apart, `start` the center of the first.

Source: Araujo, Norris & Sim (2019), section 2; Goodfellow, Bengio & Courville
(2016), section 9.1, for the matrix.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dlf.scratch.convolution.checks import Pair, pair, settings
from dlf.scratch.convolution.windows import check_windows, padded, windows
from dlf.scratch.shapes import sizes

Array = np.ndarray


class Field(NamedTuple):
    """A receptive field along one axis, in pixels of the input."""

    size: int
    jump: int
    start: float


def receptive_field(layers: Sequence[tuple[int, int, int, int]]) -> Field:
    """Compute the receptive field of a stack of layers (convolution.11).

    Args:
        layers: kernel, stride, padding and dilation of each, pooling included,
            from the input on.

    Raises:
        ValueError: a kernel, stride or dilation is below 1, or a padding
            below 0.

    >>> receptive_field([(3, 1, 1, 1)] * 2), receptive_field([(2, 2, 0, 1)])
    (Field(size=5, jump=1, start=0.0), Field(size=2, jump=2, start=0.5))
    """
    size, jump, start = 1, 1, 0.0
    for kernel, stride, padding, dilation in layers:
        layer = kernel, stride, padding, dilation
        whole = all(isinstance(n, int | np.integer) for n in layer)
        if not whole or min(kernel, stride, dilation) < 1 or padding < 0:
            raise ValueError(
                "receptive_field: `layers` must hold kernels, strides and "
                "dilations of at least 1 and paddings of at least 0, whole "
                f"numbers; got {layer}"
            )
        reach = dilation * (kernel - 1)
        size += reach * jump
        start += (reach / 2 - padding) * jump
        jump *= stride
    return Field(size, jump, start)


def convolution_matrix(
    w: Float[Array, "O I K L"],
    size: int | Pair,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> Float[Array, "R C"]:
    """Write a convolution as a matrix: a row for each output.

    The windows of an image of row numbers say where each weight goes.

    Args:
        w: filters on I channels.
        size: height and width of the images.
        stride: from one window to the next.
        padding: zeros put around the images.
        dilation: from one tap to the next.

    Returns:
        The matrix: multiplied with an image as one column it gives the maps as
        one column.

    Raises:
        ValueError: no window fits, or a number makes no sense.
    """
    O, I, K, L = sizes(convolution_matrix, w)
    f = "convolution_matrix"
    _, s, p, d = settings(f, (K, L), stride, padding, dilation)
    H, W = pair(size, f"{f}: `size`")
    found = check_windows(f, (H, W), (K, L), s, p, d)
    numbers = np.arange(1.0, H * W + 1).reshape(1, 1, H, W)
    view = windows(padded(numbers, p), (K, L), s, d, found)
    pixel = view.reshape(K * L, -1).astype(int)  # 0 in the border
    tap, window = np.nonzero(pixel)
    matrix = np.zeros((O, pixel.shape[1], I, H * W), w.dtype)
    taps = w.reshape(O, I, -1)[:, :, tap]
    matrix[:, window, :, pixel[tap, window] - 1] = taps.transpose(2, 0, 1)
    return matrix.reshape(O * pixel.shape[1], I * H * W)
