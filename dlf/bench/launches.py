"""The same small kernels, launched one by one, compiled, and as a CUDA graph.

Thirty narrow layers are all launching and hardly any work, so this is where the
three differ most. `torch.compile` needs a C++ compiler on a CPU and Triton on a
GPU, and some seconds the first time.
"""

import os
import shutil
from collections.abc import Callable, Sequence

import torch
from torch import nn

from dlf.bench.benchmark import Case, Row, run
from dlf.bench.ceilings import Ceilings
from dlf.bench.device import Absent, Call, Place
from dlf.nn import gpu

DEPTH, WIDTH = 30, 64


def launches(
    place: Place,
    ceilings: Ceilings,
    batches: Sequence[int] = (1, 16, 256, 4096),
) -> list[Row]:
    """Return a deep narrow net forward, by batch.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        batches: examples of each case.
    """
    torch.manual_seed(0)
    layers = [
        m for _ in range(DEPTH) for m in (nn.Linear(WIDTH, WIDTH), nn.ReLU())
    ]
    net = nn.Sequential(*layers).to(place.device).eval()
    cases = []
    for batch in batches:
        x = torch.randn(batch, WIDTH, device=place.device)
        cases.append(
            Case(
                suite="launches",
                name=f"{DEPTH} layers of {WIDTH}, batch {batch}",
                contenders={
                    "eager": lambda x=x: _eager(net, x),
                    "compiled": lambda x=x: _compiled(place, net, x),
                    "CUDA graph": lambda x=x: _graph(place, net, x),
                },
                size=batch,
                flops=2 * batch * DEPTH * WIDTH**2,
                bytes=4 * (DEPTH * (WIDTH**2 + WIDTH) + 2 * batch * WIDTH),
                amount=batch,
                unit="examples",
            )
        )
    return run(place, ceilings, cases)


def compiled(place: Place, f: Callable, replayed: bool = False) -> Callable:
    """`torch.compile`, in this process, or the reason why not.

    Args:
        place: where it will run.
        f: what to compile, at its first call.
        replayed: on a GPU, whether its launches are captured in CUDA graphs
            besides. Inputs without a fixed address are then copied at each
            call: mark them by `torch._dynamo.mark_static_address`.

    Raises:
        Absent: there is nothing to compile with.
    """
    from torch._inductor import config

    named = os.environ.get("CXX", "g++")
    if not any(shutil.which(c) for c in (named, "g++", "clang++", "c++")):
        raise Absent("torch.compile needs a C++ compiler, and found none")
    config.compile_threads = 1  # no pool of workers left behind
    mode = "reduce-overhead" if place.gpu and replayed else None
    return torch.compile(f, mode=mode, dynamic=False)


def _eager(
    net: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor
) -> Call:
    def call() -> torch.Tensor:
        with torch.no_grad():
            return net(x)

    return call


def _compiled(place: Place, net: nn.Module, x: torch.Tensor) -> Call:
    fast = compiled(place, net, replayed=True)
    if place.gpu:
        torch._dynamo.mark_static_address(x)
    return _eager(fast, x)


def _graph(place: Place, net: nn.Module, x: torch.Tensor) -> Call:
    if not place.gpu:
        raise Absent("a CUDA graph needs a GPU")
    return gpu.capture(_eager(net, x))
