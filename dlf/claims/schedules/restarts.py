"""Warm restarts: other minima, better ones? Design of C56."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import estimate, larger, ratio
from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe

RATE, POINTS, NATS = 0.178, 11, 0.1
CYCLES = 3  # of `schedules.restarts`
CELLS = {
    "M1": Recipe(data="M1", schedule="restarts", steps=900, first=200),
    "G14": Recipe(
        data="G14", classes=36, schedule="restarts", steps=900, first=200
    ),
}


def measure(cell: Recipe, seeds: Sequence[int]) -> dict[str, Any]:
    """Train with three cycles and with one; look between the cycles' ends."""
    import torch

    data, net, ends = cell.examples(seeds), cell.net(seeds, 1), []

    def watch(step: int, net: Any) -> None:
        if step:
            ends.append([p.detach().clone() for p in net.parameters()])

    every = cell.steps // CYCLES
    kept = recipes.train(
        cell, [RATE], seeds, net=net, data=data, every=every, watch=watch
    )
    one = recipes.train(replace(cell, schedule="cosine"), [RATE], seeds)
    paths = [path_losses(net, data, a, b) for a, b in pairwise(ends)]
    barriers = [p.max(0) - np.maximum(p[0], p[-1]) for p in paths]
    return {
        "restarts": kept["loss"][0],
        "cosine": one["loss"][0],
        "barrier": torch.tensor(np.stack(barriers)).mean(0).numpy(),
    }


def path_losses(net: Any, data: Any, a: list, b: list) -> np.ndarray:
    """Give the training loss at points on the line between two nets."""
    import torch

    from dlf.stacked import training

    found = []
    for t in np.linspace(0, 1, POINTS):
        with torch.no_grad():
            for p, first, last in zip(net.parameters(), a, b, strict=True):
                p.copy_(torch.lerp(first, last, float(t)))
        rows = data.train[:, : training.PROBE]
        found.append(training.evaluate(net, data, rows)[0].numpy())
    return np.stack(found)


def judge(view: dict) -> tuple[Outcome, ...]:
    """Ask for other minima (a), and for lower ones (b)."""
    found = []
    for cell, kept in view.items():
        e, rule = estimate(kept["barrier"]), larger(NATS)
        name = f"(a) {cell}, barrier between cycles"
        found.append(Outcome(name, rule(e), e, "nats", rule))
    for cell, kept in view.items():
        e, rule = (
            estimate(np.log(kept["cosine"] / kept["restarts"])),
            ratio(0.9),
        )
        name = f"(b) {cell}, training loss against one cosine"
        found.append(Outcome(name, rule(e), e, "ratio", rule))
    return tuple(found)


C56 = Measured(
    number="C56",
    title="Warm restarts escape local minima",
    sources=(
        Source("S4", "§1.3.3", "periodic restarts to escape local minima"),
    ),
    hypothesis=(
        "(a) “Escape”: the ends of two consecutive cycles lie in different "
        "basins, with a barrier of at least 0.1 nats on the line between them. "
        "(b) What they escape from were worse “local minima”: three cycles end "
        "with a training loss at most 0.9 times that of one long cosine."
    ),
    rule=(
        "(a) R(0.1 nats) on the largest training loss on the line between two "
        "ends less the larger at the ends, the mean of both pairs; (b) R(ratio "
        "0.9) on the final training loss. MLPs of two hidden layers on "
        "MNIST-1D and on printed characters of 36 classes, momentum at a rate "
        "of 0.178, 900 steps, 20 seeds: four cells."
    ),
    literature=(
        "Huang et al. (2017): the ends of cycles are different enough to make "
        "an ensemble. Gotmare et al. (2019): they are joined without a "
        "barrier by a curve, and the usual reasons for restarts are not "
        "evidenced in practice."
    ),
    expects=("mixed", "mostly not", "not supported"),
    cuts=(
        "One rate, the best of restarts in the pilot; no permutation of units "
        "is sought, and curves are not."
    ),
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=20,
)
