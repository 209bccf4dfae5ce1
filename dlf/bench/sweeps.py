"""Training steps by batch, dense layers by width, products by precision."""

import itertools
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional as F

from dlf.bench import ceilings as peaks
from dlf.bench.benchmark import Case, Make, Row, run
from dlf.bench.ceilings import Ceilings
from dlf.bench.device import Call, Place
from dlf.nn.mlp import MLP
from dlf.stacked import timed_nets

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
WIDTHS = {
    "cpu": (32, 64, 128, 256, 512, 1024, 2048),
    "cuda": (32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384),
}
PRODUCT = {"cpu": 512, "cuda": 8192}
BYTES = {
    "float64": 8,
    "float32": 4,
    "tf32": 4,
    "bfloat16": 2,
    "float16": 2,
    "float8": 1,
}


def sweeps(
    place: Place, ceilings: Ceilings, batches: Sequence[int] = BATCHES
) -> list[Row]:
    """Sweep batch, width and precision.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        batches: examples a training step.
    """
    return [
        *by_batch(place, ceilings, batches),
        *by_width(place, ceilings),
        *by_precision(place, ceilings),
    ]


def by_batch(
    place: Place, ceilings: Ceilings, batches: Sequence[int] = BATCHES
) -> list[Row]:
    """Forward and backward of an MLP and of a CNN, by batch.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        batches: examples a training step.
    """
    cases = []
    for name, (net, shape, operations) in _nets().items():
        net = net.to(place.device)
        weights = sum(p.numel() for p in net.parameters())
        for batch in batches:
            inputs = batch * torch.Size(shape).numel()
            cases.append(
                Case(
                    suite="batch",
                    name=f"{name}, batch {batch}",
                    contenders={"PyTorch": _step(place, net, batch, shape)},
                    size=batch,
                    flops=operations * batch,
                    bytes=4 * (3 * weights + inputs),
                    amount=batch,
                    unit="examples",
                    rtol=0,
                )
            )
    return run(place, ceilings, cases)


def by_width(
    place: Place, ceilings: Ceilings, widths: Sequence[int] | None = None
) -> list[Row]:
    """Return a dense layer of 256 rows, by width.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        widths: inputs, and as many outputs; None for the device's own.
    """
    cases = []
    for width in widths or WIDTHS[place.device]:
        cases.append(
            Case(
                suite="width",
                name=f"256 rows, width {width}",
                contenders={"PyTorch": _layer(place, width)},
                size=width,
                flops=2 * 256 * width**2,
                bytes=4 * (width**2 + 2 * 256 * width + width),
                amount=2 * 256 * width**2,
                unit="operations",
                rtol=0,
            )
        )
    return run(place, ceilings, cases)


def by_precision(
    place: Place, ceilings: Ceilings, width: int | None = None
) -> list[Row]:
    """One square product in every type that there is.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        width: rows and columns of both factors; None for the device's own.
    """
    D = PRODUCT[place.device] if width is None else width
    cases = [
        Case(
            suite="precision",
            name=f"{D}-wide product, {dtype}",
            contenders={"PyTorch": lambda d=dtype: peaks.product(place, d, D)},
            size=D,
            flops=2 * D**3,
            bytes=3 * D**2 * wide,
            dtype=dtype,
            amount=2 * D**3,
            unit="operations",
            rtol=0,
        )
        for dtype, wide in BYTES.items()
    ]
    return run(place, ceilings, cases)


def _nets() -> dict[str, tuple[nn.Module, tuple[int, ...], int]]:
    """Nets, the shape of an example, and its operations forward and backward.

    Backward is twice forward, less what nobody asks for: the gradient with
    respect to the inputs.
    """
    torch.manual_seed(0)
    widths = (784, 128, 128, 10)
    dense = 2 * sum(a * b for a, b in itertools.pairwise(widths))
    cnn = timed_nets.cnn()
    stem, block = 2 * 14 * 14 * 16 * 9, 2 * 7 * 7 * 16 * 16 * 9
    return {
        "MLP": (MLP(widths), (784,), 3 * dense - 2 * 784 * 128),
        "CNN": (cnn, (1, 28, 28), 2 * stem + 3 * (4 * block + 2 * 160)),
    }


def _step(
    place: Place, net: nn.Module, batch: int, shape: tuple[int, ...]
) -> Make:
    def make() -> Call:
        x = torch.randn(batch, *shape, device=place.device)
        y = torch.randint(10, (batch,), device=place.device)

        def step() -> None:
            net.zero_grad()
            F.cross_entropy(net(x), y).backward()

        return step

    return make


def _layer(place: Place, width: int) -> Make:
    def make() -> Call:
        x = torch.randn(256, width, device=place.device)
        w = torch.randn(width, width, device=place.device)
        b = torch.randn(width, device=place.device)
        return lambda: F.linear(x, w, b)

    return make
