"""A case: one task, several contenders, and the least it could take.

    floor = max(operations / P, bytes / W), from (gpu.1)

Bytes and operations are those that the task cannot do without, however it is
done; P and W are what this machine reached when asked for nothing else
(`dlf.bench.ceilings`). A contender that cannot run here is kept, with the
reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import torch

from dlf.bench.ceilings import Ceilings, Number
from dlf.bench.device import Absent, Call, Place, measure, peak_bytes

Make = Callable[[], Call]
COUNTED = ("flops", "bytes", "amount")


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is timed.

    Args:
        suite: the module's name for it.
        name: of the case, the same on every machine.
        contenders: name to a function that prepares the call to be timed, or
            raises `Absent`; they must agree with the first.
        size: what the suite sweeps, as batch, width or length.
        flops: operations that the task needs.
        bytes: that the task must move.
        dtype: in which it multiplies.
        amount: of ``unit`` that one call handles.
        unit: of which a chart shows so many a second.
        cold: time single calls with the cache flushed, on a GPU.
        memory: also measure the peak of bytes held.
        rtol: to which contenders must agree; 0 if they cannot be compared.
    """

    suite: str
    name: str
    contenders: dict[str, Make]
    size: int = 1
    flops: Number = 0.0
    bytes: Number = 0.0
    dtype: str = "float32"
    amount: Number = 1.0
    unit: str = "calls"
    cold: bool = False
    memory: bool = False
    rtol: Number = 1e-3


@dataclass(frozen=True, kw_only=True)
class Row:
    """One contender of one case, as the table and the record have it.

    Args:
        device: ``cpu`` or ``cuda``; the rest is as in `Case`.
        median: seconds a call, and the quartiles ``low`` and ``high``; None
            where the contender is absent.
        floor: seconds that the task takes at least.
        peak: bytes held at the worst, where that was measured.
        absent: why the contender is.
    """

    suite: str
    case: str
    name: str
    device: str
    size: int
    flops: float
    bytes: float
    dtype: str
    amount: float
    unit: str
    floor: float
    median: float | None = None
    low: float | None = None
    high: float | None = None
    peak: int | None = None
    absent: str = ""

    @property
    def fraction(self) -> float:
        """Of the floor reached: 1 cannot be bettered."""
        return self.floor / self.median if self.median else float("nan")

    @property
    def rate(self) -> float:
        """Units a second."""
        return self.amount / self.median if self.median else float("nan")

    def plain(self) -> dict[str, Any]:
        """Return the row as it is recorded."""
        whole = {k: v for k, v in asdict(self).items() if v not in (None, "")}
        counted = {k: int(whole[k]) for k in COUNTED}
        reached = {} if self.absent else {"fraction": round(self.fraction, 4)}
        return {k: _short(v) for k, v in whole.items()} | counted | reached


def read(plain: dict[str, Any]) -> Row:
    """Read a recorded row.

    Args:
        plain: what `Row.plain` gave, read back from JSON.
    """
    known = {f.name for f in fields(Row)}
    values = {k: v for k, v in plain.items() if k in known}
    for k in COUNTED:
        values[k] = float(plain[k])
    return Row(**values)


def run(place: Place, ceilings: Ceilings, cases: Sequence[Case]) -> list[Row]:
    """Time the contenders of every case.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        cases: timed in this order.

    Raises:
        AssertionError: two contenders of a case do not compute the same.
    """
    rows = []
    for case in cases:
        try:
            found = _time(place, ceilings, case)
        except Exception as error:
            if place.failed is None:
                raise
            place.failed(f"{case.suite}, {case.name}", error)
            continue
        rows += found
        if place.finished is not None:
            place.finished(found)
    return rows


def _time(place: Place, ceilings: Ceilings, case: Case) -> list[Row]:
    """Time the contenders of one case."""
    rows = []
    calls, absent = _prepare(place, case)
    seconds = measure(place, calls, case.cold) if calls else {}
    cold = case.cold and place.gpu
    common: dict[str, Any] = {
        "suite": case.suite,
        "case": case.name,
        "device": place.device,
        "size": case.size,
        "flops": float(case.flops),
        "bytes": float(case.bytes),
        "dtype": case.dtype,
        "amount": float(case.amount),
        "unit": case.unit,
        "floor": ceilings.floor(case.flops, case.bytes, case.dtype, cold),
    }
    for name in case.contenders:
        if name in absent:
            rows.append(Row(name=name, absent=absent[name], **common))
            continue
        low, median, high = np.percentile(seconds[name], [25, 50, 75])
        peak = peak_bytes(place, calls[name]) if case.memory else None
        rows.append(
            Row(
                name=name,
                peak=peak,
                low=float(low),
                median=float(median),
                high=float(high),
                **common,
            )
        )
    return rows


def _prepare(
    place: Place, case: Case
) -> tuple[dict[str, Call], dict[str, str]]:
    """Make every contender, see that it runs, and that they agree."""
    calls: dict[str, Call] = {}
    absent: dict[str, str] = {}
    wanted = None
    for name, make in case.contenders.items():
        try:
            call = make()
            value = call()
            place.wait()
        except Absent as reason:
            absent[name] = str(reason)
            continue
        except (RuntimeError, ImportError, *_triton_errors()) as error:
            # not on this device
            first = str(error).strip().partition("\n")[0][:160]
            absent[name] = f"{type(error).__name__}: {first}"
            continue
        if case.rtol and isinstance(value, torch.Tensor):
            value = value.detach().double().cpu()
            wanted = value if wanted is None else wanted
            _agree(case, name, value, wanted)
        calls[name] = call
    return calls, absent


def _triton_errors() -> tuple[type[Exception], ...]:
    """List what Triton raises when it cannot compile, where it is installed."""
    try:
        # where there is no GPU, there is no Triton
        from triton.errors import (  # pyright: ignore[reportMissingImports]
            TritonError,
        )
    except ImportError:
        return ()
    return (TritonError,)


def _agree(
    case: Case, name: str, value: torch.Tensor, wanted: torch.Tensor
) -> None:
    apart = float((value - wanted).abs().max()) if value.numel() else 0.0
    if not apart <= case.rtol * max(float(wanted.abs().max()), 1e-30):
        raise AssertionError(
            f"{case.suite}, {case.name}: {name} computes something else, "
            f"{apart:.3g} off"
        )


def _short(value: Any) -> Any:
    """Four digits: a timing has no more."""
    return float(f"{value:.4g}") if isinstance(value, float) else value
