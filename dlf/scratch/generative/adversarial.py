"""Losses of generators and critics: `y, vjp = f(x, …)`.

    discriminator: mean softplus(-a) + mean softplus(b)           (generative.9)
    generator, non-saturating: mean softplus(-b)                 (generative.11)
    gradient penalty: mean of (|f'(x)| - 1)^2                    (generative.14)

a and b are logits of real and of generated examples, softplus(-a) = -log D. The
penalty is that of f(x) = v tanh(w x + b), whose second derivatives are written
out here; `dlf.nn` leaves them to autograd.
Source: Goodfellow et al. (2014), equation 1 and section 3; Gulrajani et al.
(2017), equation 3.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import entries
from dlf.scratch.shapes import sizes

Array = np.ndarray


def _softplus(x: Array) -> Array:
    """Compute log(1 + e^x) without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _sigmoid(x: Array) -> Array:
    """Compute the derivative of softplus without overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def discriminator_loss(
    real: Float[Array, " N"], fake: Float[Array, " M"]
) -> tuple[float, Callable]:
    """Loss of a discriminator: real is 1, generated is 0 (generative.9).

    Args:
        real: logits of real examples.
        fake: logits of generated ones: log(1 - D(G(z))) is what counts.

    Returns:
        The loss, and ``vjp(dloss=1.0) -> (dreal, dfake)``.

    Raises:
        ValueError: either is empty.
    """
    N, M = sizes(discriminator_loss, real, fake)
    entries(discriminator_loss, real=real)
    entries(discriminator_loss, fake=fake)

    def vjp(dloss: float = 1.0) -> tuple[Array, Array]:
        c = float(dloss)
        return -_sigmoid(-real) * (c / N), _sigmoid(fake) * (c / M)

    return float(_softplus(-real).mean()) + float(_softplus(fake).mean()), vjp


def generator_loss(fake: Float[Array, " N"]) -> tuple[float, Callable]:
    """Non-saturating loss of a generator, -log D(G(z)) (generative.11).

    Args:
        fake: logits of generated examples.

    Returns:
        The loss, and ``vjp(dloss=1.0) -> dfake``.

    Raises:
        ValueError: there is no example.
    """
    (N,) = sizes(generator_loss, fake)
    entries(generator_loss, fake=fake)

    def vjp(dloss: float = 1.0) -> Float[Array, " N"]:
        return -_sigmoid(-fake) * (float(dloss) / N)

    return float(_softplus(-fake).mean()), vjp


def gradient_penalty(
    x: Float[Array, "N D"],
    w: Float[Array, "H D"],
    b: Float[Array, " H"],
    v: Float[Array, " H"],
) -> tuple[float, Callable]:
    """Gradient penalty of a critic v tanh(w x + b) (generative.14).

    Args:
        x: where the penalty is taken, between real and generated examples.
        w: weights of the hidden layer.
        b: its biases.
        v: weights of the output.

    Returns:
        The mean of (|gradient| - 1)^2, and ``vjp(dloss=1.0) -> (dx, dw, db,
        dv)``; where the gradient is 0 its length has none.

    Raises:
        ValueError: shapes do not fit, or there is no example.
    """
    N, _, _ = sizes(gradient_penalty, x, w, b, v)
    entries(gradient_penalty, x=x)
    h = np.tanh(x @ w.T + b)
    d = 1 - np.square(h)
    q = d * v
    g = q @ w  # gradient of the critic, one row an example
    length = np.sqrt(np.square(g).sum(axis=1, keepdims=True))

    def vjp(dloss: float = 1.0) -> tuple[Array, ...]:
        unit = g / np.where(length > 0, length, 1)
        dg = unit * (length - 1) * (2 * float(dloss) / N)
        dq = dg @ w.T
        dz = dq * v * (-2 * h * d)
        return (
            dz @ w,
            q.T @ dg + dz.T @ x,
            dz.sum(axis=0),
            (dq * d).sum(axis=0),
        )

    return float(np.square(length - 1).mean()), vjp
