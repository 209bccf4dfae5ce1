"""Our optimizers walk torch's path, and leave their arguments alone."""

from functools import partial

import numpy as np
import pytest
import torch

from dlf.scratch import optimizers

PAIRS = {
    "plain": (
        lambda: optimizers.sgd(0.1),
        partial(torch.optim.SGD, lr=0.1),
    ),
    "momentum": (
        lambda: optimizers.sgd(0.02, momentum=0.9),
        partial(torch.optim.SGD, lr=0.02, momentum=0.9),
    ),
    "adam": (lambda: optimizers.adam(), torch.optim.Adam),
    "adam, other settings": (
        lambda: optimizers.adam(0.05, b1=0.5, b2=0.9, eps=1e-3),
        partial(torch.optim.Adam, lr=0.05, betas=(0.5, 0.9), eps=1e-3),
    ),
}
SHAPES = {"w": (3, 4), "b": (3,)}


def draws(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    return {k: rng.normal(size=s) for k, s in SHAPES.items()}


@pytest.mark.parametrize("name", PAIRS)
def test_a_hundred_steps_equal_torchs(name):
    pair, make = PAIRS[name]
    init, update = pair()
    params = draws(0)
    leaves = {k: torch.tensor(w, requires_grad=True) for k, w in params.items()}
    stepper, state = make(leaves.values()), init(params)
    for step in range(100):
        grads = draws(step + 1)
        params, state = update(params, grads, state)
        for k, leaf in leaves.items():
            leaf.grad = torch.tensor(grads[k])
        stepper.step()
        for k, leaf in leaves.items():
            np.testing.assert_allclose(params[k], leaf.detach(), 1e-12, 1e-12)


@pytest.mark.parametrize("name", PAIRS)
def test_arguments_stay_as_they_are(name):
    init, update = PAIRS[name][0]()
    params, grads = draws(0), draws(1)
    state = init(params)
    once = update(params, grads, state)
    again = update(params, grads, state)
    for k in SHAPES:
        np.testing.assert_array_equal(params[k], draws(0)[k])
        np.testing.assert_array_equal(once[0][k], again[0][k])


@pytest.mark.parametrize("name", PAIRS)
def test_float32_stays_float32(name):
    init, update = PAIRS[name][0]()
    params = {k: w.astype(np.float32) for k, w in draws(0).items()}
    params, state = update(params, params, init(params))
    params, _ = update(params, params, state)
    assert {w.dtype for w in params.values()} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (partial(optimizers.sgd, 0.0), "sgd: `lr`"),
        (partial(optimizers.sgd, float("nan")), "sgd: `lr`"),
        (partial(optimizers.sgd, 0.1, momentum=1.0), "sgd: `momentum`"),
        (partial(optimizers.adam, -1.0), "adam: `lr`"),
        (partial(optimizers.adam, b1=-0.1), "adam: `b1`"),
        (partial(optimizers.adam, b2=1.5), "adam: `b2`"),
    ],
)
def test_settings_out_of_range_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_ends_of_the_ranges():
    optimizers.sgd(0.1, momentum=0.0)
    optimizers.adam(b1=0.0, b2=0.0)


def test_adam_stands_still_where_there_is_no_gradient():
    init, update = optimizers.adam()
    params = draws(0)
    zeros = {k: np.zeros(s) for k, s in SHAPES.items()}
    moved, _ = update(params, zeros, init(params))
    for k in SHAPES:
        np.testing.assert_array_equal(moved[k], params[k])
