"""What the machine can do at best: operations a second, bytes a second.

The products are square and large, by PyTorch and, on a CPU, by NumPy, whichever
is faster; the copies run through working sets from a
cache's size to many times that. Both are the best of several timings, since a
ceiling is what nothing exceeds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from dlf.bench.device import Absent, Call, Place, measure

WIDTHS = {"cpu": (256, 512, 1024), "cuda": (2048, 4096, 8192, 16384)}
MOVED = {
    "cpu": tuple(1 << p for p in range(15, 29)),
    "cuda": tuple(1 << p for p in range(20, 33)),
}
Number = int | float
DTYPES = ("float64", "float32", "tf32", "bfloat16", "float16", "float8")
SLOW = ("float16",)  # on most CPUs: the narrowest product is enough


@dataclass(frozen=True)
class Ceilings:
    """Measured ceilings of one device.

    Args:
        flops: operations a second, by type.
        bandwidth: bytes a second of a copy, by the bytes it reads and writes.
        call_s: seconds of an operation on one number, which is what a call
            costs.
        absent: types that the device lacks, and why.
    """

    flops: dict[str, float]
    bandwidth: dict[int, float]
    call_s: float
    absent: dict[str, str]

    def floor(
        self,
        flops: Number,
        moved: Number,
        dtype: str = "float32",
        cold: bool = False,
    ) -> float:
        """Seconds that so many operations and bytes take at least (gpu.1).

        Args:
            flops: operations.
            moved: bytes.
            dtype: in which it multiplies.
            cold: whether every byte comes from the main memory. Otherwise a
                copy of as many bytes, or of more, sets the pace, since a small
                working set lives in a cache.
        """
        speed = self.flops.get(dtype, max(self.flops.values()))
        pace = self.memory if cold else self.copying(moved)
        return max(flops / speed, moved / pace)

    @property
    def memory(self) -> float:
        """Bytes a second of the largest copy."""
        return self.bandwidth[max(self.bandwidth)]

    def copying(self, moved: Number) -> float:
        """Bytes a second at this size, or at a larger one if that is faster.

        Args:
            moved: bytes read and written.
        """
        beyond = [w for size, w in self.bandwidth.items() if size >= moved]
        return max(beyond or [self.memory])


def ceilings(
    place: Place,
    widths: tuple[int, ...] | None = None,
    moved: tuple[int, ...] | None = None,
    dtypes: tuple[str, ...] = DTYPES,
) -> Ceilings:
    """Measure products by type, and copies by size.

    Args:
        place: where to run, how long and how often.
        widths: of the square products; None for the device's own.
        moved: bytes that a copy reads and writes; None for the device's own.
        dtypes: types of the products; what the device lacks is noted.
    """
    widths = widths or WIDTHS[place.device]
    flops, absent = {}, {}
    for dtype in dtypes:
        narrow = dtype in SLOW and not place.gpu
        found = []
        for width in widths[:1] if narrow else widths:
            try:
                calls = {"torch": product(place, dtype, width)}
                calls["torch"]()
                place.wait()
            except (Absent, RuntimeError) as error:
                absent[dtype] = str(error).partition("\n")[0][:160]
                break
            if not place.gpu and dtype in ("float64", "float32"):
                calls["numpy"] = _numpy_product(dtype, width)
            best = min(float(s.min()) for s in measure(place, calls).values())
            found.append(2 * width**3 / best)
        if found:
            flops[dtype] = max(found)
    bandwidth: dict[int, float] = {}
    for size in 2 * tuple(moved or MOVED[place.device]):
        # twice over all sizes, so that a disturbance meets one of the two
        a = torch.ones(size // 2, dtype=torch.uint8, device=place.device)
        b = torch.empty_like(a)
        copy = {"copy": lambda a=a, b=b: b.copy_(a)}
        best = float(measure(place, copy)["copy"].min())
        bandwidth[size] = max(size / best, bandwidth.get(size, 0.0))
    one = torch.ones(1, device=place.device)
    call_s = float(measure(place, {"one": lambda: one.add_(1.0)})["one"].min())
    return Ceilings(flops, bandwidth, call_s, absent)


def product(place: Place, dtype: str, width: int) -> Call:
    """Return a square product in one type, prepared.

    Args:
        place: where to run.
        dtype: a name of torch's, ``tf32`` or ``float8``.
        width: rows and columns of both factors.

    Raises:
        Absent: the device has no such product.
    """
    generator = torch.Generator().manual_seed(0)
    a, b = torch.randn(2, width, width, generator=generator).to(place.device)
    if dtype == "float8":
        return _float8(place, a, b)
    if dtype == "tf32":
        if not place.gpu or torch.cuda.get_device_capability() < (8, 0):
            raise Absent("TF32 needs a GPU of 2020 or later")
        return tf32(lambda: torch.mm(a, b))
    a, b = (m.to(getattr(torch, dtype)) for m in (a, b))
    out = torch.empty_like(a)
    return lambda: torch.mm(a, b, out=out)


def _numpy_product(dtype: str, width: int) -> Call:
    """Return the same with NumPy's BLAS, which may be the faster one."""
    a, b = np.random.default_rng(0).normal(size=(2, width, width))
    a, b = a.astype(dtype), b.astype(dtype)
    out = np.empty_like(a)
    return lambda: np.matmul(a, b, out=out)


def tf32(call: Call) -> Callable[[], object]:
    """Return the call with float32 products rounded to TF32.

    Args:
        call: that multiplies on a GPU.
    """

    def rounded() -> object:
        torch.backends.cuda.matmul.allow_tf32 = True
        try:
            return call()
        finally:
            torch.backends.cuda.matmul.allow_tf32 = False

    return rounded


def _float8(place: Place, a: torch.Tensor, b: torch.Tensor) -> Call:
    if not place.gpu or torch.cuda.get_device_capability() < (8, 9):
        raise Absent("float8 products need a GPU of 2022 or later")
    left = a.to(torch.float8_e4m3fn)
    right = b.to(torch.float8_e4m3fn).t().contiguous().t()  # by columns
    one = torch.ones((), device=place.device)

    def call() -> torch.Tensor:
        try:
            return torch._scaled_mm(  # pyright: ignore[reportPrivateImportUsage]
                left,
                right,
                scale_a=one,
                scale_b=one,
                out_dtype=torch.bfloat16,
                use_fast_accum=True,  # sums of few digits, as in inference
            )
        except (AttributeError, TypeError) as error:  # private, so it may go
            raise Absent(f"{type(error).__name__}: {error}") from None

    return call
