"""The derivations and errata of the chapter on mathematics, gathered."""

from dlf.derive.mathematics.derivatives import (
    affine_convexity,
    chain_rule,
    descent_rate,
    log_sum_exp_curvature,
    log_sum_exp_gradient,
    log_sum_exp_hessian,
)
from dlf.derive.mathematics.errata import E1, E2
from dlf.derive.mathematics.estimation import (
    gaussian_likelihood,
    ridge,
    risk_gradient,
)
from dlf.derive.mathematics.information import (
    code_bound,
    cross_entropy_decomposition,
    gibbs_inequality,
    shannon_lengths,
)
from dlf.derive.mathematics.linear_algebra import (
    batch,
    eckart_young,
    eckart_young_spectral,
    orthogonal_eigenvectors,
    quadratic_form,
    singular_vectors,
)
from dlf.derive.mathematics.numerics import (
    norm_scale,
    pooled_deviations,
    shifted_sum,
)
from dlf.derive.mathematics.probability import (
    beta_bernoulli,
    hoeffding,
    monte_carlo,
    normal_mean,
)

__all__ = [
    "E1",
    "E2",
    "affine_convexity",
    "batch",
    "beta_bernoulli",
    "chain_rule",
    "code_bound",
    "cross_entropy_decomposition",
    "descent_rate",
    "eckart_young",
    "eckart_young_spectral",
    "gaussian_likelihood",
    "gibbs_inequality",
    "hoeffding",
    "log_sum_exp_curvature",
    "log_sum_exp_gradient",
    "log_sum_exp_hessian",
    "monte_carlo",
    "norm_scale",
    "normal_mean",
    "orthogonal_eigenvectors",
    "pooled_deviations",
    "quadratic_form",
    "ridge",
    "risk_gradient",
    "shannon_lengths",
    "shifted_sum",
    "singular_vectors",
]
