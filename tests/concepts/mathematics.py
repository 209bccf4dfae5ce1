import numpy as np
import torch

from dlf.nn import mathematics as nn
from dlf.scratch.mathematics import bayes, information, numerics

from . import Concept


def rows(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    return (rng.normal(scale=3, size=(5, 4)),)


def distributions(
    rng: np.random.Generator, count: int
) -> tuple[np.ndarray, ...]:
    return tuple(rng.dirichlet(np.full(4, 2.0), size=5) for _ in range(count))


def regularized(w, x, y, penalty=0.0):
    return (x @ w - y).square().mean() / 2 + penalty / 2 * w.square().sum()


ONE = np.ones((1, 1))
SCALE = {"scale": "probabilities lie in 0..1 and their sum is 1"}
HUGE = np.array([[1e4, -1e4, 1e4], [-1e4, -1e4, -1e4]])
TINY = np.full((2, 3), 5e-324)

CONCEPTS = [
    Concept(
        "mathematics/log_sum_exp",
        numerics.log_sum_exp,
        draw=rows,
        twins=(lambda z: torch.logsumexp(z, -1),),
        hostile=(
            (HUGE,),
            (TINY,),
            (ONE,),
            (np.zeros((0, 3)),),
            (np.array([[-np.inf, 0.0], [-np.inf, 1e4]]),),
            (np.arange(24.0).reshape(2, 3, 4),),
        ),
        refuses=(((np.zeros((2, 0)),), "must have a column"),),
    ),
    Concept(
        "mathematics/norm",
        numerics.norm,
        draw=rows,
        twins=(lambda x: torch.linalg.vector_norm(x, dim=-1),),
        hostile=(
            (HUGE,),
            (np.zeros((2, 3)),),
            (ONE,),
            (np.zeros((0, 3)),),
            (np.arange(24.0).reshape(2, 3, 4),),
        ),
    ),
    Concept(
        "mathematics/variance",
        numerics.variance,
        draw=rows,
        twins=(lambda x: torch.var(x, dim=0, correction=0),),
        hostile=(
            (1e4 + np.array([[0.0, 1.0], [2.0, 4.0], [1.0, 0.0]]),),
            (ONE,),
            (np.zeros((3, 0)),),
        ),
        refuses=(((np.zeros((0, 3)),), "must have a row"),),
    ),
    Concept(
        "mathematics/entropy",
        information.entropy,
        draw=lambda rng: distributions(rng, 1),
        twins=(nn.entropy,),
        excused=SCALE,
        hostile=(
            (np.array([[1.0, 0.0], [0.5, 0.5]]),),
            (np.array([[1.0 - 1e-12, 1e-12]]),),
            (ONE,),
            (np.zeros((0, 3)),),
        ),
        refuses=(
            ((np.array([[0.5, 0.5], [0.5, 0.6]]),), "which sums to 1.1"),
            ((np.array([1.5, -0.5]),), "`p` must hold shares that are not neg"),
        ),
    ),
    Concept(
        "mathematics/cross_entropy",
        information.cross_entropy,
        draw=lambda rng: distributions(rng, 2),
        twins=(nn.cross_entropy,),
        excused=SCALE,
        wrt=2,
        hostile=(
            (np.array([[1.0, 0.0]]), np.array([[0.25, 0.75]])),
            (np.array([[0.5, 0.5]]), np.array([[1e-300, 1.0]])),
            (ONE, ONE),
            (
                np.full((2, 3, 4), 0.25),
                np.tile([0.1, 0.2, 0.3, 0.4], (2, 3, 1)),
            ),
        ),
        refuses=(
            ((ONE, ONE / 2), "`q` must hold shares"),
            ((ONE * 2, ONE), "`p` must hold shares"),
        ),
    ),
    Concept(
        "mathematics/ridge_risk",
        bayes.ridge_risk,
        draw=lambda rng: (
            rng.normal(size=3),
            rng.normal(size=(7, 3)),
            rng.normal(size=7),
        ),
        twins=(regularized,),
        excused={"large float16": "the slope is x^T x w, three large factors"},
        settings=({}, {"penalty": 0.3}),
        hostile=(
            (np.full(2, 1e4), np.full((1, 2), 1e4), np.zeros(1)),
            (np.zeros(1), ONE, np.ones(1)),
        ),
        refuses=(
            ((np.zeros(2), np.zeros((0, 2)), np.zeros(0)), "must have a row"),
        ),
    ),
]
