"""Exercises on losses: the constant that a loss asks for.

The kiosk of the chapter orders newspapers, which is the newsvendor problem;
its best order is a quantile of the demand. Huber's constant lies between the
mean and the median. Both may be a whole interval, so answers are judged by
the loss that they reach.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import torch

from dlf.exercises.comparison import (
    apart,
    as_plain,
    difference,
    is_open,
    text,
)
from dlf.exercises.core import Exercise, call

Array = np.ndarray


def papers_to_order(unsold: float, missed: float) -> float:
    """Return the fraction of days on which the order should be enough."""
    return missed / (unsold + missed)


def best_order(demand: Array, unsold: float, missed: float) -> float:
    """Order the least number that was enough on that fraction of the days."""
    enough = papers_to_order(unsold, missed) * len(demand)
    return float(np.sort(demand)[max(int(np.ceil(enough - 1e-9)), 1) - 1])


def best_constant(y: Array, delta: float) -> float:
    """Huber's constant: clipped residuals must balance; bisect."""
    low, high = float(y.min()), float(y.max())
    for _ in range(100):
        c = (low + high) / 2
        if np.clip(c - y, -delta, delta).sum() > 0:
            high = c
        else:
            low = c
    return (low + high) / 2


def _cost(demand: Array, unsold: float, missed: float, order: float) -> float:
    left, short = np.maximum(order - demand, 0), np.maximum(demand - order, 0)
    return float((unsold * left + missed * short).mean())


def _huber(y: Array, delta: float, c: float) -> float:
    off = np.abs(y - c)
    inside = np.minimum(off, delta)
    return float((inside * (off - inside / 2)).mean())


def _least(
    loss: Callable, solution: Callable, named: str, slack: float
) -> Callable:
    """Make a judge that accepts whatever has nearly the least loss.

    Args:
        loss: of a case's arguments and a constant.
        solution: the best constant of a case.
        named: what an objection calls the loss.
        slack: how much greater it may be, relative to the largest datum.
    """

    def judge(answer: Callable, *case: Any) -> str | None:
        got, best = as_plain(call(answer, *case)), solution(*case)
        if is_open(got):
            return None
        wrong = difference(got, best, rtol=0.0, atol=np.inf)
        least = loss(*case, best)
        most = least * (1 + 1e-7) + slack * np.abs(case[0]).max()
        if not wrong and not loss(*case, got) <= most:
            mine, due = apart(loss(*case, got), least)
            wrong = (
                f"you returned {text(got)} with {named} {mine}; there is "
                f"one of {due}"
            )
        return f"for {', '.join(map(text, case))} {wrong}" if wrong else ""

    return judge


def _by_scipy(y: Array, delta: float) -> float:
    """Hand the loss to a library's minimizer."""
    from scipy.optimize import minimize_scalar

    return minimize_scalar(lambda c: _huber(y, delta, c)).x


def _order_by_scipy(demand: Array, unsold: float, missed: float) -> float:
    """Hand the cost to a library's minimizer, which stops near the kink."""
    from scipy.optimize import minimize_scalar

    return minimize_scalar(lambda c: _cost(demand, unsold, missed, c)).x


def _reweighted(y: Array, delta: float, rounds: int = 200) -> float:
    """Average again and again, with weights that fall with the distance."""
    c = np.median(y)
    for _ in range(rounds):
        weights = np.minimum(1.0, delta / np.maximum(np.abs(y - c), 1e-300))
        c = weights @ y / weights.sum()
    return c


FRACTION = Exercise(
    "losses-1",
    papers_to_order(1.0, 3.0),
    wrong=(0.25, 1 / 3, 3.0, 0.5, 4 / 3, 75, np.nan, "0.75"),
    right=(3 / 4, np.float32(0.75), Fraction(3, 4)),
)
ORDER = Exercise(
    "losses-4",
    best_order,
    draw=lambda rng: (
        rng.poisson(60, size=9).astype(float),
        float(rng.uniform(0.5, 2)),
        float(rng.uniform(3, 9)),
    ),
    edges=(
        (np.array([40.0]), 1.0, 3.0),  # one day
        (np.array([50.0, 10, 40, 20, 30]), 1.0, 3.0),  # unsorted
        (np.array([50.0, 10, 40, 20, 30]), 3.0, 1.0),  # cheap to miss
        (np.array([10.0, 10, 10, 90]), 1.0, 1.0),  # a tie
        (np.array([10.0, 20, 30, 40]), 1.0, 3.0),  # 30 to 40 are as good
    ),
    wrong=(
        lambda d, u, m: d.mean(),
        lambda d, u, m: np.median(d),
        lambda d, u, m: d.max(),
        lambda d, u, m: d.mean() * m / u,
        lambda d, u, m: best_order(d, m, u),
        lambda d, u, m: d.max() * m / (u + m),
        lambda d, u, m: np.quantile(d, m / (u + m)),
        lambda d, u, m: d[int(m / (u + m) * len(d))],
        lambda d, u, m: _cost(d, u, m, best_order(d, u, m)),
        lambda d, u, m: m / (u + m),
        lambda d, u, m: best_order(d, u, m) + 1,
        lambda d, u, m: np.nan,
    ),
    right=(
        lambda d, u, m: min(d, key=lambda order: _cost(d, u, m, order)),
        lambda d, u, m: np.quantile(d, m / (u + m), method="inverted_cdf"),
        lambda d, u, m: int(best_order(d, u, m)),
        lambda d, u, m: torch.tensor(best_order(d, u, m)),
        _order_by_scipy,
    ),
    judge=_least(_cost, best_order, "a cost a day of", 1e-6),
)
HUBER = Exercise(
    "losses-9",
    best_constant,
    draw=lambda rng: (
        rng.standard_t(2, size=9),
        float(rng.uniform(0.3, 2)),
    ),
    edges=(
        (np.array([3.0]), 1.0),
        (np.array([0.0, 0.2, 10.0]), 1.0),
        (np.array([0.0, 10.0]), 1.0),  # all of 1 to 9 are as good
        (np.array([1.0, 2.0, 6.0]), 100.0),
    ),
    wrong=(
        lambda y, d: float(y.mean()),
        lambda y, d: float(np.median(y)),
        lambda y, d: float(np.clip(y, -d, d).mean()),
        lambda y, d: (y.min() + y.max()) / 2,
        lambda y, d: np.clip(y, np.median(y) - d, np.median(y) + d).mean(),
        lambda y, d: y[np.abs(y - np.median(y)) <= d].mean(),
        lambda y, d: _reweighted(y, d, 1),
        lambda y, d: best_constant(y, d / 2),
        lambda y, d: _huber(y, d, best_constant(y, d)),
        lambda y, d: np.nan,
        lambda y, d: best_constant(y, d) + 0.01,
    ),
    right=(
        _by_scipy,
        _reweighted,
        lambda y, d: np.float32(best_constant(y, d)),
        lambda y, d: torch.tensor(best_constant(y, d), requires_grad=True),
    ),
    judge=_least(_huber, best_constant, "loss", 1e-12),
)
