"""Settings of a convolution as pairs, and what a pullback is given.

A stride, a padding or a dilation is one whole number for both axes or two, for
height and width. Everything else is refused by name, words of other libraries
such as ``padding="same"`` included, and so is a gradient that is not of the
output's shape, which a reshape would take in silence.

Source: Dumoulin & Visin (2016), chapter 2, for the settings.
"""

import numpy as np

Array = np.ndarray
Pair = tuple[int, int]


def pair(value: int | Pair, name: str = "pair: `value`") -> Pair:
    """Give the same for height and width, unless both are given.

    Args:
        value: one whole number, or two.
        name: of the operation and its argument, for errors.

    Raises:
        ValueError: it is neither.

    >>> pair(3), pair((1, 2))
    ((3, 3), (1, 2))
    """
    whole = int, np.integer
    both = (value, value) if isinstance(value, whole) else value
    if (
        not isinstance(both, tuple | list)
        or len(both) != 2
        or not all(isinstance(v, whole) for v in both)
    ):
        raise ValueError(
            f"{name} must be a whole number, or two for height and width, "
            f"because it counts pixels; got {value!r}"
        )
    return int(both[0]), int(both[1])


def check_gradient(name: str, dy: Array, shape: tuple[int, ...]) -> None:
    """Refuse a gradient that is not of the output's shape.

    Args:
        name: of the operation, for errors.
        dy: the gradient that arrives.
        shape: of the output.

    Raises:
        ValueError: naming both shapes.
    """
    if dy.shape != shape:
        raise ValueError(
            f"{name}: `dy` must have shape {shape}, because the output has; "
            f"got {dy.shape}"
        )


def settings(
    name: str,
    kernel_size: int | Pair,
    stride: int | Pair,
    padding: int | Pair,
    dilation: int | Pair,
) -> tuple[Pair, Pair, Pair, Pair]:
    """Give what says where windows lie as pairs.

    Args:
        name: of the operation, for errors.
        kernel_size: taps of both axes.
        stride: from one window to the next.
        padding: zeros put around.
        dilation: from one tap to the next.

    Raises:
        ValueError: one of them is no whole number, nor two.
    """
    return (
        pair(kernel_size, f"{name}: `kernel_size`"),
        pair(stride, f"{name}: `stride`"),
        pair(padding, f"{name}: `padding`"),
        pair(dilation, f"{name}: `dilation`"),
    )
