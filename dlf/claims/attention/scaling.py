"""Scores times d, as they are, by the root of d, by d: design of C101."""

from dataclasses import replace
from typing import Any

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import not_worse
from dlf.stacked import recipes, transformer_recipes
from dlf.stacked.transformer_recipes import Sequences

ARMS = {
    "printed": "× d",
    "unscaled": "× 1",
    "by the root": "/ root d",
    "by d": "/ d",
}
CELLS = {
    f"CH, d = {64 // heads}": Sequences(
        task="CH", length=16, width=64, layers=1, heads=heads, steps=400
    )
    for heads in (8, 1)
}


def train(
    cell: Sequences, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train with an arm's factor of the scores.

    Args:
        cell: net and training.
        arm: of `ARMS`.
        settings: learning rates.
        seeds: of weights and batches.
    """
    changed = replace(cell, factor=ARMS[arm])
    return transformer_recipes.train(changed, settings, seeds)


C101 = Contrast(
    number="C101",
    title="softmax(QKᵀ dk) V as printed",
    sources=(Source("S0", "§2.4", "softmax(QK^T dk)V"),),
    hypothesis=(
        "With the scores times d, as printed, a character model gets as many "
        "characters right as with the scores divided by the root of d: not "
        "worse by 1 point, at heads of width 8 and of width 64."
    ),
    rule=(
        "Not worse by 1 point, printed against divided by the root, accuracy "
        "of the next character of the book's prose: two cells. One layer of "
        "width 64, eight heads or one, 16 characters, 400 steps of 32 windows, "
        "Adam with warm-up and cosine, weights from 0.02. Three rates for each "
        "arm on two tuning seeds, 5 fresh seeds. Not counted: unscaled and "
        "divided by d against divided by the root."
    ),
    literature=(
        "Vaswani et al. (2017): unscaled dot products trail additive attention "
        "at large d, “pushing the softmax function into regions where it has "
        "extremely small gradients”. Yang et al. (2022): divided by d for "
        "transfer across widths."
    ),
    expects=("not supported", "mostly not"),
    cuts=(
        "No recall task; widths of heads 8 and 64; the variance of the scores "
        "and the entropy at the start are shown on the page."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.00316, 0.01, 0.0316),
    train=train,
    seeds=5,
    tuning=2,
    effects=tuple(
        Effect(
            f"{new} against by the root, {cell}",
            (cell,),
            recipes.gain(new, "by the root", "right"),
            not_worse(0.01),
            counted=new == "printed",
            words="QK^T dk" if new == "printed" else "",
        )
        for new in ("printed", "unscaled", "by d")
        for cell in CELLS
    ),
)
