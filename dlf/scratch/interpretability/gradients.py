"""How much each input counts: gradients, and their average along a path.

A model is a function ``f(x) -> (y, vjp)`` from inputs N … to outputs N C, as
every model of this floor is; a target names one output of each example.

    saliency             |dy/dx|
    input x gradient     (x - x') dy/dx
    SmoothGrad           mean over draws of dy/dx at x + sigma noise
    integrated gradients (x - x') times the mean of dy/dx between x' and x
    sum of the last over inputs = y(x) - y(x')            (interpretability.2)

x' is the baseline, the input that stands for nothing; 0 unless it is given.
Source: Simonyan, Vedaldi & Zisserman (2014), arXiv:1312.6034; Smilkov et al.
(2017), arXiv:1706.03825; Sundararajan, Taly & Yan (2017), arXiv:1703.01365.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.checks import check_positive, floating
from dlf.scratch.graphs.segments import combine_segments

Array = np.ndarray
Model = Callable[[Array], tuple[Array, Callable]]
Target = int | np.integer | Int[Array, " N"]
Baseline = float | Float[Array, "..."]
MOST, ROWS = 2**17, 2048  # evaluations an example, and at once


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
    """Give each row's own output."""
    y, _ = f(x)
    return y[np.arange(len(x)), columns]


def value_and_gradient(
    f: Model, x: Float[Array, "N ..."], columns: Int[Array, " N"]
) -> tuple[Float[Array, " N"], Float[Array, "N ..."]]:
    """Give each row's own output, and pull it back to the row's inputs.

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
    """Give the slopes of each row's own output in its inputs."""
    return value_and_gradient(f, x, columns)[1]


def saliency(
    f: Model, x: Float[Array, "N ..."], target: Target
) -> Float[Array, "N ..."]:
    """Measure by how much the output moves when an input does.

    >>> square = lambda x: (x @ x.T * np.eye(len(x)), lambda dy: 2 * dy @ x)
    >>> saliency(square, np.array([[3.0, -1.0]]), 0)
    array([[6., 2.]])
    """
    q = check_inputs("saliency", f, x, target)
    return np.abs(gradient(f, x, q.columns))


def input_x_gradient(
    f: Model,
    x: Float[Array, "N ..."],
    target: Target,
    baseline: Baseline = 0.0,
) -> Float[Array, "N ..."]:
    """Take the model for a straight line between baseline and input."""
    q = check_inputs("input_x_gradient", f, x, target, baseline)
    return (x - q.baseline) * gradient(f, x, q.columns)


def smoothgrad(
    f: Model,
    x: Float[Array, "N ..."],
    target: Target,
    rng: np.random.Generator,
    sigma: float = 0.1,
    draws: int = 25,
) -> Float[Array, "N ..."]:
    """Average gradients over inputs with noise, to see past small wrinkles.

    Args:
        rng: draws the noise.
        sigma: its standard deviation, in units of the inputs.
        draws: noisy copies of each example.

    Raises:
        ValueError: a setting is out of range, or as `ask` says.
    """
    q = check_inputs("smoothgrad", f, x, target)
    if draws < 1 or sigma < 0:
        raise ValueError(
            "smoothgrad: `draws` must be positive and `sigma` not negative; "
            f"got {draws} and {sigma}"
        )
    total = np.zeros_like(x)
    for _ in range(draws):
        noise = (sigma * rng.standard_normal(x.shape)).astype(x.dtype)
        total += gradient(f, x + noise, q.columns)
    return total / draws


def integrated_gradients(
    f: Model,
    x: Float[Array, "N ..."],
    target: Target,
    baseline: Baseline = 0.0,
    steps: int = 50,
) -> Float[Array, "N ..."]:
    """Average gradients from baseline to input, by Gauss and Legendre.

    Exact to rounding for smooth models; at kinks of ReLU the error falls only
    with 1 / steps, and `to_completeness` does better.

    Args:
        steps: nodes on the path.

    Raises:
        ValueError: there is no node, or as `ask` says.
    """
    q = check_inputs("integrated_gradients", f, x, target, baseline)
    if steps < 1:
        raise ValueError(
            f"integrated_gradients: `steps` must be at least 1; got {steps}"
        )
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    way, total = x - q.baseline, np.zeros_like(x)
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        at = q.baseline + x.dtype.type(node) * way
        total += x.dtype.type(weight) * gradient(f, at, q.columns)
    return way * total


