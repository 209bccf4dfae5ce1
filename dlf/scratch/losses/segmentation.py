"""Dice: what two regions lack to lying on each other.

    1 - (2 sum_i p_i t_i + s) / (sum_i p_i + sum_i t_i + s)          (losses.17)

with p = sigmoid(z), a row an image, averaged over rows.
Source: Milletari, Navab & Ahmadi (2016), V-Net, section 3, without squares.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive, entries
from dlf.scratch.shapes import sizes

Array = np.ndarray


def dice(
    logits: Float[Array, "N D"],
    target: Float[Array, "N D"],
    smooth: float = 1.0,
) -> tuple[float, Callable]:
    """Compute Dice loss: 1 minus the overlap of each row (losses.17).

    Args:
        logits: log-odds that a pixel belongs to the region.
        target: 1 for pixels of the region, else 0.
        smooth: s, positive; an empty region that was left empty then has
            loss 0 and not 0/0.

    Returns:
        The loss, and ``vjp(dy=1.0) -> dlogits``.

    Raises:
        ValueError: there is no pixel, or ``smooth`` is not positive.

    >>> z, t = np.full((1, 4), 50.0), np.array([[1.0, 1.0, 0.0, 0.0]])
    >>> round(dice(z, t, smooth=1e-9)[0], 6)
    0.333333
    """
    N, _ = sizes(dice, logits, target)
    entries(dice, logits=logits)
    why = "empty regions give 0/0 without it"
    check_positive("dice", "smooth", smooth, why)
    smooth = float(smooth)  # a NumPy scalar would impose its type
    p = np.exp(-np.logaddexp(0.0, -logits)).astype(logits.dtype)
    both = (p * target).sum(-1, keepdims=True)
    size = (p + target).sum(-1, keepdims=True) + smooth
    overlap = (2.0 * both + smooth) / size

    def vjp(dy: float = 1.0) -> Float[Array, "N D"]:
        dp = (overlap - 2.0 * target) / size
        rest = np.exp(-np.logaddexp(0.0, logits)).astype(logits.dtype)
        return dp * p * rest * (float(dy) / N)

    return float((1.0 - overlap).mean()), vjp
