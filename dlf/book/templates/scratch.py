"""The square, with its pullback (replace this with your concept).

    y = x^2                     (SLUG.1)
    dx = 2 x dy                 (SLUG.2)

The second is derived in `dlf.derive.SLUG`.
Source: name the paper or book and its equation here.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.shapes import sizes

Array = np.ndarray


def square(x: Float[Array, "*B D"]) -> tuple[Float[Array, "*B D"], Callable]:
    """Square each element (SLUG.1).

    The pullback is (SLUG.2).

    Args:
        x: any numbers.

    Returns:
        The squares, and ``vjp(dy) -> dx``.

    >>> square(np.array([3.0]))[0]
    array([9.])
    """
    sizes(square, x)

    def vjp(dy: Float[Array, "*B D"]) -> Float[Array, "*B D"]:
        return 2 * x * dy

    return x * x, vjp