def adaptive_integrated_gradients(
    f: Model,
    x: Float[Array, "N ..."],
    target: Target,
    baseline: Baseline = 0.0,
    tol: float = 1e-6,
) -> Float[Array, "N ..."]:
    """Integrate gradients until they add up, by halving where they do not.

    On a piece of the path without a kink a ReLU net is a straight line, and
    the gradient in the middle, times the way, is the rise of the output. A
    piece in which it is not contains a kink and is cut in two, until the digits
    of the inputs end, or `MOST` evaluations an example are spent.

    Args:
        tol: largest gap between sum and rise of the output, for up to a
            thousand kinks between baseline and input. Rounding adds a thousand
            units of the last place of the outputs, which is far less than 1e-6
            in float64, and more in float32.

    Raises:
        ValueError: ``tol`` is not positive; the sum does not come so near, as
            when the model jumps or is not a number; or as `ask` says.
    """
    q = check_inputs("adaptive_integrated_gradients", f, x, target, baseline)
    check_positive(
        "adaptive_integrated_gradients", "tol", tol, "sums are rounded"
    )
    N, digits = len(x), np.finfo(x.dtype)
    way, mean = x - q.baseline, np.zeros((N, x[0].size), x.dtype)
    start, end = (selected_output(f, at, q.columns) for at in (q.baseline, x))
    rise, size = end - start, np.abs(start) + np.abs(end)
    row, low, width, spent = np.arange(N), np.zeros(N), 1.0, 0
    for _ in range(digits.nmant + 1):
        spent += len(row)
        last = spent + 2 * len(row) > MOST * N
        middle, done = np.empty_like(start), np.full(len(row), last)
        for first in range(0, len(row), ROWS):
            part = slice(first, first + ROWS)
            n = row[part]
            at = q.baseline[n] + _column(low[part] + width / 2, x) * way[n]
            middle[part], slope = value_and_gradient(f, at, q.columns[n])
            along = (slope * way[n]).reshape(len(n), -1).sum(axis=1)
            gap = np.abs(end[part] - start[part] - width * along)
            close = tol * max(width, 1e-3) + 8 * digits.eps * size[n]
            done[part] |= ~(gap > close)  # what is not a number ends, too
            own, place = np.unique(n[done[part]], return_inverse=True)
            slope = width * slope[done[part]].reshape(len(place), mean.shape[1])
            mean[own] += combine_segments(slope, place, len(own))
        if done.all():
            break
        width /= 2
        start, middle, end, low = (v[~done] for v in (start, middle, end, low))
        row, low = np.tile(row[~done], 2), np.concatenate([low, low + width])
        start, end = np.concatenate([[start, middle], [middle, end]], axis=1)
    shares = way * mean.reshape(x.shape)
    parts = shares.reshape(N, -1)
    gap = np.abs(parts.sum(axis=1) - rise)
    near = tol + 1008 * digits.eps * (size + np.abs(parts).sum(axis=1))
    if not (gap <= near).all():
        n = int((~(gap <= near)).argmax())
        raise ValueError(
            f"adaptive_integrated_gradients: `tol` must be larger, or f have "
            f"no jumps, because after {spent} evaluations the sum misses the "
            "rise of the "
            f"output by {gap[n]:.3g} for example {n}; got {tol}"
        )
    return shares


def _column(
    values: Float[Array, " M"], x: Float[Array, "N ..."]
) -> Float[Array, "M ..."]:
    return values.reshape(-1, *(1 for _ in x.shape[1:])).astype(x.dtype)
