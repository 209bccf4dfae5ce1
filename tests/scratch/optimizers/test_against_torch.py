"""Our optimizers walk torch's path for a thousand steps, under its options."""

from functools import partial

import numpy as np
import pytest
import torch

from dlf.scratch.optimizers import (
    adafactor,
    adam,
    adaptive,
    momentum,
    muon,
    pairs,
)

STEPS = 1000
O = torch.optim
OTHER = {"betas": (0.5, 0.9), "eps": 1e-3}
DECOUPLED = {"lr": 0.01, "weight_decay": 0.2, "decoupled_weight_decay": True}
L2 = partial(pairs.l2, weight_decay=0.1)


def shrinking(make, lr: float, *args) -> tuple:
    return pairs.decoupled(make(lr, *args), lr, 0.2)


#: made within the test, so that what it runs is what stands there then
PAIRS = {
    "sgd": (lambda: momentum.sgd(0.02), O.SGD, {"lr": 0.02}),
    "momentum": (
        lambda: momentum.sgd(0.02, momentum=0.9),
        O.SGD,
        {"lr": 0.02, "momentum": 0.9},
    ),
    "momentum, damped, L2": (
        lambda: L2(momentum.sgd(0.02, momentum=0.9, dampening=0.4)),
        O.SGD,
        {"lr": 0.02, "momentum": 0.9, "dampening": 0.4, "weight_decay": 0.1},
    ),
    "Nesterov, L2": (
        lambda: L2(momentum.nesterov(0.02, momentum=0.9)),
        O.SGD,
        {"lr": 0.02, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    ),
    "dampening alone": (
        lambda: momentum.sgd(0.02, dampening=0.4),
        O.SGD,
        {"lr": 0.02, "dampening": 0.4},
    ),
    "ascent": (
        lambda: pairs.ascend(momentum.sgd(1e-4)),
        O.SGD,
        {"lr": 1e-4, "maximize": True},
    ),
    "AdaGrad": (lambda: adaptive.adagrad(), O.Adagrad, {}),
    "AdaGrad, all options": (
        lambda: L2(adaptive.adagrad(0.05, 0.01, 0.2, 1e-3)),
        O.Adagrad,
        {
            "lr": 0.05,
            "lr_decay": 0.01,
            "weight_decay": 0.1,
            "initial_accumulator_value": 0.2,
            "eps": 1e-3,
        },
    ),
    "RMSProp": (lambda: adaptive.rmsprop(), O.RMSprop, {}),
    "RMSProp, all options": (
        lambda: L2(adaptive.rmsprop(0.002, 0.9, 1e-3, 0.5, centered=True)),
        O.RMSprop,
        {
            "lr": 0.002,
            "alpha": 0.9,
            "eps": 1e-3,
            "weight_decay": 0.1,
            "momentum": 0.5,
            "centered": True,
        },
    ),
    "AdaDelta": (lambda: adaptive.adadelta(), O.Adadelta, {}),
    "AdaDelta, all options": (
        lambda: L2(adaptive.adadelta(0.5, 0.8, 1e-4)),
        O.Adadelta,
        {"lr": 0.5, "rho": 0.8, "eps": 1e-4, "weight_decay": 0.1},
    ),
    "Adam": (lambda: adam.adam(), O.Adam, {}),
    "Adam, all options": (
        lambda: L2(adam.adam(0.05, 0.5, 0.9, 1e-3, amsgrad=True)),
        O.Adam,
        OTHER | {"lr": 0.05, "weight_decay": 0.1, "amsgrad": True},
    ),
    "AdamW": (lambda: adam.adamw(), O.AdamW, {}),
    "AdamW, all options": (
        lambda: adam.adamw(0.05, 0.5, 0.9, 1e-3, 0.2, amsgrad=True),
        O.AdamW,
        OTHER | {"lr": 0.05, "weight_decay": 0.2, "amsgrad": True},
    ),
    "NAdam": (lambda: adam.nadam(), O.NAdam, {}),
    "NAdam, L2": (lambda: L2(adam.nadam()), O.NAdam, {"weight_decay": 0.1}),
    "NAdam, all options": (
        lambda: shrinking(adam.nadam, 0.01, 0.5, 0.9, 1e-3, 0.02),
        O.NAdam,
        OTHER | DECOUPLED | {"momentum_decay": 0.02},
    ),
    "RAdam": (lambda: adam.radam(), O.RAdam, {}),
    "RAdam, L2": (lambda: L2(adam.radam()), O.RAdam, {"weight_decay": 0.1}),
    "RAdam, all options": (
        lambda: shrinking(adam.radam, 0.01, 0.5, 0.9, 1e-3),
        O.RAdam,
        OTHER | DECOUPLED,
    ),
    "AdaMax": (lambda: adam.adamax(), O.Adamax, {}),
    "AdaMax, all options": (
        lambda: L2(adam.adamax(0.01, 0.5, 0.9, 1e-3)),
        O.Adamax,
        OTHER | {"lr": 0.01, "weight_decay": 0.1},
    ),
    "Adafactor": (lambda: adafactor.adafactor(), O.Adafactor, {}),
    "Adafactor, all options": (
        lambda: shrinking(adafactor.adafactor, 0.1, -0.5, 0.01, 1.5),
        O.Adafactor,
        {
            "lr": 0.1,
            "beta2_decay": -0.5,
            "eps": (None, 0.01),
            "d": 1.5,
            "weight_decay": 0.2,
        },
    ),
}
SHAPES = {"w": (3, 4), "b": (3,), "kernels": (2, 3, 4)}


def start() -> dict:
    rng = np.random.default_rng(2)
    return {k: rng.normal(size=s) for k, s in SHAPES.items()}


def gradients(steps: int):
    """Yield gradients of all sizes; one entry of w always has gradient 0."""
    rng = np.random.default_rng(3)
    for _ in range(steps):
        size = 10 ** rng.uniform(-4, 1)
        grads = {k: size * rng.normal(size=s) for k, s in SHAPES.items()}
        grads["w"][0, 0] = 0.0
        yield grads


@pytest.fixture
def doubles():
    """Let torch's scalars, such as NAdam's product, be float64 as well."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("name", PAIRS)
def test_a_thousand_steps_equal_torchs(name, doubles):
    pair, make, options = PAIRS[name]
    init, update = pair()
    params = start()
    leaves = {k: torch.tensor(w, requires_grad=True) for k, w in params.items()}
    stepper, state = make(leaves.values(), **options), init(params)
    for grads in gradients(STEPS):
        params, state = update(params, grads, state)
        for k, leaf in leaves.items():
            leaf.grad = torch.tensor(grads[k])
        stepper.step()
        for k, leaf in leaves.items():
            np.testing.assert_allclose(params[k], leaf.detach(), 1e-12, 1e-12)
    assert not np.allclose(params["b"], start()["b"], atol=1e-3)


def test_muon_equals_torchs_but_for_its_sixteen_bits():
    """torch orthogonalizes in bfloat16, which has eight bits of mantissa."""
    init, update = shrinking(muon.muon, 0.02, 0.9)
    w = start()["w"]
    leaf = torch.tensor(w, requires_grad=True)
    stepper = O.Muon([leaf], lr=0.02, momentum=0.9, weight_decay=0.2)
    params = {"w": w}
    state = init(params)
    rng = np.random.default_rng(3)
    for _ in range(20):
        g = rng.normal(size=w.shape)
        leaf.grad = torch.tensor(g)
        params, state = update(params, {"w": g}, state)
        stepper.step()
    np.testing.assert_allclose(params["w"], leaf.detach(), atol=0.01)
    assert np.abs(params["w"] - w).max() > 0.1
