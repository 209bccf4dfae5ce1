"""Bytes that must come from elsewhere: host to device, and data loading."""

from collections.abc import Callable

import torch
from torch.utils.data import DataLoader, TensorDataset

from dlf.bench.benchmark import Case, Row, run
from dlf.bench.ceilings import Ceilings
from dlf.bench.device import Absent, Call, Place

MEBIBYTES = (1, 16, 256)
EXAMPLES, BATCH = 4096, 128


def transfers(
    place: Place,
    ceilings: Ceilings,
    mebibytes: tuple[int, ...] = MEBIBYTES,
    workers: tuple[int, ...] = (0, 2),
) -> list[Row]:
    """Return copies to the device; without a GPU, one pass over a data set too.

    Loading is the host's work, so its floor is the host's.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        mebibytes: size of each copy, in MiB.
        workers: processes that load data; 0 for none beside this one.
    """
    rows = to_device(place, ceilings, mebibytes)
    return rows if place.gpu else rows + loading(place, ceilings, workers)


def to_device(
    place: Place, ceilings: Ceilings, mebibytes: tuple[int, ...] = MEBIBYTES
) -> list[Row]:
    """Copy an array: from where it lies, pinned, and during a product.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        mebibytes: size of each copy, in MiB.
    """
    cases = []
    for size in mebibytes:
        host = torch.ones(size << 18)
        cases.append(
            Case(
                suite="transfer",
                name=f"{size} MiB to the device",
                contenders={
                    "within the host": lambda h=host: _within(place, h),
                    "pageable": lambda h=host: _copied(place, h, pin=False),
                    "pinned": lambda h=host: _copied(place, h, pin=True),
                    "product alone": lambda: _product(place),
                    "pinned, then product": lambda h=host: _behind(
                        place, h, overlap=False
                    ),
                    "pinned, during product": lambda h=host: _behind(
                        place, h, overlap=True
                    ),
                },
                size=size,
                bytes=2 * size << 20,  # read there, written here
                amount=size << 20,
                unit="bytes",
                rtol=0,
            )
        )
    return run(place, ceilings, cases)


def loading(
    place: Place, ceilings: Ceilings, workers: tuple[int, ...] = (0, 2)
) -> list[Row]:
    """Serve 4,096 images of 28 × 28 in shuffled batches of 128.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        workers: processes that load data; 0 for none beside this one.
    """
    images = torch.rand(EXAMPLES, 784)
    data = TensorDataset(images, torch.zeros(EXAMPLES, dtype=torch.long))
    contenders: dict[str, Callable[[], Call]] = {
        "rows of a tensor": lambda: lambda: _rows(images),
        **{
            f"DataLoader, {n} workers": lambda n=n: _loader(data, n)
            for n in workers
        },
    }
    case = Case(
        suite="loading",
        name=f"{EXAMPLES:,} examples of 784 numbers, batch {BATCH}",
        contenders=contenders,
        size=EXAMPLES,
        bytes=2 * images.nbytes,
        amount=EXAMPLES,
        unit="examples",
        rtol=0,
    )
    return run(place, ceilings, [case])


def _needs_gpu(place: Place) -> None:
    if not place.gpu:
        raise Absent("there is no device to copy to")


def _within(place: Place, host: torch.Tensor) -> Call:
    if place.gpu:
        raise Absent("timed with the host's suites")
    there = torch.empty_like(host)
    return lambda: there.copy_(host)


def _copied(place: Place, host: torch.Tensor, pin: bool) -> Call:
    _needs_gpu(place)
    host = host.pin_memory() if pin else host
    there = torch.empty_like(host, device=place.device)
    return lambda: there.copy_(host, non_blocking=pin)


def _product(place: Place, width: int = 4096) -> Call:
    _needs_gpu(place)
    a = torch.randn(width, width, device=place.device)
    out = torch.empty_like(a)
    return lambda: torch.mm(a, a, out=out)


def _behind(place: Place, host: torch.Tensor, overlap: bool) -> Call:
    """Return a copy and a product, one after the other or in two streams."""
    product, copy = _product(place), _copied(place, host, pin=True)
    if not overlap:
        return lambda: (copy(), product())
    aside = torch.cuda.Stream()

    def call() -> None:
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            copy()
        product()
        torch.cuda.current_stream().wait_stream(aside)

    return call


def _rows(images: torch.Tensor) -> int:
    """Gather each batch at once, by index."""
    served = 0
    for batch in torch.randperm(len(images)).split(BATCH):
        served += len(images[batch])
    return served


def _loader(data: TensorDataset, workers: int) -> Call:
    """Fetch example by example; workers, if any, stay from pass to pass."""
    loader = DataLoader(
        data,
        BATCH,
        shuffle=True,
        num_workers=workers,
        persistent_workers=workers > 0,
    )
    return lambda: sum(len(x) for x, _ in loader)
