"""Hessian-vector products: curvature along a direction for two gradients.

    H v = d/dr g(w + r v) at r = 0 = gradient of g^T v       (second_order.3)

The first form differentiates the backward pass forwards: every quantity of it
is carried along with its derivative in direction v, written `r_` here. The
second differentiates it backwards; a library with automatic differentiation
has both. A central difference of two gradients is the check.

Without the terms in which second derivatives of the net's outputs stand, the
product is that of the generalized Gauss-Newton matrix J^T H_L J, which for
cross-entropy is Fisher's                                    (second_order.5).
Source: Pearlmutter (1994); Schraudolph (2002).
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.activations.elementwise import tanh
from dlf.scratch.checks import floating
from dlf.scratch.losses.classification import cross_entropy
from dlf.scratch.mlp import Params, linear, mlp
from dlf.scratch.reductions import sum_rows
from dlf.scratch.second_order.objectives import widened
from dlf.scratch.shapes import sizes

Array = np.ndarray


def hvp_by_difference(
    gradient: Callable[[Array], Array],
    w: Float[Array, " D"],
    v: Float[Array, " D"],
    h: float = 1e-5,
) -> Float[Array, " D"]:
    """Estimate H v by a central difference of gradients.

    The error is of order h² + 1e-16 / h in float64. Good for a check. In
    float32 take an h of 1e-2; float16 is computed in float64.

    Args:
        gradient: maps a vector to the gradient there.
        w: where.
        v: direction; the steps are h times it.
        h: step on either side, positive.

    Raises:
        ValueError: point or direction are no vectors of floating-point
            numbers, h is not positive, or a gradient has another shape.

    >>> cubes = lambda w: 3 * w**2  # of the sum of cubes
    >>> hvp_by_difference(cubes, np.array([1.0, 2.0]), np.ones(2)).round(6)
    array([ 6., 12.])
    """
    sizes(hvp_by_difference, w, v)
    floating("hvp_by_difference", w=w)
    if not h > 0:
        raise ValueError(
            "hvp_by_difference: `h` must be positive, because it is divided "
            f"by; got {h}"
        )
    dtype, w, v, h = w.dtype, widened(w), widened(v), float(h)
    ahead = np.array(gradient(w + h * v))  # a copy, if it is a buffer
    behind = np.asarray(gradient(w - h * v))
    if not ahead.shape == behind.shape == w.shape:
        raise ValueError(
            "hvp_by_difference: `gradient` must return an array of shape "
            f"{w.shape}, because the point has it; got {ahead.shape}"
        )
    return ((ahead - behind) / (2 * h)).astype(dtype, copy=False)


def tanh_hvp(
    params: Params,
    x: Float[Array, "N I"],
    labels: Int[Array, " N"],
    v: Params,
) -> tuple[float, Params, Params]:
    """Multiply the Hessian of a tanh net's loss by v (second_order.3).

    Args:
        params: weights and biases under the names of `mlp.init`.
        x: a batch of inputs.
        labels: the true class of each row.
        v: direction, under the same names.

    Returns:
        Mean cross-entropy, its gradient, and H v.

    Raises:
        ValueError: shapes do not fit, or a label names no class.
    """
    a, r_a = _forward("tanh_hvp", params, x, v)
    loss, vjp = cross_entropy(a[-1], labels)
    dz = vjp()
    r_dz = _softmax_curvature(a[-1], r_a[-1]) / len(x)
    grads, products = {}, {}
    for n in reversed(range(len(a) - 1)):
        w, b = f"layers.{n}.weight", f"layers.{n}.bias"
        grads[w], grads[b] = dz.T @ a[n], sum_rows(dz)
        products[w] = r_dz.T @ a[n] + dz.T @ r_a[n]
        products[b] = sum_rows(r_dz)
        if n > 0:
            bent = 1.0 - a[n] * a[n]  # tanh', whose derivative is -2 a r_a
            r_da = r_dz @ params[w] + dz @ v[w]
            da = dz @ params[w]
            r_dz = r_da * bent - 2.0 * da * a[n] * r_a[n]
            dz = da * bent
    return loss, _like(grads, params), _like(products, params)


def tanh_ggn_product(
    params: Params, x: Float[Array, "N I"], v: Params
) -> Params:
    """Multiply the Gauss-Newton matrix of a tanh net by v (second_order.5).

    The loss is cross-entropy, whose labels do not matter to it.

    Args:
        params: weights and biases under the names of `mlp.init`.
        x: a batch of inputs.
        v: direction, under the same names.

    Raises:
        ValueError: shapes do not fit.
    """
    a, r_a = _forward("tanh_ggn_product", params, x, v)
    _, vjp = mlp(params, x, tanh)
    pulled, _ = vjp(_softmax_curvature(a[-1], r_a[-1]) / len(x), dx=False)
    return _like(pulled, params)


def _forward(
    operation: str, params: Params, x: Array, v: Params
) -> tuple[list[Array], list[Array]]:
    """Run the net, and carry the derivative of each layer in direction v."""
    if len(x) == 0:
        raise ValueError(
            f"{operation}: `x` must have an example, because the loss is a "
            f"mean; got shape {x.shape}"
        )
    for name, w in params.items():
        if name not in v or np.shape(v[name]) != w.shape:
            got = np.shape(v[name]) if name in v else "nothing"
            raise ValueError(
                f"{operation}: `v` must hold {name} of shape {w.shape}, "
                f"because the weights have it; got {got}"
            )
    a, r_a, last = [x], [np.zeros_like(x)], len(params) // 2 - 1
    for n in range(last + 1):
        w, b = f"layers.{n}.weight", f"layers.{n}.bias"
        z, _ = linear(a[n], params[w], params[b])
        r_z = r_a[n] @ params[w].T + a[n] @ v[w].T + v[b]
        hidden = n < last
        a.append(np.tanh(z) if hidden else z)
        r_a.append((1.0 - a[-1] * a[-1]) * r_z if hidden else r_z)
    return a, r_a


def _softmax_curvature(z: Array, v: Array) -> Array:
    """Multiply each row by diag(p) - p p^T, the Hessian of cross-entropy."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p * (v - (p * v).sum(axis=1, keepdims=True))


def _like(found: Params, params: Params) -> Params:
    """Put results into the order of the parameters."""
    return {name: found[name] for name in params}
