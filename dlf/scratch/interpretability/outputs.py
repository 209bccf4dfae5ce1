"""Outputs that explanations are asked about, checked, and their gradients.

A model is a function ``f(x) -> (y, vjp)`` from inputs N … to outputs N C, as
every model of this floor is; a target names one output of each example.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.checks import floating

Array = np.ndarray
Model = Callable[[Array], tuple[Array, Callable]]
Target = int | np.integer | Int[Array, " N"]
Baseline = float | Float[Array, "..."]


class Inputs(NamedTuple):
    """What is asked of a model: inputs, a column and a baseline of each."""

    x: Float[Array, "N ..."]
    columns: Int[Array, " N"]
    baseline: Float[Array, "N ..."]


def check_inputs(
    name: str,
    f: Model,
    x: Float[Array, "N ..."],
    target: Target,
    baseline: Baseline = 0.0,
) -> Inputs:
    """Check what an explanation is asked about.

    Args:
        name: of the method, for errors.
        f: the model.
        x: inputs, one row an example.
        target: the output to explain, one for all or one an example.
        baseline: a number, one input for all, or one an example.

    Raises:
        ValueError: there are no examples, they are integers, the target names
            no output, or the baseline has another shape than the inputs.
    """
    if x.ndim < 2 or len(x) == 0:
        raise ValueError(
            f"{name}: `x` must have a row an example, and one at least; got "
            f"shape {x.shape}"
        )
    floating(name, x=x)
    y, _ = f(x[:1])
    if y.ndim != 2:
        raise ValueError(
            f"{name}: `f` must return outputs N C, because a target is a "
            f"column of them; got shape {y.shape} for one example"
        )
    N, C = len(x), y.shape[1]
    columns = np.asarray(target)
    if columns.shape not in ((), (N,)) or columns.dtype.kind not in "iu":
        raise ValueError(
            f"{name}: `target` must be an integer or one an example, because "
            f"x has {N}; got {columns.dtype} of shape {columns.shape}"
        )
    if ((columns < 0) | (columns >= C)).any():
        wrong = columns[(columns < 0) | (columns >= C)].flat[0]
        raise ValueError(
            f"{name}: `target` must lie in 0..{C - 1}, because the model has "
            f"{C} outputs; got {wrong}"
        )
    start = np.asarray(baseline, x.dtype)
    if start.shape not in ((), x.shape[1:], x.shape):
        raise ValueError(
            f"{name}: `baseline` must be a number, or have the shape "
            f"{x.shape[1:]} of one input or {x.shape} of all; got "
            f"{start.shape}"
        )
    whole = np.broadcast_to(start, x.shape)
    return Inputs(x, np.broadcast_to(columns, N), whole)


def selected_output(
    f: Model, x: Float[Array, "N ..."], columns: Int[Array, " N"]
) -> Float[Array, " N"]:
    """Give each row's own output.

    Args:
        f: the model.
        x: inputs, one row an example.
        columns: the output to follow in each row.
    """
    y, _ = f(x)
    return y[np.arange(len(x)), columns]


def value_and_gradient(
    f: Model, x: Float[Array, "N ..."], columns: Int[Array, " N"]
) -> tuple[Float[Array, " N"], Float[Array, "N ..."]]:
    """Give each row's own output, and pull it back to the row's inputs.

    Args:
        f: the model.
        x: inputs, one row an example.
        columns: the output to follow in each row.

    Raises:
        ValueError: the model pulls back to something else than its input.
    """
    y, vjp = f(x)
    own = np.arange(len(x)), columns
    dy = np.zeros_like(y)
    dy[own] = 1.0
    pulled = vjp(dy)
    if isinstance(pulled, tuple):  # dx stands first, or after dparams
        pulled = next(p for p in pulled if not isinstance(p, dict))
    if np.shape(pulled) != x.shape:
        raise ValueError(
            f"value_and_gradient: `f` must pull back to its input's shape "
            f"{x.shape} first, because gradients are read off there; got "
            f"{np.shape(pulled)}"
        )
    return y[own], pulled


def gradient(
    f: Model, x: Float[Array, "N ..."], columns: Int[Array, " N"]
) -> Float[Array, "N ..."]:
    """Compute the gradient of each row's own output in its inputs.

    Args:
        f: the model.
        x: inputs, one row an example.
        columns: the output to follow in each row.
    """
    return value_and_gradient(f, x, columns)[1]
