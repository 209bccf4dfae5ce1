"""Sequences to learn from: text, the order of two symbols, two seasons.

    text:   every next character of prose (CH) or of Shakespeare (TS)
    order:  which of two symbols came first; each occurs once
    series: every next number of two seasons, a trend and noise

Source: Hochreiter & Schmidhuber (1997), experiment 6, for order; Zeng et al.
(2023) for the question that the series asks.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from dlf.stacked.transformer_nets import Kind

LETTERS = 8  # of noise
SIZES = 8_000, 2_000, 4_000
Arrays = tuple[np.ndarray, np.ndarray]


class Task(NamedTuple):
    """Sequences and answers of the three parts, and what they are.

    Args:
        kind: what nets read and answer.
        train: sequences and answers.
        validation: likewise.
        test: likewise.
        name: for the record.
    """

    kind: Kind
    train: Arrays
    validation: Arrays
    test: Arrays
    name: str

    def describe(self) -> dict[str, Any]:
        """Say what the record keeps of the data."""
        parts = self.train, self.validation, self.test
        whole = hashlib.sha256()
        for x, y in parts[1:]:
            whole.update(np.ascontiguousarray(x).tobytes())
            whole.update(np.ascontiguousarray(y).tobytes())
        return {
            "name": self.name,
            "sha256": whole.hexdigest(),
            "sizes": [len(x) for x, _ in parts],
        }


def windows(text: np.ndarray, T: int, step: int) -> Arrays:
    """Cut windows, each with what follows each of its characters.

    Args:
        text: numbers of its characters.
        T: characters of a window.
        step: from one window to the next.
    """
    cut = np.lib.stride_tricks.sliding_window_view(text, T + 1)[::step]
    return cut[:, :-1], cut[:, 1:]


@cache
def prose(T: int) -> Task:
    """Windows of the book's own prose; the last tenths validate and test.

    Args:
        T: characters of a window.
    """
    from dlf.data import corpus

    codes, alphabet = corpus.encode(corpus.load(1))
    a, b = int(0.8 * len(codes)), int(0.9 * len(codes))
    parts = (codes[:a], 1), (codes[a:b], T), (codes[b:], T)
    V = len(alphabet)
    return Task(Kind(V, V, T), *(windows(t, T, s) for t, s in parts), "CH")  # pyright: ignore[reportCallIssue]


@cache
def shakespeare(T: int) -> Task:
    """Windows of tiny Shakespeare; its last tenth, halved, for the others.

    Rates are chosen on the first half of that tenth; what is reported is the
    loss on all of it, as nanoGPT's is.

    Args:
        T: characters of a window.
    """
    from dlf.data import corpus, tinyshakespeare

    codes, alphabet = corpus.encode(tinyshakespeare.load())
    a, b, V = int(0.9 * len(codes)), int(0.95 * len(codes)), len(alphabet)
    parts = (codes[:a], 1), (codes[a:b], T), (codes[a:], T)
    return Task(Kind(V, V, T), *(windows(t, T, s) for t, s in parts), "TS")  # pyright: ignore[reportCallIssue]


def drawn(make: Callable[[np.random.Generator, int], Arrays]) -> list[Arrays]:
    """Draw the three parts from one seed each.

    Args:
        make: draws so many sequences and answers.
    """
    return [
        make(np.random.default_rng([100, i]), n) for i, n in enumerate(SIZES)
    ]


def order(T: int) -> Task:
    """Say which of two symbols came first, among letters of noise.

    Args:
        T: places.
    """

    def make(rng: np.random.Generator, n: int) -> Arrays:
        x = rng.integers(LETTERS, size=(n, T))
        two = rng.permuted(np.tile(np.arange(T), (n, 1)), axis=1)[:, :2]
        x[np.arange(n), two[:, 0]] = LETTERS
        x[np.arange(n), two[:, 1]] = LETTERS + 1
        return x, (two[:, 0] < two[:, 1]).astype(np.int64)

    return Task(Kind(LETTERS + 2, 2, T, "mean"), *drawn(make), "order")  # pyright: ignore[reportCallIssue]


def series(T: int) -> Task:
    """Predict each next number of two seasons with a trend, in noise.

    Args:
        T: places.
    """

    def make(rng: np.random.Generator, n: int) -> Arrays:
        t = np.arange(T + 1)
        total = rng.normal(size=(n, 1)) * t / T
        for short, long in ((4, 8), (12, 24)):
            period = rng.uniform(short, long, size=(n, 1))
            phase = rng.uniform(0, 2 * np.pi, size=(n, 1))
            total = total + np.sin(2 * np.pi * t / period + phase)
        total = (total + rng.normal(size=total.shape) / 10).astype(np.float32)
        return total[:, :-1], total[:, 1:]

    return Task(Kind(0, 1, T), *drawn(make), "series")  # pyright: ignore[reportCallIssue]


TASKS: dict[str, Callable[[int], Task]] = {
    "CH": prose,
    "TS": shakespeare,
    "order": order,
    "series": series,
}
