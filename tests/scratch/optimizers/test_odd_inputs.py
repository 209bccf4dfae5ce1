"""What readers pass to optimizers by mistake, and numbers at the rim."""

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
from dlf.scratch.schedules import phases

from ...refusals import shouted
from .test_properties import MAKERS, made

W = {"w": np.ones((2, 3))}
OPTIMIZERS = {
    name
    for module in (
        *(adafactor, adam, adaptive, averaging, large_batch, lion, momentum),
        *(muon, pairs),
    )
    for name in vars(module)
}


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, bool])
def test_integers_are_refused(name, dtype):
    init, update = made(name)
    whole = {"w": np.ones((2, 3), dtype)}
    for which, given in (("grads", (W, whole)), ("params", (whole, W))):
        with pytest.raises(ValueError) as error:
            update(*given, init(given[0]))
        operation, _, said = str(error.value).partition(": ")
        assert operation in OPTIMIZERS
        assert said.startswith(f"`{which}` must hold arrays of floating-point")
        assert shouted(said) == []


@pytest.mark.parametrize("name", MAKERS)
def test_the_type_of_the_weights_wins(name):
    init, update = made(name)
    w = {"w": np.ones((2, 3), np.float32)}
    moved, _ = update(w, W, init(w))
    assert moved["w"].dtype == np.float32


@pytest.mark.parametrize("name", MAKERS)
def test_weights_of_other_names_are_refused(name):
    init, update = made(name)
    state, two = init(W), W | {"v": np.ones((2, 3))}
    with pytest.raises(ValueError, match="`grads` must belong to the weights"):
        update(W, two, state)
    with pytest.raises(ValueError, match="must hold v of shape"):
        update(two, W, init(two))
    if name not in ("Lookahead", "L2", "SGDW"):
        with pytest.raises(ValueError, match="`state` must belong"):
            update(two, two, state)


@pytest.mark.parametrize("name", ["sgd", "L2", "schedule-free", "Adafactor"])
def test_a_gradient_that_is_missing_is_named(name, as_shipped):
    init, update = made(name)
    with pytest.raises(ValueError, match="w is NoneType"):
        update(W, {"w": None}, init(W))


@pytest.mark.parametrize(
    "make", [averaging.schedule_free, averaging.schedule_free_adamw]
)
def test_a_warm_up_may_begin_at_zero(make):
    init, update = make(phases.warmed_up(lambda t: 0.1, 4))
    params, state = W, init(W)
    for step in range(6):
        params, state = update(params, W, state)
        assert np.isfinite(params["w"]).all()
        if step == 0:
            np.testing.assert_array_equal(params["w"], W["w"])
    assert (params["w"] < 1).all()


def test_the_average_is_the_callers_own():
    init, update = averaging.schedule_free(0.1)
    start = {"w": np.ones(2)}
    _, state = update(start, start, init(start))
    averaging.averaged(state)["w"][:] = 99
    assert (averaging.averaged(state)["w"] != 99).all()
    kept = init(start)
    start["w"][:] = 7
    np.testing.assert_array_equal(averaging.averaged(kept)["w"], 1)


@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf])
def test_a_schedule_may_not_go_uphill(value):
    init, update = momentum.sgd(lambda done: value)
    with pytest.raises(ValueError, match="`lr` must give finite rates"):
        update(W, W, init(W))


def test_a_constant_gradient_does_not_break_the_centered_root():
    """Its mean square less its squared mean is rounded below zero."""
    init, update = adaptive.rmsprop(1e-3, centered=True)
    w = {"w": np.ones(3, np.float32)}
    g, state = {"w": np.full(3, 0.1, np.float32)}, init(w)
    for _ in range(4000):
        w, state = update(w, g, state)
    assert np.isfinite(w["w"]).all()


def test_lamb_and_lars_in_half_precision():
    w = {"w": np.full(4, 300.0, np.float16)}
    for pair in (large_batch.lars(0.1), large_batch.lamb(0.01, eps=1e-3)):
        init, update = pair
        moved, _ = update(w, w, init(w))
        assert np.isfinite(moved["w"]).all()


def test_empty_weights_stay_empty():
    none = {"w": np.zeros((3, 0))}
    for pair in (adam.adam(), muon.muon(), momentum.sgd(0.1)):
        init, update = pair
        assert update(none, none, init(none))[0]["w"].shape == (3, 0)


def test_a_million_steps_of_memory_at_the_rim_of_the_range():
    below = np.nextafter(1.0, 0.0)
    init, update = momentum.sgd(0.1, momentum=below)
    w, state = W, init(W)
    for _ in range(3):
        w, state = update(w, W, state)
    np.testing.assert_allclose(w["w"], 1 - 0.1 * (1 + 2 + 3))


def test_ascent_of_unsigned_integers_is_refused():
    init, update = pairs.ascend(momentum.sgd(0.1))
    with pytest.raises(ValueError, match="ascend: `grads`"):
        update(W, {"w": np.full((2, 3), 3, np.uint8)}, init(W))


def test_adafactor_of_integers_is_refused():
    init, update = adafactor.adafactor()
    with pytest.raises(ValueError, match="adafactor: `params`"):
        update({"w": np.ones(3, int)}, {"w": np.ones(3)}, init(W))
