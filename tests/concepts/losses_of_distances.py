import numpy as np
import torch.nn.functional as F

from dlf.nn import losses as nn
from dlf.scratch.losses import (
    classification,
    contrastive,
    divergences,
    segmentation,
)

from . import Concept


def label(*y: int) -> np.ndarray:
    return np.array(y, dtype=int)


def pair(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    return rng.normal(scale=2, size=(5, 3)), rng.normal(size=(5, 3))


NOTHING = ((np.zeros((0, 3)), np.zeros((0, 3))), "must have an entry")


def distributions(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    q, p = (rng.dirichlet(np.ones(4), size=5) for _ in range(2))
    return np.log(q), np.log(p)


def triple(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    return tuple(rng.normal(size=(6, 3)) for _ in range(3))


ONE = np.zeros((1, 1))

SCALE = {"scale": "probabilities lie in 0..1 and their sum is 1"}

CONCEPTS = [
    Concept(
        "losses/kl_divergence",
        divergences.kl_divergence,
        draw=distributions,
        excused=SCALE,
        twins=(
            lambda q, p: F.kl_div(q, p, reduction="batchmean", log_target=True),
        ),
        hostile=(
            (np.array([[0.0, -1e4]]), np.array([[-1e4, 0.0]])),
            (np.zeros((2, 1)), np.zeros((2, 1))),
        ),
        refuses=((NOTHING[0], "must have an entry"),),
    ),
    Concept(
        "losses/wasserstein",
        divergences.wasserstein,
        draw=pair,
        twins=(nn.wasserstein,),
        hostile=(
            (np.array([[1e4, -1e4], [-1e4, 1e4]]), np.zeros((2, 2))),
            (np.array([[3.0], [1.0], [2.0]]), np.array([[2.0], [9.0], [1.0]])),
            (ONE + 1, ONE),
        ),
        refuses=((NOTHING[0], "must have an entry"),),
    ),
    Concept(
        "losses/hinge",
        classification.hinge,
        draw=lambda rng: (
            rng.normal(scale=2, size=(6, 4)),
            rng.integers(4, size=6),
        ),
        twins=(nn.hinge,),
        hostile=(
            (np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, 0.0]]), label(1, 0)),
            (np.array([[1e4 + 1, 1e4]]), label(1)),
            (np.zeros((1, 1)), label(0)),
        ),
        refuses=(
            ((np.zeros((0, 3)), label()), "must have an entry"),
            ((np.zeros((2, 3)), label(0, 3)), "got 3 at position 1"),
            ((np.zeros((1, 3)), label(-1)), "must lie in 0..2"),
        ),
    ),
    Concept(
        "losses/triplet",
        contrastive.triplet,
        draw=triple,
        twins=(
            nn.triplet,
            lambda a, p, n, margin=1.0: F.triplet_margin_with_distance_loss(
                a,
                p,
                n,
                distance_function=lambda u, v: (u - v).square().sum(-1),
                margin=margin,
            ),
        ),
        wrt=3,
        settings=({}, {"margin": 0.2}),
        hostile=(
            (ONE + 1e4, ONE - 1e4, ONE),
            (ONE, ONE, ONE + 3),
            (ONE, ONE, ONE),
        ),
        refuses=(
            (3 * NOTHING[0][:1], "must have an entry"),
            ((ONE, ONE, ONE, {"margin": 0.0}), "`margin` must be positive"),
        ),
    ),
    Concept(
        "losses/info_nce",
        contrastive.info_nce,
        draw=lambda rng: triple(rng)[:2],
        excused={"rows": "every row is compared with every other"},
        twins=(nn.info_nce,),
        wrt=2,
        settings=({}, {"temperature": 1.0}),
        hostile=(
            (np.eye(3) * 1e4, np.eye(3) * 1e-4),
            (np.eye(2), -np.eye(2)),
            (ONE + 2, ONE + 3),
        ),
        refuses=(
            (NOTHING[0], "must have an entry"),
            ((ONE, ONE, {"temperature": 0.0}), "`temperature` must be"),
        ),
    ),
    Concept(
        "losses/dice",
        segmentation.dice,
        draw=lambda rng: (
            rng.normal(scale=3, size=(4, 6)),
            rng.integers(2, size=(4, 6)).astype(float),
        ),
        twins=(nn.dice,),
        settings=({}, {"smooth": 1e-3}),
        hostile=(
            (np.array([[1e4, -1e4, 1e4, -1e4]]), np.array([[1.0, 0, 0, 1]])),
            (np.full((1, 3), -1e4), np.zeros((1, 3))),
            (ONE, ONE),
        ),
        refuses=(
            (NOTHING[0], "must have an entry"),
            ((ONE, ONE, {"smooth": 0.0}), "`smooth` must be positive"),
        ),
    ),
]
