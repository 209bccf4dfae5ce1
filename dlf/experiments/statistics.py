"""Intervals and rules, the same for every claim.

    interval of a mean over seeds: the wider of the percentile bootstrap of
    10 000 draws and of Student's t, at every n              (statistics.1)
    interval of a share k/n: Beta quantiles (Clopper–Pearson) (statistics.2)
    interval of a log ratio of SDs: bootstrap of pairs        (statistics.3)

An effect is positive where it is as the source says; ratios are logarithms.
Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13;
Clopper & Pearson (1934), Biometrika 26, 404–413; Korn & Graubard (1998),
Survey Methodology 24, 193–201 (shares where draws are not independent).
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

DRAWS = 10_000
#: what a cell comes to; a statement without an interval is false or not
SUPPORTED, OPPOSITE, SMALL, UNCLEAR, FALSE = (
    "supported",
    "opposite",
    "too small",
    "unclear",
    "false",
)


class Estimate(NamedTuple):
    """A mean or a proportion with its interval, from n seeds or trials."""

    mean: float
    low: float
    high: float
    n: int
    method: str


def estimate(
    values: Float[np.ndarray, "S"] | Float[np.ndarray, "S N"],
    level: float = 0.95,
) -> Estimate:
    """Average over seeds, with the interval (statistics.1).

    Args:
        values: the paired difference of each seed; a second axis holds the
            test examples of a small test set, which are then resampled too
            (by the normal limit of their mean).
        level: coverage wanted.

    Raises:
        ValueError: fewer than two seeds, or a value that is not finite.

    >>> [round(v, 3) for v in estimate(np.array([1.0, 2.0, 3.0]))[:3]]
    [2.0, -0.484, 4.484]
    """
    from scipy.special import stdtrit  # 0.15 s to import

    if len(values) < 2 or not np.isfinite(values).all():
        raise ValueError(
            "estimate: `values` must be finite and come from two seeds or "
            f"more, because an interval is asked for; got {values}"
        )
    means = values if values.ndim == 1 else values.mean(axis=1)
    S = len(means)
    drawn, noise = _resamples(DRAWS, S)
    sample = means[drawn]
    if values.ndim == 2:
        error = values.std(axis=1) / math.sqrt(values.shape[1])
        sample = sample + error[drawn] * noise
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(sample.mean(axis=1), tails)
    method = "paired bootstrap"
    half = stdtrit(S - 1, tails[1]) * means.std(ddof=1) / math.sqrt(S)
    if 2 * half > high - low:
        low, high = means.mean() - half, means.mean() + half
        method = "paired t"
    return Estimate(float(means.mean()), float(low), float(high), S, method)


@cache
def _resamples(draws: int, S: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw seeds, and what their examples add: the same at every call."""
    rng = np.random.default_rng(0)
    return rng.integers(S, size=(draws, S)), rng.normal(size=(draws, S))


def ratio_of_spreads(
    pairs: Float[np.ndarray, "S 2"], level: float = 0.95
) -> Estimate:
    """Estimate log SD(first) - log SD(second) over seeds (statistics.3).

    Pairs are drawn, so that what a seed does to both stays together; a draw
    in which either does not vary is left out.

    Args:
        pairs: two values a seed.
        level: coverage wanted.

    Raises:
        ValueError: fewer than three pairs, or a value that is not finite.
    """
    if len(pairs) < 3 or not np.isfinite(pairs).all():
        raise ValueError(
            "ratio_of_spreads: `pairs` must be finite and come from three "
            f"seeds or more, because their spreads are compared; got {pairs}"
        )
    drawn, _ = _resamples(DRAWS, len(pairs))
    spread = pairs[drawn].std(axis=1, ddof=1)
    varied = (spread > 0).all(axis=1)
    ratios = np.log(spread[varied, 0] / spread[varied, 1])
    first, second = pairs.std(axis=0, ddof=1)
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    mean = math.log(first / second)
    method = "bootstrap of pairs"
    return Estimate(mean, float(low), float(high), len(pairs), method)


def proportion_by_seed(
    fractions: Float[np.ndarray, " S"], level: float = 0.95
) -> Estimate:
    """Estimate a proportion of nets; those of one seed are one draw.

    The exact interval (statistics.2) of as many trials as there are seeds,
    however many nets each has: never too narrow, since the nets of a seed tell
    no less than one net (Korn & Graubard 1998, with the largest design effect).

    Args:
        fractions: of each seed's nets.
        level: coverage wanted.

    >>> e = proportion_by_seed(np.ones(15))
    >>> round(e.low, 3), e.high, e.n
    (0.782, 1.0, 15)
    """
    e = proportion(float(np.sum(fractions)), len(fractions), level)
    return e._replace(method="Clopper–Pearson, seeds")


