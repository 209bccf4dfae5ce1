"""A convolution layer, forward and backward, three ways after they agree.

32 images of 28 x 28, 16 channels to 32, 3 x 3 taps, padding 1, float32.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from dlf.bench.timing import Timing, compare
from dlf.scratch.convolution import correlation

Array = np.ndarray
BATCH, INPUTS, OUTPUTS, SIDE, TAPS = 32, 16, 32, 28, 3
Grads = tuple[Array, ...]
Call = Callable[[], Grads]


def contenders(side: int = SIDE) -> dict[str, Call]:
    """Give calls that return the gradients of inputs, weights and biases.

    Args:
        side: of the images.
    """
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        return rng.normal(size=shape).astype(np.float32)

    x, dy = some(BATCH, INPUTS, side, side), some(BATCH, OUTPUTS, side, side)
    w, b = some(OUTPUTS, INPUTS, TAPS, TAPS), some(OUTPUTS)
    found = {
        "PyTorch": _torch(x, w, b, dy),
        "scratch": _scratch(x, w, b, dy),
    }
    if find_spec("autograd"):
        found["HIPS autograd"] = _hips(x, w, b, dy)
    return found


def check(side: int = SIDE) -> None:
    """Refuse to time contenders that do not compute the same gradients.

    Args:
        side: of the images.

    Raises:
        AssertionError: naming the contender whose gradients differ.
    """
    wanted, *others = ((name, f()) for name, f in contenders(side).items())
    for name, got in others:
        for mine, theirs in zip(got, wanted[1], strict=True):
            size = np.abs(theirs).max()
            np.testing.assert_allclose(
                mine, theirs, rtol=0, atol=1e-4 * size, err_msg=name
            )


def layer(rounds: int = 25, calls: int = 4) -> list[Timing]:
    """Time the layer, forward and backward.

    Args:
        rounds: timings a contender.
        calls: calls a timing.
    """
    check()
    return compare(contenders(), rounds=rounds, calls=calls)


def _torch(x: Array, w: Array, b: Array, dy: Array) -> Call:
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, w, b)]
    back = torch.tensor(dy)

    def call() -> Grads:
        image, taps, bias = leaves
        y = F.conv2d(image, taps, bias, padding=TAPS // 2)
        grads = torch.autograd.grad(y, leaves, back)
        return tuple(g.numpy() for g in grads)

    return call


def _scratch(x: Array, w: Array, b: Array, dy: Array) -> Call:
    def call() -> Grads:
        _, pull = correlation.conv2d(x, w, b, padding=TAPS // 2)
        return pull(dy)

    return call


def _hips(x: Array, w: Array, b: Array, dy: Array) -> Call:
    from autograd import grad

    anp: Any = import_module("autograd.numpy")  # whose names have no types
    p, side = TAPS // 2, x.shape[-1]

    def loss(leaves: Any) -> Any:
        image, taps, bias = leaves
        wide = anp.pad(image, ((0, 0), (0, 0), (p, p), (p, p)), "constant")
        parts = [
            wide[:, :, i : i + side, j : j + side]
            for i in range(TAPS)
            for j in range(TAPS)
        ]
        columns = anp.reshape(anp.stack(parts, axis=2), (len(x), -1, side**2))
        y = anp.matmul(anp.reshape(taps, (len(w), -1)), columns)
        y = anp.reshape(y, dy.shape) + anp.reshape(bias, (-1, 1, 1))
        return anp.sum(y * dy)

    gradient = grad(loss)  # pyright: ignore[reportCallIssue]: a decorator's
    return lambda: gradient((x, w, b))
