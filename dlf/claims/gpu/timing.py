"""What C133 times: training steps by batch, bytes and operations, products.

Times are the thread's own on the CPU and CUDA events on an accelerator. The
contenders of a block take turns and each gives its median; a block's ratio is
the unit that counts, as a seed does elsewhere.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell

Call = Callable[[], object]
ABSENT = "no accelerator where this was run: untested"


@dataclass(frozen=True, kw_only=True)
class Timed(Cell):
    """Where a cell is timed, and for how many rounds a block."""

    device: str
    rounds: int = 30


@dataclass(frozen=True, kw_only=True)
class Steps(Timed):
    """Training steps of a net, MLP or CNN, by batch size."""

    net: str
    batches: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Elementwise(Timed):
    """Kernels that pass over so many numbers."""

    numbers: int


@dataclass(frozen=True, kw_only=True)
class Products(Timed):
    """Products of square matrices of this width."""

    width: int


def turns(
    contenders: dict[str, Call], rounds: int, clock: Callable[[Call], float]
) -> dict[str, float]:
    """Let contenders take turns; give each one's median time."""
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, call in contenders.items():
            spent[name].append(clock(call))
    return {name: float(np.median(times)) for name, times in spent.items()}


def on_cpu(call: Call) -> float:
    """Seconds of this thread, which other processes do not lengthen."""
    start = time.thread_time()
    call()
    return time.thread_time() - start


def on_cuda(call: Call) -> float:
    """Seconds between two events in the stream, queueing included."""
    import torch

    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    call()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / 1e3


def steps(cell: Steps) -> dict[str, Call]:
    """Give forward and backward of one net, by batch size."""
    import torch
    from torch.nn import functional as F

    from dlf.stacked import timed_nets

    device = cell.device
    torch.manual_seed(0)
    dense = cell.net == "MLP"
    shape = (784,) if dense else (1, 28, 28)
    net = (timed_nets.mlp() if dense else timed_nets.cnn()).to(device)

    def stepping(batch: int) -> Call:
        x = torch.randn(batch, *shape).to(device)
        y = torch.randint(10, (batch,)).to(device)

        def step() -> None:
            net.zero_grad()
            F.cross_entropy(net(x), y).backward()

        return step

    return {str(batch): stepping(batch) for batch in cell.batches}


def elementwise(numbers: int, device: str = "cpu") -> dict[str, Call]:
    """Give kernels that pass once over memory, into arrays made before."""
    import torch

    x = torch.rand(numbers, device=device) + 0.5
    y, out, rest = x + 1, torch.empty_like(x), torch.empty_like(x)
    double, out_double = x.double(), torch.empty_like(x.double())

    def unfused() -> None:  # hard Swish as a chain of four kernels
        torch.add(x, 3.0, out=rest)
        torch.clamp(rest, 0.0, 6.0, out=rest)
        torch.mul(rest, x, out=rest)
        torch.div(rest, 6.0, out=out)

    return {
        "multiply": lambda: torch.mul(x, 1.1, out=out),
        "ReLU": lambda: torch.clamp(x, min=0.0, out=out),
        "square root": lambda: torch.sqrt(x, out=out),
        "exp": lambda: torch.exp(x, out=out),
        "tanh": lambda: torch.tanh(x, out=out),
        "add two arrays": lambda: torch.add(x, y, out=out),
        "float64": lambda: torch.mul(double, 1.1, out=out_double),
        "unfused": unfused,
        "fused": lambda: torch.ops.aten.hardswish.out(x, out=out),
    }


def products(width: int, device: str = "cpu") -> dict[str, Call]:
    """Give products of two square matrices, by precision."""
    import torch

    g = torch.Generator().manual_seed(0)
    a, b = torch.randn(2, width, width, generator=g).to(device)

    def product(dtype: torch.dtype, tf32: bool = False) -> Call:
        left, right = a.to(dtype), b.to(dtype)
        out = torch.empty_like(left)

        def run() -> None:
            torch.backends.cuda.matmul.allow_tf32 = tf32
            torch.mm(left, right, out=out)

        return run

    found = {
        "float32": product(torch.float32),
        "float16": product(torch.float16),
        "bfloat16": product(torch.bfloat16),
    }
    if device == "cuda":
        found["TF32"] = product(torch.float32, tf32=True)
    return found


def timed(
    cell: Steps | Elementwise | Products, seeds: list[int]
) -> dict[str, Any]:
    """Time a cell's contenders in as many blocks as there are seeds."""
    import torch

    accelerated = cell.device == "cuda"
    if accelerated and not torch.cuda.is_available():
        return {"found": {"absent": ABSENT}}
    torch.backends.cudnn.allow_tf32 = False  # float32 means float32
    if isinstance(cell, Steps):
        contenders = steps(cell)
    elif isinstance(cell, Elementwise):
        contenders = elementwise(cell.numbers, cell.device)
    else:
        contenders = products(cell.width, cell.device)
    clock = on_cuda if accelerated else on_cpu
    turns(contenders, 3, clock)  # warm-up
    blocks = [turns(contenders, cell.rounds, clock) for _ in seeds]
    seconds = {n: np.array([b[n] for b in blocks]) for n in contenders}
    where = torch.cuda.get_device_name() if accelerated else "cpu"
    return seconds | {"found": {"device": where}}
