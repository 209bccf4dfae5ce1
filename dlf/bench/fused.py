"""Softmax and bias-GELU: as a chain of kernels, compiled, and in Triton."""

from collections.abc import Callable

import torch
from torch.nn import functional as F

from dlf.bench.benchmark import Case, Row, run
from dlf.bench.ceilings import Ceilings
from dlf.bench.device import Absent, Call, Place
from dlf.bench.launches import compiled
from dlf.nn import kernels

ROWS = {"cpu": ((4096, 1024),), "cuda": ((4096, 1024), (16384, 4096))}


def fused(
    place: Place,
    ceilings: Ceilings,
    sizes: tuple[tuple[int, int], ...] | None = None,
) -> list[Row]:
    """Both tasks, by size; the floor is one pass over memory.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        sizes: rows and columns of each case; None for the device's own.
    """
    cases = []
    for rows, columns in sizes or ROWS[place.device]:
        torch.manual_seed(0)
        x = torch.randn(rows, columns, device=place.device)
        bias = torch.randn(columns, device=place.device)
        cases += [
            Case(
                suite="fused",
                name=f"softmax of {rows} × {columns}",
                contenders={
                    "chain": lambda x=x: lambda: softmax_chain(x),
                    "PyTorch's kernel": lambda x=x: (
                        lambda: torch.softmax(x, dim=1)
                    ),
                    "compiled": lambda x=x: _compiled(place, softmax_chain, x),
                    "Triton": lambda x=x: _triton(place, kernels.softmax, x),
                },
                size=x.numel(),
                flops=5 * x.numel(),
                bytes=8 * x.numel(),
                amount=8 * x.numel(),
                unit="bytes",
                cold=True,
            ),
            Case(
                suite="fused",
                name=f"bias-GELU of {rows} × {columns}",
                contenders={
                    "chain": lambda x=x, b=bias: lambda: bias_gelu_chain(x, b),
                    "compiled": lambda x=x, b=bias: _compiled(
                        place, bias_gelu_chain, x, b
                    ),
                    "Triton": lambda x=x, b=bias: _triton(
                        place, kernels.bias_gelu, x, b
                    ),
                },
                size=x.numel(),
                flops=10 * x.numel(),
                bytes=8 * x.numel(),
                amount=8 * x.numel(),
                unit="bytes",
                cold=True,
            ),
        ]
    return run(place, ceilings, cases)


def softmax_chain(x: torch.Tensor) -> torch.Tensor:
    """Softmax in the five operations that its formula names.

    Args:
        x: logits, one row an example.
    """
    e = torch.exp(x - x.amax(dim=1, keepdim=True))
    return e / e.sum(dim=1, keepdim=True)


def bias_gelu_chain(x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Two operations: add, apply the activation.

    Args:
        x: one row an example.
        bias: one entry a column.
    """
    return F.gelu(x + bias)


def _compiled(place: Place, f: Callable, *args: torch.Tensor) -> Call:
    fast = compiled(place, f)  # not replayed: that would copy its inputs
    return lambda: fast(*args)


def _triton(place: Place, f: Callable, *args: torch.Tensor) -> Call:
    if not place.gpu:
        raise Absent("Triton compiles for GPUs; here it could only interpret")
    if reason := kernels.missing():
        raise Absent(reason)
    return lambda: f(*args)
