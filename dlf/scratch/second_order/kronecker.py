"""K-FAC and Shampoo: a matrix on each side of a layer's gradient.

A layer z = W a has the gradient dz a^T. If dz and a were independent, the
curvature of its weights would be a Kronecker product, and its inverse two
small solves in place of a large one:

    (A ⊗ S)^-1 vec G = vec(S^-1 G A^-1),  A = E[a a^T], S = E[dz dz^T]
                                                             (second_order.11)
    (G G^T)^(-1/4) G (G^T G)^(-1/4) = U V^T  for G = U diag(s) V^T
                                                             (second_order.12)

Shampoo takes running sums of G G^T and G^T G; its first step is the second
line, Muon's direction. For I inputs and O outputs both need I² + O² numbers
where the full matrix has I² O².
Source: Martens & Grosse (2015); Gupta, Koren & Singer (2018).
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive
from dlf.scratch.optimizers.pairs import Pair, Params, Rate, fitted, rate
from dlf.scratch.second_order.objectives import Array, limits, widened
from dlf.scratch.shapes import sizes


def kfac_direction(
    dw: Float[Array, "O I"],
    a: Float[Array, "N I"],
    dz: Float[Array, "N O"],
    damping: float = 1e-3,
) -> tuple[Float[Array, "O I"], Callable]:
    """Precondition a layer's gradient by Kronecker factors (second_order.11).

    Args:
        dw: gradient of its weights.
        a: its inputs.
        dz: gradients of each example's loss by its outputs, for labels drawn
            from the model if Fisher's matrix is meant.
        damping: its root is added to the diagonal of either factor.

    Returns:
        (S + √damping I)^-1 dw (A + √damping I)^-1, and ``vjp(dy) -> ddw``.

    Raises:
        ValueError: there is no example, or damping is not positive.

    Source: Martens & Grosse (2015), section 6.3, with equal parts.
    """
    _, _, N = sizes(kfac_direction, dw, a, dz)
    check_positive(
        "kfac_direction", "damping", damping, "the factors may be singular"
    )
    if N == 0:
        raise ValueError(
            "kfac_direction: `a` must have an example, because a mean is "
            f"taken over them; got shape {a.shape}"
        )
    dtype, root = dw.dtype, float(damping) ** 0.5
    left, right = (_damped(widened(v), root) for v in (dz, a))

    def vjp(dy: Float[Array, "O I"]) -> Float[Array, "O I"]:
        rows = np.linalg.solve(left, widened(dy))
        return np.linalg.solve(right, rows.T).T.astype(dtype, copy=False)

    return vjp(dw), vjp


def inverse_root(
    a: Float[Array, "D D"], power: int, damping: float = 0.0
) -> Float[Array, "D D"]:
    """Compute (A + damping I)^(-1/power) of a positive definite matrix.

    Args:
        a: symmetric matrix.
        power: which root is taken, 1 or more.
        damping: added to the diagonal.

    Raises:
        ValueError: the matrix is not symmetric and positive definite, power
            is less than 1, or damping is negative.

    >>> inverse_root(np.diag([16.0, 81.0]), 4).round(4)
    array([[0.5   , 0.    ],
           [0.    , 0.3333]])
    """
    sizes(inverse_root, a)
    limits("inverse_root", damping=damping)
    if power < 1:
        raise ValueError(
            "inverse_root: `power` must be 1 or more, because a root is "
            f"taken; got {power}"
        )
    wide = widened(a)
    if not np.allclose(wide, wide.T, rtol=1e-4, atol=1e-6 * np.abs(wide).max()):
        raise ValueError(
            "inverse_root: `a` must be symmetric, because only then are its "
            "eigenvectors orthogonal; got an asymmetry of "
            f"{np.abs(wide - wide.T).max():.3g}"
        )
    values, vectors = np.linalg.eigh(wide)
    values = values + float(damping)
    if not values[0] > 0:
        raise ValueError(
            "inverse_root: `a` must be positive definite, because a root of "
            f"its inverse is taken; got the eigenvalue {values[0]:.3g}. "
            "Add damping"
        )
    root = vectors * values ** (-1.0 / int(power)) @ vectors.T
    return root.astype(a.dtype, copy=False)


def shampoo(lr: Rate = 0.1, eps: float = 1e-6) -> Pair:
    """Make Shampoo: a matrix on each side of a matrix's gradient.

    Vectors are taken as matrices of one column.

    Args:
        lr: learning rate, positive, or a schedule.
        eps: multiple of the identity that either sum starts with, positive.

    Raises:
        ValueError: a setting is out of its range; in ``update``, weights have
            three axes or more, or a gradient has another shape than its
            weights.

    Source: Gupta, Koren & Singer (2018), algorithm 1.
    """
    eta = rate("shampoo", lr)
    check_positive("shampoo", "eps", eps, "the first sums are singular")
    start = float(eps)

    def init(params: Params) -> tuple[int, dict]:
        sums = {}
        for k, w in params.items():
            if w.ndim > 2:
                raise ValueError(
                    "shampoo: `params` must hold matrices and vectors, "
                    "because each has a matrix on two sides; got "
                    f"{k} of shape {w.shape}. Reshape it to a matrix"
                )
            rows, columns = w.reshape(len(w) if w.ndim else 1, -1).shape
            sums[k] = (
                start * np.eye(rows, dtype=w.dtype),
                start * np.eye(columns, dtype=w.dtype),
            )
        return 0, sums

    def update(params: Params, grads: Params, state: tuple) -> tuple:
        t, sums = state
        grads = fitted("shampoo", grads, params, sums)
        new, kept = {}, {}
        for k, w in params.items():
            left, right = sums[k]
            g = grads[k].reshape(len(left), len(right))
            left, right = left + g @ g.T, right + g.T @ g
            step = inverse_root(left, 4) @ g @ inverse_root(right, 4)
            new[k] = w - eta(t + 1) * step.reshape(w.shape)
            kept[k] = left, right
        return new, (t + 1, kept)

    return init, update


def _damped(rows: Array, root: float) -> Array:
    """Average the outer products of the rows, and add to the diagonal."""
    mean = rows.T @ rows / len(rows)
    return mean + root * np.eye(rows.shape[1], dtype=rows.dtype)
