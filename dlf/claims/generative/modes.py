"""Modes found by GANs and by Wasserstein GANs: design of C104."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, not_worse
from dlf.stacked.adversarial_nets import Duel, Game

ARMS = {
    "GAN-1": Game("gan", 1),
    "GAN-5": Game("gan", 5),
    "clip-5": Game("clip", 5),
    "GP-1": Game("penalty", 1),
    "GP-5": Game("penalty", 5),
}
MODES = {"ring": 8, "grid": 9}
STEPS, FIRST = 4_000, 200
CELLS = {data: Duel(data=data, steps=STEPS, first=FIRST) for data in MODES}


def train(
    cell: Duel, arm: str, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train an arm's pairs and count the modes that they find."""
    from dlf.stacked import adversarial_nets

    return adversarial_nets.train(cell, ARMS[arm], settings, seeds)


def ahead(ours: str, theirs: str) -> Callable[[dict], np.ndarray]:
    """Make the number of modes that one arm finds more than another."""
    return lambda arms: arms[ours]["modes"] - arms[theirs]["modes"]


def missing(arm: str, total: int) -> Callable[[dict], np.ndarray]:
    """Make the number of modes found less that of all."""
    return lambda arms: arms[arm]["modes"] - total


def near(arm: str) -> Callable[[dict], np.ndarray]:
    """Make the fraction of samples near a mode, less a half."""
    return lambda arms: arms[arm]["good"] - 0.5


C104 = Contrast(
    number="C104",
    title="The Wasserstein loss solves mode collapse",
    sources=(
        Source(
            "S2",
            "Losses 4(c)",
            "Solves mode collapse in Generative Adversarial Networks",
        ),
    ),
    hypothesis=(
        "(a) With a gradient penalty and five critic steps the Wasserstein "
        "loss finds at least two modes more than the non-saturating GAN, at "
        "equally many generator steps (GAN-1) and at equally many critic steps "
        "as well (GAN-5). (b) “Solves”: it finds them all."
    ),
    rule=(
        "(a) R(2 modes) against GAN-1 and GAN-5; (b) modes found less all of "
        "them, not worse by half a mode; a ring of 8 Gaussians and a grid of "
        "9: six cells, intervals widened together. A mode is found if it "
        "gets a third of its due of 2,000 samples, within four standard "
        "deviations. MLPs of two hidden layers of 64 units with ReLU, four "
        "numbers to start from, batches of 128, 4,000 generator steps of Adam "
        "(0.5, 0.9). Four rates half a decade apart for each arm, the same for "
        "both of its nets, chosen by modes plus the fraction of good samples, "
        "those within four standard deviations, on two tuning seeds; 10 fresh "
        "seeds. Shown as background: clipping at 0.1 with five critic steps; "
        "the penalty with one; and that more than half of the samples of the "
        "penalty with five are good, R(0), without which the nets are "
        "unfinished and missing modes say nothing of the loss. With 1,000 "
        "steps, in the run before, a tenth of them were good on the grid."
    ),
    literature=(
        "Arjovsky et al. (2017) saw no mode collapse in their experiments. "
        "Gulrajani et al. (2017): critics of a ring and a grid, for a fixed "
        "generator, are too simple with clipping and not with the penalty. "
        "Metz et al. (2017): GANs on this ring collapse. Lucic et al. (2018): "
        "on images no loss wins consistently after tuning."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts=(
        "A grid of 9, not of 25; a third of a mode's due in place of 1 % of "
        "samples, which a shapeless cloud reaches on the ring; clipping and "
        "one critic step not counted; no glyphs; no run of three times the "
        "length."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.001, 0.00316, 0.01, 0.0316),
    train=train,
    seeds=10,
    tuning=2,
    effects=(
        *(
            Effect(
                f"({part}) {data}, {ours} over {theirs}",
                (data,),
                ahead(ours, theirs),
                larger(2.0),
                "modes",
                part == "a",
                words="mode collapse",
            )
            for part, ours, theirs in (
                ("a", "GP-5", "GAN-1"),
                ("a", "GP-5", "GAN-5"),
                ("c", "clip-5", "GAN-5"),
                ("c", "GP-1", "GAN-1"),
            )
            for data in MODES
        ),
        *(
            Effect(
                f"({part}) {data}, {arm}, all {total}",
                (data,),
                missing(arm, total),
                not_worse(0.5),
                "modes",
                part == "b",
                words="Solves",
            )
            for part, arm in (("b", "GP-5"), ("d", "GAN-5"))
            for data, total in MODES.items()
        ),
        *(
            Effect(
                f"(e) {data}, GP-5, good samples beyond half",
                (data,),
                near("GP-5"),
                larger(0.0),
                "points",
                counted=False,
                words="Solves",
            )
            for data in MODES
        ),
    ),
)
