"""Losses of a residual r = prediction - target, averaged over all entries.

    r^2 / (2 v) + log(2 pi v) / 2      dr = r / v                     (losses.3)
    |r|                                dr = sign(r)                   (losses.4)
    r^2/2 where |r| <= delta, else
    delta (|r| - delta/2)              dr = clip(r, -delta, delta)    (losses.5)
    log cosh r = |r| + log(1 + exp(-2|r|)) - log 2,  dr = tanh(r)     (losses.6)
    max(q e, (q - 1) e) for e = -r     dr = [r > 0] - q, r != 0       (losses.7)

(losses.3) with v = 1/2 and without its constant is the squared error.
Source: Huber (1964), Robust Estimation of a Location Parameter, (losses.5);
Koenker & Bassett (1978), Regression Quantiles, (losses.7).
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import entries
from dlf.scratch.shapes import sizes

Array = np.ndarray


def mse(
    prediction: Float[Array, "N D"], target: Float[Array, "N D"]
) -> tuple[float, Callable]:
    """Compute mean squared error, (losses.3) of one spread; no factor ½.

    Args:
        prediction: what the model says.
        target: what was measured.

    Returns:
        The loss, and ``vjp(dy=1.0) -> dprediction``.

    Raises:
        ValueError: there is nothing to average.

    >>> loss, vjp = mse(np.array([[1.0, 3.0]]), np.array([[0.0, 0.0]]))
    >>> loss, vjp()
    (5.0, array([[1., 3.]]))
    """
    sizes(mse, prediction, target)
    r = _residual(mse, prediction, target)
    return _averaged(r * r, 2.0 * r)


def gaussian_nll(
    prediction: Float[Array, "N D"],
    log_variance: Float[Array, "N D"],
    target: Float[Array, "N D"],
) -> tuple[float, Callable]:
    """Compute the Gaussian negative log-likelihood, own variance (losses.3).

    Args:
        prediction: the mean that the model says.
        log_variance: the logarithm of the variance v that it says, any number.
        target: what was measured.

    Returns:
        The loss in nats, and ``vjp(dy=1.0) -> (dprediction, dlog_variance)``.

    Raises:
        ValueError: there is nothing to average.
    """
    sizes(gaussian_nll, prediction, log_variance, target)
    r = _residual(gaussian_nll, prediction, target)
    sure = np.exp(np.where(r == 0, 0, -0.5 * log_variance))  # 1 / spread
    scaled = r * sure
    y = 0.5 * (scaled * scaled + log_variance + math.log(2 * math.pi))

    def vjp(dy: float = 1.0) -> tuple:
        share = float(dy) / r.size
        return scaled * sure * share, 0.5 * (1 - scaled * scaled) * share

    return float(y.mean()), vjp


def mae(
    prediction: Float[Array, "N D"], target: Float[Array, "N D"]
) -> tuple[float, Callable]:
    """Compute mean absolute error (losses.4); the derivative at 0 is 0.

    Args:
        prediction: the model's.
        target: the true values.
    """
    sizes(mae, prediction, target)
    r = _residual(mae, prediction, target)
    return _averaged(np.abs(r), np.sign(r))


def huber(
    prediction: Float[Array, "N D"],
    target: Float[Array, "N D"],
    delta: float = 1.0,
) -> tuple[float, Callable]:
    """Compute Huber loss: squares near 0, lines beyond delta (losses.5).

    Args:
        prediction: the model's.
        target: the true values.
        delta: where the parabola ends, in units of the target.

    Raises:
        ValueError: ``delta`` is not positive, or nothing is to be averaged.
    """
    if not delta > 0:
        raise ValueError(
            "huber: `delta` must be positive, because it bounds the slope; "
            f"got {delta}"
        )
    delta = float(delta)  # a NumPy scalar would impose its type
    sizes(huber, prediction, target)
    r = _residual(huber, prediction, target)
    a = np.abs(r)
    near = np.minimum(a, delta)
    return _averaged(near * (a - 0.5 * near), np.clip(r, -delta, delta))


def log_cosh(
    prediction: Float[Array, "N D"], target: Float[Array, "N D"]
) -> tuple[float, Callable]:
    """Compute log-cosh loss of the residuals, finite at 1e4 (losses.6).

    Args:
        prediction: the model's.
        target: the true values.
    """
    sizes(log_cosh, prediction, target)
    r = _residual(log_cosh, prediction, target)
    a = np.abs(r)
    y = a + np.log1p(np.exp(-2.0 * a)) - math.log(2.0)
    return _averaged(y, np.tanh(r))


def quantile(
    prediction: Float[Array, "N D"],
    target: Float[Array, "N D"],
    q: float = 0.5,
) -> tuple[float, Callable]:
    """Compute quantile (pinball) loss, least at a quantile (losses.7).

    Args:
        prediction: the model's.
        target: the true values.
        q: fraction of targets to lie below the prediction, in (0, 1).

    Raises:
        ValueError: ``q`` is no such share, or nothing is to be averaged.
    """
    if not 0 < q < 1:
        raise ValueError(
            "quantile: `q` must lie between 0 and 1, because it is a share of "
            f"the targets; got {q}"
        )
    q = float(q)  # a NumPy scalar would impose its type
    sizes(quantile, prediction, target)
    r = _residual(quantile, prediction, target)
    y = np.maximum(-q * r, (1.0 - q) * r)
    return _averaged(y, 0.5 * np.sign(r) + (0.5 - q) * np.abs(np.sign(r)))


def _residual(f: Callable, prediction: Array, target: Array) -> Array:
    """Subtract, if there is anything to average."""
    entries(f, prediction=prediction)
    return prediction - target


def _averaged(y: Array, slope: Array) -> tuple[float, Callable]:
    """Average the entries; the pullback divides by their number."""

    def vjp(dy: float = 1.0) -> Float[Array, "N D"]:
        return slope * (float(dy) / slope.size)

    return float(y.mean()), vjp
