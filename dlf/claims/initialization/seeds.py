"""How much accuracy varies with the initial weights: design of C60."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import (
    SMALL,
    SUPPORTED,
    UNCLEAR,
    Estimate,
    family,
    ratio,
    ratio_of_spreads,
)
from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe

POINTS = 0.02  # the standard deviation that would be high
RATE = 0.1  # of momentum, the best in the pilot
CELLS = {
    "M1": Recipe(data="M1", first=200),
    "G14": Recipe(data="G14", classes=36, first=200),
}


def measure(cell: Recipe, seeds: Sequence[int]) -> dict[str, Any]:
    """Train with other weights, or another order, on one split of the data.

    A seed gives the initial weights of one net and the order of another; all
    else is that of the first seed.
    """
    one = [seeds[0]] * len(seeds)
    data = cell.examples(seeds[:1])
    parts = data.train, data.validation, data.test
    rows = [part.expand(len(seeds), -1) for part in parts]
    names = "train", "validation", "test"
    data = replace(data, **dict(zip(names, rows, strict=True)))
    found = {}
    for name, weights, order in (
        ("weights", seeds, one),
        ("order", one, seeds),
    ):
        net = cell.net(weights, 1)
        net.seeds = tuple(order)
        out = recipes.train(cell, [RATE], seeds, net=net, data=data)
        right = out["test"][0]
        found[name] = right if right.ndim == 1 else right.mean(1)
    return found


def spread(values: np.ndarray, level: float) -> Estimate:
    """Estimate a standard deviation, with the interval of the chi-square."""
    from scipy.special import chdtri

    n = len(values)
    sd = float(values.std(ddof=1))
    tail = (1 - level) / 2
    low, high = (
        sd * float(np.sqrt((n - 1) / chdtri(n - 1, p)))
        for p in (tail, 1 - tail)
    )
    return Estimate(sd, low, high, n, "chi-square")


def judge(view: dict) -> tuple[Outcome, ...]:
    """Hold the spread against 2 points, and against that from the order."""
    found, level, twice = [], family(2 * len(CELLS)), ratio(0.5)
    for cell, kept in view.items():
        e = spread(kept["weights"], level)
        word = SUPPORTED if e.low >= POINTS else UNCLEAR
        word = SMALL if e.high < POINTS else word
        found.append(Outcome(f"{cell}, standard deviation", word, e, "points"))
    for cell, kept in view.items():
        pairs = np.stack([kept["weights"], kept["order"]], axis=1)
        e = ratio_of_spreads(pairs, level)
        name = f"{cell}, against the order of examples"
        found.append(Outcome(name, twice(e), e, "ratio", twice))
    return tuple(found)


C60 = Measured(
    number="C60",
    title="Nets are highly susceptible to their initial weights",
    sources=(Source("S3", "§4", "Highly susceptible to initial parameters"),),
    hypothesis=(
        "“Highly susceptible”: on one split of the data, in one order, test "
        "accuracy has a standard deviation of at least 2 points over the seeds "
        "of the initial weights, and at least twice that over the seeds of the "
        "order."
    ),
    rule=(
        "MLPs of two hidden layers on MNIST-1D and on printed characters of 36 "
        "classes, 60 seeds of the weights and 60 of the order, momentum at a "
        "rate of 0.1. Supported if the interval of the standard deviation (by "
        "the chi-square distribution) lies above 2 points, too small if below; "
        "R(ratio 0.5) on the ratio of the two standard deviations. The scale "
        "of the weights is another claim's."
    ),
    literature=(
        "Picard (2021), 10,000 seeds on CIFAR-10: a small variance, though "
        "outliers are easily found. Bouthillier et al. (2021): the choice of "
        "examples varies results more than the initial weights."
    ),
    expects=("not supported", "mostly not"),
    cuts="No CNN on Fashion-MNIST; the split is not varied.",
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=60,
)
