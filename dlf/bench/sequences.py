"""Attention three ways, with memory; and attention against recurrence."""

from collections.abc import Callable, Sequence

import torch
from torch import nn
from torch.nn import functional as F

from dlf.bench.benchmark import Case, Row, run
from dlf.bench.ceilings import Ceilings
from dlf.bench.device import Call, Place
from dlf.nn import gpu

Forward = Callable[[], torch.Tensor]
HEADS, DIM = 4, 64
LENGTHS = {
    "cpu": (128, 256, 512, 1024, 2048, 4096),
    "cuda": (512, 1024, 2048, 4096, 8192, 16384),
}
WALKS = {"cpu": (16, 64, 256, 1024), "cuda": (16, 64, 256, 1024, 4096)}
WAYS: dict[str, Callable] = {
    "explicit": gpu.attention_explicit,
    "tiled in PyTorch": gpu.attention_tiled,
    "one kernel (SDPA)": F.scaled_dot_product_attention,
}


def attention(
    place: Place, ceilings: Ceilings, lengths: Sequence[int] | None = None
) -> list[Row]:
    """All scores at once, a block of keys at a time, and PyTorch's kernel.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        lengths: of the sequences, in tokens; None for the device's own.
    """
    dtype = torch.bfloat16 if place.gpu else torch.float32
    name = str(dtype).removeprefix("torch.")
    cases = []
    for T in lengths or LENGTHS[place.device]:
        torch.manual_seed(0)
        qkv = torch.randn(3, 1, HEADS, T, DIM).to(place.device, dtype)
        cases.append(
            Case(
                suite="attention",
                name=f"{HEADS} heads of {DIM}, length {T}",
                contenders={
                    way: lambda f=f, qkv=qkv: lambda: f(*qkv)
                    for way, f in WAYS.items()
                },
                size=T,
                flops=4 * HEADS * T * T * DIM,
                bytes=4 * HEADS * T * DIM * dtype.itemsize,
                dtype=name,
                amount=T,
                unit="tokens",
                cold=True,
                memory=True,
                rtol=5e-2 if place.gpu else 1e-4,
            )
        )
    return run(place, ceilings, cases)


def recurrence(
    place: Place, ceilings: Ceilings, lengths: Sequence[int] | None = None
) -> list[Row]:
    """One sequence through a GRU layer and through an attention layer.

    Both have width 256; the rows' operations and bytes are each layer's own,
    and so are the cases.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        lengths: of the sequences, in tokens; None for the device's own.
    """
    width, cases = HEADS * DIM, []
    torch.manual_seed(0)
    walker = nn.GRU(width, width, batch_first=True).to(place.device)
    looker = nn.MultiheadAttention(width, HEADS, batch_first=True)
    looker = looker.to(place.device)
    for T in lengths or WALKS[place.device]:
        x = torch.randn(1, T, width, device=place.device)
        layers: dict[str, tuple[Forward, float, int]] = {
            "recurrence": (lambda x=x: walker(x)[0], 12 * T * width**2, 6),
            "attention": (
                lambda x=x: looker(x, x, x, need_weights=False)[0],
                8 * T * width**2 + 4 * T * T * width,
                4,
            ),
        }
        for layer, (forward, flops, squares) in layers.items():
            cases.append(
                Case(
                    suite="sequence",
                    name=f"{layer} of width {width}, length {T}",
                    contenders={layer: lambda f=forward: _both_ways(f)},
                    size=T,
                    flops=3 * flops,
                    bytes=4 * (3 * squares * width**2 + 4 * T * width),
                    amount=T,
                    unit="tokens",
                    rtol=0,
                )
            )
    return run(place, ceilings, cases)


def _both_ways(forward: Forward) -> Call:
    def call() -> None:
        forward().sum().backward()

    return call
