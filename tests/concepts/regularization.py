import numpy as np
import torch.nn.functional as F

from dlf.scratch.regularization import dropout, penalties

from . import ELEMENTWISE, Concept


def elastic(w, strength=1.0, l1_ratio=0.5):
    return strength * (
        l1_ratio * w.abs().sum() + (1 - l1_ratio) / 2 * (w * w).sum()
    )


def shrink(w, threshold):
    return F.softshrink(w, threshold)


def multiplied(x, noise):
    return x * noise


CONCEPTS = [
    Concept(
        "regularization/elastic_net",
        penalties.elastic_net,
        lambda rng: (rng.normal(size=(3, 4)),),
        (elastic,),
        settings=({}, {"l1_ratio": 1.0}, {"l1_ratio": 0.0, "strength": 0.3}),
        hostile=((np.zeros((2, 2)),), (np.full((1, 3), 1e4),)),
        refuses=(
            ((np.ones((2, 2)), {"strength": -1.0}), "must not be negative"),
            ((np.ones((2, 2)), {"strength": np.inf}), "nor infinite"),
            ((np.ones((2, 2)), {"l1_ratio": 1.5}), "lie in [0, 1]"),
        ),
        rows="O",
    ),
    Concept(
        "regularization/soft_threshold",
        penalties.soft_threshold,
        lambda rng: (rng.normal(size=(3, 4)),),
        (shrink,),
        settings=({"threshold": 0.5}, {"threshold": 0.0}),
        hostile=tuple(a for a in ELEMENTWISE if np.isfinite(a[0]).all()),
        refuses=(
            ((np.ones(2), {"threshold": -1.0}), "not negative"),
            ((np.ones(2), {"threshold": np.inf}), "nor infinite"),
            ((np.ones(2), {"threshold": np.ones(2)}), "must be a number"),
        ),
        rows="*B",
    ),
    Concept(
        "regularization/dropout",
        dropout.dropout,
        lambda rng: (
            rng.normal(size=(5, 3)),
            dropout.mask((5, 3), 0.4, rng),
        ),
        (multiplied,),
        hostile=((np.full((2, 3), 1e4), 2 * np.eye(2, 3)),),
        rows="*B",
    ),
]
