"""Gated activation functions, GELU, Swish and Mish; maxout and sparsemax.

    gelu(x)       = x Phi(x), the mean of a mask times x       (activations.12)
    swish(x)      = x sigmoid(beta x)                          (activations.13)
    swish'        = g + beta x g (1 - g),  g = sigmoid(beta x) (activations.14)
    mish(x)       = x tanh(log(1 + e^x)),  slope in            (activations.16)
    glu(value, gate) = value f(gate)                           (activations.21)

The first four open the gate by x itself: y = x g(x), dx = dy (g + x g').
Slopes are derived in `dlf.derive.activations.rectifiers`.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr

from dlf.scratch.activations.elementwise import Array, Pair, Values, sigmoid
from dlf.scratch.checks import floats
from dlf.scratch.shapes import sizes

FAR = 40.0  # where every gate is open or shut to the last digit


def _self_gated(x: Values, gate: Values, slope: Values) -> Pair:
    """Multiply x by its gate, whose derivative is given: the product rule."""
    return x * gate, lambda dy: dy * (gate + x * slope)


def gelu(x: Values, approximate: str = "none") -> Pair:
    """Apply GELU: x times the normal distribution function (activations.12).

    Args:
        x: any numbers.
        approximate: "none" for Phi itself; "tanh" for the closed form that
            comes within 0.0005 of it.

    Raises:
        ValueError: there is no such approximation.

    Source: Hendrycks & Gimpel (2016), 2.
    """
    x = floats(x)
    near = np.clip(x, -FAR, FAR)  # whose powers are finite in any type
    if approximate == "none":
        density = np.exp(-0.5 * near * near) / math.sqrt(2 * math.pi)
        gate = ndtr(x).astype(x.dtype)  # SciPy may answer halves in float32
        return _self_gated(x, gate, density)
    if approximate != "tanh":
        raise ValueError(
            "gelu: `approximate` must be 'none' or 'tanh', because only those "
            f"are defined; got {approximate!r}"
        )
    c = math.sqrt(2 / math.pi)
    t = np.tanh(c * (near + 0.044715 * near**3))
    slope = 0.5 * (1.0 - t * t) * c * (1.0 + 3 * 0.044715 * near * near)
    return _self_gated(x, 0.5 * (1.0 + t), slope)


def swish(x: Values, beta: float = 1.0) -> Pair:
    """Apply Swish: x times the sigmoid of beta x (activations.13); SiLU at 1.

    Args:
        x: any numbers.
        beta: steepness of the sigmoid.

    Source: Hendrycks & Gimpel (2016) and Elfwing et al. (2018), as SiLU;
    Ramachandran, Zoph & Le (2017), as Swish with beta.
    """
    beta = float(beta)  # a NumPy scalar would impose its type
    gate = sigmoid(beta * floats(x))[0]
    return _self_gated(x, gate, beta * gate * (1.0 - gate))


def mish(x: Values) -> Pair:
    """Apply Mish: x times the tanh of its softplus (activations.16).

    Args:
        x: any numbers.

    Source: Misra (2020), equation 1.
    """
    x = floats(x)
    gate = np.tanh(np.logaddexp(x, 0.0))
    return _self_gated(x, gate, (1.0 - gate * gate) * sigmoid(x)[0])


def hardswish(x: Values) -> Pair:
    """Apply hard Swish: x times the hard sigmoid.

    Args:
        x: any numbers.

    Source: Howard et al. (2019), MobileNetV3, 5.2.
    """
    gate = np.clip(x / 6.0 + 0.5, 0.0, 1.0)
    inside = np.where(np.abs(x) < 3.0, x, 0.0)
    return x * gate, lambda dy: dy * (gate + inside / 6.0)


def glu(
    value: Values, gate: Values, f: Callable[[Array], Pair] = sigmoid
) -> Pair:
    """Apply a gated linear unit: value times activated gate (activations.21).

    Args:
        value: what passes.
        gate: what decides how much of it does.
        f: activation of the gate, any function of `dlf.scratch`.

    Returns:
        The gated value, and ``vjp(dy) -> dvalue, dgate``.

    Source: Dauphin et al. (2017), equation 1; Shazeer (2020), equation 5.
    """
    sizes(glu, value, gate)
    opened, pull = f(gate)
    return value * opened, lambda dy: (dy * opened, pull(dy * value))


def geglu(value: Values, gate: Values) -> Pair:
    """Apply GEGLU, gated by GELU. Source: Shazeer (2020), equation 5.

    Args:
        value: what is let through.
        gate: what decides how much.
    """
    return glu(value, gate, gelu)


def swiglu(value: Values, gate: Values) -> Pair:
    """Apply SwiGLU, gated by Swish, as most language models do (same source).

    Args:
        value: what is let through.
        gate: what decides how much.
    """
    return glu(value, gate, swish)


def maxout(
    x: Float[Array, "*B F"], pieces: int
) -> tuple[Float[Array, "*B C"], Callable]:
    """Apply maxout: the largest of each group of ``pieces`` features.

    Any convex function can be learned so, piece by piece. Where two are equal
    the first of them passes.

    Args:
        x: features last.
        pieces: features a group, which must divide their number.

    Raises:
        ValueError: the features do not divide into such groups.

    Source: Goodfellow et al. (2013), Maxout networks, 2.
    """
    (F,) = sizes(maxout, x)
    if pieces < 1 or F % pieces:
        raise ValueError(
            f"maxout: `pieces` must divide {F}, because x has {F} features to "
            f"group; got {pieces}"
        )
    groups = x.reshape(*x.shape[:-1], F // pieces, pieces)
    best = groups.argmax(axis=-1)[..., None]

    def vjp(dy: Float[Array, "*B C"]) -> Float[Array, "*B F"]:
        dgroups = np.zeros_like(groups)
        np.put_along_axis(dgroups, best, dy[..., None], axis=-1)
        return dgroups.reshape(x.shape)

    return np.take_along_axis(groups, best, axis=-1)[..., 0], vjp


def sparsemax(x: Float[Array, "*B C"]) -> tuple[Float[Array, "*B C"], Callable]:
    """Apply sparsemax: project rows onto the simplex, some entries to 0.

    It is the point of the simplex nearest to x: x lowered by one threshold
    and cut at 0. The pullback averages over the features that got a share.

    Args:
        x: scores, features last.

    Raises:
        ValueError: there is no feature to share among.

    Source: Martins & Astudillo (2016), algorithm 1.

    >>> sparsemax(np.array([[2.0, 1.5, -1.0]]))[0]
    array([[0.75, 0.25, 0.  ]])
    """
    (C,) = sizes(sparsemax, x)
    if C == 0:
        raise ValueError(
            f"sparsemax: `x` must have a last axis to share among; got "
            f"{x.shape}"
        )
    x = x - x.max(axis=-1, keepdims=True)
    falling = -np.sort(-x)
    k = np.arange(1, C + 1)
    excess = np.cumsum(falling, axis=-1) - 1.0
    K = (k * falling > excess).sum(axis=-1, keepdims=True)
    K = np.maximum(K, 1)  # only NaN leaves none; it propagates
    threshold = np.take_along_axis(excess, K - 1, axis=-1) / K.astype(x.dtype)
    p = np.maximum(x - threshold, 0.0)

    def vjp(dy: Float[Array, "*B C"]) -> Float[Array, "*B C"]:
        shared = p > 0
        mean = (dy * shared).sum(axis=-1, keepdims=True) / shared.sum(
            axis=-1, keepdims=True
        ).astype(dy.dtype)
        return shared * (dy - mean)

    return p, vjp
