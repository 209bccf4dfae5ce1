"""A sparse autoencoder of activations, and inputs that excite a unit.

    a = relu((h - c) w^T + b),   h' = a d^T + c
    L = mean over rows of |h - h'|^2 + penalty sum_k a_k |d_k|

d_k, column k of d, is the direction of feature k. The penalty weighs each
activation by the length of its direction, or else small activations of long
directions would cost nothing.
Source: Cunningham, Ewart, Riggs, Huben & Sharkey (2024), arXiv:2309.08600,
section 2; Erhan, Bengio, Courville & Vincent (2009), Visualizing Higher-Layer
Features of a Deep Network, section 3.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.interpretability.outputs import (
    Model,
    Target,
    check_inputs,
    gradient,
)
from dlf.scratch.mathematics.numerics import norm
from dlf.scratch.reductions import sum_examples
from dlf.scratch.shapes import sizes

Array = np.ndarray


def autoencoder_loss(
    h: Float[Array, "N D"],
    w: Float[Array, "K D"],
    b: Float[Array, " K"],
    d: Float[Array, "D K"],
    c: Float[Array, " D"],
    penalty: float = 0.1,
) -> tuple[float, Callable]:
    """Compute a sparse autoencoder's loss: squared error and L1 of features.

    Args:
        h: activations of a net, one row an example.
        w: weights of the encoder.
        b: its biases.
        d: directions of the features, the weights of the decoder.
        c: what is there without any feature.
        penalty: price of activity.

    Returns:
        The loss, and ``vjp(dy=1.0) -> (dh, dw, db, dd, dc)``.

    Raises:
        ValueError: there is no row to average.
    """
    N, _, _ = sizes(autoencoder_loss, h, w, b, d, c)
    if N == 0:
        raise ValueError(
            "autoencoder_loss: `h` must have a row to average; got none"
        )
    penalty = float(penalty)  # a NumPy scalar would impose its type
    off = h - c
    z = off @ w.T + b
    a = np.maximum(z, 0)
    error = a @ d.T - off
    length = norm(d.T)[0]
    loss = ((error * error).sum() + penalty * (a @ length).sum()) / N

    def vjp(dy: float = 1.0) -> tuple:
        scale = float(dy) / N
        de = 2 * scale * error
        da = de @ d + penalty * scale * length
        dz = da * (z > 0)
        unit = d / np.where(length > 0, length, 1)
        dd = de.T @ a + penalty * scale * unit * sum_examples(a)
        dh = dz @ w - de
        return dh, dz.T @ off, sum_examples(dz), dd, -sum_examples(dh)

    return float(loss), vjp


def maximize_activation(
    f: Model,
    x: Float[Array, "N ..."],
    target: Target,
    steps: int = 100,
    lr: float = 0.1,
    decay: float = 0.01,
) -> Float[Array, "N ..."]:
    """Maximize an activation by gradient ascent on the input, in [0, 1].

    Each step goes along the gradient, scaled to length 1, and shrinks the
    input a little, so that only what excites is drawn.

    Args:
        f: the model.
        x: where to start, one row an example.
        target: the output to maximize.
        steps: of ascent.
        lr: length of a step.
        decay: share of the input that a step takes away.

    Raises:
        ValueError: a setting is negative, or as `check_inputs` says.
    """
    q = check_inputs("maximize_activation", f, x, target)
    if min(steps, lr, decay) < 0:
        raise ValueError(
            "maximize_activation: `steps`, `lr` and `decay` must not be "
            f"negative; got {steps}, {lr} and {decay}"
        )
    lr, decay = float(lr), float(decay)  # NumPy scalars impose their types
    one = (len(x), *(1 for _ in x.shape[1:]))
    for _ in range(steps):
        up = gradient(f, x, q.columns)
        size = norm(up.reshape(len(x), -1))[0].reshape(one)
        x = (1 - decay) * x + lr * up / np.maximum(size, 1e-12)
        x = np.clip(x, 0, 1)
    return x
