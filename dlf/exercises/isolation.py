"""Run a reader's code so that nothing it does gets through.

It runs in a thread of its own: an endless loop is stopped there and, if it
will not stop, left behind; a `KeyboardInterrupt` that it raises is not taken
for the reader's; NumPy's error state, which belongs to a thread, stays as it
was. What belongs to the process (random states, filters of warnings, standard
output) is put back afterwards.
"""

import contextlib
import ctypes
import io
import random
import sys
import threading
import warnings
from collections.abc import Callable, Iterator

import numpy as np

PRINTED = 1000  # characters of its own that an answer may print
STACK = 16 << 20  # bytes, so that deep recursion ends in a RecursionError


class OutOfTimeError(Exception):
    """Say that the code was still running when its time was over."""


class _Stop(SystemExit):
    """Stops the thread: a `SystemExit` leaves a thread without a word."""


class _Capped(io.TextIOBase):
    """A text stream that keeps the beginning of what is written to it."""

    def __init__(self, limit: int) -> None:
        self.limit, self.kept, self.full = limit, "", False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = self.limit - len(self.kept)
        self.kept += text[:room]
        self.full = self.full or len(text) > room
        return len(text)


def isolated(work: Callable[[], str | None], seconds: float) -> str | None:
    """Run `work` and return what it returns, or what it raised, in words.

    Args:
        work: calls foreign code; it may raise anything, or never return.
        seconds: how long it may take.

    Raises:
        OutOfTimeError: it took longer.
    """
    results: list[str | None] = []
    done = threading.Event()

    def run() -> None:
        with contextlib.suppress(BaseException):  # a stop may come late
            try:
                results.append(work())
            except BaseException as error:
                results.append(_raised(error))
        done.set()

    printed = _Capped(PRINTED)
    thread = threading.Thread(target=run, daemon=True)
    with (
        _restored(),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        _start(thread)
        try:
            done.wait(seconds)
        finally:  # the reader may interrupt
            finished = list(results)
            _stop(thread, done)
    if printed.kept:
        end = "\n… and more, not shown\n" if printed.full else ""
        print(printed.kept, end=end)
    if not finished:
        raise OutOfTimeError
    return finished[0]


def _raised(error: BaseException) -> str:
    """Return what was raised, even if it cannot say so itself."""
    name = type(error).__name__
    try:
        message = " ".join(str(error).split())[:300]
    except BaseException:
        message = ""
    return f"it raised {name}" + (f": {message}" if message else "")


def _start(thread: threading.Thread) -> None:
    before = threading.stack_size(STACK)
    try:
        thread.start()
    finally:
        threading.stack_size(before)


def _stop(thread: threading.Thread, done: threading.Event) -> None:
    """Raise `_Stop` in the thread until it ends, for a second at most.

    Code that swallows every exception is met again while it does so. The
    event is waited for, since a `join` that was interrupted takes the thread
    for dead.
    """
    for _ in range(200):
        if done.is_set() or not thread.is_alive():
            thread.join()
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_Stop)
        )
        done.wait(0.005)


@contextlib.contextmanager
def _restored() -> Iterator[None]:
    """Put back what an answer may change of the whole process."""
    torch = sys.modules.get("torch")
    drawn = random.getstate()
    drawn_numpy = np.random.get_state()  # noqa: NPY002
    if torch:
        drawn_torch, dtype = torch.get_rng_state(), torch.get_default_dtype()
    depth, stdin = sys.getrecursionlimit(), sys.stdin
    with warnings.catch_warnings(), np.errstate(), np.printoptions():
        warnings.simplefilter("ignore")
        sys.stdin = io.StringIO()  # who asks for input would wait for ever
        try:
            yield
        finally:
            sys.stdin = stdin
            sys.setrecursionlimit(depth)
            random.setstate(drawn)
            np.random.set_state(drawn_numpy)  # noqa: NPY002
            if torch:
                torch.set_rng_state(drawn_torch)
                torch.set_default_dtype(dtype)
