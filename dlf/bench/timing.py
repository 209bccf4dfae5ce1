"""Contenders taking turns, on one thread, with the heap pinned."""

import gc
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import numpy as np
from jaxtyping import Float

Array = np.ndarray
PINNED = (
    "glibc.malloc.mmap_threshold=1073741824:"
    "glibc.malloc.trim_threshold=4294967296"
)
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)


def pin_heap(module: str) -> None:
    """Start the module anew with glibc's heap pinned and one thread.

    Returns at once where it is pinned already, or where there is no glibc.

    Args:
        module: its dotted name, run as ``python -m`` runs it.
    """
    wanted = ONE_THREAD | {"GLIBC_TUNABLES": PINNED}
    there = all(os.environ.get(k) == v for k, v in wanted.items())
    if there or sys.platform != "linux":
        return
    command = [sys.executable, "-m", module, *sys.argv[1:]]
    os.execve(sys.executable, command, os.environ | wanted)


@dataclass(frozen=True)
class Timing:
    """Seconds a call for one contender: median, quartiles, ratio.

    Args:
        name: of the contender.
        median: seconds a call.
        ratio: median over rounds of its time to the reference's.
        low: lower quartile of that ratio.
        high: its upper quartile.
    """

    name: str
    median: float
    ratio: float
    low: float
    high: float


def same_gradients(
    contenders: Mapping[str, Callable[[], tuple[np.ndarray, ...]]],
) -> None:
    """Refuse to time contenders that do not compute the same gradients.

    Args:
        contenders: name to a call that gives them; the first is the reference.

    Raises:
        AssertionError: naming the contender whose gradients differ.
    """
    wanted, *others = ((name, call()) for name, call in contenders.items())
    for name, got in others:
        for mine, theirs in zip(got, wanted[1], strict=True):
            size = np.abs(theirs).max()
            np.testing.assert_allclose(
                mine, theirs, rtol=0, atol=1e-4 * size, err_msg=name
            )


def compare_gradients(
    contenders: Mapping[str, Callable[[], tuple[np.ndarray, ...]]],
    rounds: int,
    calls: int,
) -> list[Timing]:
    """Time contenders in turns, after all have computed the same gradients.

    Args:
        contenders: name to a call that gives them; the first is the reference.
        rounds: see `compare`.
        calls: see `compare`.

    Raises:
        AssertionError: naming the contender whose gradients differ.
    """
    same_gradients(contenders)
    return compare(contenders, rounds, calls)


def compare(
    contenders: Mapping[str, Callable[[], object]],
    rounds: int = 25,
    calls: int = 10,
) -> list[Timing]:
    """Time contenders in turns; ratios are to the first of them.

    Args:
        contenders: name to a call of no arguments; the first is the reference.
        rounds: in each, every contender is timed once, in rotated order.
        calls: calls a timing.
    """
    for call in contenders.values():
        for _ in range(3):
            call()

    def timer(call: Callable[[], object]) -> Callable[[], float]:
        def timed() -> float:
            start = time.perf_counter()
            for _ in range(calls):
                call()
            return (time.perf_counter() - start) / calls

        return timed

    seconds = turns([timer(c) for c in contenders.values()], rounds)
    ratios = seconds / seconds[:, :1]
    low, ratio, high = np.percentile(ratios, [25, 50, 75], axis=0)
    return [
        Timing(name, float(np.median(seconds[:, k])), ratio[k], low[k], high[k])
        for k, name in enumerate(contenders)
    ]


def turns(
    timers: list[Callable[[], float]], rounds: int
) -> Float[Array, "R K"]:
    """Let timers take turns, in rotated order, with the collector off.

    Args:
        timers: each times its contender once and returns seconds.
        rounds: in each, every timer runs once.
    """
    seconds = np.empty((rounds, len(timers)))
    in_turn = list(enumerate(timers))
    collecting = gc.isenabled()
    gc.disable()
    gc.freeze()  # so that collecting between rounds takes no time
    try:
        for r in range(rounds):
            first = r % len(in_turn)
            for k, timer in in_turn[first:] + in_turn[:first]:
                seconds[r, k] = timer()
            gc.collect()
    finally:
        gc.unfreeze()
        if collecting:
            gc.enable()
    return seconds


def provenance() -> dict[str, str]:
    """Machine, BLAS and versions, for beside the numbers."""
    import torch
    from threadpoolctl import threadpool_info

    blas = [
        f"{i['internal_api']} {i['version']} ({i.get('architecture', '?')})"
        for i in threadpool_info()
        if i["user_api"] == "blas"
    ]
    return _gpu() | {
        "cpu": _cpu(),
        "cores": str(os.cpu_count()),
        "threads": str(torch.get_num_threads()),
        "blas": ", ".join(blas),
        "heap": os.environ.get("GLIBC_TUNABLES", "as it comes"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "torch_blas": "MKL" if torch.backends.mkl.is_available() else "other",
        **_versions("triton", "torch_geometric"),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _gpu() -> dict[str, str]:
    """Name the GPU, what drives it, and what it is made of."""
    import torch

    if not torch.cuda.is_available():
        return {}
    has = torch.cuda.get_device_properties(0)
    return {
        "gpu": has.name,
        "capability": f"{has.major}.{has.minor}",
        "multiprocessors": str(has.multi_processor_count),
        "gpu_memory_gib": f"{has.total_memory / 2**30:.0f}",
        "driver": _asked("driver_version"),
        "power_limit": _asked("power.limit"),
        "clocks": _asked("clocks.max.sm") + ", memory " + _asked("clocks.mem"),
        "cuda": str(torch.version.cuda),
        "cudnn": str(torch.backends.cudnn.version()),
    }


def _versions(*modules: str) -> dict[str, str]:
    """Versions of the modules that are installed."""
    found = {}
    for module in filter(find_spec, modules):
        try:
            found[module] = version(module)
        except PackageNotFoundError:
            found[module] = "unknown"
    return found


def _asked(field: str) -> str:
    """One field of what the driver says of the first GPU."""
    command = ["nvidia-smi", f"--query-gpu={field}", "--format=csv,noheader"]
    try:
        said = subprocess.run(
            command, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return said.stdout.partition("\n")[0].strip()


def _cpu() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            return next(
                line.split(":", 1)[1].strip()
                for line in info
                if line.startswith("model name")
            )
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
