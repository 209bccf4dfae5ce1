"""Exercises of the chapter on what limits a kernel, with their solutions."""

import math
from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray
Block = tuple[float, float, Array]
PEAK, BANDWIDTH = 67e12, 4.8e12  # of exercise 1


def share_in_use() -> float:
    """One addition for twelve bytes, over what could have been added."""
    return BANDWIDTH / 12 / PEAK


def attainable(
    flops: float, moved: float, peak: float, bandwidth: float
) -> float:
    """Operations a second, at best: the lower of the two ceilings."""
    return min(peak, flops / moved * bandwidth)


def largest_side(words: int) -> int:
    """The largest whole side of which three tiles fit."""
    return math.isqrt(words // 3)


def merge(left: Block, right: Block) -> Block:
    """Put two blocks of a softmax average together, each with its maximum."""
    (m, z, o), (n, y, p) = left, right
    top = max(m, n)
    a, b = z * math.exp(m - top), y * math.exp(n - top)
    return top, a + b, (a * o + b * p) / (a + b)


def half_batch(batches: Array, seconds: Array) -> float:
    """Fit a line to the seconds; return its intercept over its slope."""
    slope, intercept = np.polyfit(batches, seconds, 1)
    return intercept / slope


def seconds_a_call(run: Callable, wait: Callable, clock: Callable) -> float:
    """Warm up, empty the queue, time many calls, and wait for the last."""
    for _ in range(10):
        run()
    wait()
    start = clock()
    for _ in range(100):
        run()
    wait()
    return (clock() - start) / 100


class Machine:
    """A device with a queue and a clock of its own, for the grader.

    Launching takes the host some time; a kernel takes the device longer, and
    the first few much longer.
    """

    def __init__(self, launch: float, kernel: float, slow: int) -> None:
        self.launch, self.kernel, self.slow = launch, kernel, slow
        self.now = self.done = 0.0
        self.calls = 0

    def run(self) -> None:
        """Queue a kernel and return at once."""
        self.calls += 1
        self.now += self.launch
        first = 50 if self.calls <= self.slow else 1
        self.done = max(self.done, self.now) + first * self.kernel

    def wait(self) -> None:
        """Return when the queue is empty."""
        self.now = max(self.now, self.done)

    def clock(self) -> float:
        """Seconds since the machine was switched on."""
        return self.now


def _draw_blocks(rng: np.random.Generator) -> tuple[Block, Block]:
    def block(size: int, offset: float) -> Block:
        scores = rng.normal(scale=5, size=size) + offset
        e = np.exp(scores - scores.max())
        values = rng.normal(size=(size, 2))
        return float(scores.max()), float(e.sum()), e @ values / e.sum()

    return block(4, 0.0), block(3, float(rng.choice([-900.0, 0.0, 900.0])))


def _judge_merge(answer: Callable, left: Block, right: Block) -> str | None:
    got = answer(left, right)
    if got is None or got is ...:
        return None
    names = ("the maximum", "the sum", "the average")
    for name, mine, due in zip(names, got, merge(left, right), strict=True):
        if not np.allclose(mine, due, rtol=1e-9, atol=1e-12):
            return (
                f"with maxima {left[0]:.4g} and {right[0]:.4g}, {name} should "
                f"be {due}, yours is {mine}"
            )
    return ""


def _judge_clock(
    answer: Callable, launch: float, kernel: float, slow: int
) -> str | None:
    machine = Machine(launch, kernel, slow)
    machine.run()  # somebody else's work is still in the queue
    got = answer(machine.run, machine.wait, machine.clock)
    if got is None or got is ...:
        return None
    if not 0.98 * kernel < got < 1.02 * kernel + launch / 10:
        return (
            f"a kernel of {kernel:.3g} s was found to take {got:.3g} s; "
            f"launching takes {launch:.3g} s, and the first {slow} are slow"
        )
    return ""


def _not_waited(run: Callable, clock: Callable) -> float:
    start = clock()
    run()
    return clock() - start


def _not_warmed(run: Callable, wait: Callable, clock: Callable) -> float:
    wait()
    start = clock()
    for _ in range(10):
        run()
    wait()
    return (clock() - start) / 10


def _not_emptied(run: Callable, wait: Callable, clock: Callable) -> float:
    for _ in range(10):
        run()
    start = clock()
    for _ in range(10):
        run()
    wait()
    return (clock() - start) / 10


EXERCISES = (
    Exercise(
        "gpu-1",
        share_in_use(),
        wrong=(1 / 12, BANDWIDTH / 4 / PEAK, BANDWIDTH / PEAK, 12.0),
        rtol=0.01,
    ),
    Exercise(
        "gpu-2",
        attainable,
        draw=lambda rng: tuple(10 ** rng.uniform(0, 3, size=4)),
        wrong=(
            lambda f, q, p, w: p,
            lambda f, q, p, w: max(p, f / q * w),
            lambda f, q, p, w: min(p, q / f * w),
            lambda f, q, p, w: f / (f / p + q / w),
        ),
    ),
    Exercise(
        "gpu-3",
        largest_side,
        draw=lambda rng: (int(rng.integers(3, 100_000)),),
        wrong=(
            lambda words: math.isqrt(words),
            lambda words: words // 3,
            lambda words: math.isqrt(words // 3) + 1,
        ),
    ),
    Exercise(
        "gpu-4",
        merge,
        draw=_draw_blocks,
        wrong=(
            lambda a, b: (max(a[0], b[0]), a[1] + b[1], (a[2] + b[2]) / 2),
            lambda a, b: (
                max(a[0], b[0]),
                a[1] + b[1],
                (a[1] * a[2] + b[1] * b[2]) / (a[1] + b[1]),
            ),
            lambda a, b: a,
        ),
        judge=_judge_merge,
    ),
    Exercise(
        "gpu-5",
        half_batch,
        draw=lambda rng: (
            2.0 ** np.arange(8),
            rng.uniform(1, 9) + rng.uniform(0.1, 2) * 2.0 ** np.arange(8),
        ),
        wrong=(
            lambda b, t: np.polyfit(b, t, 1)[0] / np.polyfit(b, t, 1)[1],
            lambda b, t: t[0],
            lambda b, t: b[-1] / 2,
        ),
    ),
    Exercise(
        "gpu-6",
        seconds_a_call,
        draw=lambda rng: (
            float(rng.uniform(1e-6, 5e-6)),
            float(rng.uniform(2e-5, 2e-3)),
            int(rng.integers(1, 6)),
        ),
        wrong=(
            lambda run, wait, clock: _not_waited(run, clock),
            lambda run, wait, clock: _not_warmed(run, wait, clock),
            lambda run, wait, clock: _not_emptied(run, wait, clock),
        ),
        judge=_judge_clock,
    ),
)
