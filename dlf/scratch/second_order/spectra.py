"""The spectrum of a matrix that is only known by its products.

Hutchinson: with independent signs z, E[z z^T] = I, so that

    E[z * H z] = diag H                                      (second_order.10)
    E[z^T H z] = tr H,   Var = 2 (sum of squares off the diagonal)

Lanczos: after k products an orthonormal basis Q of them and a tridiagonal
Q^T H Q, whose eigenvalues approach the outer ones of H first.
Source: Hutchinson (1990); Bekas, Kokiopoulou & Saad (2007); Lanczos (1950);
Golub & Meurant (1994) for the density.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import floating
from dlf.scratch.second_order.objectives import Array

Product = Callable[[Array], Array]


class Ritz(NamedTuple):
    """What Lanczos found.

    Args:
        values: estimates of eigenvalues, in ascending order.
        weights: squared cosine of each estimated eigenvector with the start;
            they sum to 1.
        vectors: the estimated eigenvectors, as columns.
    """

    values: Array
    weights: Array
    vectors: Array


def signs(
    D: int,
    rng: np.random.Generator,
    dtype: np.dtype | type = np.float64,
) -> Float[Array, " D"]:
    """Draw independent signs, 1 or -1 (Rademacher).

    Args:
        D: how many.
        rng: draws them.
        dtype: of the result.

    Raises:
        ValueError: fewer than one.
    """
    if D < 1:
        raise ValueError(
            f"signs: `D` must be 1 or more, because a vector of none has no "
            f"product; got {D}"
        )
    return (2 * rng.integers(2, size=D) - 1).astype(dtype)


def hutchinson_diagonal(
    product: Product, D: int, samples: int, rng: np.random.Generator
) -> Float[Array, " D"]:
    """Estimate the diagonal of H by products with signs (second_order.10).

    Its sum estimates the trace.

    Args:
        product: maps z to H z.
        D: size of H.
        samples: over how many products the mean is taken.
        rng: draws the signs.

    Raises:
        ValueError: no sample, or a product that does not fit.

    >>> h = np.diag([1.0, 2.0])
    >>> rng = np.random.default_rng(0)
    >>> hutchinson_diagonal(lambda z: h @ z, 2, 1, rng)
    array([1., 2.])
    """
    if samples < 1:
        raise ValueError(
            "hutchinson_diagonal: `samples` must be 1 or more, because their "
            f"mean is taken; got {samples}"
        )
    total = np.zeros(D)
    for _ in range(samples):
        z = signs(D, rng)
        total += z * _fitting("hutchinson_diagonal", product, z)
    return total / samples


def lanczos(product: Product, start: Float[Array, " D"], steps: int) -> Ritz:
    """Estimate eigenvalues of a symmetric matrix from its products.

    Each new vector is made orthogonal to all before, which costs little
    beside a product and keeps rounding from finding an eigenvalue twice.

    Args:
        product: maps v to H v.
        start: any vector but 0; a random one has a part of each eigenvector.
        steps: products at most; fewer where an invariant subspace is found.

    Raises:
        ValueError: the start is 0 or no vector of floating-point numbers, no
            step is asked for, or a product does not fit or shows that H is
            not symmetric.

    >>> h = np.diag([1.0, 2.0, 10.0])
    >>> lanczos(lambda v: h @ v, np.ones(3), 3).values.round(6)
    array([ 1.,  2., 10.])
    """
    if not isinstance(start, np.ndarray) or start.ndim != 1:
        raise ValueError(
            "lanczos: `start` must be a vector, because it is multiplied; got "
            f"shape {np.shape(start)}"
        )
    floating("lanczos", start=start)
    length = float(np.linalg.norm(start))
    if not 0 < length < np.inf or not 1 <= steps < np.inf:
        raise ValueError(
            "lanczos: `start` must be finite and not 0 and `steps` 1 or more, "
            "because a direction is followed; got norm "
            f"{length:.6g} and {steps} steps"
        )
    basis, diagonal, beside = [start / length], [], []
    for _ in range(min(int(steps), start.size)):
        u = _fitting("lanczos", product, basis[-1])
        diagonal.append(float(basis[-1] @ u))
        done = np.stack(basis)
        _symmetric(done[:-1] @ u, beside, float(np.linalg.norm(u)))
        for _ in range(2):  # once is not enough where much cancels
            u = u - done.T @ (done @ u)
        size = float(np.linalg.norm(u))
        scale = max(map(abs, [*diagonal, *beside]))
        if size <= 100 * float(np.finfo(u.dtype).eps) * scale:
            break
        beside.append(size)
        basis.append(u / size)
    K = len(diagonal)
    t = np.diag(diagonal) + np.diag(beside[: K - 1], 1)
    t = t + np.diag(beside[: K - 1], -1)
    values, s = np.linalg.eigh(t)
    return Ritz(values, s[0] ** 2, np.stack(basis[:K]).T @ s)


def _fitting(operation: str, product: Product, v: Array) -> Array:
    """Multiply, and refuse a product of another shape, or NaN."""
    u = product(v.copy())  # which it may overwrite
    if not isinstance(u, np.ndarray) or u.shape != v.shape:
        raise ValueError(
            f"{operation}: `product` must return an array of shape {v.shape}, "
            f"because its argument has it; got {np.shape(u)}"
        )
    if u.dtype.kind == "c" or not np.isfinite(u).all():
        raise ValueError(
            f"{operation}: `product` must return finite numbers, because they "
            f"are averaged or normalized; got {u.dtype}, or NaN or inf"
        )
    return u


def _symmetric(along: Array, beside: list[float], size: float) -> None:
    """Refuse a product whose part along the old basis is not T's column."""
    wanted = np.zeros(len(along))
    wanted[len(along) - 1 :] = beside[-1:]
    off = float(np.abs(along - wanted).max(initial=0))
    if off > 1e-2 * max(size, *beside, 0.0):
        raise ValueError(
            "lanczos: `product` must be that of a symmetric matrix, because "
            "its eigenvalues are computed as one's; got an asymmetry of "
            f"{off:.3g}"
        )
