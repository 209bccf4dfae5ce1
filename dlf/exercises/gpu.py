"""Exercises of the chapter on what limits a kernel, with their solutions."""

import math
from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise
from dlf.exercises.simulated_devices import judge_clock

Array = np.ndarray
Block = tuple[float, float, Array]
PEAK, BANDWIDTH = 67e12, 4.8e12  # of exercise 1


def fraction_in_use() -> float:
    """One addition for twelve bytes, over what could have been added."""
    return BANDWIDTH / 12 / PEAK


def attainable(
    flops: float, moved: float, peak: float, bandwidth: float
) -> float:
    """Operations a second, at best: the lower of the two ceilings."""
    return min(peak, flops / moved * bandwidth)


def largest_side(words: int) -> int:
    """Return the largest whole side of which three tiles fit."""
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


def _block(rng: np.random.Generator, size: int, offset: float) -> Block:
    scores = rng.normal(scale=5, size=size) + offset
    e = np.exp(scores - scores.max())
    values = rng.normal(size=(size, 2))
    return float(scores.max()), float(e.sum()), e @ values / e.sum()


def _draw_blocks(rng: np.random.Generator) -> tuple[Block, Block]:
    offset = float(rng.choice([-900.0, 0.0, 900.0]))
    return _block(rng, 4, 0.0), _block(rng, 3, offset)


def _merge_in_place(left: Block, right: Block) -> tuple:
    """Fold the right block into the arrays of the left one."""
    (m, z, o), (n, y, p) = left, right
    top = np.maximum(m, n)
    z, y = z * np.exp(m - top), y * np.exp(n - top)
    o *= z / (z + y)
    p *= y / (z + y)
    o += p
    return top, z + y, o


def _merge_zeroed(left: Block, right: Block) -> Block:
    """Leave nothing but zeros to compare with."""
    left[2][:] = right[2][:] = 0.0
    return merge(left, right)


def _merge_shifted(left: Block, right: Block, shift: float) -> tuple:
    """Merge with one shift of both: right only where exponents are small."""
    (m, z, o), (n, y, p) = left, right
    a, b = z * np.exp(m - shift), y * np.exp(n - shift)
    top = max(m, n)
    return top, (a + b) * np.exp(shift - top), (a * o + b * p) / (a + b)


def _timed(
    run: Callable, wait: Callable, clock: Callable, calls: int = 10
) -> float:
    """Seconds a call, the last waited for, whatever else is in the queue."""
    start = clock()
    for _ in range(calls):
        run()
    wait()
    return (clock() - start) / calls


def _not_waited(run: Callable, clock: Callable) -> float:
    start = clock()
    run()
    return clock() - start


def _not_warmed(run: Callable, wait: Callable, clock: Callable) -> float:
    wait()
    return _timed(run, wait, clock)


def _not_emptied(run: Callable, wait: Callable, clock: Callable) -> float:
    for _ in range(10):
        run()
    return _timed(run, wait, clock)


def _one_by_one(run: Callable, wait: Callable, clock: Callable) -> float:
    """Wait for every call: the launch is timed, too."""
    return float(
        np.median([_timed(run, wait, clock, calls=1) for _ in range(50)])
    )


def _by_difference(run: Callable, wait: Callable, clock: Callable) -> float:
    """Two runs of unequal length: what they share cancels."""
    _timed(run, wait, clock, calls=50)
    seconds = [c * _timed(run, wait, clock, calls=c) for c in (100, 300)]
    return (seconds[1] - seconds[0]) / 200


