"""Optimizers that PyTorch does not have walk as their equations say.

Each is written again as a plain loop over one matrix, with every setting of
its own, and once more by default.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from dlf.scratch.optimizers import averaging, large_batch, lion, momentum, muon
from dlf.scratch.second_order import diagonal, kronecker

STEPS, SHAPE = 20, (3, 4)


def start() -> np.ndarray:
    return np.random.default_rng(2).normal(size=SHAPE)


def gradients() -> Iterator[tuple[int, np.ndarray]]:
    """Number the steps from 1, and draw a gradient for each."""
    rng = np.random.default_rng(3)
    for t in range(1, STEPS + 1):
        yield t, 10 ** rng.uniform(-3, 1) * rng.normal(size=SHAPE)


def norm(a: np.ndarray) -> float:
    return float((a * a).sum() ** 0.5)


def root(a: np.ndarray, power: float) -> np.ndarray:
    values, vectors = np.linalg.eigh(a)
    return vectors * values**power @ vectors.T


def mean_momentum(lr, beta=0.9):
    w, m = start(), 0.0
    for _, g in gradients():
        m = beta * m + (1 - beta) * g
        w = w - lr * m
    return w


def velocity_momentum(lr, beta=0.9):
    w, v = start(), 0.0
    for _, g in gradients():
        v = beta * v + lr * g
        w = w - v
    return w


def lars(lr, beta=0.9, decay=0.0, trust=0.001):
    w, v = start(), 0.0
    for _, g in gradients():
        u = g + decay * w
        v = beta * v + lr * trust * norm(w) / norm(u) * u
        w = w - v
    return w


def lamb(lr=0.001, b1=0.9, b2=0.999, eps=1e-6, decay=0.01):
    w, m, s = start(), 0.0, 0.0
    for t, g in gradients():
        m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
        u = m / (1 - b1**t) / ((s / (1 - b2**t)) ** 0.5 + eps) + decay * w
        w = w - lr * norm(w) / norm(u) * u
    return w


def lion_(lr=1e-4, b1=0.9, b2=0.99):
    w, m = start(), 0.0
    for _, g in gradients():
        w = w - lr * np.sign(b1 * m + (1 - b1) * g)
        m = b2 * m + (1 - b2) * g
    return w


def muon_(lr=0.001, beta=0.95, nesterov=True, steps=5):
    w, v = start(), 0.0
    for _, g in gradients():
        v = beta * v + (1 - beta) * g
        x = beta * v + (1 - beta) * g if nesterov else v
        x = x / norm(x)
        for _ in range(steps):
            square = x @ x.T
            x = 3.4445 * x + (-4.775 * square + 2.0315 * square @ square) @ x
        w = w - lr * x  # the factor is 1 where a matrix is wide
    return w


def schedule_free(lr=1.0, beta=0.9, decay=0.0):
    y = z = x = start()
    for t, g in gradients():
        z = z - lr * (g + decay * y)
        x = x + (z - x) / t
        y = (1 - beta) * z + beta * x
    return y


def schedule_free_adamw(lr=0.0025, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
    y, s = start(), 0.0
    z = x = y
    for t, g in gradients():
        s = b2 * s + (1 - b2) * g**2
        z = z - lr * (g / ((s / (1 - b2**t)) ** 0.5 + eps) + decay * y)
        x = x + (z - x) / t
        y = (1 - b1) * z + b1 * x
    return y


def curvature(g: np.ndarray) -> np.ndarray:
    """Stand for an estimate of the Hessian's diagonal, of either sign."""
    return 2 * g + 0.5


def adahessian(lr=0.1, b1=0.9, b2=0.999, eps=1e-4, power=1.0, decay=0.0):
    w, m, s = start(), 0.0, 0.0
    for t, g in gradients():
        m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * curvature(g) ** 2
        size = ((s / (1 - b2**t)) ** 0.5) ** power + eps
        w = w - lr * decay * w - lr * m / (1 - b1**t) / size
    return w


