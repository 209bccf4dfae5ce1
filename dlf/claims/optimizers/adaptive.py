"""AdaGrad and RMSProp: design of C45."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, ratio
from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe
from dlf.stacked.text_recipes import Reviews

ARMS = {
    "adagrad": {"optimizer": "adagrad"},
    "rmsprop": {"optimizer": "rmsprop", "scale": 0.1},
    "sgd": {"optimizer": "sgd", "scale": 10.0},
}
DRIFT = "M1, labels that change"
PHASES = 10  # between which they change
CELLS = {
    "IM, sparse": Reviews(steps=160, first=300, seeds=20, tuning=6),
    "IM, rotated": Reviews(
        steps=160, rotated=True, first=300, seeds=20, tuning=6
    ),
    "M1, long": Recipe(data="M1", steps=3000, target=0.1, every=50, first=300),
    DRIFT: Recipe(data="M1", steps=3000, batch=50, first=300),
}


def drifting(
    cell: Recipe, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train on a task whose labels are permuted anew in each of ten phases.

    The loss is that of each batch before it is learned, averaged over the
    second half of the phases.
    """
    import torch

    from dlf.stacked import training

    net, data = cell.net(seeds, len(settings)), cell.examples(seeds)
    params = list(net.parameters())
    rates = torch.tensor([cell.scale * rate for rate in settings])
    update = cell.make()(params, rates.repeat_interleave(len(seeds)))
    seen = []
    rows = training.batches(data.train, seeds, cell.steps, cell.batch)
    for step, now in enumerate(rows):
        phase = step * PHASES // cell.steps
        order = np.random.default_rng(phase).permutation(cell.classes)
        x, y = training.take(net, data, now)
        value = training.losses(net(x), torch.tensor(order)[y])
        update(torch.autograd.grad(value.sum(), params))
        seen.append(value.detach())
    curve = torch.stack(seen).view(-1, len(settings), len(seeds)).numpy()
    loss = np.nan_to_num(curve[cell.steps // 2 :].mean(0), nan=1e6)
    return {"loss": loss, "initial": curve[0], "score": -np.log(loss)}


def train(
    cell: Recipe, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train the nets of a cell; where the task stays, as any recipe."""
    drifts = cell.data == "M1" and not cell.target
    return (drifting if drifts else recipes.train)(cell, settings, seeds)


def rotated(sparse: dict, dense: dict) -> np.ndarray:
    """Give AdaGrad's lead on sparse features less that on rotated ones."""
    lead = recipes.gain("adagrad", "sgd")
    return lead(sparse) - lead(dense)


C45 = Contrast(
    number="C45",
    title="AdaGrad suits sparse features, decays too much; RMSProp does not",
    sources=(
        Source("S1", "l.37", "Good for sparse features"),
        Source("S1", "l.39", "decreases too much over time"),
        Source("S1", "l.227", "Prevents drastic learning rate reduction"),
        Source("S1", "l.229", "Works well for non-stationary problems"),
    ),
    hypothesis=(
        "(a) “Good for sparse features”: on the words of film reviews AdaGrad "
        "is at least 1 point more accurate than SGD, and it loses at least 1 "
        "point of that lead when the same features are rotated. (b) "
        "“Decreases too much over time”, which RMSProp “prevents”: AdaGrad "
        "takes at least 1.25 times as many steps as RMSProp to a low training "
        "loss. (c) “Works well for non-stationary problems”: when labels "
        "change, RMSProp's loss is at most 0.9 times AdaGrad's, and at most "
        "0.9 times SGD's."
    ),
    rule=(
        "(a) R(1 point) on test accuracy of a linear model of 2,000 words "
        "after two epochs of 8,000 reviews, and R(1 point) on the difference "
        "of differences. (b) R(ratio 0.8) on steps to a loss of 0.1 on "
        "MNIST-1D, two hidden layers. (c) R(ratio 0.9) on the loss of the "
        "batches that come next, while the labels are permuted anew every 300 "
        "steps, in the second half of 3,000 steps. Five cells, intervals "
        "widened together. Five rates a quarter of a decade apart for each "
        "arm, those of SGD (without momentum) ten times and those of RMSProp a "
        "tenth as high, chosen on three tuning seeds, for (a) on six; 20 fresh "
        "seeds for (a) and 10 for the others. A failed run of (a) scores 50 %."
    ),
    literature=(
        "Duchi, Hazan and Singer (2011); Tieleman and Hinton (2012). Wilson et "
        "al. (2017): adaptive methods generalize worse on its tasks."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts=(
        "No recurrent net: the task that changes is MNIST-1D. An earlier run, "
        "on other seeds, scored failed runs of (a) as if there were ten "
        "classes, and chose a rate for SGD at which four of 20 failed."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.01, 0.0178, 0.0316, 0.0562, 0.1),
    train=recipes.arms(ARMS, train),
    seeds=10,
    tuning=3,
    chance=0.5,  # of the reviews; the other cells have no accuracy
    effects=(
        Effect(
            "(a) IM, sparse",
            ("IM, sparse",),
            recipes.gain("adagrad", "sgd"),
            larger(0.01),
            words="good for sparse features",
        ),
        Effect(
            "(a) IM, sparse less rotated",
            ("IM, sparse", "IM, rotated"),
            rotated,
            larger(0.01),
            words="sparse",
        ),
        Effect(
            "(b) M1, steps to a low loss",
            ("M1, long",),
            recipes.speedup("rmsprop", "adagrad"),
            ratio(0.8),
            "ratio",
            words="decreases too much over time",
        ),
        *(
            Effect(
                f"(c) {DRIFT}, against {rival}",
                (DRIFT,),
                recipes.speedup("rmsprop", name, "loss"),
                ratio(0.9),
                "ratio",
                words="works well for non-stationary problems",
            )
            for rival, name in (("AdaGrad", "adagrad"), ("SGD", "sgd"))
        ),
    ),
)
