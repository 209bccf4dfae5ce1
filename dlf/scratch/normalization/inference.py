"""Batch norm after training: running statistics, and folding them away.

    mean <- (1 - a) mean + a m      var <- (1 - a) var + a N/(N - 1) v
    y = weight (x - mean) / √(var + eps) + bias              (normalization.6)

torch divides by the biased variance v in training and keeps the unbiased one
for later, and its ``momentum`` a is the share of the *new* value. A linear
layer before it absorbs the whole:

    w' = r w,   b' = r (b - mean) + bias,   r = weight / √(var + eps)
                                                             (normalization.7)

Source: Ioffe & Szegedy (2015), algorithm 2.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive
from dlf.scratch.normalization.moments import FINITE, like, mean, widened
from dlf.scratch.reductions import sum_examples
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def update_running(
    x: Float[Array, "N C"],
    running_mean: Float[Array, " C"],
    running_var: Float[Array, " C"],
    momentum: float = 0.1,
) -> tuple[Array, Array]:
    """Move running mean and variance toward those of a batch.

    Args:
        x: a batch of at least two examples.
        running_mean: so far.
        running_var: so far.
        momentum: share of the batch in the new values, in (0, 1].

    Raises:
        ValueError: shapes do not fit, or a setting is out of its range.
    """
    N, _ = sizes(update_running, x, running_mean, running_var)
    if N < 2 or not 0 < momentum <= 1:
        raise ValueError(
            "update_running: `x` must have two examples or more and "
            "`momentum` lie in (0, 1], because the batch's variance is mixed "
            f"in; got shape {x.shape} and {momentum}"
        )
    a = float(momentum)
    wide = widened(x)
    m = mean(wide, (0,))
    v = mean((wide - m) ** 2, (0,))[0] * (N / (N - 1))
    moved = (1 - a) * running_mean + a * m[0], (1 - a) * running_var + a * v
    return like(running_mean, *moved)


def batch_norm_inference(
    x: Float[Array, "N C"],
    weight: Float[Array, " C"],
    bias: Float[Array, " C"],
    running_mean: Float[Array, " C"],
    running_var: Float[Array, " C"],
    eps: float = 1e-5,
) -> tuple[Float[Array, "N C"], Callable]:
    """Batch normalization in use (normalization.6): by running statistics.

    Args:
        x: examples, any number.
        weight: scale of each feature.
        bias: shift of each feature.
        running_mean: of each feature.
        running_var: of each feature, not negative.
        eps: added to the variance, positive.

    Returns:
        The examples, and ``vjp(dy) -> (dx, dweight, dbias)``.

    Raises:
        ValueError: shapes do not fit, or a variance is negative.
    """
    sizes(batch_norm_inference, x, weight, bias, running_mean, running_var)
    scale = _scale("batch_norm_inference", widened(running_var), eps)
    normal = (widened(x) - running_mean) * scale

    def vjp(dy: Float[Array, "N C"]) -> tuple[Array, Array, Array]:
        check_cotangent(batch_norm_inference, dy, x)
        dx = dy * (weight * scale)
        return like(x, dx, sum_examples(dy * normal), sum_examples(dy))

    return like(x, normal * weight + bias)[0], vjp


def fold_batch_norm(
    w: Float[Array, "O I"],
    b: Float[Array, " O"],
    weight: Float[Array, " O"],
    bias: Float[Array, " O"],
    running_mean: Float[Array, " O"],
    running_var: Float[Array, " O"],
    eps: float = 1e-5,
) -> tuple[Array, Array]:
    """Fold batch norm into the linear layer before it (normalization.7).

    A convolution's weights are folded as a matrix of one row an output channel.

    Args:
        w: weights of the layer.
        b: its biases.
        weight: scale of batch norm.
        bias: shift of batch norm.
        running_mean: of the layer's outputs.
        running_var: of the layer's outputs, not negative.
        eps: added to the variance, positive.

    Raises:
        ValueError: shapes do not fit, or a variance is negative.
    """
    sizes(fold_batch_norm, w, b, weight, bias, running_mean, running_var)
    r = weight * _scale("fold_batch_norm", running_var, eps)
    return r[:, None] * w, r * (b - running_mean) + bias


def _scale(name: str, var: Array, eps: float) -> Array:
    """Give 1/√(var + eps), and refuse negative variances."""
    check_positive(name, "eps", eps, FINITE)
    if (var < 0).any():
        raise ValueError(
            f"{name}: `running_var` must not be negative, because its root "
            f"divides; got {var.min()}"
        )
    return (var + float(eps)) ** -0.5
