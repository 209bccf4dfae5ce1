"""Beliefs that data move: coin, mean, line.

    Beta(a, b) -> Beta(a + heads, b + tails)                   (mathematics.14)
    1/v -> 1/v + n/s^2,  m/v -> m/v + sum x / s^2              (mathematics.15)
    R(w) = |Xw - y|^2 / (2 n) + c |w|^2 / 2,
    grad R = X^T (Xw - y) / n + c w                            (mathematics.16)
    w = (X^T X + n c I)^-1 X^T y                               (mathematics.17)

With noise of variance s^2 and the prior w ~ N(0, v I), the mean of the
posterior is the w above with n c = s^2 / v.
Source: Bishop (2006), Pattern Recognition and Machine Learning, 2.1.1, 2.3.6,
3.3.1.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Float

from dlf.scratch.checks import check_positive
from dlf.scratch.reductions import sum_rows
from dlf.scratch.shapes import sizes

Array = np.ndarray
SPREAD = "it is a spread or a count"


def beta_bernoulli(
    prior: tuple[float, float], heads: Bool[Array, " N"]
) -> tuple[float, float]:
    """Update a Beta belief about a coin by flips (mathematics.14).

    Args:
        prior: parameters a and b of the prior, positive.
        heads: flips, 1 or 0.

    >>> beta_bernoulli((1.0, 1.0), np.array([True, True, False]))
    (3.0, 2.0)
    """
    a, b = prior
    check_positive("beta_bernoulli", "prior", min(a, b), SPREAD)
    (N,) = sizes(beta_bernoulli, heads)
    up = int(heads.sum())
    return a + up, b + (N - up)


def normal_mean(
    prior: tuple[float, float], x: Float[Array, " N"], noise: float
) -> tuple[float, float]:
    """Update a normal belief about a mean (mathematics.15).

    Args:
        prior: mean and variance before.
        x: measurements.
        noise: variance of each.

    Returns:
        Mean and variance after.
    """
    m, v = prior
    check_positive("normal_mean", "prior", v, SPREAD)
    check_positive("normal_mean", "noise", noise, SPREAD)
    (N,) = sizes(normal_mean, x)
    sure = 1 / v + N / noise
    return float((m / v + x.sum() / noise) / sure), 1 / sure


def ridge_risk(
    w: Float[Array, " D"],
    x: Float[Array, "N D"],
    y: Float[Array, " N"],
    penalty: float = 0.0,
) -> tuple[float, Callable]:
    """Half the mean square of a line's errors, and a penalty on its weights.

    Args:
        w: weights.
        x: inputs, one row an example.
        y: the true values.
        penalty: on half the squared length of w.

    Returns:
        The regularized risk (mathematics.16), and ``vjp(dy=1.0) -> dw``.

    Raises:
        ValueError: there is no row.
    """
    _, N = sizes(ridge_risk, w, x, y)
    if N == 0:
        raise ValueError("ridge_risk: `x` must have a row to average")
    penalty = float(penalty)  # a NumPy scalar would impose its type
    r = x @ w - y
    value = 0.5 * (r @ r) / N + 0.5 * penalty * (w @ w)

    def vjp(dy: float = 1.0) -> Float[Array, " D"]:
        return (sum_rows(x, r) / N + penalty * w) * float(dy)

    return float(value), vjp


def bayesian_ridge(
    x: Float[Array, "N D"], y: Float[Array, " N"], noise: float, prior: float
) -> tuple[Float[Array, " D"], Float[Array, "D D"]]:
    """Update a normal belief about a line's weights (mathematics.17).

    Args:
        x: inputs, one row an example.
        y: targets.
        noise: variance of the targets' noise.
        prior: variance of each weight before, around 0.

    Returns:
        Mean and covariance after. The mean minimizes `risk` with the penalty
        noise / (N prior).
    """
    _, D = sizes(bayesian_ridge, x, y)
    check_positive("bayesian_ridge", "noise", noise, SPREAD)
    check_positive("bayesian_ridge", "prior", prior, SPREAD)
    noise, prior = float(noise), float(prior)
    sure = x.T @ x / noise + np.eye(D, dtype=x.dtype) / prior
    return np.linalg.solve(sure, x.T @ y / noise), np.linalg.inv(sure)
