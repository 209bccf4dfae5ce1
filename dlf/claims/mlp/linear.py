"""Layers without a nonlinearity: what collapses and what does not (C7).

An arm is a number of affine layers. All have the same functions within reach,
because no layer is narrower than the 10 outputs; they differ in the way there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dlf.experiments import statistics
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import FALSE, SUPPORTED
from dlf.experiments.tuning import of_classes
from dlf.stacked.activation_nets import crossing

TARGET, STEPS, EVERY, WIDTH = 1.65, 600, 10, 64

ARMS = ("1", "2", "4", "8")

RATES = (0.00316, 0.01, 0.0316, 0.1, 0.316)


@dataclass(frozen=True, kw_only=True)
class Layers(Cell):
    """The data that affine layers are trained on."""

    data: str


CELLS = {"M1": Layers(data="M1")}


def train(
    cell: Layers, arm: str, settings: list[float], seeds: list[int]
) -> dict:
    """Race to the target loss; the fastest rate is the best."""
    import torch

    from dlf.stacked import datasets, nets, training

    widths = [40, *[WIDTH] * (int(arm) - 1), 10]
    net = nets.Mlp(
        widths,
        seeds,
        len(settings),
        lambda x: x,
        gain=1.0,
        dtype=getattr(torch, cell.dtype),
    )
    data = datasets.load(cell.data, tuple(seeds), cell.dtype)
    out = training.fit(net, data, settings, steps=STEPS, every=EVERY)
    out["steps"] = crossing(out["curve"], EVERY, TARGET)
    out["score"] = -np.log(out["steps"])
    del out["curve"]
    return out


def collapsed(layers: int = 8, draws: int = 20) -> Outcome:
    """Part (a): multiply the matrices out, and compare on fresh inputs."""
    rng, worst = np.random.default_rng(0), 0.0
    for _ in range(draws):
        widths = [40, *rng.integers(10, 100, size=layers - 1), 10]
        w = [rng.normal(size=(o, i)) / i**0.5 for i, o in pairwise(widths)]
        b = [rng.normal(size=len(m)) for m in w]
        x = rng.normal(size=(100, 40))
        deep, matrix, shift = x, np.eye(40), np.zeros(40)
        for m, v in zip(w, b, strict=True):
            deep, matrix, shift = deep @ m.T + v, m @ matrix, m @ shift + v
        error = np.abs(deep - (x @ matrix.T + shift)).max()
        worst = max(worst, error / np.abs(deep).max())
    return Outcome(
        "(a) one affine map",
        SUPPORTED if worst < 1e-12 else FALSE,
        note=f"relative difference below 1e-12 in {draws} nets of {layers} "
        "layers",
        printed=True,
    )


def slower(d: str) -> Callable[[dict], np.ndarray]:
    """Make the log ratio of the steps of depth d to those of one layer."""
    return lambda arms: np.log(arms[d]["steps"] / arms["1"]["steps"])


def gained(d: str) -> Callable[[dict], np.ndarray]:
    """Make the difference in test accuracy between depth d and one layer."""
    return lambda arms: arms[d]["test"] - arms["1"]["test"]


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide (a), and (b) by depth: steps and accuracy."""
    outcomes, arms = [collapsed()], view["M1"]
    measures = (
        ("steps", slower, statistics.equivalent(np.log(1.25)), "ratio"),
        ("accuracy", gained, statistics.equivalent(0.01), "points"),
    )
    deep = [d for d in ARMS[1:] if d in arms]
    level = statistics.family(2 * len(deep))
    for name, of, rule, unit in measures:
        for d in deep:
            e = statistics.estimate(of(d)(arms), level)
            cell = f"(b) {d} layers against 1, {name}"
            outcomes.append(Outcome(cell, rule(e), e, unit, rule))
    return tuple(outcomes)


C7 = Contrast(
    number="C7",
    title="Without non-linearity depth adds nothing",
    sources=(
        Source("S0", "§3", "deep networks reduce to linear transformations"),
        Source("S2", "Linear", "behave like a single-layer model"),
        Source("S3", "§1", "regardless of its depth"),
    ),
    hypothesis=(
        "(a) Every deep affine net equals one affine map. (b) It also behaves "
        "like one in training: it takes as many steps to a training loss of "
        "1.65 and has the same test accuracy, at depths 2, 4 and 8."
    ),
    rule=(
        "(a) exact. (b) equivalence on M1, by depth: the interval of the ratio "
        "of steps lies within 0.8 to 1.25, that of the difference in test "
        "accuracy after 600 steps within 1 point. Rates are chosen by fewest "
        "steps, the loss is read every 10 steps and interpolated. Seven "
        "cells, the six intervals widened together; one depth whose interval "
        "lies outside refutes “behave like”."
    ),
    literature=(
        "Saxe, McClelland and Ganguli (2014): deep linear nets learn by a "
        "non-linear dynamics. Arora, Cohen and Hazan (2018): depth without a "
        "bend can speed training up."
    ),
    expects=("holds in part",),
    cuts="Rates are chosen by steps to the target, not by accuracy.",
    mode="live",
    cells=CELLS,
    arms=ARMS,
    grid=RATES,
    train=train,
    constant=of_classes,
    judge=judge,
    replica=lambda: C7.small(("M1",), seeds=5),
)
