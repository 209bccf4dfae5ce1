"""What the book uses before its first network, derived.

    matrices: a batch, singular and eigenvectors, low rank   (mathematics.1-6)
    slopes: chain rule, log-sum-exp, convexity, descent      (mathematics.7-12)
    chance: likelihood, Bayes, ridge, Monte Carlo           (mathematics.13-19)
    surprise: entropy, KL, codes                            (mathematics.20-23)
    digits: shifts, scales, running variances               (mathematics.24-26)

They stand in the modules `mathematics_…` beside this one, which offers all.
Source: Strang (2019), Linear Algebra and Learning from Data, I.6.
"""

from contextlib import suppress

import numpy as np

from dlf.derive.errata import Erratum
from dlf.derive.mathematics_chance import (
    coin,
    gaussian_likelihood,
    hoeffding,
    monte_carlo,
    normal_mean,
    ridge,
    risk_gradient,
)
from dlf.derive.mathematics_digits import (
    norm_scale,
    pooled_deviations,
    shifted_sum,
)
from dlf.derive.mathematics_matrices import (
    batch,
    eckart_young,
    eckart_young_spectral,
    orthogonal_eigenvectors,
    quadratic_form,
    singular_vectors,
)
from dlf.derive.mathematics_slopes import (
    affine_convexity,
    chain_rule,
    descent_rate,
    log_sum_exp_curvature,
    log_sum_exp_hessian,
    log_sum_exp_slope,
)
from dlf.derive.mathematics_surprise import (
    code_bound,
    divergence_sign,
    shannon_lengths,
    surprise_split,
)

__all__ = [
    "E1",
    "E2",
    "affine_convexity",
    "batch",
    "chain_rule",
    "code_bound",
    "coin",
    "descent_rate",
    "divergence_sign",
    "eckart_young",
    "eckart_young_spectral",
    "gaussian_likelihood",
    "hoeffding",
    "log_sum_exp_curvature",
    "log_sum_exp_hessian",
    "log_sum_exp_slope",
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
    "surprise_split",
]


def _slanted() -> tuple:
    a = np.array([[1.0, 1.0], [0.0, 2.0]])
    q = np.array([[1.0, 1.0], [0.0, 1.0]]) / np.array([1.0, 2**0.5])
    values = np.diag([1.0, 2.0])
    return q @ values @ q.T, q @ values @ np.linalg.inv(q), a


E1 = Erratum(
    "E1",
    "S4 §1.1.1",
    "“A = QΛQᵀ where Q contains eigenvectors”, with no condition on A.",
    r"$A=Q\Lambda Q^{-1}$ if there are enough eigenvectors, as for "
    r"$\big(\begin{smallmatrix}1&1\\0&1\end{smallmatrix}\big)$ there are "
    r"not; $Q^{-1}=Q^\top$ with real $\Lambda$ exactly if $A=A^\top$.",
    _slanted,
    r"$A=\big(\begin{smallmatrix}1&1\\0&2\end{smallmatrix}\big)$, with unit "
    "eigenvectors, row by row,",
)


def _shapes() -> tuple:
    x, w = np.arange(1.0, 5.0), np.ones((3, 4))
    printed = np.full(3, np.nan)  # a 3 by 2 matrix has no product with x
    with suppress(ValueError):
        printed = np.ones((3, 2)) @ x
    return printed, w @ x, [x.sum()] * 3


E2 = Erratum(
    "E2",
    "S4 §1.1.1",
    r"$x\in\mathbb R^d$, $W\in\mathbb R^{m\times n}$, and then $y=Wx+b$; "
    "over all five sources α is the learning rate, two slopes, a smoothing "
    "mass, an architecture weight, a Beta parameter and a focal weight.",
    r"$W\in\mathbb R^{m\times d}$ and $b\in\mathbb R^m$, as S4 itself has it "
    "in §1.2.1; and one table of symbols for the whole text.",
    _shapes,
    r"$x=(1,2,3,4)$ and a $W$ of ones with $m=3$ and, as printed, an $n=2$ of "
    "its own (nan: there is no product),",
)