EXERCISES = (
    Exercise(
        "gpu-1",
        fraction_in_use(),
        wrong=(
            1 / 12,
            BANDWIDTH / 4 / PEAK,
            BANDWIDTH / 8 / PEAK,
            BANDWIDTH / PEAK,
            12.0,
            0.597,
            np.nan,
        ),
        right=(0.006, 0.00597, np.float32(0.00597)),
        rtol=0.01,
    ),
    Exercise(
        "gpu-2",
        attainable,
        draw=lambda rng: tuple(10 ** rng.uniform(0, 3, size=4)),
        edges=((3, 2, 100, 10), (100, 2, 100, 10), (20, 2, 100, 10)),
        wrong=(
            lambda f, q, p, w: p,
            lambda f, q, p, w: max(p, f / q * w),
            lambda f, q, p, w: min(p, q / f * w),
            lambda f, q, p, w: f / (f / p + q / w),
            lambda f, q, p, w: f / q * w,
            lambda f, q, p, w: min(p, f // q * w),
            lambda f, q, p, w: min(p, w),
            lambda f, q, p, w: max(f / p, q / w),
        ),
        right=(
            lambda f, q, p, w: f / max(f / p, q / w),
            lambda f, q, p, w: np.minimum(p, np.float32(f) / q * w),
            lambda f, q, p, w: p if f / q >= p / w else f * w / q,
        ),
    ),
    Exercise(
        "gpu-3",
        largest_side,
        draw=lambda rng: (int(rng.integers(3, 100_000)),),
        edges=((3,), (11,), (12,), (13,), (1,), (3 * 256**2 - 1,)),
        wrong=(
            lambda words: math.isqrt(words),
            lambda words: words // 3,
            lambda words: math.isqrt(words // 3) + 1,
            lambda words: round((words / 3) ** 0.5),
            lambda words: math.ceil((words / 3) ** 0.5),
            lambda words: (words / 3) ** 0.5,
            lambda words: math.isqrt(words) // 3,
            lambda words: math.isqrt((words - 1) // 3),
        ),
        right=(
            lambda words: int((words / 3) ** 0.5),
            lambda words: np.floor(np.sqrt(words / 3)),
            lambda words: max(s for s in range(300) if 3 * s * s <= words),
        ),
    ),
    Exercise(
        "gpu-4",
        merge,
        draw=_draw_blocks,
        edges=(
            ((2.0, 1.0, np.array([1.0, 2])), (2.0, 1.0, np.array([3.0, 5]))),
            ((0.0, 1.5, np.array([1.0])), (-900.0, 2.0, np.array([7.0]))),
            ((0.0, 1.5, np.array([1.0])), (900.0, 2.0, np.array([7.0]))),
            ((-900.0, 3.0, np.array([1.0])), (-901.0, 1.0, np.array([2.0]))),
        ),
        wrong=(
            lambda a, b: (max(a[0], b[0]), a[1] + b[1], (a[2] + b[2]) / 2),
            lambda a, b: (
                max(a[0], b[0]),
                a[1] + b[1],
                (a[1] * a[2] + b[1] * b[2]) / (a[1] + b[1]),
            ),
            lambda a, b: a,
            _merge_zeroed,
            lambda a, b: _merge_shifted(a, b, 0.0),
            lambda a, b: _merge_shifted(a, b, a[0]),
            lambda a, b: merge(a, b)[:2] + merge(b, (b[0], b[1], a[2]))[2:],
            lambda a, b: (*merge(a, b)[:2], merge(a, b)[1] * merge(a, b)[2]),
            lambda a, b: merge(a, b)[2],
        ),
        right=(
            _merge_in_place,
            lambda a, b: [*merge(b, a)[:2], merge(b, a)[2].tolist()],
            lambda a, b: (
                top := max(a[0], b[0]),
                np.exp(
                    (s := [a[0] + math.log(a[1]), b[0] + math.log(b[1])])
                    - np.array(top)
                ).sum(),
                np.exp(s - np.logaddexp(*s)) @ np.stack([a[2], b[2]]),
            ),
        ),
    ),
    Exercise(
        "gpu-5",
        half_batch,
        draw=lambda rng: (
            2.0 ** np.arange(8),
            rng.uniform(1, 9) + rng.uniform(0.1, 2) * 2.0 ** np.arange(8),
        ),
        edges=(
            (np.array([1.0, 2.0]), np.array([5.0, 7.0])),
            (np.array([4.0, 1, 2]), np.array([5e-3, 2e-3, 3e-3])),
        ),
        wrong=(
            lambda b, t: 1 / half_batch(b, t),
            lambda b, t: t[0],
            lambda b, t: b[-1] / 2,
            lambda b, t: -half_batch(b, t),
            lambda b, t: np.polyfit(b, t, 1)[1],
            lambda b, t: half_batch(b, t) / 2,
            lambda b, t: b[np.argmax(b / t >= (b / t).max() / 2)],
            lambda b, t: half_batch(np.log(b), t),
        ),
        right=(
            lambda b, t: np.divide(
                *np.linalg.lstsq(np.stack([b**0, b], axis=1), t, rcond=None)[0]
            ),
            lambda b, t: np.divide(*np.polyfit(b, t, 1, w=1 / t)[::-1]),
            lambda b, t: t[0] * (b[1] - b[0]) / (t[1] - t[0]) - b[0],
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
        edges=((5e-6, 2e-5, 5), (1e-6, 2e-3, 5)),
        wrong=(
            lambda run, wait, clock: _not_waited(run, clock),
            _not_warmed,
            _not_emptied,
            _one_by_one,
            lambda *device: 100 * seconds_a_call(*device),
            lambda run, wait, clock: seconds_a_call(run, lambda: None, clock),
            lambda run, wait, clock: 0.0,
            lambda run, wait, clock: np.nan,
        ),
        right=(
            _by_difference,
            lambda *device: np.float32(seconds_a_call(*device)),
            lambda run, wait, clock: min(
                _timed(run, wait, clock, 100) for _ in range(3)
            ),
        ),
        judge=judge_clock,
    ),
)
