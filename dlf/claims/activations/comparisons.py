"""Tuned contests of activations: designs of C13 and C21.

Weights start with the gain that keeps each activation's variance.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dlf.claims.activations.speed import HALF_DECADES
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.headline import OPEN, Headline, assemble
from dlf.experiments.outcomes import Effect, Outcome, without_failures
from dlf.experiments.statistics import (
    DRAWS,
    OPPOSITE,
    SUPPORTED,
    UNCLEAR,
    estimate,
    larger,
)
from dlf.experiments.tuning import of_classes
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net

LOW_FIVE = HALF_DECADES[1:6]


def ahead(new: str, old: str, what: str = "test") -> Callable[[dict], Any]:
    """Make the difference of two arms."""
    return lambda arms: arms[new][what] - arms[old][what]


# C13: regret of ReLU to the best of nine

NINE = (
    "relu",
    "sigmoid",
    "tanh",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "swish",
    "mish",
)
ENOUGH, SOME = 9, 6  # of 11 cells


def tasks() -> dict[str, Net]:
    """Name the eleven nets of C13."""
    cells: dict[str, Net] = {}
    for data, steps in (("M1", None), ("D8-200", None), ("FM", 500)):
        deep = Net(data=data, depth=8, steps=steps)
        cells[f"{data}, 2 layers"] = replace(deep, depth=2)
        cells[f"{data}, 8 layers"] = deep
        cells[f"{data}, 8 layers, norm"] = replace(deep, norm=True)
    for data, steps in (("D8-200", 300), ("FM", 400)):
        cells[f"{data}, CNN-4"] = Net(
            data=data, model="cnn", depth=4, steps=steps, tuning=1
        )
    return cells


def regrets(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Measure ReLU's regret in each cell to the rival best in tuning."""
    found, values = [], []
    for cell, arms in view.items():
        rival = max(arms, key=lambda arm: arms[arm]["tuned"])
        regret = arms[rival]["test"] - arms["relu"]["test"]
        e = estimate(regret)
        values.append(regret if regret.ndim == 1 else regret.mean(1))
        word = SUPPORTED if e.mean <= 0.01 else OPPOSITE
        kept = without_failures(arms)
        rest = kept[rival]["test"] - kept["relu"]["test"]
        if (np.nanmean(rest) <= 0.01) != (e.mean <= 0.01):
            word = UNCLEAR
        found.append(Outcome(cell, word, e, "points", note=f"best {rival}"))
    rng = np.random.default_rng(0)
    counts = sum(
        v[rng.integers(len(v), size=(DRAWS, len(v)))].mean(1) <= 0.01
        for v in values
    )
    count = sum(o.verdict == SUPPORTED for o in found)
    moved = float((grade(counts) != grade(np.array(count))).mean())
    word = SUPPORTED if moved <= 0.05 else UNCLEAR
    note = f"{count} of {len(found)} cells; resampled, {moved:.2f} change class"
    return (*found, Outcome("the count", word, note=note, counted=False))


def grade(counts: np.ndarray) -> np.ndarray | np.integer:
    """Class of a count by the rule: 2 for 9 or more, 1 for 6 to 8, else 0."""
    return (counts >= ENOUGH).astype(int) + (counts >= SOME)


def by_count(outcomes: Sequence[Outcome]) -> Headline:
    """Let the count of cells decide, unless resampling moves it."""
    *cells, count = outcomes
    found = assemble(cells)
    reason = f"regret of at most 1 point in {found.k} of {found.n} cells"
    if count.verdict == UNCLEAR:
        reason = f"{reason}, a count that resampling moves"
        return found._replace(verdict=OPEN, reason=reason)
    return found._replace(reason=reason)


