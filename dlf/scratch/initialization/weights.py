"""Weight initialization: random weights whose layers keep the signal's size.

    Var z = fan_in Var w E[a²]                             (initialization.2)

so a layer keeps the mean square of its inputs if Var w = gain²/fan_in, with
1/gain² = E[f(z)²] under z ~ N(0, 1) for the activation f before it:

    LeCun     1 / fan_in               gain 1: linear, SELU
    Glorot    2 / (fan_in + fan_out)   forward and backward on average
    He        2 / fan_in               gain √2: ReLU

Weights have torch's layout, fan-out first, and for convolutions the taps
last; a uniform distribution on ±c has the variance c²/3.
Source: LeCun et al. (1998), efficient backprop, 4.6; Glorot & Bengio (2010),
equation 16; He et al. (2015), equations 10 and 14; Saxe et al. (2014) for
orthogonal weights; Mishkin & Matas (2016) for LSUV.
"""

import math
from collections.abc import Callable, Sequence
from numbers import Real

import numpy as np

from dlf.scratch.checks import check_positive

Array = np.ndarray
Shape = Sequence[int]
GRID = np.linspace(-12, 12, 240_001)[:, None]  # of the trapezoid rule


def fans(shape: Shape) -> tuple[int, int]:
    """Count the inputs and outputs of a unit: fan-in and fan-out.

    Args:
        shape: of the weights: outputs, inputs, and taps if there are any.

    Raises:
        ValueError: fewer than two axes, or an empty one; or no shape.

    >>> fans((10, 3, 5, 5))
    (75, 250)
    """
    if not isinstance(shape, tuple | list):  # a torch.Size is a tuple
        raise ValueError(
            "fans: `shape` must be a tuple, because a layer has outputs and "
            f"inputs; got {type(shape).__name__}. Pass (outputs, inputs), or "
            "w.shape for an array w"
        )
    if len(shape) < 2 or not all(n >= 1 and n == int(n) for n in shape):
        raise ValueError(
            "fans: `shape` must have two axes or more, of outputs and inputs, "
            f"each a whole number from 1; got {tuple(shape)}"
        )
    taps = math.prod(int(n) for n in shape[2:])
    return int(shape[1]) * taps, int(shape[0]) * taps


def gain(f: Callable) -> float:
    """Gain of an activation: 1 over the root mean square it leaves of N(0, 1).

    Args:
        f: a function of `dlf.scratch.activations.elementwise` or `gated`,
            which returns its values and its pullback.

    Raises:
        ValueError: it leaves nothing, or no finite number; or it returns
            no pair.

    >>> from dlf.scratch.activations.elementwise import relu
    >>> round(gain(relu) ** 2, 6)
    2.0
    """
    density = np.exp(-GRID * GRID / 2) / np.sqrt(2 * np.pi)
    pair = f(GRID)
    if not (isinstance(pair, tuple) and len(pair) == 2):
        raise ValueError(
            "gain: `f` must return a pair, its values and its pullback, as "
            f"those of `dlf.scratch.activations` do; got {type(pair).__name__}"
        )
    square = np.asarray(pair[0], dtype=np.float64) ** 2
    mean = float((square * density).sum() * (GRID[1, 0] - GRID[0, 0]))
    if not 0 < mean < np.inf:
        raise ValueError(
            "gain: `f` must leave a finite mean square, because weights are "
            f"to make up for it; it left {mean} of N(0, 1)"
        )
    return mean**-0.5


