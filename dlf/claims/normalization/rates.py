"""Learning rates that batch norm allows, and its speed: design of C69."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.seeds import TUNING
from dlf.experiments.statistics import estimate, family, ratio
from dlf.stacked import regularized_recipes
from dlf.stacked.activation_nets import crossing
from dlf.stacked.regularized_recipes import Regularized

HALF, EVERY, TUNED, WITHIN = 0.5, 20, 3, 0.1
GRID = tuple(10 ** (-2 + HALF * k) for k in range(7))
CELLS = {
    "M1, 2 layers": Regularized(data="M1", every=20, first=200),
    "M1, 6 layers": Regularized(data="M1", depth=6, every=20, first=200),
    "G14, 2 layers": Regularized(data="G14", classes=36, every=20, first=200),
}
TARGETS = {"M1, 2 layers": 0.6, "M1, 6 layers": 0.8, "G14, 2 layers": 0.4}
NORMS = {"plain": "", "norm": "batch"}


def measure(cell: Regularized, seeds: Sequence[int]) -> dict[str, Any]:
    """Train with and without batch norm at seven rates, and keep the curves.

    The curves of three tuning seeds, which choose the rate, are among what is
    found besides.
    """
    kept: dict[str, Any] = {"found": {}}
    for name, norm in NORMS.items():
        arm = replace(cell, norm=norm)
        tuning = list(range(TUNING, TUNING + TUNED))
        tried = regularized_recipes.train(arm, GRID, tuning, every=EVERY)
        kept["found"][name] = tried["curve"].tolist()
        out = regularized_recipes.train(arm, GRID, seeds, every=EVERY)
        right = out["test"] if out["test"].ndim == 2 else out["test"].mean(2)
        curve = np.nan_to_num(out["curve"], nan=1e3, posinf=1e3)
        kept[name] = {"test": right.T, "curve": curve.transpose(1, 0, 2)}
    return kept


def highest(curves: np.ndarray) -> np.ndarray:
    """Find each seed's highest usable rate, as a logarithm.

    Usable is a rate whose accuracy is at least nine tenths of the best mean.
    """
    least = (1 - WITHIN) * curves.mean(0).max()
    at = np.linspace(0, len(GRID) - 1, 100 * (len(GRID) - 1) + 1)
    rates = np.interp(at, np.arange(len(GRID)), np.log(GRID))
    usable = [
        np.interp(at, np.arange(len(GRID)), accuracy) >= least
        for accuracy in curves
    ]
    return np.array([rates[u].max() if u.any() else rates[0] for u in usable])


def steps(kept: dict, name: str, target: float) -> np.ndarray:
    """Count each seed's steps to the target at the rate tuned for that."""
    tried = np.nan_to_num(np.array(kept["found"][name], float), nan=1e3)
    best = crossing(tried, EVERY, target).mean(1).argmin()
    return crossing(kept[name]["curve"][:, best], EVERY, target)


def judge(view: dict) -> tuple[Outcome, ...]:
    """Compare the highest usable rates, and the steps to a loss."""
    level, found = family(2 * len(CELLS)), []
    for cell, kept in view.items():
        tops = {name: highest(kept[name]["test"]) for name in NORMS}
        e, rule = estimate(tops["norm"] - tops["plain"], level), ratio(3.0)
        said = ", ".join(f"{n} {np.exp(t.mean()):.2g}" for n, t in tops.items())
        found.append(
            Outcome(
                f"(a) {cell}, highest rate", rule(e), e, "ratio", rule, said
            )
        )
    for cell, kept in view.items():
        plain, norm = (steps(kept, name, TARGETS[cell]) for name in NORMS)
        e, rule = estimate(np.log(plain / norm), level), ratio(0.8)
        found.append(Outcome(f"(b) {cell}, steps", rule(e), e, "ratio", rule))
    return tuple(found)


C69 = Measured(
    number="C69",
    title="Batch norm allows higher learning rates, and is faster",
    sources=(
        Source("S4", "§1.4.3", "Allows higher learning rates"),
        Source("S1", "l.163", "Faster Convergence"),
    ),
    hypothesis=(
        "(a) “Allows higher learning rates”: with batch norm the highest rate "
        "whose test accuracy is nine tenths of the best is at least 3 times "
        "as high. (b) “Faster convergence”: at its own best rate it takes at "
        "most 0.8 times as many steps to a training loss."
    ),
    rule=(
        "(a) R(ratio 3) and (b) R(ratio 0.8) in MLPs of 2 and of 6 layers on "
        "MNIST-1D and of 2 layers on printed characters of 36 classes: six "
        "cells, intervals widened together. Seven rates of SGD with momentum, "
        "half a decade apart from 0.01 to 10, 600 steps; between rates each "
        "seed's accuracy is interpolated. Targets 0.6, 0.8 and 0.4; the rate "
        "with the fewest steps on three tuning seeds is judged on ten fresh "
        "ones."
    ),
    literature=(
        "Ioffe and Szegedy (2015): 14 times fewer steps on ImageNet. Bjorck et "
        "al. (2018): the higher rate is the main benefit."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts="No CNN and no group norm; seconds are not compared.",
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=10,
)
