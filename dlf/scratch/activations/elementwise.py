"""Activation functions, elementwise, and softmax: `y, vjp = f(x)`.

    sigmoid(x) = 1 / (1 + exp(-x))                              (activations.1)
    sigmoid'   = sigmoid (1 - sigmoid)                          (activations.2)
    tanh(x)    = 2 sigmoid(2x) - 1                              (activations.3)
    tanh'      = 1 - tanh^2                                     (activations.4)
    prelu(x)   = max(0, x) + weight min(0, x)                   (activations.8)
    elu(x)     = x for x > 0, else alpha (exp(x) - 1)          (activations.10)
    elu'       = 1 for x > 0, else elu + alpha                 (activations.11)
    selu(x)    = SCALE elu(x, ALPHA)                  (activations.17), (.18)
    softmax(x) = exp(x) / sum of exp(x)                        (activations.19)
    dx         = p dy - p (p . dy),   p = softmax(x)           (activations.20)

Derivatives are derived in `dlf.derive.activations`. At a kink the derivative is
torch's, one of those that the two sides offer.
Source: Goodfellow, Bengio & Courville (2016), Deep Learning, 6.2.2 and 6.3; the
functions name their own.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import floats
from dlf.scratch.reductions import sum_examples
from dlf.scratch.shapes import sizes

Array = np.ndarray
Values = Float[Array, "*B"]
Pair = tuple[Values, Callable]

ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805  # (activations.17), (.18)


def identity(x: Values) -> Pair:
    """Apply the identity; a stack of layers stays one affine map.

    Args:
        x: any numbers.
    """
    return x.copy(), lambda dy: dy.copy()


def step(x: Values) -> Pair:
    """Apply the Heaviside step: 1 or 0, its derivative 0 where it has one.

    A gradient method therefore learns nothing through it: the pullback is
    exact, and useless.

    Args:
        x: any numbers.

    Source: Rosenblatt (1958), The perceptron.

    >>> y, vjp = step(np.array([-2.0, 0.0, 3.0]))
    >>> y, vjp(np.ones(3))
    (array([0., 1., 1.]), array([0., 0., 0.]))
    """
    return np.heaviside(x, 1.0), np.zeros_like


def sigmoid(x: Values) -> Pair:
    """Apply the logistic sigmoid (activations.1), without overflow.

    Both sides are the same number: 1 / (1 + e^-x) = e^x / (1 + e^x).

    Args:
        x: any numbers.

    >>> sigmoid(np.array([-1e4, 0.0, 1e4]))[0]
    array([0. , 0.5, 1. ])
    """
    x = floats(x)
    e = np.exp(-np.abs(x))
    y = np.where(x >= 0, 1.0, e) / (1.0 + e)
    return y, lambda dy: dy * y * (1.0 - y)


def tanh(x: Values) -> Pair:
    """Apply hyperbolic tangent (activations.3); pullback (activations.4).

    Args:
        x: any numbers.
    """
    y = np.tanh(floats(x))
    return y, lambda dy: dy * (1.0 - y * y)


def hardtanh(x: Values, min_val: float = -1.0, max_val: float = 1.0) -> Pair:
    """Apply hard tanh: clip to [min_val, max_val]; derivative 1 or 0.

    Args:
        x: any numbers.
        min_val: lower bound.
        max_val: upper bound, not below it.

    Raises:
        ValueError: the limits leave nothing between them.
    """
    if not min_val < max_val:
        raise ValueError(
            "hardtanh: `min_val` must lie below max_val, because nothing "
            f"passes otherwise; got {min_val} and {max_val}"
        )
    min_val, max_val = float(min_val), float(max_val)
    inside = (x > min_val) & (x < max_val)
    return np.clip(x, min_val, max_val), lambda dy: dy * inside


def hardsigmoid(x: Values) -> Pair:
    """Apply the hard sigmoid: clip x/6 + 1/2 to [0, 1].

    Args:
        x: any numbers.

    Source: Courbariaux et al. (2015), BinaryConnect; this slope is
    MobileNetV3's, Howard et al. (2019), 5.2.
    """
    inside = np.abs(x) < 3.0
    return np.clip(x / 6.0 + 0.5, 0.0, 1.0), lambda dy: dy * inside / 6.0


def relu(x: Values) -> Pair:
    """Apply ReLU, max(x, 0). The derivative at 0 is set to 0.

    Args:
        x: any numbers.
    """
    return np.maximum(x, 0.0), lambda dy: dy * (x > 0)


def squared_relu(x: Values) -> Pair:
    """Apply squared ReLU, max(x, 0)². Source: So et al. (2021), Primer.

    Args:
        x: any numbers.
    """
    y = np.maximum(x, 0.0)
    return y * y, lambda dy: 2.0 * dy * y


def leaky_relu(x: Values, negative_slope: float = 0.01) -> Pair:
    """Apply leaky ReLU: negative x times a small constant (activations.8).

    Args:
        x: any numbers.
        negative_slope: derivative where x is negative.
    """
    x = floats(x)
    one, leak = np.array([1.0, negative_slope], x.dtype)
    slope = np.where(x > 0, one, leak)
    return x * slope, lambda dy: dy * slope


def prelu(
    x: Float[Array, "*B C"], weight: Float[Array, " C"]
) -> tuple[Float[Array, "*B C"], Callable]:
    """Apply PReLU: leaky ReLU with a learned slope a feature (activations.8).

    Args:
        x: features last.
        weight: derivative where a feature is negative, learned.

    Returns:
        The activated features, and ``vjp(dy) -> dx, dweight``; dweight is the
        sum of dy min(0, x) over the examples (activations.9).

    Source: He et al. (2015), Delving deep into rectifiers, equations 1 and 3.
    """
    sizes(prelu, x, weight)
    negative = np.minimum(x, 0.0)

    def vjp(dy: Float[Array, "*B C"]) -> tuple[Array, Array]:
        dx = dy * np.where(x > 0, 1.0, weight)
        return dx, sum_examples(dy * negative)

    return np.maximum(x, 0.0) + weight * negative, vjp


def elu(x: Values, alpha: float = 1.0) -> Pair:
    """Apply ELU, which tends to -alpha on the negative side (activations.10).

    The slope is read off the value (activations.11).

    Args:
        x: any numbers.
        alpha: minus the limit on the negative side.

    Source: Clevert, Unterthiner & Hochreiter (2016), section 3.
    """
    alpha = float(alpha)  # a NumPy scalar would impose its type
    y = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))
    return y, lambda dy: dy * np.where(x > 0, 1.0, y + alpha)


def selu(x: Values) -> Pair:
    """Apply SELU: an ELU scaled to keep mean 0 and variance 1 of N(0, 1).

    Args:
        x: any numbers.

    Source: Klambauer et al. (2017), equation 2.
    """
    y, vjp = elu(x, ALPHA)
    return SCALE * y, lambda dy: vjp(SCALE * dy)


def softplus(x: Values) -> Pair:
    """Apply softplus, log(1 + e^x). Its derivative is the sigmoid.

    Args:
        x: any numbers.

    Source: Dugas et al. (2001).

    >>> softplus(np.array([-1e4, 0.0, 1e4]))[0].round(1)
    array([0.e+00, 7.e-01, 1.e+04])
    """
    return np.logaddexp(floats(x), 0.0), lambda dy: dy * sigmoid(x)[0]


def softmax(x: Float[Array, "*B C"]) -> tuple[Float[Array, "*B C"], Callable]:
    """Apply softmax to each row: exponentials over their sum (activations.19).

    The largest exponent is 0, so nothing overflows. A row without a finite
    entry has no softmax: it comes out as NaN.

    Args:
        x: scores, features last.

    Returns:
        The shares p, and ``vjp(dy) -> dx`` (activations.20).

    Raises:
        ValueError: there is no feature to share among.

    >>> softmax(np.array([[0.0, 1e4]]))[0]
    array([[0., 1.]])
    """
    (C,) = sizes(softmax, x)
    if C == 0:
        raise ValueError(
            f"softmax: `x` must have a last axis to share among; got {x.shape}"
        )
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)

    def vjp(dy: Float[Array, "*B C"]) -> Float[Array, "*B C"]:
        return p * (dy - np.vecdot(p, dy)[..., None])

    return p, vjp
