"""Muon: momentum for a matrix, with all its singular values made alike.

    v <- m v + (1 - m) g        u = (1 - m) g + m v        (Nesterov's look)
    w <- w - lr √max(1, rows/columns) orthogonal(u)

``orthogonal(u)`` is near U Vᵀ where u = U S Vᵀ: the direction of steepest
descent if the length of a step is measured by its largest singular value.
Five steps of a polynomial in x xᵀ bring every singular value close to 1, with
products of matrices alone, by (optimizers.17):

    x <- a x + (b x xᵀ + c (x xᵀ)²) x

Muon is for the matrices of hidden layers; vectors and the first and last
layer are usually left to AdamW.
Source: Jordan et al. (2024), Muon; the polynomial's coefficients are theirs;
Bernstein & Newhouse (2024), Old optimizer, new norm.
"""

import numpy as np

from dlf.scratch.checks import kept
from dlf.scratch.optimizers.pairs import (
    Array,
    Pair,
    Rate,
    for_each_array,
    not_negative,
    rate,
)

COEFFICIENTS = 3.4445, -4.775, 2.0315


def orthogonal(x: Array, steps: int = 5, eps: float = 1e-7) -> Array:
    """Newton-Schulz iteration: bring all singular values close to 1.

    Args:
        x: a matrix of floating-point numbers.
        steps: how often the polynomial is applied.
        eps: the matrix is divided by its norm, or by this if that is smaller.

    Raises:
        ValueError: not a matrix.

    Source: equation (optimizers.17).
    """
    if x.ndim != 2:
        raise ValueError(
            "orthogonal: `x` must be a matrix, because vectors have no "
            f"singular vectors to keep; got shape {x.shape}"
        )
    if x.size == 0:
        return x
    a, b, c = COEFFICIENTS
    wide = x if x.shape[0] <= x.shape[1] else x.T
    wide = wide / max(float(np.sqrt((wide * wide).sum())), eps)
    for _ in range(steps):
        square = wide @ wide.T
        wide = a * wide + (b * square + c * square @ square) @ wide
    return wide if x.shape[0] <= x.shape[1] else wide.T


def muon(
    lr: Rate = 0.001,
    momentum: float = 0.95,
    nesterov: bool = True,
    steps: int = 5,
) -> Pair:
    """Make Muon: step along the orthogonal part of the momentum.

    Args:
        lr: learning rate, positive, or a schedule.
        momentum: share of the mean gradient that is kept, in [0, 1).
        nesterov: look ahead by one step of momentum.
        steps: of the Newton-Schulz iteration.

    Raises:
        ValueError: a setting is out of its range; in ``update``, weights are
            not a matrix.
    """
    eta = rate("muon", lr)
    kept("muon", momentum=momentum)
    not_negative("muon", steps=steps)
    m = float(momentum)

    def rule(t: int, w: Array, g: Array, v: Array) -> tuple:
        v = m * v + (1 - m) * g
        u = orthogonal((1 - m) * g + m * v if nesterov else v, steps)
        size = eta(t) * max(1.0, w.shape[0] / max(w.shape[1], 1)) ** 0.5
        return w - size * u, v

    return for_each_array("muon", 1, rule)
