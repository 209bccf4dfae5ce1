"""Backpropagation written out, forward mode, and checkpointing.

    D_L = (softmax(Z_L) - onehot) / N                    (backpropagation.3)
    D_l = (D_{l+1} W_{l+1}) * f'(Z_l)                    (backpropagation.4)
    dW_l = D_l^T A_{l-1},   db_l = sum of rows of D_l    (backpropagation.5)

A batch has its examples in rows, so D = delta^T. The equations are derived in
`dlf.derive.backpropagation`. Source: Rumelhart, Hinton & Williams (1986).
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.activations.elementwise import relu
from dlf.scratch.losses.classification import cross_entropy
from dlf.scratch.mlp import Params, linear
from dlf.scratch.reductions import sum_examples
from dlf.scratch.shapes import sizes

Array = np.ndarray
Layer = Callable[[Array], tuple[Array, Callable]]


def mlp_gradients(
    params: Params, x: Float[Array, "N I"], labels: Int[Array, " N"]
) -> tuple[float, Params]:
    """Compute loss and gradient of a ReLU net by the delta equations.

    Nothing is called that differentiates: compare `mlp`'s pullback and the
    tape, which must give the same.

    Args:
        params: weights and biases under the names of `mlp.init`.
        x: a batch of inputs.
        labels: the true class of each row.

    Returns:
        The mean cross-entropy, and its gradient under the same names.

    Raises:
        ValueError: a layer's shapes do not fit, or a label names no class.
    """
    L, N = len(params) // 2, len(x)
    w = [params[f"layers.{n}.weight"] for n in range(L)]
    b = [params[f"layers.{n}.bias"] for n in range(L)]
    a, z = [x], []
    for n in range(L):
        sizes(linear, a[n], w[n], b[n])
        z.append(a[n] @ w[n].T + b[n])
        a.append(np.maximum(z[n], 0.0))
    loss, _ = cross_entropy(z[-1], labels)
    e = np.exp(z[-1] - z[-1].max(axis=1, keepdims=True))
    delta = e / e.sum(axis=1, keepdims=True)
    delta[np.arange(N), labels] -= 1.0
    delta /= N
    grads = {}
    for n in reversed(range(L)):
        grads[f"layers.{n}.weight"] = delta.T @ a[n]
        grads[f"layers.{n}.bias"] = sum_examples(delta)
        if n > 0:
            delta = (delta @ w[n]) * (z[n - 1] > 0)
    return loss, grads


def finite_difference(
    f: Callable[[Array], float], x: Float[Array, "..."], h: float = 1e-6
) -> Float[Array, "..."]:
    """Estimate the gradient of ``f`` at ``x`` by central differences.

    Two evaluations an entry, and an error of order h^2 + 1e-16 / h: good for a
    check, hopeless for training.

    Args:
        f: maps an array to a number.
        x: where to differentiate.
        h: step on either side.

    Raises:
        ValueError: ``h`` is not positive.
    """
    if not h > 0:
        raise ValueError(
            "finite_difference: `h` must be positive, because it is divided "
            f"by; got {h}"
        )
    h, slopes = float(h), np.empty(x.shape)
    for n in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[n] += h
        below[n] -= h
        slopes[n] = (f(above) - f(below)) / (2 * h)
    return slopes


def pushforward(
    params: Params, x: Float[Array, "N I"], dx: Float[Array, "N I"]
) -> tuple[Float[Array, "N O"], Float[Array, "N O"]]:
    """Differentiate a ReLU net in forward mode: outputs and tangent J dx.

    The tangent travels with the value, and nothing is kept: that is forward
    mode's advantage. Its price is one sweep for every direction ``dx``.

    Args:
        params: weights and biases.
        x: inputs, one row an example.
        dx: direction in which to differentiate.

    Raises:
        ValueError: ``dx`` has another shape than ``x``, or a layer's shapes
            do not fit.
    """
    sizes(pushforward, x, dx)
    last = len(params) // 2 - 1
    for n in range(last + 1):
        w, b = params[f"layers.{n}.weight"], params[f"layers.{n}.bias"]
        sizes(linear, x, w, b)
        x, dx = x @ w.T + b, dx @ w.T
        if n < last:
            x, vjp = relu(x)
            dx = vjp(dx)  # element by element, J is its own transpose
    return x, dx


def checkpointed(layers: Sequence[Layer], every: int) -> Layer:
    """Checkpoint activations: keep one in ``every``, recompute the rest.

    The pullback runs each stretch forward again before it runs it back, so
    that about len(layers) / every + every values are held at a time instead
    of len(layers) (backpropagation.9), for one more forward pass.

    Args:
        layers: functions that return ``(y, vjp)``.
        every: layers between two values that are kept.

    Raises:
        ValueError: ``every`` is not positive.

    Source: Chen, Xu, Zhang & Guestrin (2016), Training deep nets with
    sublinear memory cost.
    """
    if every < 1:
        raise ValueError(
            f"checkpointed: `every` must be at least 1; got {every}"
        )
    stretches = [layers[n : n + every] for n in range(0, len(layers), every)]

    def composed(x: Array) -> tuple[Array, Callable]:
        starts = []
        for stretch in stretches:
            starts.append(x)
            for layer in stretch:
                x, _ = layer(x)

        def vjp(dy: Array) -> Array:
            for stretch, start in zip(
                reversed(stretches), reversed(starts), strict=True
            ):
                pulls, a = [], start
                for layer in stretch:
                    a, pull = layer(a)
                    pulls.append(pull)
                while pulls:
                    dy = pulls.pop()(dy)
            return dy

        return x, vjp

    return composed
