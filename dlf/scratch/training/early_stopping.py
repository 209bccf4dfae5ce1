"""Three ways to say that training has converged. They ask different things.

    the gradient is small       |g_t| < eps                       (stationary)
    the loss has settled        best_t >= (1 - tol) best_{t-k}       (settled)
    validation has stalled      best_t = best_{t-k}                  (stalled)

``best_t`` is the smallest value up to t and k the patience. Each detector
reads a history and names the first moment at which it would have stopped.
Source: Prechelt (1998), Early stopping, but when?, for the last.
"""

import numpy as np
from jaxtyping import Bool, Float

Array = np.ndarray


def gradient_below(norms: Float[Array, " T"], eps: float) -> int | None:
    """Tell when the norm of the gradient first lies below ``eps``.

    Args:
        norms: of the gradient on all training data, one a look.
        eps: positive.

    >>> gradient_below(np.array([1.0, 0.1, 0.01]), eps=0.05)
    2
    """
    if not eps > 0:
        raise ValueError(
            "gradient_below: `eps` must be positive, because a norm is never "
            f"below 0; got {eps}"
        )
    return _first(norms < eps)


def loss_plateaued(
    losses: Float[Array, " T"], patience: int, tol: float = 0.01
) -> int | None:
    """Tell when the loss plateaued: the best fell by too small a fraction.

    Args:
        losses: of training, not negative, one a look.
        patience: looks, at least 1.
        tol: the share by which the best must fall within the patience.

    >>> loss_plateaued(np.array([1.0, 0.5, 0.499, 0.498]), patience=2)
    3
    """
    _patient("loss_plateaued", patience)
    if not 0 <= tol < 1:
        raise ValueError(
            "loss_plateaued: `tol` must lie in [0, 1), because it is the "
            f"share by which the loss must fall; got {tol}"
        )
    if (losses < 0).any():
        raise ValueError(
            "loss_plateaued: `losses` must not be negative, because a share "
            f"of them is asked for; got {losses.min():.6g}"
        )
    best = _best(losses)
    return _first(best[patience:] >= (1 - tol) * best[:-patience], patience)


def early_stop(scores: Float[Array, " T"], patience: int) -> int | None:
    """Tell when to stop early: the best loss is as old as the patience.

    Args:
        scores: of validation, lower is better, one a look.
        patience: looks, at least 1.

    >>> early_stop(np.array([0.9, 0.7, 0.8, 0.75, 0.6]), patience=2)
    3
    """
    _patient("early_stop", patience)
    best = _best(scores)
    return _first(best[patience:] == best[:-patience], patience)


def _best(values: Float[Array, " T"]) -> Float[Array, " T"]:
    """Compute the running minimum; NaN until there is a number, never after."""
    best = np.minimum.accumulate(np.where(np.isnan(values), np.inf, values))
    return np.where(best == np.inf, np.nan, best)


def _first(holds: Bool[Array, " T"], offset: int = 0) -> int | None:
    return int(holds.argmax()) + offset if holds.any() else None


def _patient(name: str, patience: int) -> None:
    if patience < 1:
        raise ValueError(
            f"{name}: `patience` must be at least 1, because a value is "
            f"compared with an earlier one; got {patience}"
        )
