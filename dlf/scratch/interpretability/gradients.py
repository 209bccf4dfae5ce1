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

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive
from dlf.scratch.graphs.segments import combine_segments
from dlf.scratch.interpretability.outputs import (
    Baseline,
    Model,
    Target,
    check_inputs,
    gradient,
    selected_output,
    value_and_gradient,
)

Array = np.ndarray
MOST, ROWS = 2**17, 2048  # evaluations an example, and at once


def saliency(
    f: Model, x: Float[Array, "N ..."], target: Target
) -> Float[Array, "N ..."]:
    """Compute saliency: the magnitude of the gradient in each input.

    Args:
        f: the model.
        x: inputs, one row an example.
        target: the output to explain, one for all or one an example.

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
    """Compute gradient times input: a linear model from baseline to input.

    Args:
        f: the model.
        x: inputs, one row an example.
        target: the output to explain.
        baseline: a number, one input for all, or one an example.
    """
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
    """Compute SmoothGrad: the mean gradient over inputs with noise.

    Args:
        f: the model.
        x: inputs, one row an example.
        target: the output to explain.
        rng: draws the noise.
        sigma: its standard deviation, in units of the inputs.
        draws: noisy copies of each example.

    Raises:
        ValueError: a setting is out of range, or as `check_inputs` says.
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
    """Compute integrated gradients, baseline to input, by Gauss-Legendre.

    Exact to rounding for smooth models; at kinks of ReLU the error falls only
    with 1 / steps, and `to_completeness` does better.

    Args:
        f: the model.
        x: inputs, one row an example.
        target: the output to explain.
        baseline: where paths begin: a number, one input, or one an example.
        steps: nodes on the path.

    Raises:
        ValueError: there is no node, or as `check_inputs` says.
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
    """Compute integrated gradients adaptively, until they add up.

    On a piece of the path without a kink a ReLU net is a straight line, and
    the gradient in the middle, times the way, is the rise of the output. A
    piece in which it is not contains a kink and is cut in two, until the digits
    of the inputs end, or `MOST` evaluations an example are spent.

    Args:
        f: the model.
        x: inputs, one row an example.
        target: the output to explain.
        baseline: where paths begin: a number, one input, or one an example.
        tol: largest gap between sum and rise of the output, for up to a
            thousand kinks between baseline and input. Rounding adds a thousand
            units of the last place of the outputs, which is far less than 1e-6
            in float64, and more in float32.

    Raises:
        ValueError: ``tol`` is not positive; the sum does not come so near, as
            when the model jumps or is not a number; or as `check_inputs` says.
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
