"""What optimizers have in common, and the limits in which they are others."""

from functools import partial

import numpy as np
import pytest

from dlf.scratch.optimizers import (
    adafactor,
    adam,
    adaptive,
    averaging,
    large_batch,
    lion,
    momentum,
    muon,
    pairs,
)

from .descent import gradient, start, walk

MAKERS = {
    "sgd": (0.1, momentum.sgd),
    "momentum": (0.02, partial(momentum.sgd, momentum=0.9)),
    "Nesterov": (0.02, momentum.nesterov),
    "mean momentum": (0.2, momentum.mean_momentum),
    "velocity momentum": (0.02, momentum.velocity_momentum),
    "L2": (0.02, lambda lr: pairs.l2(momentum.sgd(lr), 1e-3)),
    "SGDW": (0.02, lambda lr: pairs.decoupled(momentum.sgd(lr), lr, 1e-3)),
    "AdaGrad": (0.3, adaptive.adagrad),
    "RMSProp": (0.01, adaptive.rmsprop),
    "AdaDelta": (1.0, adaptive.adadelta),
    "Adam": (0.01, adam.adam),
    "AMSGrad": (0.01, partial(adam.adam, amsgrad=True)),
    "AdamW": (0.01, partial(adam.adamw, weight_decay=1e-3)),
    "NAdam": (0.01, adam.nadam),
    "RAdam": (0.01, adam.radam),
    "AdaMax": (0.01, adam.adamax),
    "Adafactor": (0.01, adafactor.adafactor),
    "sign descent": (0.005, lion.sign_descent),
    "Lion": (0.005, lion.lion),
    "Muon": (0.02, muon.muon),
    "schedule-free": (0.1, averaging.schedule_free),
    "schedule-free AdamW": (0.02, averaging.schedule_free_adamw),
    "Lookahead": (0.1, lambda lr: averaging.lookahead(momentum.sgd(lr))),
    "LARS": (1.0, partial(large_batch.lars, trust=0.01)),
    "LAMB": (0.01, partial(large_batch.lamb, weight_decay=1e-3)),
}
COAST = "velocity momentum", "LARS", "Lookahead", "schedule-free"


def made(name: str) -> tuple:
    lr, make = MAKERS[name]
    return make(lr)


@pytest.mark.parametrize("name", MAKERS)
def test_it_descends(name):
    params, _ = walk(made(name), 1000)
    before, after = gradient(start())["w"], gradient(params)["w"]
    assert np.linalg.norm(after) < 0.1 * np.linalg.norm(before)


@pytest.mark.parametrize("name", MAKERS)
def test_arguments_stay_as_they_are(name):
    init, update = made(name)
    params, grads = start(), gradient(start())
    state = init(params)
    once, later = update(params, grads, state)
    again, _ = update(params, grads, state)
    np.testing.assert_array_equal(params["w"], start()["w"])
    np.testing.assert_array_equal(once["w"], again["w"])
    third, _ = update(once, grads, later)
    fourth, _ = update(once, grads, later)
    np.testing.assert_array_equal(third["w"], fourth["w"])


@pytest.mark.parametrize("name", MAKERS)
def test_float32_stays_float32(name):
    params, _ = walk(made(name), 7, start("f4"))
    assert params["w"].dtype == np.float32


@pytest.mark.parametrize("name", MAKERS)
def test_a_gradient_of_another_shape_is_refused(name):
    init, update = made(name)
    with pytest.raises(ValueError, match=r"`grads` must hold w of shape"):
        update(start(), {"w": np.ones((3, 1))}, init(start()))


@pytest.mark.parametrize("name", MAKERS)
def test_it_stands_still_where_there_is_no_gradient(name):
    init, update = made(name)
    zero = {"w": np.zeros((3, 4))}
    moved, state = update(zero, zero, init(zero))
    moved, _ = update(moved, zero, state)
    np.testing.assert_array_equal(moved["w"], zero["w"])


@pytest.mark.parametrize("name", MAKERS)
def test_a_constant_schedule_is_a_rate(name):
    lr, make = MAKERS[name]
    np.testing.assert_array_equal(
        walk(make(lambda done: lr), 5)[0]["w"], walk(make(lr), 5)[0]["w"]
    )


@pytest.mark.parametrize("name", [n for n in MAKERS if not n.startswith(COAST)])
def test_a_schedule_gives_the_rate_of_each_step(name):
    """At rate 0 all stop that hold no steps back."""
    lr, make = MAKERS[name]
    np.testing.assert_array_equal(
        walk(make(lambda done: lr * (done < 3)), 9)[0]["w"],
        walk(make(lr), 3)[0]["w"],
    )
