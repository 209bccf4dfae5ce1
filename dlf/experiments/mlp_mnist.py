"""The net 784-128-128-10 on MNIST, with two optimizers: the design of C10.

An arm's settings are multiples of its usual rate, so that one grid serves
both: 0.03 for SGD with momentum 0.9, 0.001 for Adam. All 60,000 images but
2,000, which each seed picks anew for validation, are trained on.
"""

from functools import cache

import numpy as np

from dlf.experiments.core import SCORED

WIDTHS = (784, 128, 128, 10)
USUAL = {"sgd": 0.03, "adam": 0.001}
MULTIPLES = (0.1, 0.316, 1.0, 3.16, 10.0)
EPOCH = 580  # batches of 100

CELLS = {"MN": {"epochs": 20, "tuned": 5, "tuning": 2}}


@cache
def load(seeds: tuple[int, ...]):
    """Deal 58,000 images to training and 2,000 to validation, by seed."""
    import torch

    from dlf.data import mnist
    from dlf.experiments import datasets

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
    cell: dict, arm: str, settings: list[float], seeds: list[int]
) -> dict:
    """Train for 20 epochs, or 5 where the rate is still being chosen."""
    from dlf.experiments import stacked, training

    epochs = cell["epochs" if min(seeds) >= SCORED else "tuned"]
    return training.fit(
        stacked.Mlp(WIDTHS, seeds, len(settings), "relu"),
        load(tuple(seeds)),
        [USUAL[arm] * s for s in settings],
        steps=epochs * EPOCH,
        optimizer=arm,
    )
