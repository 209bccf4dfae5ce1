"""A layer of 3 × 3 filters, dense and one a channel, in three ways.

Im2col writes every window out and multiplies by a matrix; PyTorch's own
convolution reads the image in place, with the channels of a pixel apart or side
by side.
"""

from collections.abc import Callable

import torch
from torch.nn import functional as F

from dlf.bench.benchmark import Case, Row, run
from dlf.bench.ceilings import Ceilings
from dlf.bench.device import Place

BATCH = {"cpu": 16, "cuda": 128}
SIDE = 32
CHANNELS = {"cpu": (16, 64), "cuda": (64, 256)}
Layer = Callable[[], torch.Tensor]


def convolution(
    place: Place, ceilings: Ceilings, channels: tuple[int, ...] | None = None
) -> list[Row]:
    """Filter images of 32 × 32, with as many channels out as in.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        channels: of the layers; None for the device's own.
    """
    batch = BATCH[place.device]
    dtype = torch.bfloat16 if place.gpu else torch.float32
    cases = []
    for C in channels or CHANNELS[place.device]:
        for kind, into in (("dense", C), ("depthwise", 1)):
            torch.manual_seed(0)
            x = torch.randn(batch, C, SIDE, SIDE)
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
