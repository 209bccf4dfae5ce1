"""What a variational autoencoder is trained on: `y, vjp = f(x, …)`.

    KL(N(mu, s^2) || N(0, 1)) = (mu^2 + s^2 - 1 - log s^2) / 2    (generative.6)
    z = mu + s e, e standard normal                               (generative.7)
    -ELBO = -log N(x; decoded, scale^2) + KL                      (generative.5)

All three take log s^2, which may be any number. Sums run over features, means
over examples: a divergence divided by the number of pixels is another loss.
Source: Kingma & Welling (2014), equations 3 and 10, appendix B.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive, entries
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def gaussian_kl(
    mean: Float[Array, "N K"], log_var: Float[Array, "N K"]
) -> tuple[float, Callable]:
    """Kullback-Leibler divergence of Gaussians from N(0, 1) (generative.6).

    Args:
        mean: of each code, one row an example.
        log_var: logarithm of its variance.

    Returns:
        The divergence, summed over codes and averaged over examples, and
        ``vjp(dloss=1.0) -> (dmean, dlog_var)``.

    Raises:
        ValueError: shapes differ, or there is no example.

    >>> gaussian_kl(np.array([[2.0]]), np.array([[0.0]]))[0]
    2.0
    """
    N, _ = sizes(gaussian_kl, mean, log_var)
    entries(gaussian_kl, mean=mean)
    var = np.exp(log_var)

    def vjp(dloss: float = 1.0) -> tuple[Array, Array]:
        each = float(dloss) / N
        return mean * each, (var - 1) * (each / 2)

    kl = (np.square(mean) + var - 1 - log_var) / 2
    return float(kl.sum(dtype=np.float64) / N), vjp


def reparametrize(
    mean: Float[Array, "N K"],
    log_var: Float[Array, "N K"],
    noise: Float[Array, "N K"],
) -> tuple[Float[Array, "N K"], Callable]:
    """Draw from a Gaussian so that gradients reach it (generative.7).

    Args:
        mean: of each code.
        log_var: logarithm of its variance.
        noise: standard normal numbers, drawn beforehand.

    Returns:
        The draw, and ``vjp(dz) -> (dmean, dlog_var)``.
    """
    sizes(reparametrize, mean, log_var, noise)
    moved = np.exp(log_var / 2) * noise

    def vjp(dz: Float[Array, "N K"]) -> tuple[Array, Array]:
        check_cotangent(reparametrize, dz, mean)
        return np.array(dz), dz * moved / 2

    return mean + moved, vjp


def negative_elbo(
    decoded: Float[Array, "N D"],
    mean: Float[Array, "N K"],
    log_var: Float[Array, "N K"],
    x: Float[Array, "N D"],
    scale: float = 1.0,
) -> tuple[float, Callable]:
    """Negative evidence lower bound, Gaussian decoder (generative.5).

    Args:
        decoded: mean of the decoder for a drawn code, one row an example.
        mean: of each code.
        log_var: logarithm of its variance.
        x: the examples.
        scale: standard deviation of the decoder, in the examples' unit.

    Returns:
        The bound in nats an example, and ``vjp(dloss=1.0) -> (ddecoded, dmean,
        dlog_var)``.

    Raises:
        ValueError: shapes do not fit, there is no example, or ``scale`` is not
            positive.
    """
    N, D, _ = sizes(negative_elbo, decoded, mean, log_var, x)
    entries(negative_elbo, decoded=decoded)
    scale = float(scale)
    check_positive(
        "negative_elbo", "scale", scale, "it is a standard deviation"
    )
    kl, pull = gaussian_kl(mean, log_var)
    rest = (decoded - x) / scale
    constant = D * (math.log(scale) + math.log(2 * math.pi) / 2)

    def vjp(dloss: float = 1.0) -> tuple[Array, Array, Array]:
        ddecoded = rest * (float(dloss) / (N * scale))
        return ddecoded, *pull(dloss)

    square = float(np.square(rest).sum(dtype=np.float64))
    return square / (2 * N) + constant + kl, vjp
