"""Objectives of a vector, and where a minimizer ended.

A minimizer takes ``objective(w) -> (value, gradient)`` and a vector ``w``, as
`scipy.optimize.minimize` does with ``jac=True``. The parameters of a net are a
dict of arrays; `flatten` makes a vector of them and `unflatten` undoes it.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import alike, floating

Array = np.ndarray
Objective = Callable[[Array], tuple[float, Array]]


class Minimum(NamedTuple):
    """Where a minimizer ended, and what it took to get there.

    Args:
        w: the last point.
        value: of the objective there.
        gradient: of the objective there.
        steps: how many were made.
        evaluations: of value and gradient together.
        products: of the Hessian with a vector, or Hessians, if any were used.
        values: of the objective at the start and after each step.
    """

    w: Array
    value: float
    gradient: Array
    steps: int
    evaluations: int
    products: int
    values: list[float]


def ended(
    found: Minimum, max_iter: int, max_eval: int, tolerance_grad: float = 1e-7
) -> str:
    """Say why a minimizer ended.

    Args:
        found: what it returned.
        max_iter: the limit of steps that it was given.
        max_eval: the limit of evaluations. Newton's method, Levenberg and
            Marquardt's and the trust region evaluate once for the start and
            once for each step they try, so that theirs is ``max_iter + 1``.
        tolerance_grad: the tolerance that it was given.

    Returns:
        ``"converged"``, ``"not finite"``, ``"limit"``, or ``"no further
        decrease"``: the last step, or the one tried, changed too little.

    Raises:
        ValueError: a limit or the tolerance is negative or not finite.
    """
    limits(
        "ended",
        max_iter=max_iter,
        max_eval=max_eval,
        tolerance_grad=tolerance_grad,
    )
    g = found.gradient
    if not (math.isfinite(found.value) and np.isfinite(g).all()):
        return "not finite"
    if np.abs(g).max(initial=0) <= tolerance_grad:
        return "converged"
    if found.steps >= max_iter or found.evaluations >= max_eval:
        return "limit"
    return "no further decrease"


def flatten(
    params: dict[str, Array], like: dict[str, Array] | None = None
) -> Float[Array, " D"]:
    """Lay the entries of all arrays out as one vector.

    Args:
        params: arrays by name, at least one.
        like: arrays of the same shapes, whose order of names is followed;
            the dict's own if None. Gradients may come in another order than
            the weights.

    Raises:
        ValueError: there is none, or they are not shaped like the others.

    >>> flatten({"w": np.array([[1.0, 2.0]]), "b": np.array([3.0])})
    array([1., 2., 3.])
    """
    if not params:
        raise ValueError(
            "flatten: `params` must hold an array, because a vector of none "
            "has no type; got an empty dict"
        )
    like = params if like is None else like
    alike("flatten", "params", params, like)
    return np.concatenate([np.ravel(params[k]) for k in like])


def unflatten(
    w: Float[Array, " D"], like: dict[str, Array]
) -> dict[str, Array]:
    """Cut a vector into arrays with the names and shapes of others.

    Args:
        w: as many entries as ``like`` has.
        like: arrays by name.

    Raises:
        ValueError: the vector is longer or shorter.

    >>> unflatten(np.array([1.0, 2.0]), {"b": np.zeros(2)})
    {'b': array([1., 2.])}
    """
    ends = np.cumsum([a.size for a in like.values()], dtype=int)
    wanted = int(ends[-1]) if like else 0
    if w.shape != (wanted,):
        raise ValueError(
            f"unflatten: `w` must have shape ({wanted},), because that is what "
            f"`like` holds; got {w.shape}"
        )
    parts = np.split(w, ends)[:-1]
    return {
        k: part.reshape(a.shape)
        for (k, a), part in zip(like.items(), parts, strict=True)
    }


def evaluate(
    operation: str, objective: Objective, w: Array
) -> tuple[float, Array]:
    """Call an objective, and refuse what is no value with its gradient.

    Args:
        operation: the minimizer, for errors.
        objective: maps a vector to its value and gradient.
        w: where.

    Raises:
        ValueError: it returns something else, or a gradient of another shape.
    """
    pair = objective(w)
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise ValueError(
            f"{operation}: `objective` must return a pair (value, gradient), "
            f"because a step needs both; got {type(pair).__name__}"
        )
    f, g = pair
    if np.shape(f) != ():
        raise ValueError(
            f"{operation}: `objective` must return a number as its value, "
            f"because values are compared; got shape {np.shape(f)}"
        )
    if not isinstance(g, np.ndarray) or g.shape != w.shape:
        raise ValueError(
            f"{operation}: `objective` must return a gradient of shape "
            f"{w.shape}, because the point has it; got {np.shape(g)}"
        )
    return float(f), g.astype(w.dtype)  # a copy, if it is a buffer


def begin(
    operation: str, objective: Objective, w: Array
) -> tuple[float, Array]:
    """Evaluate an objective where a search starts; refuse a bad start.

    Args:
        operation: the minimizer, for errors.
        objective: maps a vector to its value and gradient.
        w: the start.

    Raises:
        ValueError: the start is no vector of floating-point numbers, or value
            or gradient are not finite there.
    """
    if not isinstance(w, np.ndarray) or w.ndim != 1:
        raise ValueError(
            f"{operation}: `w` must be a vector, because curvature has a row "
            f"for each of its entries; got shape {np.shape(w)}. Lay arrays "
            "out with flatten"
        )
    floating(operation, w=w)
    f, g = evaluate(operation, objective, w)
    if not (math.isfinite(f) and np.isfinite(g).all()):
        raise ValueError(
            f"{operation}: `w` must start where value and gradient are "
            f"finite, because nothing can be compared with NaN; got {f} with "
            f"a gradient of norm {np.linalg.norm(g)}"
        )
    return f, g


def limits(operation: str, **counts: int | float) -> None:
    """Refuse budgets and tolerances below 0, NaN and infinity included.

    Args:
        operation: the minimizer, for errors.
        counts: by name.

    Raises:
        ValueError: naming the first that is negative or not finite.
    """
    for argument, value in counts.items():
        if not 0 <= value < math.inf:
            raise ValueError(
                f"{operation}: `{argument}` must be finite and not negative, "
                f"because it ends the search; got {value}"
            )


def not_below_zero(operation: str, damping: float) -> None:
    """Refuse a damping below 0, NaN and infinity included.

    Args:
        operation: the step, for errors.
        damping: what is added to the diagonal.

    Raises:
        ValueError: it is negative or not finite.
    """
    if not 0 <= damping < math.inf:
        raise ValueError(
            f"{operation}: `damping` must be finite and not negative, because "
            f"it is added to the diagonal; got {damping}. Use 0 for none"
        )


def check_symmetric(operation: str, argument: str, a: Array) -> None:
    """Refuse a matrix that is not finite or not symmetric.

    Args:
        operation: the step, for errors.
        argument: its name.
        a: the matrix.

    Raises:
        ValueError: an entry is not finite, or differs from its mirror image.
    """
    if not np.isfinite(a).all():
        raise ValueError(
            f"{operation}: `{argument}` must hold finite numbers, because "
            "eigenvalues are computed from them; got NaN or inf"
        )
    near = 1e-6 * np.abs(a).max(initial=0)
    if not np.allclose(a, a.T, rtol=1e-4, atol=near):
        raise ValueError(
            f"{operation}: `{argument}` must be symmetric, because only then "
            "are its eigenvectors orthogonal; got an asymmetry of "
            f"{np.abs(a - a.T).max():.3g}. Take ({argument} + {argument}.T) / 2"
        )


def is_singular(a: Array) -> bool:
    """Whether a matrix has no inverse, or only one made of rounding.

    Args:
        a: square matrix of finite numbers.

    >>> is_singular(np.array([[0.1, 0.3], [0.3, 0.9]]))
    True
    """
    if a.size == 0 or not np.isfinite(a).all():
        return False
    return bool(np.linalg.cond(a, 1) * np.finfo(a.dtype).eps > 1)


def widened(a: Array) -> Array:
    """Give float16 as float64, which LAPACK and long sums need.

    Args:
        a: any array of floating-point numbers.
    """
    return a.astype(np.float64) if a.dtype == np.float16 else a
