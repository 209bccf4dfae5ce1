"""K-FAC and Shampoo: a matrix on each side of a layer's gradient.

A layer z = W a has the gradient dz a^T. If dz and a were independent, the
curvature of its weights would be a Kronecker product, and its inverse two
small solves in place of a large one:

    (A ⊗ S)^-1 vec G = vec(S^-1 G A^-1),  A = E[a a^T], S = E[dz dz^T]
                                                             (second_order.11)
    (G G^T)^(-1/4) G (G^T G)^(-1/4) = U V^T  for an invertible
    G = U diag(s) V^T                                        (second_order.12)

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
from dlf.scratch.second_order.objectives import (
    Array,
    check_symmetric,
    not_below_zero,
    widened,
)
from dlf.scratch.shapes import sizes


def kfac_direction(
    dw: Float[Array, "O I"],
    a: Float[Array, "N I"],
    dz: Float[Array, "N O"],
    damping: float = 1e-3,
) -> tuple[Float[Array, "O I"], Callable]:
    """Apply the preconditioner of K-FAC to a gradient (second_order.11).

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
    a: Float[Array, "D D"], power: int | float, damping: float = 0.0
) -> Float[Array, "D D"]:
    """Compute (A + damping I)^(-1/power) of a positive definite matrix.

    Args:
        a: symmetric matrix.
        power: which root is taken, 1 or more, not only whole numbers.
        damping: added to the diagonal.

    Raises:
        ValueError: the matrix is not finite, symmetric and positive
            definite, power is less than 1, or damping is negative.

    >>> inverse_root(np.diag([16.0, 81.0]), 4).round(4)
    array([[0.5   , 0.    ],
           [0.    , 0.3333]])
    """
    sizes(inverse_root, a)
    not_below_zero("inverse_root", damping)
    if not 1 <= power < np.inf:
        raise ValueError(
            "inverse_root: `power` must be 1 or more, because a root is "
            f"taken; got {power}"
        )
    wide = widened(a)
    check_symmetric("inverse_root", "a", wide)
    values, vectors = np.linalg.eigh(wide)
    values = values + float(damping)
    if (values <= 0).any():
        raise ValueError(
            "inverse_root: `a` must be positive definite, because a root of "
            f"its inverse is taken; got the eigenvalue {values[0]:.3g}. "
            "Add damping"
        )
    root = vectors * values ** (-1.0 / float(power)) @ vectors.T
    return root.astype(a.dtype, copy=False)


def shampoo(lr: Rate = 0.1, eps: float = 1e-6) -> Pair:
    """Make Shampoo: a matrix on each side of a matrix's gradient.

    Vectors are taken as matrices of one column.

    Args:
        lr: learning rate, positive, or a schedule.
        eps: multiple of the identity that either sum starts with, positive;
            no eigenvalue counts as less, as rounding may make it.

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
            rows, columns = (*w.shape, 1, 1)[:2]
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
            step = _fourth_root(left, start) @ g @ _fourth_root(right, start)
            new[k] = w - eta(t + 1) * step.reshape(w.shape)
            kept[k] = left, right
        return new, (t + 1, kept)

    return init, update


def _fourth_root(a: Array, least: float) -> Array:
    """Compute a^(-1/4) of a sum, no eigenvalue being below the least."""
    if not np.isfinite(a).all():
        return np.full_like(a, np.nan)
    values, vectors = np.linalg.eigh(widened(a))
    root = vectors * np.maximum(values, least) ** -0.25 @ vectors.T
    return root.astype(a.dtype, copy=False)


def _damped(rows: Array, root: float) -> Array:
    """Average the outer products of the rows, and add to the diagonal."""
    mean = rows.T @ rows / len(rows)
    return mean + root * np.eye(rows.shape[1], dtype=rows.dtype)
