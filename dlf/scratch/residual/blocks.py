"""Dense residual blocks, highway and dense layers: `y, vjp = f(x, w, …)`.

    pre-activation: y = x + W2 relu(W1 relu(x) + b1) + b2          (residual.1)
    original: y = relu(x + W2 relu(W1 x + b1) + b2)                (residual.3)
    projection: Ws x in place of x in the latter                   (residual.8)
    highway: y = T relu(W x + b) + (1 - T) x,
             T = sigmoid(Wt x + bt)                               (residual.11)
    dense layer: y = [x, relu(W x + b)]                           (residual.13)

The pullback of a sum hands its cotangent to both terms: that is all a skip is.

Source: He et al. (2016a), equations 1 and 2; He et al. (2016b), figure 4;
Srivastava, Greff & Schmidhuber (2015), equation 3; Huang et al. (2017),
equation 2.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.activations.elementwise import relu, sigmoid
from dlf.scratch.mlp import linear
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray
Matrix = Float[Array, "D D"]
Vector = Float[Array, " D"]


def preactivation_block(
    x: Float[Array, "N D"],
    w1: Float[Array, "H D"],
    b1: Float[Array, " H"],
    w2: Float[Array, "D H"],
    b2: Float[Array, " D"],
) -> tuple[Float[Array, "N D"], Callable]:
    """Pre-activation residual block: nothing stands on the skip (residual.1).

    Args:
        x: the stream, one row an example.
        w1: weights of the branch's first layer.
        b1: its biases.
        w2: weights of the second.
        b2: its biases.

    Returns:
        The stream behind the block, and ``vjp(dy) -> (dx, dw1, db1, dw2,
        db2)``.
    """
    sizes(preactivation_block, x, w1, b1, w2, b2)
    a, back_a = relu(x)
    z, pull1 = linear(a, w1, b1)
    h, back_h = relu(z)
    branch, pull2 = linear(h, w2, b2)

    def vjp(dy: Float[Array, "N D"]) -> tuple[Array, ...]:
        check_cotangent(preactivation_block, dy, x)
        dh, dw2, db2 = pull2(dy)
        da, dw1, db1 = pull1(back_h(dh))
        return dy + back_a(da), dw1, db1, dw2, db2

    return x + branch, vjp


def residual_block(
    x: Float[Array, "N D"],
    w1: Float[Array, "H D"],
    b1: Float[Array, " H"],
    w2: Float[Array, "D H"],
    b2: Float[Array, " D"],
) -> tuple[Float[Array, "N D"], Callable]:
    """Original residual block: a ReLU follows the addition (residual.3).

    Args:
        x: the stream, one row an example.
        w1: weights of the branch's first layer.
        b1: its biases.
        w2: weights of the second.
        b2: its biases.

    Returns:
        The stream behind the block, and ``vjp(dy) -> (dx, dw1, db1, dw2,
        db2)``.
    """
    sizes(residual_block, x, w1, b1, w2, b2)
    z, pull1 = linear(x, w1, b1)
    h, back_h = relu(z)
    branch, pull2 = linear(h, w2, b2)
    y, back_y = relu(x + branch)

    def vjp(dy: Float[Array, "N D"]) -> tuple[Array, ...]:
        check_cotangent(residual_block, dy, y)
        dsum = back_y(dy)
        dh, dw2, db2 = pull2(dsum)
        dx, dw1, db1 = pull1(back_h(dh))
        return dsum + dx, dw1, db1, dw2, db2

    return y, vjp


def projection_block(
    x: Float[Array, "N D"],
    w1: Float[Array, "H D"],
    b1: Float[Array, " H"],
    w2: Float[Array, "O H"],
    b2: Float[Array, " O"],
    ws: Float[Array, "O D"],
) -> tuple[Float[Array, "N O"], Callable]:
    """Residual block that changes the width: Ws x on the skip (residual.8).

    Args:
        x: the stream, one row an example.
        w1: weights of the branch's first layer.
        b1: its biases.
        w2: weights of the second.
        b2: its biases.
        ws: the projection.

    Returns:
        The new stream, and ``vjp(dy) -> (dx, dw1, db1, dw2, db2, dws)``.
    """
    sizes(projection_block, x, w1, b1, w2, b2, ws)
    z, pull1 = linear(x, w1, b1)
    h, back_h = relu(z)
    branch, pull2 = linear(h, w2, b2)
    skip, pull_skip = linear(x, ws, np.zeros(len(ws), x.dtype))
    y, back_y = relu(skip + branch)

    def vjp(dy: Float[Array, "N O"]) -> tuple[Array, ...]:
        check_cotangent(projection_block, dy, y)
        dsum = back_y(dy)
        dh, dw2, db2 = pull2(dsum)
        dx, dw1, db1 = pull1(back_h(dh))
        dskip, dws, _ = pull_skip(dsum)
        return dskip + dx, dw1, db1, dw2, db2, dws

    return y, vjp


def highway(
    x: Float[Array, "N D"],
    w: Matrix,
    b: Vector,
    wt: Matrix,
    bt: Vector,
) -> tuple[Float[Array, "N D"], Callable]:
    """Highway layer: a gate mixes a layer with its input (residual.11).

    Args:
        x: the stream, one row an example.
        w: weights of the layer.
        b: its biases.
        wt: weights of the gate, which says how much of the layer is let in.
        bt: its biases, negative at the start so that x is carried on.

    Returns:
        The mixture, and ``vjp(dy) -> (dx, dw, db, dwt, dbt)``.
    """
    sizes(highway, x, w, b, wt, bt)
    z, pull = linear(x, w, b)
    h, back_h = relu(z)
    g, pull_gate = linear(x, wt, bt)
    t, back_t = sigmoid(g)

    def vjp(dy: Float[Array, "N D"]) -> tuple[Array, ...]:
        check_cotangent(highway, dy, x)
        dx, dw, db = pull(back_h(t * dy))
        dgate, dwt, dbt = pull_gate(back_t((h - x) * dy))
        return (1 - t) * dy + dx + dgate, dw, db, dwt, dbt

    return t * h + (1 - t) * x, vjp


def dense_layer(
    x: Float[Array, "N D"], w: Float[Array, "G D"], b: Float[Array, " G"]
) -> tuple[Float[Array, "N E"], Callable]:
    """Densely connected layer: new features beside all old (residual.13).

    Args:
        x: all features so far, one row an example.
        w: weights of the new ones.
        b: their biases.

    Returns:
        Old and new features, D + G, and ``vjp(dy) -> (dx, dw, db)``.
    """
    _, D, _ = sizes(dense_layer, x, w, b)
    z, pull = linear(x, w, b)
    h, back = relu(z)
    y = np.concatenate([x, h], axis=1)

    def vjp(dy: Float[Array, "N E"]) -> tuple[Array, ...]:
        check_cotangent(dense_layer, dy, y)
        dx, dw, db = pull(back(dy[:, D:]))
        return dy[:, :D] + dx, dw, db

    return y, vjp
