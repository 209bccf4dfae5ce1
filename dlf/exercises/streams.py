"""Mean and variance of numbers that come one at a time, wrong and right."""

import math
from collections.abc import Callable, Iterable

import numpy as np

from dlf.exercises.comparison import apart, difference, is_open

Array = np.ndarray


def naive(numbers: Array) -> tuple[float, float]:
    """Lose the digits: mean of squares less square of the mean."""
    x = np.asarray(list(numbers))
    return float(x.mean()), float((x * x).mean() - x.mean() ** 2)


def judge_variance(answer: Callable, numbers: Array) -> str | None:
    """Say where mean and variance of the numbers, in turn, are wrong."""
    got = answer(iter(numbers.tolist()))
    if is_open(got):
        return None
    mean = float(numbers.mean())
    want = float(((numbers - mean) ** 2).mean())
    near = f"of {len(numbers)} numbers near {numbers[0]:.3g}"
    wrong = difference(got, (mean, want), rtol=0.0, atol=np.inf)
    if wrong:
        return f"{near} {wrong}"
    if difference(got[0], mean, rtol=1e-12, atol=1e-12):
        mine, due = apart(got[0], mean)
        return f"{near} the mean should be {due}, yours is {mine}"
    if difference(got[1], want, rtol=1e-4, atol=1e-12):
        mine, due = apart(got[1], want)
        return (
            f"{near} the variance, the mean of squared distances from the "
            f"mean, is {due}, yours is {mine}"
        )
    return ""


def draw_stream(rng: np.random.Generator) -> tuple[Array]:
    """Draw one to 39 numbers of spread 1, at most a billion from zero."""
    offset = 10.0 ** rng.integers(0, 10)
    return (offset + rng.normal(size=rng.integers(1, 40)),)


def shifted(numbers: Iterable[float]) -> tuple[float, float]:
    """Return sums of what is left after taking off the first number."""
    first = next(numbers)
    off = [0.0, *(x - first for x in numbers)]
    mean = math.fsum(off) / len(off)
    return first + mean, math.fsum(d * d for d in off) / len(off) - mean**2


def unbiased(numbers: Iterable[float]) -> tuple[float, float]:
    """Divide by one less than there are."""
    x = np.array(list(numbers))
    return x.mean(), x.var(ddof=1)


def two_passes(numbers: Iterable[float]) -> tuple[float, float]:
    """Go through an iterator twice: the second time it is empty."""
    total = count = 0
    for x in numbers:
        total, count = total + x, count + 1
    return total / count, sum((x - total / count) ** 2 for x in numbers) / count