def _check(operation: str, rng: np.random.Generator, gain: float = 1.0) -> None:
    """Refuse what is no generator, and a gain that is not positive, or NaN."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"{operation}: `rng` must be a generator, because weights are "
            f"drawn from it; got {rng!r}. Use np.random.default_rng(0)"
        )
    if not isinstance(gain, Real) or not 0 < gain < np.inf:
        raise ValueError(
            f"{operation}: `gain` must be positive and finite, because it "
            f"scales the weights; got {gain!r}"
        )


def lecun_normal(shape: Shape, rng: np.random.Generator) -> Array:
    """LeCun initialization: normal weights of variance 1/fan-in.

    Args:
        shape: of the weights, outputs first.
        rng: source of the draws.

    Raises:
        ValueError: fewer than two axes, or an empty one.
    """
    _check("lecun_normal", rng)
    return rng.normal(scale=fans(shape)[0] ** -0.5, size=shape)


def xavier_normal(
    shape: Shape, rng: np.random.Generator, gain: float = 1.0
) -> Array:
    """Xavier (Glorot) initialization, normal: variance 2/(fan-in + fan-out).

    Args:
        shape: of the weights, outputs first.
        rng: source of the draws.
        gain: factor of the standard deviation, positive.

    Raises:
        ValueError: fewer than two axes, or a gain that is not positive.
    """
    _check("xavier_normal", rng, gain)
    scale = gain * (2 / sum(fans(shape))) ** 0.5
    return rng.normal(scale=scale, size=shape)


def xavier_uniform(
    shape: Shape, rng: np.random.Generator, gain: float = 1.0
) -> Array:
    """Xavier (Glorot) initialization, uniform on ±√(6/(fan-in + fan-out)).

    Args:
        shape: of the weights, outputs first.
        rng: source of the draws.
        gain: factor of the bound, positive.

    Raises:
        ValueError: fewer than two axes, or a gain that is not positive.
    """
    _check("xavier_uniform", rng, gain)
    bound = gain * (6 / sum(fans(shape))) ** 0.5
    return rng.uniform(-bound, bound, size=shape)


def he_normal(
    shape: Shape, rng: np.random.Generator, gain: float = 2**0.5
) -> Array:
    """He (Kaiming) initialization, normal: variance gain²/fan-in.

    Args:
        shape: of the weights, outputs first.
        rng: source of the draws.
        gain: √2 for ReLU; √(2/(1 + a²)) for a leaky one of slope a.

    Raises:
        ValueError: fewer than two axes, or a gain that is not positive.
    """
    _check("he_normal", rng, gain)
    return rng.normal(scale=gain * fans(shape)[0] ** -0.5, size=shape)


def he_uniform(
    shape: Shape, rng: np.random.Generator, gain: float = 2**0.5
) -> Array:
    """He (Kaiming) initialization, uniform on ±gain √(3/fan-in).

    Args:
        shape: of the weights, outputs first.
        rng: source of the draws.
        gain: √2 for ReLU; √(1/3) is what torch's layers begin with.

    Raises:
        ValueError: fewer than two axes, or a gain that is not positive.
    """
    _check("he_uniform", rng, gain)
    bound = gain * (3 / fans(shape)[0]) ** 0.5
    return rng.uniform(-bound, bound, size=shape)


def truncated_normal(
    shape: Shape, rng: np.random.Generator, scale: float, cut: float = 2.0
) -> Array:
    """Draw from a truncated normal: what lies beyond the cut is drawn again.

    Args:
        shape: of the weights.
        rng: source of the draws.
        scale: standard deviation before cutting, positive; at the usual cut of
            2 the weights have 0.880 of it.
        cut: in standard deviations, at least 0.01.

    Raises:
        ValueError: the scale is not positive, or the cut too small.
    """
    _check("truncated_normal", rng)
    check_positive("truncated_normal", "scale", scale, "weights must differ")
    if not cut >= 0.01:
        raise ValueError(
            "truncated_normal: `cut` must be at least 0.01, because hardly a "
            f"draw would be kept; got {cut}"
        )
    x = rng.normal(size=shape)
    while (outside := np.abs(x) > cut).any():
        x[outside] = rng.normal(size=int(outside.sum()))
    return scale * x


def orthogonal(
    shape: Shape, rng: np.random.Generator, gain: float = 1.0
) -> Array:
    """Orthogonal initialization: all singular values equal to the gain.

    Args:
        shape: of the weights, outputs first; further axes are inputs, too.
        rng: source of the draws.
        gain: factor, positive.

    Raises:
        ValueError: fewer than two axes, or a gain that is not positive.
    """
    _check("orthogonal", rng, gain)
    fans(shape)
    rows, columns = shape[0], int(np.prod(shape[1:]))
    q, r = np.linalg.qr(
        rng.normal(size=(max(rows, columns), min(rows, columns)))
    )
    q = q * np.sign(np.diag(r))  # so that every rotation is equally likely
    return gain * (q if rows >= columns else q.T).reshape(shape)


def lsuv(w: Array, x: Array, layer: Callable, tolerance: float = 0.01) -> Array:
    """LSUV: scale weights until their outputs on data have variance 1.

    Args:
        w: weights, orthogonal ones to begin with.
        x: a batch of inputs.
        layer: maps inputs and weights to outputs.
        tolerance: how far from 1 the variance may stay, positive.

    Raises:
        ValueError: the outputs do not vary, or not finitely, or do not
            depend on the scale; or the layer returns no array.
    """
    check_positive("lsuv", "tolerance", tolerance, "it is never met exactly")
    for _ in range(10):
        y = layer(x, w)
        if not isinstance(y, np.ndarray):
            raise ValueError(
                "lsuv: `layer` must return its outputs alone, because their "
                f"variance is taken; got {type(y).__name__}"
            )
        variance = float(y.astype(np.float64).var())
        if abs(variance - 1) < tolerance:
            return w
        if not 0 < variance < np.inf:
            break
        w = w / variance**0.5
    raise ValueError(
        "lsuv: `x` must give outputs whose variance scales with the weights, "
        f"because they are divided by it; got variance {variance:.3g}"
    )


def fixup_scale(branches: int, layers: int) -> float:
    """Fixup: factor of He's weights in a residual branch, without norm layers.

    Args:
        branches: residual branches in the net, at least 1.
        layers: weight layers in a branch, at least 2; its last begins at 0.

    Raises:
        ValueError: a count is out of its range, or not whole.

    Source: Zhang, Dauphin & Ma (2019), rule 2: L^(-1/(2m - 2)).
    """
    whole = branches % 1 == layers % 1 == 0  # not so for NaN and inf
    if not (whole and branches >= 1 and layers >= 2):
        raise ValueError(
            "fixup_scale: `branches` must be at least 1 and `layers` 2, both "
            "whole, because the last layer of a branch begins at 0; got "
            f"{branches} and {layers}"
        )
    return float(branches ** (-1 / (2 * layers - 2)))
