"""Diffusion: add noise in one step, take it away in many: `y, vjp = f(x, …)`.

    x_t = sqrt(c_t) x_0 + sqrt(1 - c_t) e, c_t the product of alphas
                                                                 (generative.15)
    mean of q(x_s | x_t, x_0), s < t                             (generative.16)
    DDIM step: sqrt(c_s) x0' + sqrt(1 - c_s - v) e' + sqrt(v) e,
        v = eta^2 (1 - c_s) / (1 - c_t) (1 - c_t / c_s)          (generative.18)

Every step is given by c_t and c_s alone, so that steps may be skipped; a beta
looked up at t would belong to the step from t - 1.
Source: Ho, Jain & Abbeel (2020), equations 4, 6 and 7; Song, Meng & Ermon
(2021), equations 12 and 16.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def linear_betas(
    steps: int, low: float = 1e-4, high: float = 0.02
) -> Float[Array, " T"]:
    """Variances added at each step, rising evenly.

    Args:
        steps: T. The defaults are meant for 1,000; with fewer, less noise is
            added in all, and the end is not yet noise.
        low: the first, in (0, 1).
        high: the last, in (0, 1).

    Raises:
        ValueError: there is no step, or a variance outside (0, 1).
    """
    if steps < 1 or not 0 < low <= high < 1:
        raise ValueError(
            "linear_betas: `steps` must be positive and 0 < `low` <= `high` < "
            f"1, because they are variances; got {steps}, {low} and {high}"
        )
    return np.linspace(low, high, steps)


def alpha_bars(betas: Float[Array, " T"]) -> Float[Array, " T"]:
    """Fraction of the example's variance that is left after each step.

    Args:
        betas: variances added, in (0, 1).

    Raises:
        ValueError: one is not.

    >>> alpha_bars(np.array([0.5, 0.5]))
    array([0.5 , 0.25])
    """
    if not np.all((betas > 0) & (betas < 1)):
        raise ValueError(
            "alpha_bars: `betas` must lie in (0, 1), because they are parts of "
            f"a variance of 1; got {betas}"
        )
    return np.cumprod(1 - betas)


def diffuse(
    x0: Float[Array, "N D"],
    noise: Float[Array, "N D"],
    alpha_bar: Float[Array, " N"],
) -> tuple[Float[Array, "N D"], Callable]:
    """Noisy examples, from clean ones in one step (generative.15).

    Args:
        x0: clean examples, one a row.
        noise: standard normal numbers.
        alpha_bar: of each example's time, in [0, 1]: its *root* multiplies.

    Returns:
        The noisy examples, and ``vjp(dx) -> (dx0, dnoise)``.

    Raises:
        ValueError: shapes do not fit, or ``alpha_bar`` is outside [0, 1].
    """
    sizes(diffuse, x0, noise, alpha_bar)
    if np.any((alpha_bar < 0) | (alpha_bar > 1)):
        raise ValueError(
            "diffuse: `alpha_bar` must lie in [0, 1], because it is the "
            f"fraction of a variance that is left; got {alpha_bar}"
        )
    signal = np.sqrt(alpha_bar)[:, None]
    spread = np.sqrt(1 - alpha_bar)[:, None]

    def vjp(dx: Float[Array, "N D"]) -> tuple[Array, Array]:
        check_cotangent(diffuse, dx, x0)
        return signal * dx, spread * dx

    return signal * x0 + spread * noise, vjp


def posterior_mean(
    x0: Float[Array, "N D"],
    xt: Float[Array, "N D"],
    alpha_bar_t: float = 0.5,
    alpha_bar_s: float = 0.8,
) -> tuple[Float[Array, "N D"], Callable]:
    """Mean of an earlier state, given a later and the clean (generative.16).

    Args:
        x0: clean examples.
        xt: noisy ones.
        alpha_bar_t: at their time, in (0, 1).
        alpha_bar_s: at the earlier time, above it, at most 1.

    Returns:
        The mean, and ``vjp(dmean) -> (dx0, dxt)``.

    Raises:
        ValueError: the times are not in order.
    """
    sizes(posterior_mean, x0, xt)
    alpha_bar_t, alpha_bar_s = float(alpha_bar_t), float(alpha_bar_s)
    _ordered("posterior_mean", alpha_bar_t, alpha_bar_s)
    alpha = alpha_bar_t / alpha_bar_s
    rest = 1 - alpha_bar_t
    first = math.sqrt(alpha_bar_s) * (1 - alpha) / rest
    second = math.sqrt(alpha) * (1 - alpha_bar_s) / rest

    def vjp(dmean: Float[Array, "N D"]) -> tuple[Array, Array]:
        check_cotangent(posterior_mean, dmean, xt)
        return first * dmean, second * dmean

    return first * x0 + second * xt, vjp


def posterior_variance(alpha_bar_t: float, alpha_bar_s: float) -> float:
    """Variance of the same (generative.16), whatever the examples.

    Args:
        alpha_bar_t: at the later time, in (0, 1).
        alpha_bar_s: at the earlier one, above it, at most 1.

    Raises:
        ValueError: the times are not in order.

    >>> round(posterior_variance(0.36, 0.64), 6)
    0.246094
    """
    _ordered("posterior_variance", alpha_bar_t, alpha_bar_s)
    beta = 1 - alpha_bar_t / alpha_bar_s
    return float(beta * (1 - alpha_bar_s) / (1 - alpha_bar_t))


def ddim_step(
    x: Float[Array, "N D"],
    eps: Float[Array, "N D"],
    noise: Float[Array, "N D"],
    alpha_bar_t: float = 0.5,
    alpha_bar_s: float = 0.8,
    eta: float = 0.0,
) -> tuple[Float[Array, "N D"], Callable]:
    """One step back in time, from noisy to less noisy (generative.18).

    Args:
        x: noisy examples.
        eps: the noise that a net believes to be in them.
        noise: fresh standard normal numbers, which eta = 0 does not use.
        alpha_bar_t: at their time, in (0, 1).
        alpha_bar_s: at the time to go to, above it, at most 1.
        eta: in [0, 1]: 0 adds no noise, 1 as much as DDPM.

    Returns:
        Less noisy examples, and ``vjp(dy) -> (dx, deps)``.

    Raises:
        ValueError: the times are not in order, or ``eta`` outside [0, 1].
    """
    sizes(ddim_step, x, eps, noise)
    if not 0 <= eta <= 1:
        raise ValueError(
            "ddim_step: `eta` must lie in [0, 1], because the noise it scales "
            f"must leave room for the rest; got {eta}"
        )
    c_t, c_s = float(alpha_bar_t), float(alpha_bar_s)
    _ordered("ddim_step", c_t, c_s)
    variance = float(eta) ** 2 * posterior_variance(c_t, c_s)
    scale = math.sqrt(c_s / c_t)
    back = math.sqrt(max(1 - c_s - variance, 0.0))
    factor = back - scale * math.sqrt(1 - c_t)

    def vjp(dy: Float[Array, "N D"]) -> tuple[Array, Array]:
        check_cotangent(ddim_step, dy, x)
        return scale * dy, factor * dy

    return scale * x + factor * eps + math.sqrt(variance) * noise, vjp


def _ordered(operation: str, alpha_bar_t: float, alpha_bar_s: float) -> None:
    """Refuse times that are not in order."""
    if not 0 < alpha_bar_t < alpha_bar_s <= 1:
        raise ValueError(
            f"{operation}: `alpha_bar_t` must be positive and below "
            "`alpha_bar_s`, at most 1, because less signal is left at the "
            f"later time; got {alpha_bar_t} and {alpha_bar_s}"
        )
