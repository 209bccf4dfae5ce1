"""Two small nets from these layers: LeNet-style, and depthwise-separable.

    LeNet: (5x5 conv, ReLU, 2x2 max)², dense, ReLU, dense
    separable: a filter a channel, then 1x1 across channels   (convolution.12)

Parameters stand in a dict under the names of PyTorch's ``state_dict``.

Source: LeCun et al. (1998), figure 2, with ReLU and max pooling as is usual
today; Sifre (2014), section 6.2, and Howard et al. (2017), section 3.1.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.activations.elementwise import relu
from dlf.scratch.convolution.correlation import conv2d
from dlf.scratch.convolution.pooling import max_pool2d
from dlf.scratch.mlp import linear
from dlf.scratch.shapes import sizes

Array = np.ndarray
Params = dict[str, Array]
CHANNELS, HIDDEN = (6, 16), 84


def init(
    side: int, classes: int, rng: np.random.Generator, dtype: type = np.float64
) -> Params:
    """Draw He's weights of a LeNet-style net; biases are 0.

    Args:
        side: of the square images, divisible by 4 and at least 8.
        classes: outputs.
        rng: source of the draws.
        dtype: of the parameters.

    Raises:
        ValueError: the side does not fit.
    """
    if side < 8 or side % 4:
        raise ValueError(
            "init: `side` must be divisible by 4 and at least 8, because maps "
            f"are halved twice; got {side}"
        )
    first, second = CHANNELS
    shapes = {
        "conv1": (first, 1, 5, 5),
        "conv2": (second, first, 5, 5),
        "dense1": (HIDDEN, second * (side // 4) ** 2),
        "dense2": (classes, HIDDEN),
    }
    params: Params = {}
    for name, shape in shapes.items():
        gain = math.sqrt(2 / math.prod(shape[1:]))
        params[f"{name}.weight"] = (rng.normal(size=shape) * gain).astype(dtype)
        params[f"{name}.bias"] = np.zeros(shape[0], dtype)
    return params


def lenet(
    params: Params, x: Float[Array, "N 1 H W"]
) -> tuple[Float[Array, "N C"], Callable]:
    """Apply a LeNet-style net to images.

    Args:
        params: as `init` makes them for this side.
        x: images of one channel.

    Returns:
        Logits, and ``vjp(dlogits) -> (dparams, dx)``.

    Raises:
        ValueError: shapes do not fit.
    """
    N, _, _ = sizes(lenet, x)
    h, pulls = x, []
    for name in ("conv1", "conv2"):
        w, b = params[f"{name}.weight"], params[f"{name}.bias"]
        h, pull = conv2d(h, w, b, padding=2)
        h, back = relu(h)
        h, unpool = max_pool2d(h, 2)
        pulls.append((name, pull, back, unpool))
    maps = h.shape
    h = h.reshape(N, -1)
    h, pull1 = linear(h, params["dense1.weight"], params["dense1.bias"])
    h, back1 = relu(h)
    y, pull2 = linear(h, params["dense2.weight"], params["dense2.bias"])

    def vjp(dy: Float[Array, "N C"]) -> tuple[Params, Array]:
        grads: Params = {}
        dh, grads["dense2.weight"], grads["dense2.bias"] = pull2(dy)
        dh, grads["dense1.weight"], grads["dense1.bias"] = pull1(back1(dh))
        dh = dh.reshape(maps)
        for name, pull, back, unpool in pulls[::-1]:
            dh, dw, db = pull(back(unpool(dh)))
            grads[f"{name}.weight"], grads[f"{name}.bias"] = dw, db
        return grads, dh

    return y, vjp


def depthwise_separable(
    x: Float[Array, "N C H W"],
    depthwise: Float[Array, "C 1 K L"],
    pointwise: Float[Array, "O C 1 1"],
    b: Float[Array, " O"],
    stride: int = 1,
    padding: int = 0,
) -> tuple[Float[Array, "N O P Q"], Callable]:
    """Depthwise-separable convolution: within channels, then across.

    Args:
        x: images.
        depthwise: a filter for each channel.
        pointwise: weights across channels, the same at all positions.
        b: bias of each output.
        stride: of the first step.
        padding: of the first step.

    Returns:
        The maps, and ``vjp(dy) -> (dx, ddepthwise, dpointwise, db)``.

    Raises:
        ValueError: shapes or numbers do not fit.
    """
    _, C, *_ = sizes(depthwise_separable, x, depthwise, pointwise, b)
    none = np.zeros(C, x.dtype)
    how = {"stride": stride, "padding": padding, "groups": C}
    h, within = conv2d(x, depthwise, none, **how)
    y, across = conv2d(h, pointwise, b)

    def vjp(dy: Float[Array, "N O P Q"]) -> tuple[Array, ...]:
        dh, dpointwise, db = across(dy)
        dx, ddepthwise, _ = within(dh)
        return dx, ddepthwise, dpointwise, db

    return y, vjp
