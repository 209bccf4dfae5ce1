"""A bound on memory, so that a bomb is a failed test and not a killed run."""

import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

SLACK = 1 << 30  # of addresses, for what the interpreter itself may want


@contextmanager
def limited() -> Iterator[None]:
    """Let this process take a gibibyte more than it has, and no more."""
    if sys.platform != "linux":
        yield
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:
        pages = int(file.read().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + SLACK
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@pytest.fixture(scope="module")
def little_memory():
    """Hold the limit for every test of a module."""
    with limited():
        yield


def peak(read: Callable, *arguments: object) -> int:
    """Bytes that a call takes at its most, whether it refuses or not.

    A request that the limit denies is a MemoryError, which is let through,
    also where the reader made it a refusal of its own.
    """
    tracemalloc.start()
    try:
        read(*arguments)
    except ValueError as error:
        cause: BaseException | None = error
        while cause := cause.__context__:
            if isinstance(cause, MemoryError):
                raise cause from None
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return most
