"""Transformers against an LSTM and a linear model: design of C102."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import equivalent, ratio
from dlf.stacked import transformer_recipes
from dlf.stacked.rotary_nets import RotarySequences
from dlf.stacked.transformer_recipes import Sequences

ARMS = "transformer", "LSTM", "linear"
KNOWN = 1.88  # nats, nanoGPT's README for this recipe
CELLS = {
    "CH": RotarySequences(task="CH", length=32, first=200),
    "series": RotarySequences(
        task="series", length=32, window=32, steps=2_000, first=200
    ),
    "TS": Sequences(
        task="TS",
        length=64,
        width=128,
        layers=4,
        hidden=384,
        batch=12,
        steps=2_000,
        trial=50,
        grid=(0.001,),
        tuning=1,
        seeds=3,
    ),
}


def train(
    cell: Sequences, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train an arm's nets.

    Args:
        cell: task and training.
        arm: of `ARMS`.
        settings: learning rates.
        seeds: of weights and batches.
    """
    return transformer_recipes.train(replace(cell, net=arm), settings, seeds)


def lower(other: str) -> Callable[[dict], np.ndarray]:
    """Make the log ratio of another arm's loss to the transformer's."""
    return lambda arms: np.log(
        arms[other]["nats"] / arms["transformer"]["nats"]
    )


def beside_the_known(arms: dict) -> np.ndarray:
    """Give the log ratio of the published loss to the transformer's."""
    return np.log(KNOWN / arms["transformer"]["nats"])


C102 = Contrast(
    number="C102",
    title="Transformers excel in sequential tasks",
    sources=(
        Source("S0", "§12", "Transformers excel in sequential tasks"),
        Source("S0", "§2.4", "dominate NLP"),
        Source("S0", "§2.4", "time series"),
    ),
    hypothesis=(
        "At about as many parameters, as many steps, and sizes that two cores "
        "train in minutes, a transformer's loss is at least 2 % below an "
        "LSTM's, on characters of prose (CH) and on a series of two seasons, "
        "and there 2 % below a linear model's as well."
    ),
    rule=(
        "R(ratio 1.02) on the test loss, nats a character or squared error: "
        "three cells. CH: 32 characters, width 48, two layers, four heads, "
        "rotary places, weights of variance 1/fan-in, as the page's decoder "
        "has them (63,552 parameters), LSTM of 96 (67,084), 600 steps of 32 "
        "windows. Series: 32 numbers, the same nets (56,400 and 56,257), "
        "linear model of 32 numbers, 2,000 steps. Adam with decay, warm-up, "
        "cosine and clipping for all. Three rates for each arm on two tuning "
        "seeds, 5 fresh seeds, from 200. Not counted: a linear model of eight "
        "characters on CH; and nanoGPT's recipe for a CPU on tiny Shakespeare "
        "(TS), with its own start of 0.02 and its learned places: 64 "
        "characters, width 128, four layers, four heads (0.80 million), LSTM "
        "of 384 (0.82 million), 2,000 steps of 12 windows, its rate of 0.001 "
        "for all, three seeds; the loss on the whole last tenth should equal "
        "the published 1.88 within 3 %. This replaces a run with weights from "
        "0.02 and learned places everywhere and 500 steps of the series, whose "
        "verdict was “not supported” (none of 3 cells, 2 opposite, 1 unclear): "
        "that start is too small for width 48. Its transformer's training loss "
        "on CH, 1.84 to 1.91, was no better than the linear model's, 1.855, "
        "and on the series it was still falling, so that the run judged the "
        "recipe and not the net. New start, places and steps were chosen on a "
        "tuning seed; the test sequences are those of that run."
    ),
    literature=(
        "Vaswani et al. (2017). Tay et al. (2021): long-range tasks stay hard "
        "for transformers. Zeng et al. (2023): linear models beat "
        "transformers on series. Ezen-Can (2020): an LSTM above BERT on a "
        "small corpus."
    ),
    expects=("mixed", "not supported", "mostly not"),
    cuts=(
        "No reviews; no recall, which in the pilot neither net learned in 600 "
        "steps; no GRU; one test text of 4,160 characters; equal steps and "
        "not equal compute: at the sizes of TS the LSTM's step takes half the "
        "transformer's time."
    ),
    cells=CELLS,
    arms=ARMS,
    grid=(0.00316, 0.01, 0.0316),
    train=train,
    seeds=5,
    tuning=2,
    effects=(
        *(
            Effect(
                f"{name}, LSTM over transformer",
                (name,),
                lower("LSTM"),
                ratio(1.02),
                "ratio",
                name != "TS",
                words="time series" if name == "series" else "NLP",
            )
            for name in CELLS
        ),
        *(
            Effect(
                f"{name}, linear over transformer",
                (name,),
                lower("linear"),
                ratio(1.02),
                "ratio",
                name == "series",
                words="excel" if name == "series" else "",
            )
            for name in CELLS
        ),
        Effect(
            "TS, nanoGPT's 1.88 over transformer",
            ("TS",),
            beside_the_known,
            equivalent(float(np.log(1.03))),
            "ratio",
            counted=False,
        ),
    ),
)