def proportion(count: int | float, total: int, level: float = 0.95) -> Estimate:
    """Estimate a proportion of runs, with its exact interval (statistics.2).

    Args:
        count: how many of them; a fraction where a run counts in part.
        total: how many there are.
        level: coverage wanted.

    Raises:
        ValueError: ``count`` is not in 0..``total``, or ``total`` is 0.

    >>> round(proportion(17, 17).low, 3), round(proportion(36, 36).low, 3)
    (0.805, 0.903)
    """
    from scipy.special import betaincinv

    if not 0 <= count <= total or total == 0:
        raise ValueError(
            "share: `count` must lie in 0..`total`, and `total` be positive; "
            f"got {count} of {total}"
        )
    tail = (1 - level) / 2
    low = betaincinv(count, total - count + 1, tail) if count else 0.0
    high = (
        betaincinv(count + 1, total - count, 1 - tail) if count < total else 1.0
    )
    mean = count / total
    return Estimate(mean, float(low), float(high), total, "Clopper–Pearson")


def kendall(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"]) -> float:
    """Rank correlation tau-b: concordant less discordant pairs, ties apart.

    Args:
        a: N numbers, ties allowed.
        b: as many, in the same order.

    >>> kendall(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 4.0, 2.0]))
    0.3333333333333333
    """
    x, y = (np.sign(v[:, None] - v[None, :]) for v in (a, b))
    scale = math.sqrt(float((x * x).sum()) * float((y * y).sum()))
    return float((x * y).sum()) / scale if scale else math.nan


@dataclass(frozen=True)
class Rule:
    """How an interval decides a cell.

    Larger than δ: too small where the interval lies below δ and reaches 0 or
    more. Of the other two kinds an interval beyond the margin is opposite.

    Args:
        kind: ``larger`` (the rule R(δ)), ``equivalent`` or ``not worse``.
        delta: smallest effect that counts, or the margin.
    """

    kind: str
    delta: float

    def __call__(self, e: Estimate) -> str:
        """Say supported, opposite, too small or unclear."""
        d, small = self.delta, False
        if self.kind == "larger":
            holds, fails = e.low > 0 and e.mean >= d, e.high < 0
            small = e.high < d
        elif self.kind == "equivalent":
            holds = -d < e.low and e.high < d
            fails = e.high < -d or e.low > d
        else:
            holds, fails = e.low > -d, e.high < -d
        if holds:
            return SUPPORTED
        return OPPOSITE if fails else SMALL if small else UNCLEAR


def at_least(e: Estimate, threshold: float) -> str:
    """Hold a proportion or a mean against the least that is claimed.

    Args:
        e: the estimate, positive as the source says.
        threshold: in the estimate's unit.

    >>> at_least(proportion(0, 10), 0.5), at_least(proportion(10, 10), 0.5)
    ('too small', 'supported')
    """
    if e.low >= threshold:
        return SUPPORTED
    return SMALL if e.high < threshold else UNCLEAR


def larger(delta: float) -> Rule:
    """R(δ): the interval lies above 0 and the mean is at least δ.

    Args:
        delta: the smallest effect that counts, in the effect's unit.

    >>> larger(0.01)(Estimate(0.02, 0.005, 0.035, 10, "paired t"))
    'supported'
    """
    return Rule("larger", delta)


def ratio(factor: float) -> Rule:
    """R(δ) for logarithms: δ = |ln factor|, so 0.8 and 1.25 are the same.

    Args:
        factor: the smallest ratio that counts, positive.
    """
    return Rule("larger", abs(math.log(factor)))


def equivalent(margin: float) -> Rule:
    """The whole interval lies within ± the margin.

    Args:
        margin: in the effect's unit, positive.
    """
    return Rule("equivalent", margin)


def not_worse(margin: float) -> Rule:
    """The interval lies above −margin.

    Args:
        margin: the loss that is allowed, in the effect's unit, positive.
    """
    return Rule("not worse", margin)


def family(cells: int) -> float:
    """Level of each interval: 95 %, family-wise where cells exceed four.

    Args:
        cells: how many intervals are judged together.

    >>> family(4), round(family(8), 5)
    (0.95, 0.99375)
    """
    return 0.95 if cells <= 4 else 1 - 0.05 / cells
