"""A convolution layer: ours against PyTorch's, and PyTorch's in three ways.

`layer` times ours, forward and backward, against PyTorch and HIPS autograd.
`convolution` times three ways of PyTorch: im2col writes every window out and
multiplies by a matrix; its own convolution reads the image in place, with the
channels of a pixel apart or side by side.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from dlf.bench.benchmark import Case, Row, run
from dlf.bench.ceilings import Ceilings
from dlf.bench.device import Place
from dlf.bench.timing import Timing, compare_gradients
from dlf.scratch.convolution import correlation

Array = np.ndarray
BATCH, INPUTS, OUTPUTS, SIDE, TAPS = 32, 16, 32, 28, 3  # of `layer`
BATCHES = {"cpu": 16, "cuda": 128}  # of `convolution`
WIDTH = 32
CHANNELS = {"cpu": (16, 64), "cuda": (64, 256)}
Grads = tuple[Array, ...]
Call = Callable[[], Grads]
Layer = Callable[[], torch.Tensor]


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


def layer(rounds: int = 25, calls: int = 4) -> list[Timing]:
    """Time ours, forward and backward, against others: float32.

    Args:
        rounds: timings a contender.
        calls: calls a timing.
    """
    return compare_gradients(contenders(), rounds, calls)


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


def convolution(
    place: Place, ceilings: Ceilings, channels: tuple[int, ...] | None = None
) -> list[Row]:
    """Filter images of 32 × 32, with as many channels out as in.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        channels: of the layers; None for the device's own.
    """
    batch = BATCHES[place.device]
    dtype = torch.bfloat16 if place.gpu else torch.float32
    cases = []
    for C in channels or CHANNELS[place.device]:
        for kind, into in (("dense", C), ("depthwise", 1)):
            torch.manual_seed(0)
            x = torch.randn(batch, C, WIDTH, WIDTH)
            w = torch.randn(C, into, 3, 3) / (9 * into) ** 0.5
            x, w = (t.to(place.device, dtype) for t in (x, w))
            cases.append(
                Case(
                    suite="convolution",
                    name=f"{kind}, {C} channels, batch {batch}",
                    contenders={
                        way: lambda make=make, t=(x, w): make(*t)
                        for way, make in WAYS.items()
                    },
                    size=C,
                    flops=2 * 9 * into * x.numel(),
                    bytes=dtype.itemsize * (2 * x.numel() + w.numel()),
                    dtype=str(dtype).removeprefix("torch."),
                    amount=batch,
                    unit="images",
                    cold=True,
                    rtol=2e-2 if place.gpu else 1e-3,
                )
            )
    return run(place, ceilings, cases)


def _im2col(x: torch.Tensor, w: torch.Tensor) -> Layer:
    B, C, H, W = x.shape
    dense = w.shape[1] == C
    rows = w.reshape(1, C, -1) if dense else w.reshape(1, C, 1, 9)

    def call() -> torch.Tensor:
        windows = F.unfold(x, 3, padding=1)
        if not dense:
            windows = windows.view(B, C, 9, H * W)
        return (rows @ windows).view(B, C, H, W)

    return call


def _conv2d(x: torch.Tensor, w: torch.Tensor) -> Layer:
    groups = x.shape[1] // w.shape[1]
    return lambda: F.conv2d(x, w, padding=1, groups=groups)


def _channels_last(x: torch.Tensor, w: torch.Tensor) -> Layer:
    side_by_side = torch.channels_last
    return _conv2d(
        x.to(memory_format=side_by_side), w.to(memory_format=side_by_side)
    )


WAYS = {
    "im2col": _im2col,
    "conv2d": _conv2d,
    "channels last": _channels_last,
}
