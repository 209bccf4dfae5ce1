"""The derivations and errata of the chapter on losses, gathered."""

from dlf.derive.losses.classification import (
    binary_cross_entropy,
    cross_entropy_gradient,
    entropy_and_divergence,
    likelihood,
)
from dlf.derive.losses.errata import E18, E19, E20, E21, E23
from dlf.derive.losses.optimal_transport import wasserstein_1d
from dlf.derive.losses.regression import (
    gaussian_nll,
    huber_likelihood,
    laplace_nll,
    log_cosh_likelihood,
    quantile_derivative,
)

__all__ = [
    "E18",
    "E19",
    "E20",
    "E21",
    "E23",
    "binary_cross_entropy",
    "cross_entropy_gradient",
    "entropy_and_divergence",
    "gaussian_nll",
    "huber_likelihood",
    "laplace_nll",
    "likelihood",
    "log_cosh_likelihood",
    "quantile_derivative",
    "wasserstein_1d",
]
