"""The transformer block: attention, then a perceptron at each place.

    pre-norm:  h = x + attention(norm x),   y = h + W2 gelu(W1 norm h + b1) + b2
    post-norm: h = norm(x + attention(x)),
               y = norm(h + W2 gelu(W1 h + b1) + b2)              (attention.12)

Source: Vaswani et al. (2017), section 3.1 and equation 2; Xiong et al. (2020),
figure 1.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.activations.gated import gelu
from dlf.scratch.attention.heads import multi_head_attention
from dlf.scratch.attention.masks import causal_mask
from dlf.scratch.mlp import linear
from dlf.scratch.normalization.layers import layer_norm
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray
Vector = Float[Array, " D"]


def feed_forward(
    x: Float[Array, "N D"],
    w1: Float[Array, "H D"],
    b1: Float[Array, " H"],
    w2: Float[Array, "O H"],
    b2: Float[Array, " O"],
) -> tuple[Float[Array, "N O"], Callable]:
    """Apply the position-wise perceptron, W2 gelu(W1 x + b1) + b2.

    Args:
        x: rows, whichever place they stand at.
        w1: weights of the first layer, four times as wide as a rule.
        b1: its biases.
        w2: weights of the second.
        b2: its biases.

    Returns:
        As many rows, and ``vjp(dy) -> (dx, dw1, db1, dw2, db2)``.
    """
    sizes(feed_forward, x, w1, b1, w2, b2)
    z, pull1 = linear(x, w1, b1)
    a, back = gelu(z)
    y, pull2 = linear(a, w2, b2)

    def vjp(dy: Float[Array, "N O"]) -> tuple[Array, ...]:
        check_cotangent(feed_forward, dy, y)
        da, dw2, db2 = pull2(dy)
        dx, dw1, db1 = pull1(back(da))
        return dx, dw1, db1, dw2, db2

    return y, vjp


def transformer_block(
    x: Float[Array, "N T D"],
    weight1: Vector,
    bias1: Vector,
    wq: Float[Array, "Q D"],
    wk: Float[Array, "K D"],
    wv: Float[Array, "V D"],
    wo: Float[Array, "D P"],
    weight2: Vector,
    bias2: Vector,
    w1: Float[Array, "H D"],
    b1: Float[Array, " H"],
    w2: Float[Array, "D H"],
    b2: Vector,
    heads: int = 1,
    causal: bool = True,
    rotary: bool = False,
    pre: bool = True,
) -> tuple[Float[Array, "N T D"], Callable]:
    """Apply a transformer block, pre-norm or post-norm (attention.12).

    Args:
        x: the stream, T places of N sequences.
        weight1: scale of the first norm.
        bias1: its shift.
        wq: of the queries.
        wk: of the keys.
        wv: of the values.
        wo: mixes the heads.
        weight2: scale of the second norm.
        bias2: its shift.
        w1: weights of the perceptron's first layer.
        b1: its biases.
        w2: weights of its second.
        b2: its biases.
        heads: of attention.
        causal: see earlier places only.
        rotary: rotate queries and keys by their places.
        pre: norm before each part; behind each sum otherwise.

    Returns:
        The stream behind the block, and ``vjp`` to cotangents of all arrays,
        in order.
    """
    arrays = weight1, bias1, wq, wk, wv, wo, weight2, bias2, w1, b1, w2, b2
    _, T, D, *_ = sizes(transformer_block, x, *arrays)
    mask = causal_mask(T) if causal else None
    shape = x.shape

    def norm(h: Array, weight: Array, bias: Array) -> tuple[Array, Callable]:
        y, pull = layer_norm(h.reshape(-1, D), weight, bias)

        def vjp(dy: Array) -> tuple[Array, Array, Array]:
            dh, dweight, dbias = pull(dy.reshape(-1, D))
            return dh.reshape(shape), dweight, dbias

        return y.reshape(shape), vjp

    def attend(h: Array) -> tuple[Array, Callable]:
        y, pull = multi_head_attention(
            h, h, wq, wk, wv, wo, mask, heads, rotary=rotary
        )

        def vjp(dy: Array) -> tuple[Array, ...]:
            asking, asked, *rest = pull(dy)
            return asking + asked, *rest

        return y, vjp

    def perceptron(h: Array) -> tuple[Array, Callable]:
        y, pull = feed_forward(h.reshape(-1, D), w1, b1, w2, b2)

        def vjp(dy: Array) -> tuple[Array, ...]:
            dh, *rest = pull(dy.reshape(-1, D))
            return dh.reshape(shape), *rest

        return y.reshape(shape), vjp

    if pre:
        a, back1 = norm(x, weight1, bias1)
        mixed, back_mixed = attend(a)
        h = x + mixed
        c, back2 = norm(h, weight2, bias2)
        changed, back_changed = perceptron(c)
        y = h + changed
    else:
        mixed, back_mixed = attend(x)
        h, back1 = norm(x + mixed, weight1, bias1)
        changed, back_changed = perceptron(h)
        y, back2 = norm(h + changed, weight2, bias2)

    def vjp(dy: Float[Array, "N T D"]) -> tuple[Array, ...]:
        check_cotangent(transformer_block, dy, y)
        if pre:
            dc, *d_perceptron = back_changed(dy)
            dh, *d_norm2 = back2(dc)
            dh = dh + dy
            da, *d_attention = back_mixed(dh)
            dx, *d_norm1 = back1(da)
            dx = dx + dh
        else:
            dsum, *d_norm2 = back2(dy)
            dh, *d_perceptron = back_changed(dsum)
            dsum, *d_norm1 = back1(dh + dsum)
            dx, *d_attention = back_mixed(dsum)
            dx = dx + dsum
        return (dx, *d_norm1, *d_attention, *d_norm2, *d_perceptron)

    return y, vjp
