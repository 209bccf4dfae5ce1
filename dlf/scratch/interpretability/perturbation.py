"""Explanations by changing the input, and what changes say of explanations.

    occlusion_i  = y(x) - y(x with a window over i at the baseline)
    infidelity   = mean over I of (I . phi(x) - (y(x) - y(x - I)))^2
    sensitivity  = max over small d of |phi(x + d) - phi(x)| / |phi(x)|

Source: Zeiler & Fergus (2014), arXiv:1311.2901, section 2; Yeh, Hsieh, Suggala,
Inouye & Ravikumar (2019), arXiv:1901.09392, definitions 2.1 and 3.1.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import floating
from dlf.scratch.interpretability.outputs import (
    Baseline,
    Model,
    Target,
    check_inputs,
    selected_output,
)
from dlf.scratch.mathematics.numerics import norm

Array = np.ndarray
Explain = Callable[[Float[Array, "N ..."]], Float[Array, "N ..."]]


def occlusion(
    f: Model,
    x: Float[Array, "N C H W"],
    target: Target,
    baseline: Baseline = 0.0,
    window: int = 3,
) -> Float[Array, "N C H W"]:
    """Compute occlusion: slide a square over images; average what it takes.

    A pixel gets the mean over all windows that lie in the image and cover it.

    Args:
        f: the model.
        x: images.
        target: the output to explain.
        baseline: what replaces the pixels in the square.
        window: side of the square, all channels at once.

    Raises:
        ValueError: the window does not fit, or as `check_inputs` says.
    """
    q = check_inputs("occlusion", f, x, target, baseline)
    H, W = x.shape[2:]
    if not 1 <= window <= min(H, W):
        raise ValueError(
            f"occlusion: `window` must lie in 1..{min(H, W)}, because images "
            f"are {H} x {W}; got {window}"
        )
    whole = selected_output(f, x, q.columns)
    total, count = np.zeros_like(x), np.zeros((H, W), x.dtype)
    for top in range(H - window + 1):
        for left in range(W - window + 1):
            at = ..., slice(top, top + window), slice(left, left + window)
            hidden = x.copy()
            hidden[at] = q.baseline[at]
            lost = whole - selected_output(f, hidden, q.columns)
            total[at] += lost[:, None, None, None]
            count[at] += 1
    return total / count


def infidelity(
    f: Model,
    x: Float[Array, "N ..."],
    target: Target,
    phi: Float[Array, "N ..."],
    changes: Float[Array, "K N ..."],
) -> Float[Array, " N"]:
    """Compute infidelity: predicted against actual change of the output.

    Args:
        f: the model.
        x: inputs, one row an example.
        target: the output to explain.
        phi: the explanation, of the shape of x.
        changes: taken off the inputs, K of each example.

    Raises:
        ValueError: shapes differ, or as `check_inputs` says.
    """
    q = check_inputs("infidelity", f, x, target)
    for name, shape in (("phi", phi.shape), ("changes", changes.shape[1:])):
        if shape != x.shape:
            raise ValueError(
                f"infidelity: `{name}` must have the shape {x.shape} of x "
                f"{'for each change' * (name == 'changes')}; got {shape}"
            )
    whole, gaps = selected_output(f, x, q.columns), []
    for change in changes:
        said = (change * phi).reshape(len(x), -1).sum(axis=1)
        gaps.append(said - (whole - selected_output(f, x - change, q.columns)))
    return np.square(gaps).mean(axis=0)


def sensitivity(
    explain: Explain,
    x: Float[Array, "N ..."],
    rng: np.random.Generator,
    radius: float = 0.02,
    draws: int = 10,
) -> Float[Array, " N"]:
    """Compute max-sensitivity: how far an explanation moves near an input.

    Args:
        explain: maps inputs to explanations.
        x: inputs, one row an example.
        rng: draws changes evenly from a cube.
        radius: half the side of the cube.
        draws: changes tried; the largest effect counts.

    Returns:
        One ratio an example; the change itself where it was 0 before.

    Raises:
        ValueError: a setting is not positive, or x holds integers.
    """
    if radius <= 0 or draws < 1:
        raise ValueError(
            "sensitivity: `radius` and `draws` must be positive; got "
            f"{radius} and {draws}"
        )
    floating("sensitivity", x=x)
    before, worst = explain(x), np.zeros(len(x), x.dtype)
    size = norm(before.reshape(len(x), -1))[0]
    for _ in range(draws):
        d = rng.uniform(-radius, radius, x.shape).astype(x.dtype)
        moved = (explain(x + d) - before).reshape(len(x), -1)
        worst = np.maximum(worst, norm(moved)[0])
    return worst / np.where(size > 0, size, 1)
