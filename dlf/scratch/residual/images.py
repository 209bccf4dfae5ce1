"""Bottleneck blocks on images, and skips where the shape changes.

    bottleneck: y = relu(x + F3(relu(F2(relu(F1(x))))))            (residual.9)

F1 and F3 are 1x1 convolutions, to fewer channels and back; F2 is 3x3 between.
Where maps shrink or channels are added, the skip is a strided 1x1 convolution,
or takes every s-th pixel and adds channels of zeros.

Source: He et al. (2016a), figure 5 and section 3.3, options A and B. The stride
stands in the 3x3 convolution, as in torchvision, and not in the first 1x1.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.activations.elementwise import relu
from dlf.scratch.convolution.correlation import conv2d
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def bottleneck(
    x: Float[Array, "N C H W"],
    w1: Float[Array, "B C 1 1"],
    b1: Float[Array, " B"],
    w2: Float[Array, "B B K K"],
    b2: Float[Array, " B"],
    w3: Float[Array, "C B 1 1"],
    b3: Float[Array, " C"],
) -> tuple[Float[Array, "N C H W"], Callable]:
    """Bottleneck block: 1x1, KxK, 1x1 beside a skip (residual.9).

    Args:
        x: images.
        w1: weights to fewer channels.
        b1: their biases.
        w2: kernels, of odd size.
        b2: their biases.
        w3: weights back.
        b3: their biases.

    Returns:
        Maps of the same shape, and ``vjp(dy) -> (dx, dw1, db1, …, db3)``.

    Raises:
        ValueError: shapes do not fit, or the kernel's size is even.
    """
    sizes(bottleneck, x, w1, b1, w2, b2, w3, b3)
    K = w2.shape[-1]
    if K % 2 == 0:
        raise ValueError(
            "bottleneck: `w2` must have an odd number of taps, because maps "
            f"keep their size; got {K}"
        )
    h1, pull1 = conv2d(x, w1, b1)
    a1, back1 = relu(h1)
    h2, pull2 = conv2d(a1, w2, b2, padding=K // 2)
    a2, back2 = relu(h2)
    branch, pull3 = conv2d(a2, w3, b3)
    y, back = relu(x + branch)

    def vjp(dy: Float[Array, "N C H W"]) -> tuple[Array, ...]:
        check_cotangent(bottleneck, dy, y)
        dsum = back(dy)
        da2, dw3, db3 = pull3(dsum)
        da1, dw2, db2 = pull2(back2(da2))
        dx, dw1, db1 = pull1(back1(da1))
        return dsum + dx, dw1, db1, dw2, db2, dw3, db3

    return y, vjp


def _counts(n: object) -> bool:
    """Tell whether something is a whole number, and not True or False.

    Args:
        n: channels or a stride.
    """
    return isinstance(n, int | np.integer) and not isinstance(n, bool)


def projection_shortcut(
    x: Float[Array, "N C H W"],
    w: Float[Array, "O C 1 1"],
    stride: int = 1,
) -> tuple[Float[Array, "N O P Q"], Callable]:
    """Skip by a strided 1x1 convolution, which is learned.

    Args:
        x: images.
        w: weights to the new channels.
        stride: from one pixel that is kept to the next.

    Returns:
        Maps for the sum, and ``vjp(dy) -> (dx, dw)``.

    Raises:
        ValueError: shapes do not fit, or the stride is no whole number from 1.
    """
    sizes(projection_shortcut, x, w)
    if not _counts(stride) or stride < 1:
        raise ValueError(
            "projection_shortcut: `stride` must be at least 1 and a whole "
            f"number, because pixels are kept in order; got {stride}"
        )
    y, pull = conv2d(x, w, np.zeros(len(w), x.dtype), stride)
    return y, lambda dy: pull(dy)[:2]


def zero_padding_shortcut(
    x: Float[Array, "N C H W"], channels: int, stride: int = 1
) -> tuple[Float[Array, "N O P Q"], Callable]:
    """Skip without parameters: every s-th pixel, and channels of zeros.

    Args:
        x: images.
        channels: of the result, C or more.
        stride: s.

    Returns:
        Maps for the sum, and ``vjp(dy) -> dx``.

    Raises:
        ValueError: channels would be lost, or one is no whole number, or the
            stride is below 1.

    >>> y, vjp = zero_padding_shortcut(np.ones((1, 1, 3, 3)), 2, 2)
    >>> y.shape, y[0, 1].any()
    ((1, 2, 2, 2), np.False_)
    """
    _, C, *_ = sizes(zero_padding_shortcut, x)
    whole = _counts(channels) and _counts(stride)
    if not whole or channels < C or stride < 1:
        raise ValueError(
            "zero_padding_shortcut: `channels` must be no fewer than the "
            f"input's {C}, and `stride` at least 1, both whole numbers, "
            f"because channels are only added; got {channels} and {stride}"
        )
    kept = x[:, :, ::stride, ::stride]
    y = np.pad(kept, [(0, 0), (0, channels - C), (0, 0), (0, 0)])

    def vjp(dy: Float[Array, "N O P Q"]) -> Array:
        check_cotangent(zero_padding_shortcut, dy, y)
        dx = np.zeros(x.shape, x.dtype)
        dx[:, :, ::stride, ::stride] = dy[:, :C]
        return dx

    return y, vjp
