"""Linear autoencoders and a penalty for sparse codes: `y, vjp = f(x, w, …)`.

    linear autoencoder: mean of |x - V W x|^2                     (generative.1)
    sparsity: sum_j KL(rho || r_j), r_j the mean of unit j        (generative.3)

The least that the former can be is derived in
`dlf.derive.generative.autoencoders.principal_components`.
Source: Baldi & Hornik (1989), section 2; Ng (2011), Sparse autoencoder.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import entries
from dlf.scratch.shapes import sizes

Array = np.ndarray


def linear_autoencoder(
    x: Float[Array, "N D"], w: Float[Array, "K D"], v: Float[Array, "D K"]
) -> tuple[float, Callable]:
    """Reconstruction error of a linear autoencoder (generative.1).

    Args:
        x: examples, one a row, centered.
        w: encoder, to fewer numbers.
        v: decoder.

    Returns:
        The mean squared length of what is lost, and ``vjp(dloss=1.0) -> (dx,
        dw, dv)``.

    Raises:
        ValueError: shapes do not fit, or there is no example.

    >>> x, w = np.array([[3.0, 1.0], [-3.0, 1.0]]), np.array([[1.0, 0.0]])
    >>> linear_autoencoder(x, w, w.T)[0]
    1.0
    """
    N, _, _ = sizes(linear_autoencoder, x, w, v)
    entries(linear_autoencoder, x=x)
    z = x @ w.T
    rest = z @ v.T - x

    def vjp(dloss: float = 1.0) -> tuple[Array, Array, Array]:
        drest = rest * (2 * float(dloss) / N)
        dz = drest @ v
        return dz @ w - drest, dz.T @ x, drest.T @ z

    return float(np.square(rest).sum(dtype=np.float64) / N), vjp


def sparsity_penalty(
    a: Float[Array, "N H"], rho: float = 0.05
) -> tuple[float, Callable]:
    """Penalty on units whose mean activation is not rho (generative.3).

    Args:
        a: activations in (0, 1), such as a sigmoid's, one row an example.
        rho: mean that each unit should have, in (0, 1).

    Returns:
        The sum of the units' divergences, and ``vjp(dloss=1.0) -> da``.

    Raises:
        ValueError: ``rho``, an activation or the mean of a unit is not in
            (0, 1), or there is no example.
    """
    N, _ = sizes(sparsity_penalty, a)
    entries(sparsity_penalty, a=a)
    if not 0 < rho < 1:
        raise ValueError(
            "sparsity_penalty: `rho` must lie in (0, 1), because it is a mean "
            f"of activations that do; got {rho}"
        )
    rho = float(rho)
    r = a.mean(axis=0, dtype=np.float64)
    if np.any((a < 0) | (a > 1)) or np.any((r <= 0) | (r >= 1)):
        raise ValueError(
            "sparsity_penalty: `a` must lie in (0, 1), because the mean of a "
            "unit is taken for a probability; got values from "
            f"{a.min()} to {a.max()}, and means from {r.min()} to {r.max()}"
        )
    kl = rho * np.log(rho / r) + (1 - rho) * np.log((1 - rho) / (1 - r))

    def vjp(dloss: float = 1.0) -> Float[Array, "N H"]:
        dr = (1 - rho) / (1 - r) - rho / r
        da = (dr * (float(dloss) / N)).astype(a.dtype)
        return np.broadcast_to(da, a.shape).copy()

    return float(kl.sum()), vjp
