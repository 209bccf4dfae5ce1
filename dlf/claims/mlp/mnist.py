"""The net 784-128-128-10 on MNIST, with two optimizers: the design of C10.

An arm's settings are multiples of its usual rate, so that one grid serves
both: 0.03 for SGD with momentum 0.9, 0.001 for Adam. All 60,000 images but
2,000, which each seed picks anew for validation, are trained on.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from dlf.experiments.cells import Cell
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.seeds import SCORED
from dlf.experiments.statistics import equivalent, larger
from dlf.experiments.tuning import of_classes

WIDTHS = (784, 128, 128, 10)

USUAL = {"sgd": 0.03, "adam": 0.001}

MULTIPLES = (0.1, 0.316, 1.0, 3.16, 10.0)

EPOCH = 580  # batches of 100


@dataclass(frozen=True, kw_only=True)
class Epochs(Cell):
    """Passes over the data, and how many of them where rates are chosen."""

    epochs: int
    tuned: int


CELLS = {"MN": Epochs(epochs=20, tuned=5, tuning=2)}


@cache
def load(seeds: tuple[int, ...]):
    """Split off 58,000 images to training and 2,000 to validation, by seed."""
    import torch

    from dlf.data import mnist
    from dlf.stacked import datasets

    whole = mnist.load(train=60_000, validation=0, dtype=np.float32)
    x, y = (
        torch.tensor(np.concatenate(both))
        for both in zip(whole.train, whole.test, strict=True)
    )
    deals = np.stack(
        [np.random.default_rng(s).permutation(60_000) for s in seeds]
    )
    rows = torch.tensor(deals).split([58_000, 2_000], dim=1)
    test = torch.arange(60_000, 70_000).expand(len(seeds), -1)
    return datasets.Sets("MN, 58,000", x.flatten(1), y, *rows, test)


def train(
    cell: Epochs, arm: str, settings: list[float], seeds: list[int]
) -> dict:
    """Train for 20 epochs, or 5 where the rate is still being chosen."""
    from dlf.stacked import nets, training

    epochs = cell.epochs if min(seeds) >= SCORED else cell.tuned
    return training.fit(
        nets.Mlp(WIDTHS, seeds, len(settings), "relu"),
        load(tuple(seeds)),
        [USUAL[arm] * s for s in settings],
        steps=epochs * EPOCH,
        optimizer=arm,
    )


C10 = Contrast(
    number="C10",
    title="The 784-128-128-10 example",
    sources=(
        Source(
            "S2", "MLFFN example", "2 layers (128 neurons each, using ReLU)"
        ),
        Source("S2", "MLFFN example", "Adam or SGD"),
    ),
    hypothesis=(
        "The net has 118,282 parameters, reaches at least 97.5 % test accuracy "
        "on MNIST within 20 epochs with either optimizer, and the two differ "
        "by less than 0.2 points when tuned."
    ),
    rule=(
        "After 20 epochs the interval of the mean test accuracy lies above "
        "97.5 % for both (holds) or for one (in part), or below for both "
        "(does not hold). The difference is reported as a test of equivalence "
        "within 0.2 points and not counted; nor is the count, which is "
        "arithmetic."
    ),
    literature=(
        "LeCun et al. (1998): 3.05 % errors with 300 and 100 hidden units. "
        "Simard, Steinkraus and Platt (2003): 1.6 % with one layer of 800 and "
        "cross-entropy, without distortions."
    ),
    expects=("holds",),
    cuts=(
        "Rates are chosen after 5 epochs, on two tuning seeds; batches of "
        "100, constant rates."
    ),
    cells=CELLS,
    arms=("sgd", "adam"),
    grid=MULTIPLES,
    train=train,
    constant=of_classes,
    effects=(
        *(
            Effect(
                f"{arm} above 97.5 %",
                ("MN",),
                lambda arms, arm=arm: arms[arm]["test"] - 0.975,
                larger(0.0),
            )
            for arm in ("sgd", "adam")
        ),
        Effect(
            "Adam less SGD",
            ("MN",),
            lambda arms: arms["adam"]["test"] - arms["sgd"]["test"],
            equivalent(0.002),
            counted=False,
        ),
    ),
)
