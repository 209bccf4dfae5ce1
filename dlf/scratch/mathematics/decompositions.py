"""Matrices taken apart: eigenvectors, singular vectors, low rank.

    A = Q L Q^T,   Q^T Q = I,   for A = A^T                     (mathematics.3)
    A = U S V^T,   u_i = A v_i / s_i                            (mathematics.2)
    A_r = U_r S_r V_r^T, the nearest matrix of rank r           (mathematics.5)

Both are found by turning two coordinates at a time until nothing is left
between them. Source: Jacobi (1846); Golub & Van Loan (2013), Matrix
Computations, 8.5 and 8.6.
"""

import itertools
import math

import numpy as np
from jaxtyping import Float

from dlf.scratch.shapes import sizes

Array = np.ndarray
SWEEPS = 30


def eigh(
    a: Float[Array, "D D"],
) -> tuple[Float[Array, " D"], Float[Array, "D D"]]:
    """Take a symmetric matrix apart by Jacobi's rotations (mathematics.3).

    Args:
        a: symmetric matrix.

    Returns:
        Eigenvalues, largest first, and the eigenvectors as columns.

    Raises:
        ValueError: the matrix is not symmetric.

    >>> eigh(np.array([[2.0, 1.0], [1.0, 2.0]]))[0].round(12)
    array([3., 1.])
    """
    (D,) = sizes(eigh, a)
    if not np.allclose(a, a.T, rtol=1e-5, atol=0):
        raise ValueError(
            "eigh: `a` must be symmetric, because only then are its "
            "eigenvectors orthogonal; got an asymmetry of "
            f"{np.abs(a - a.T).max():.3g}. Decompose it with `svd`"
        )
    a, power = _scaled(a)
    q = np.eye(D, dtype=a.dtype)
    tiny = np.finfo(a.dtype).eps * np.linalg.norm(a)
    for _ in range(SWEEPS):
        if np.abs(a - np.diag(a.diagonal())).max(initial=0) <= tiny:
            break
        for i, j in itertools.combinations(range(D), 2):
            r = _turn(a[i, i], a[j, j], a[i, j])
            a[:, [i, j]] = a[:, [i, j]] @ r
            a[[i, j]] = r.T @ a[[i, j]]
            q[:, [i, j]] = q[:, [i, j]] @ r
    order = np.argsort(-a.diagonal())
    return np.ldexp(a.diagonal()[order], power), q[:, order]


def svd(
    a: Float[Array, "M N"],
) -> tuple[Float[Array, "M K"], Float[Array, " K"], Float[Array, "K N"]]:
    """Turn the columns until they are orthogonal (mathematics.2).

    Args:
        a: matrix.

    Returns:
        The thin factors U, singular values, largest first, and V^T, with
        K = min(M, N). Where a singular value is 0, or below max(M, N) units
        of rounding of the largest, the column of U is 0.

    >>> svd(np.array([[0.0, 2.0], [1.0, 0.0]]))[1]
    array([2., 1.])
    """
    M, N = sizes(svd, a)
    if M < N:
        v, s, ut = svd(a.T)
        return ut.T, s, v.T
    b, power = _scaled(a)
    v = np.eye(N, dtype=a.dtype)
    tiny = np.finfo(a.dtype).eps
    for _ in range(SWEEPS):
        turned = False
        for i, j in itertools.combinations(range(N), 2):
            p, q, d = b[:, i] @ b[:, i], b[:, j] @ b[:, j], b[:, i] @ b[:, j]
            if abs(d) > tiny * math.sqrt(p) * math.sqrt(q):
                r, turned = _turn(p, q, d), True
                b[:, [i, j]] = b[:, [i, j]] @ r
                v[:, [i, j]] = v[:, [i, j]] @ r
        if not turned:
            break
    s = np.sqrt((b * b).sum(axis=0))
    order = np.argsort(-s)
    b, s, v = b[:, order], s[order], v[:, order]
    there = s > M * tiny * s.max(initial=0)
    u = np.where(there, b / np.where(there, s, 1), 0)
    return u, np.ldexp(s, power), v.T


def truncate(
    a: Float[Array, "M N"], rank: int
) -> tuple[Float[Array, "M R"], Float[Array, "R N"]]:
    """Factor the nearest matrix of this rank (mathematics.5).

    Args:
        a: matrix.
        rank: how many singular values to keep.

    Returns:
        Two factors whose product it is; they hold R (M + N) numbers.

    Raises:
        ValueError: ``rank`` is not in 1..min(M, N).
    """
    M, N = sizes(truncate, a)
    if not 1 <= rank <= min(M, N):
        raise ValueError(
            f"truncate: `rank` must lie in 1..{min(M, N)}, because a matrix "
            f"of shape {a.shape} has no more directions; got {rank}"
        )
    u, s, vt = svd(a)
    return u[:, :rank] * s[:rank], vt[:rank]


def _scaled(a: Float[Array, "M N"]) -> tuple[Float[Array, "M N"], int]:
    """Divide by a power of 2, so that squares neither over- nor underflow."""
    _, power = np.frexp(np.abs(a).max(initial=0))
    return np.ldexp(a, -power), int(power)


def _turn(
    p: np.floating, q: np.floating, d: np.floating
) -> Float[Array, "2 2"]:
    """Rotate [[p, d], [d, q]] to be diagonal, by the smaller angle."""
    angle = 0.5 * math.atan2(2 * d, p - q)
    if p < q:  # the smaller of the two turns that do it
        angle -= math.copysign(math.pi / 2, angle)
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]], dtype=d.dtype)
