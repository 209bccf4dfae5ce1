"""Sums, norms and variances whose digits survive.

    dz = softmax(z) dy                                          (mathematics.8)
    log sum_c exp z_c = m + log sum_c exp(z_c - m),  m = max z (mathematics.24)
    |x| = m |x / m|,  m = max |x_i|                            (mathematics.25)
    M2 = M2_a + M2_b + (mean_b - mean_a)^2 n_a n_b / (n_a + n_b)
                                                               (mathematics.26)

Source: Welford (1962); Chan, Golub & LeVeque (1983), eq. 2.1; Blanchard,
Higham & Higham (2021) for the first.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.reductions import sum_examples
from dlf.scratch.shapes import sizes

Array = np.ndarray
Running = tuple[int, Array, Array]


def log_sum_exp(
    z: Float[Array, "*B C"],
) -> tuple[Float[Array, "*B"], Callable]:
    """Compute log-sum-exp over the last axis; its gradient is the softmax.

    Args:
        z: any numbers.

    Raises:
        ValueError: there is no number to sum.

    >>> log_sum_exp(np.array([1000.0, 1000.0]))[0].round(4)
    np.float64(1000.6931)
    """
    (C,) = sizes(log_sum_exp, z)
    if C == 0:
        raise ValueError(
            "log_sum_exp: `z` must have a column, because the logarithm of an "
            f"empty sum is not finite; got shape {z.shape}"
        )
    m = z.max(axis=-1, keepdims=True)
    m = np.where(np.isinf(m), np.zeros_like(m), m)  # all -inf, or a +inf
    with np.errstate(divide="ignore"):  # the log of 0 is -inf, as it must be
        y = m + np.log(np.exp(z - m).sum(axis=-1, keepdims=True))

    def vjp(dy: Float[Array, "*B"]) -> Float[Array, "*B C"]:
        return np.exp(z - y) * np.asarray(dy, z.dtype)[..., None]

    return y[..., 0], vjp


def norm(x: Float[Array, "*B D"]) -> tuple[Float[Array, "*B"], Callable]:
    """Take Euclid's length over the last axis without over- or underflow.

    The slope at the zero vector, where there is none, is 0.

    Args:
        x: any numbers.

    >>> norm(np.array([3e200, 4e200]))[0]
    array(5.e+200)
    """
    sizes(norm, x)
    m = np.abs(x).max(axis=-1, keepdims=True, initial=0)
    m = np.where((m == 0) | np.isinf(m), np.ones_like(m), m)
    u = x / m
    length = np.sqrt((u * u).sum(axis=-1, keepdims=True))

    def vjp(dy: Float[Array, "*B"]) -> Float[Array, "*B D"]:
        safe = np.where(length == 0, np.ones_like(length), length)
        return u / safe * np.asarray(dy, x.dtype)[..., None]

    return (m * length)[..., 0], vjp


def variance(x: Float[Array, "N D"]) -> tuple[Float[Array, " D"], Callable]:
    """Take the variance of each column, the mean subtracted first.

    Args:
        x: one row an observation.

    Raises:
        ValueError: there is no row.
    """
    N, _ = sizes(variance, x)
    if N == 0:
        raise ValueError("variance: `x` must have a row to average")
    r = x - sum_examples(x) / N

    def vjp(dy: Float[Array, " D"]) -> Float[Array, "N D"]:
        return r * (dy * (2 / N))

    return sum_examples(r * r) / N, vjp


def welford_init(D: int) -> Running:
    """Start with nothing seen: count 0, means and squared deviations 0.

    Args:
        D: columns of the rows to come.

    Raises:
        ValueError: ``D`` is not positive.
    """
    if D < 1:
        raise ValueError(f"welford_init: `D` must be positive; got {D}")
    return 0, np.zeros(D), np.zeros(D)


def welford_update(seen: Running, x: Float[Array, "N D"]) -> Running:
    """Take in a batch of rows and forget it (mathematics.26).

    Args:
        seen: what `welford_init` or `welford_update` returned.
        x: new rows; a single row is Welford's own case.

    Raises:
        ValueError: the rows have another width than those before.

    >>> rows = np.array([[1.0], [3.0]])
    >>> n, mean, m2 = welford_update(welford_init(1), rows)
    >>> n, mean, m2 / n
    (2, array([2.]), array([1.]))
    """
    n, mean, m2 = seen
    N, D = sizes(welford_update, x)
    if len(mean) != D:
        raise ValueError(
            f"welford_update: `x` must have {len(mean)} columns, because the "
            f"rows seen so far had; got {D}"
        )
    if N == 0:
        return seen
    there = x.mean(axis=0, dtype=np.float64)
    off = there - mean
    more = ((x - there) ** 2).sum(axis=0)
    whole = n + N
    return (
        whole,
        mean + off * (N / whole),
        m2 + more + off * off * (n * N / whole),
    )
