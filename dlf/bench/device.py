"""Where a bench runs, and how a call is timed there.

On a CPU a call is over when it returns. On a GPU it has then only been queued:
either wait for the queue and read the host's clock, which counts what launching
costs, or put two events into the queue and let the GPU read its own (`cold`),
after a write that turns out of its cache whatever the last call left there.
"""

import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from dlf.bench.timing import turns

os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # else it writes to stderr

Call = Callable[[], object]
#: a timing of less is repeated calls; on a GPU waiting costs some 20 µs itself
SHORTEST_S = {"cpu": 2e-4, "cuda": 2e-3}
FLUSH = 1 << 30  # bytes: writing them takes longer than queueing a call does


class Absent(Exception):
    """A contender cannot run here; the message says why."""


@dataclass(frozen=True)
class Place:
    """A device, and how much time its timings may take.

    Args:
        device: ``cpu`` or ``cuda``.
        rounds: timings a contender, fewer where the budget says so.
        budget_s: for the contenders of one case together; five rounds at least
            are taken.
        finished: called with the rows of each case as they come.
        failed: called with a case's name and the exception that ended it;
            without it the exception ends the suite.
    """

    device: str = "cpu"
    rounds: int = 25
    budget_s: float = 2.0
    finished: Callable[[list], None] | None = None
    failed: Callable[[str, Exception], None] | None = None

    @property
    def gpu(self) -> bool:
        """Whether calls are queued, to be waited for."""
        return self.device == "cuda"

    def wait(self) -> None:
        """Return when everything that was queued is done."""
        if self.gpu:
            torch.cuda.synchronize()


def here(rounds: int = 25, budget_s: float = 2.0) -> Place:
    """Return the GPU if there is one, else this CPU.

    Args:
        rounds: timings a contender, where the budget allows.
        budget_s: seconds for the contenders of one case together.
    """
    exact_float32()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return Place(device, rounds, budget_s)


def exact_float32() -> None:
    """Let float32 mean float32: cuDNN would round to TF32 unasked."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False


def measure(
    place: Place, contenders: Mapping[str, Call], cold: bool = False
) -> dict[str, Float[np.ndarray, " R"]]:
    """Time contenders in turns, warmed up: seconds a call, by round.

    Args:
        place: where to run, how long and how often.
        contenders: name to call.
        cold: on a GPU, time single calls by events, with its cache flushed.
    """
    events = cold and place.gpu
    shortest = SHORTEST_S[place.device]
    calls = {}
    for name, call in contenders.items():
        for _ in range(3):
            call()
        place.wait()
        once = min(_by_host(place, call, 1) for _ in range(3))
        calls[name] = 1 if events else math.ceil(shortest / max(once, 1e-9))
        calls[name] = min(calls[name], 1000)
    flush = _flusher() if events else None

    def timer(name: str) -> Callable[[], float]:
        call = contenders[name]
        if flush is not None:
            return partial(_by_events, call, flush)
        return lambda: _by_host(place, call, calls[name])

    timers = [timer(name) for name in contenders]
    round_s = sum(t() * calls[n] for t, n in zip(timers, calls, strict=True))
    rounds = min(place.rounds, max(5, int(place.budget_s / round_s)))
    seconds = turns(timers, rounds)
    return {name: seconds[:, k] for k, name in enumerate(contenders)}


def _by_host(place: Place, call: Call, calls: int) -> float:
    place.wait()
    start = time.perf_counter()
    for _ in range(calls):
        call()
    place.wait()
    return (time.perf_counter() - start) / calls


def _by_events(call: Call, flush: Call) -> float:
    start = torch.cuda.Event(enable_timing=True)
    end = torch.cuda.Event(enable_timing=True)
    flush()  # keeps the queue busy until all of the call is in it
    start.record()
    call()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / 1e3  # milliseconds


def _flusher() -> Call:
    """Overwrite twice what the GPU's cache holds, or a GiB if that is more.

    A GiB takes hundreds of microseconds. Twice the cache would take some 35,
    in which a chain of kernels is not queued yet, and the events would then
    time the host.
    """
    has = torch.cuda.get_device_properties(0)
    held = getattr(has, "L2_cache_size", 0) or 64 << 20
    size = max(2 * held, FLUSH)
    scratch = torch.empty(size, dtype=torch.int8, device="cuda")
    return scratch.zero_


def peak_bytes(place: Place, call: Call) -> int:
    """Bytes that a call holds at its worst, beyond what was there before.

    Args:
        place: where the call runs.
        call: made twice on a GPU, once on a CPU.
    """
    if place.gpu:
        call()
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        call()
        torch.cuda.synchronize()
        return torch.cuda.max_memory_allocated() - before
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as log:
        call()
    profiler: Any = log.profiler  # its results have no types
    events = profiler.kineto_results.events()
    moves = [
        (e.start_ns(), e.nbytes()) for e in events if e.name() == "[memory]"
    ]
    held = np.cumsum([size for _, size in sorted(moves)])
    return int(held.max(initial=0))