def sophia(lr=0.001, b1=0.965, b2=0.99, rho=0.01, eps=1e-12, decay=0.0):
    w, m, h = start(), 0.0, 0.0
    for _, g in gradients():
        m, h = b1 * m + (1 - b1) * g, b2 * h + (1 - b2) * curvature(g)
        w = w - lr * decay * w
        w = w - lr * np.clip(m / np.maximum(rho * h, eps), -1, 1)
    return w


def shampoo(lr=0.1, eps=1e-6):
    w = start()
    left, right = eps * np.eye(3), eps * np.eye(4)
    for _, g in gradients():
        left, right = left + g @ g.T, right + g.T @ g
        w = w - lr * root(left, -0.25) @ g @ root(right, -0.25)
    return w


#: optimizer: what it is, settings of its own in its order
DEFINITIONS: dict[Callable, tuple[Callable, tuple]] = {
    momentum.mean_momentum: (mean_momentum, (0.1, 0.5)),
    momentum.velocity_momentum: (velocity_momentum, (0.1, 0.5)),
    large_batch.lars: (lars, (0.1, 0.5, 0.3, 0.2)),
    large_batch.lamb: (lamb, (0.1, 0.5, 0.7, 0.01, 0.3)),
    lion.lion: (lion_, (0.1, 0.5, 0.3)),
    muon.muon: (muon_, (0.1, 0.5, False, 3)),
    averaging.schedule_free: (schedule_free, (0.1, 0.5, 0.3)),
    averaging.schedule_free_adamw: (
        schedule_free_adamw,
        (0.1, 0.5, 0.7, 0.01, 0.3),
    ),
    diagonal.adahessian: (adahessian, (0.05, 0.5, 0.7, 0.01, 0.5, 0.3)),
    diagonal.sophia: (sophia, (0.05, 0.5, 0.7, 0.1, 0.01, 0.3)),
    kronecker.shampoo: (shampoo, (0.3, 0.01)),
}
ASK_FOR_CURVATURE = diagonal.adahessian, diagonal.sophia
#: that have a rate without a default
TOLD = momentum.mean_momentum, momentum.velocity_momentum, large_batch.lars
each_curved = pytest.mark.parametrize(
    "optimizer",
    [*ASK_FOR_CURVATURE, kronecker.shampoo],
    ids=lambda f: f.__name__,
)


def walked(optimizer: Callable, *settings) -> np.ndarray:
    init, update = optimizer(*settings)
    params = {"w": start()}
    state = init(params)
    for _, g in gradients():
        more = ()
        if optimizer in ASK_FOR_CURVATURE:
            more = ({"w": curvature(g)},)
        params, state = update(params, {"w": g}, *more, state)
    return params["w"]


@pytest.mark.parametrize("optimizer", DEFINITIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("by_default", [True, False])
def test_it_walks_as_its_equations_say(optimizer, by_default):
    definition, settings = DEFINITIONS[optimizer]
    if by_default:
        settings = settings[:1] if optimizer in TOLD else ()
    want = definition(*settings)
    np.testing.assert_allclose(walked(optimizer, *settings), want, 1e-9)
    assert np.abs(want - start()).max() > 1e-4


@each_curved
def test_curvature_belongs_to_the_weights_it_began_with(optimizer):
    init, update = optimizer()
    one = {"w": start()}
    both = one | {"v": start()}
    more = (both,) if optimizer in ASK_FOR_CURVATURE else ()
    with pytest.raises(
        ValueError, match=f"^{optimizer.__name__}: `state` must belong"
    ):
        update(both, both, *more, init(one))


@each_curved
def test_a_schedule_is_asked_from_step_zero(optimizer):
    asked = []

    def schedule(done: int) -> float:
        asked.append(done)
        return 0.1

    init, update = optimizer(schedule)
    w = {"w": start()}
    more = (w,) if optimizer in ASK_FOR_CURVATURE else ()
    state = init(w)
    for _ in range(3):
        w, state = update(w, w, *more, state)
    assert asked == [0, 1, 2]
