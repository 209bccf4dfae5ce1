"""How far one distribution is from another, in nats or in meters.

    KL(p || q) = sum_c p_c (log p_c - log q_c),   dlog q = -p        (losses.12)
    W(x, y) = mean_i |x_(i) - y_(i)|,  x_(1) <= x_(2) <= ...         (losses.13)

(losses.13) is the least work of carrying the points x to the points y, on a
line, and is derived in `dlf.derive.losses.optimal_transport.wasserstein_1d`.
Source: Kullback & Leibler (1951), On Information and Sufficiency, eq. 2.4;
Villani (2009), Optimal Transport, chapter 6.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import distributions, entries
from dlf.scratch.shapes import sizes

Array = np.ndarray


def kl_divergence(
    log_q: Float[Array, "N C"], log_p: Float[Array, "N C"]
) -> tuple[float, Callable]:
    """Compute Kullback-Leibler divergence by row (losses.12); 0 log 0 is 0.

    Args:
        log_q: logarithms of the model's probabilities, a row an example.
        log_p: logarithms of the probabilities to be matched, or -inf.

    Returns:
        The divergence in nats, and ``vjp(dy=1.0) -> dlog_q``.

    Raises:
        ValueError: there is no row, or one is no distribution.

    >>> log_p = np.log(np.array([[0.5, 0.5]]))
    >>> log_q = np.log(np.array([[0.9, 0.1]]))
    >>> round(kl_divergence(log_q, log_p)[0], 4)
    0.5108
    >>> round(kl_divergence(log_p, log_q)[0], 4)
    0.3681
    """
    N, _ = sizes(kl_divergence, log_q, log_p)
    entries(kl_divergence, log_q=log_q)
    p = np.exp(log_p)
    distributions(kl_divergence, "log_q", log_q, np.exp(log_q))
    distributions(kl_divergence, "log_p", log_p, p)
    never = p == 0
    y = p * (np.where(never, 0, log_p) - np.where(never, 0, log_q))

    def vjp(dy: float = 1.0) -> Float[Array, "N C"]:
        return p * (-float(dy) / N)

    return float(y.sum(axis=-1).mean()), vjp


def wasserstein(
    x: Float[Array, "N D"], y: Float[Array, "N D"]
) -> tuple[float, Callable]:
    """Compute the Wasserstein-1 distance, column by column (losses.13).

    Args:
        x: samples of D quantities, in any order.
        y: as many samples of the distributions they should have.

    Returns:
        The work, and ``vjp(dcost=1.0) -> dx``.

    Raises:
        ValueError: there is no sample.

    >>> x, y = np.array([[0.0], [1.0]]), np.array([[3.0], [2.0]])
    >>> wasserstein(x, y)[0]
    2.0
    """
    sizes(wasserstein, x, y)
    entries(wasserstein, x=x)
    order = np.argsort(x, axis=0, kind="stable")
    way = np.take_along_axis(x, order, 0) - np.sort(y, axis=0)

    def vjp(dcost: float = 1.0) -> Float[Array, "N D"]:
        dx = np.empty_like(way)
        np.put_along_axis(dx, order, np.sign(way), 0)
        return dx * (float(dcost) / way.size)

    return float(np.abs(way).mean()), vjp
