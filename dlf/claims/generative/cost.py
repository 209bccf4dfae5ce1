"""Seconds of a generator step, by loss: design of C105."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import SUPPORTED, UNCLEAR, estimate, ratio
from dlf.stacked.adversarial_nets import Duel, Game

ARMS = {
    "GAN-1": Game("gan", 1),
    "GAN-5": Game("gan", 5),
    "clip-5": Game("wasserstein", 5, "clip"),
    "GP-5": Game("wasserstein", 5, "penalty"),
}
PAIRS = {
    "(a) penalty, five critic steps": ("GP-5", "GAN-1"),
    "(b) clipping, five critic steps": ("clip-5", "GAN-1"),
    "(c) penalty, critic steps alike": ("GP-5", "GAN-5"),
    "(d) clipping, critic steps alike": ("clip-5", "GAN-5"),
}


@dataclass(frozen=True, kw_only=True)
class Timed(Duel):
    """A pair of nets whose steps are timed for so many rounds a block."""

    rounds: int


CELLS = {
    f"width {width}": Timed(data="ring", width=width, rounds=10)
    for width in (64, 256)
}


def stepping(cell: Timed, arm: str) -> Any:
    """Give a whole generator step of one pair, its critic steps included."""
    import torch

    from dlf.stacked import adversarial_nets as nets

    pair = nets.Pair(cell, ARMS[arm], [1e-4], [0])
    draw = [torch.Generator().manual_seed(0)]
    normal = nets.draws(draw, 1, torch.float32)
    real = nets.mixture(cell.data, draw, 1, torch.float32)

    def step() -> None:
        pair.step(
            real,
            lambda n: normal(n, cell.latent),
            lambda n: normal(n, 1, True),
            cell.batch,
        )

    return step


def measure(cell: Timed, seeds: list[int]) -> dict[str, Any]:
    """Time the arms in turns, in as many blocks as there are seeds."""
    arms = sorted({arm for pair in PAIRS.values() for arm in pair})
    steps = {arm: stepping(cell, arm) for arm in arms}
    blocks: list[dict[str, float]] = []
    for _ in range(1 + len(seeds)):  # the first warms up
        spent: dict[str, list[float]] = {arm: [] for arm in arms}
        for _ in range(cell.rounds):
            for arm in arms:
                start = time.thread_time()
                steps[arm]()
                spent[arm].append(time.thread_time() - start)
        blocks.append({a: float(np.median(t)) for a, t in spent.items()})
    blocks = blocks[1:]
    milli = {a: 1e3 * np.median([b[a] for b in blocks]) for a in arms}
    return {
        name: np.array([block[ours] / block[theirs] for block in blocks])
        for name, (ours, theirs) in PAIRS.items()
    } | {"found": {"seconds_milli": milli}}


def judge(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge ratios; one below twice the spread of the blocks decides nothing.

    Intervals are at 95 % each, since the four counted cells are no more.
    """
    found = []
    for unit, of in view.items():
        for name in PAIRS:
            values = np.log(of[name])
            e, rule = estimate(values), ratio(2.0)
            word = rule(e)
            if word == SUPPORTED and e.mean < 2 * float(values.std(ddof=1)):
                word = UNCLEAR
            counted = name.startswith(("(a)", "(b)"))
            cell = f"{name}, {unit}"
            found.append(Outcome(cell, word, e, "ratio", rule, "", counted))
    return tuple(found)


C105 = Measured(
    number="C105",
    title="The Wasserstein loss is computationally intensive",
    sources=(
        Source("S2", "Losses, table, Wasserstein", "Computationally intensive"),
    ),
    hypothesis=(
        "As their authors train them, a generator step of a Wasserstein GAN, "
        "five critic steps included, takes at least twice the time of a step "
        "of a plain GAN with one, (a) with the gradient penalty and (b) with "
        "clipping. Shown beside it: the same at equally many critic steps, "
        "where what is left is the loss itself."
    ),
    rule=(
        "R(ratio 2) for (a) and (b) with MLPs of two hidden layers of 64 and "
        "of 256 units, batches of 128: four cells. Ten blocks, in each the "
        "medians of ten steps in turns, one thread, its own time; a ratio "
        "below twice the spread of the blocks decides nothing. (c) and (d), "
        "against a GAN with five critic steps, are shown as background."
    ),
    literature=(
        "Gulrajani et al. (2017) take five critic steps for each step of the "
        "generator; their penalty is differentiated twice."
    ),
    expects=("supported",),
    cuts="Time to eight modes is left out: plain GANs rarely find them.",
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=10,
)