C13 = Contrast(
    number="C13",
    title="ReLU is a safe default",
    sources=(
        Source("S0", "§3.3", "performs well across a wide range of tasks"),
        Source("S3", "§1", "default recommendation"),
        Source("S1", "l.193", "most widely used"),
    ),
    hypothesis=(
        "In at least 80 % of the nets tried, ReLU's test accuracy is at most "
        "1 point below that of the best of nine activations."
    ),
    rule=(
        "Eleven nets are the population, so their count decides: regret of at "
        "most 1 point in 9 or more of them, and in none an interval above 2 "
        "points: holds; 6 to 8: in part; 5 or fewer: does not hold. If "
        "resampling the seeds moves the count across a boundary in more than "
        "5 % of draws: undecided. The rival is the activation best in tuning; "
        "its regret is measured on fresh seeds. “Most widely used” is a matter "
        "for a survey and not tested."
    ),
    literature=(
        "Ramachandran et al. (2017): several match or beat ReLU; Eger et al. "
        "(2018), 21 functions on 8 language tasks: penalised tanh the most "
        "stable; Dubey et al. (2022), survey and benchmark."
    ),
    expects=("holds in part", "does not hold"),
    cuts=(
        "The one-dimensional CNN, the ten-layer CNN and the transformer were "
        "cut and a CNN on D8 added: 11 nets instead of 14, and the counts "
        "scaled with them. FM: 500 steps (CNN 400)."
    ),
    cells=tasks(),
    arms=NINE,
    grid=LOW_FIVE,
    train=nets.level,
    constant=of_classes,
    seeds=5,
    tuning=2,
    judge=regrets,
    conclude=by_count,
)

# C21: Swish against ReLU, deep against shallow

SHALLOW = (
    Net(data="M1", depth=2, seeds=20),
    Net(data="D8-200", depth=2, seeds=20),
    Net(data="FM", model="cnn", depth=4, steps=400, tuning=1, grid=LOW_FIVE),
)


def deeper() -> tuple[dict[str, Net], list[tuple[str, str, str]]]:
    """Name the nets of C21 and which are the deep and shallow of a pair."""
    cells, pairs = {}, []
    for base in SHALLOW:
        data, image = base.data, base.model == "cnn"
        depths = base.depth, 10 if image else 8
        variants = {
            "plain": base,
            "norm": replace(base, norm=True),
            "skips": replace(base, residual=True),
        }
        for variant in list(variants)[: 2 if image else 3]:
            names = [f"{data}, {d}, {variant}" for d in depths]
            for name, depth in zip(names, depths, strict=True):
                cells[name] = replace(variants[variant], depth=depth)
            pairs.append((f"{data}, {variant}", *names))
    return cells, pairs


CELLS, PAIRS = deeper()
swish = ahead("swish", "relu")

C21 = Contrast(
    number="C21",
    title="Swish beats ReLU in deeper models",
    sources=(
        Source("S0", "§3.7", "Outperforms ReLU in deeper models"),
        Source("S0", "§3, table", "High performance, deep models"),
    ),
    hypothesis=(
        "(a) In the deep net (8 layers; CNN-10) Swish has the higher test "
        "accuracy. (b) Its gain there exceeds its gain in the shallow net (2 "
        "layers; CNN-4)."
    ),
    rule=(
        "R(1 point) on (a) and on (b), for M1 and D8-200 in three variants "
        "(plain, batch norm, skips) and FM in two: 16 cells, intervals widened "
        "together. (a) without (b) is in part. The gains in shallow nets are "
        "shown and not counted."
    ),
    literature=(
        "Ramachandran et al. (2017): +0.9 points top-1 (Mobile NASNet-A), +0.6 "
        "(Inception-ResNet-v2); in its first version MNIST MLPs are alike up "
        "to 40 layers. Eger et al. (2018): rectifier-like functions can top "
        "the list but are not stable."
    ),
    expects=("holds", "holds in part"),
    cuts="FM: CNN-4 and CNN-10 of 400 steps; no CNN-20, no skips.",
    here="Four fresh seeds, 300 steps, two of the nets, the recorded rates.",
    replica=lambda: C21.small(
        ("M1, 2, norm", "M1, 8, norm"), seeds=4, steps=300
    ),
    cells=CELLS,
    arms=("relu", "swish"),
    grid=HALF_DECADES,
    train=nets.level,
    constant=of_classes,
    seeds=10,
    effects=(
        *(
            Effect(f"(a) {pair}: deep", (deep,), swish, larger(0.01))
            for pair, _, deep in PAIRS
        ),
        *(
            Effect(
                f"(b) {pair}: deep less shallow",
                (deep, shallow),
                lambda a, b: swish(a) - swish(b),
                larger(0.01),
            )
            for pair, shallow, deep in PAIRS
        ),
        *(
            Effect(
                f"{pair}: shallow",
                (shallow,),
                swish,
                larger(0.01),
                counted=False,
            )
            for pair, shallow, _ in PAIRS
        ),
    ),
)
