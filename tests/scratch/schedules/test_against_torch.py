"""Schedules give torch's rates at every step: first, joint, last, restart."""

import math

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler as theirs

from dlf.scratch.optimizers import momentum
from dlf.scratch.schedules import decays, phases, plateau

T = 40
WARM = {"start_factor": 0.25, "total_iters": 8}
PAIRS = {
    "step": (
        lambda: decays.step_decay(0.1, 7, 0.5),
        lambda o: theirs.StepLR(o, 7, 0.5),
    ),
    "exponential": (
        lambda: decays.exponential(0.1, 0.9),
        lambda o: theirs.ExponentialLR(o, 0.9),
    ),
    "cosine": (
        lambda: decays.cosine(0.1, T, 0.01),
        lambda o: theirs.CosineAnnealingLR(o, T, 0.01),
    ),
    "warm restarts": (
        lambda: decays.warm_restarts(0.1, 5, 2, 0.01),
        lambda o: theirs.CosineAnnealingWarmRestarts(o, 5, 2, 0.01),
    ),
    "equal restarts": (
        lambda: decays.warm_restarts(0.1, 6),
        lambda o: theirs.CosineAnnealingWarmRestarts(o, 6),
    ),
    "polynomial": (
        lambda: decays.polynomial(0.1, 30, 2.0),
        lambda o: theirs.PolynomialLR(o, 30, 2.0),
    ),
    "linear": (
        lambda: decays.polynomial(0.1, 30, least=0.02),
        lambda o: theirs.LinearLR(o, 1.0, 0.2, 30),
    ),
    "noam": (
        lambda: decays.noam(64, 12, 2.0),
        lambda o: theirs.LambdaLR(
            o,
            lambda t: 20 * 64**-0.5 * min((t + 1) ** -0.5, (t + 1) * 12**-1.5),
        ),
    ),
    "warm-up": (
        lambda: phases.warmed_up(lambda t: 0.1, 8, 0.25),
        lambda o: theirs.LinearLR(o, **WARM),
    ),
    "warm-up, cosine": (
        lambda: phases.warmed_up(decays.cosine(0.1, 32), 8, 0.25),
        lambda o: theirs.SequentialLR(
            o,
            [theirs.LinearLR(o, **WARM), theirs.CosineAnnealingLR(o, 32)],
            [8],
        ),
    ),
    "chain": (
        lambda: phases.chain(
            [
                lambda t: 0.05,
                decays.exponential(0.1, 0.9),
                decays.polynomial(0.1, 9),
            ],
            [6, 20],
        ),
        lambda o: theirs.SequentialLR(
            o,
            [
                theirs.ConstantLR(o, 0.5, 100),
                theirs.ExponentialLR(o, 0.9),
                theirs.PolynomialLR(o, 9),
            ],
            [6, 20],
        ),
    ),
    "one cycle": (
        lambda: phases.one_cycle(0.1, T + 1),
        lambda o: theirs.OneCycleLR(o, 0.1, T + 1, cycle_momentum=False),
    ),
    "one cycle, other settings": (
        lambda: phases.one_cycle(0.1, T + 1, 0.5, 10.0, 100.0),
        lambda o: theirs.OneCycleLR(
            o,
            0.1,
            T + 1,
            pct_start=0.5,
            div_factor=10,
            final_div_factor=100,
            cycle_momentum=False,
        ),
    ),
    "cyclic": (
        lambda: phases.cyclic(0.01, 0.1, 6),
        lambda o: theirs.CyclicLR(o, 0.01, 0.1, 6, cycle_momentum=False),
    ),
}


def stepper() -> torch.optim.Optimizer:
    leaf = torch.zeros(1, requires_grad=True)
    leaf.grad = torch.zeros(1)
    return torch.optim.SGD([leaf], 0.1)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.filterwarnings("ignore:The epoch parameter")
def test_every_rate_is_torchs(name):
    ours, make = PAIRS[name]
    rate, optimizer = ours(), stepper()
    scheduler = make(optimizer)
    for t in range(T):
        assert math.isclose(
            rate(t), optimizer.param_groups[0]["lr"], rel_tol=1e-9
        ), t
        optimizer.step()
        scheduler.step()


@pytest.mark.parametrize("cooldown", [0, 2])
@pytest.mark.parametrize("patience", [0, 1, 3])
def test_a_plateau_lowers_the_rate_when_torchs_does(patience, cooldown):
    init, update = plateau.reduce_on_plateau(
        0.1, 0.5, patience, 0.01, cooldown, 0.004
    )
    optimizer, state = stepper(), init()
    scheduler = theirs.ReduceLROnPlateau(
        optimizer,
        factor=0.5,
        patience=patience,
        threshold=0.01,
        cooldown=cooldown,
        min_lr=0.004,
    )
    rng = np.random.default_rng(0)
    rates = []
    for t in range(80):
        loss = 1 / (1 + 0.1 * min(t, 20)) + 0.02 * rng.normal()
        rate, state = update(loss, state)
        scheduler.step(loss)
        assert math.isclose(rate, optimizer.param_groups[0]["lr"])
        rates.append(rate)
    assert len(set(rates)) > 2
    assert min(rates) >= 0.004


def test_the_ends_of_decays():
    for rate in (
        decays.cosine(0.2, 10, 0.01),
        decays.polynomial(0.2, 10, 1.0, 0.01),
    ):
        assert rate(0) == 0.2
        assert rate(10) == pytest.approx(0.01)
        assert rate(11) == rate(10)
    assert decays.exponential(0.2, math.exp(-0.1))(10) == pytest.approx(
        0.2 / math.e
    )


def test_a_trapezoid():
    rate = phases.warmup_stable_decay(0.1, 5, 10, 4, 0.02)
    got = [rate(t) for t in (0, 1, 5, 14, 15, 17, 19, 30)]
    assert got == pytest.approx([0.0, 0.02, 0.1, 0.1, 0.1, 0.06, 0.02, 0.02])


def test_a_range_test_rises_by_a_constant_factor():
    rate = decays.range_test(1e-4, 1.0, 5)
    assert [rate(t) for t in range(5)] == pytest.approx(
        [1e-4, 1e-3, 1e-2, 0.1, 1.0]
    )


def test_a_schedule_drives_an_optimizer():
    init, update = momentum.sgd(decays.step_decay(0.5, 2, 0.1))
    w, one = {"w": np.zeros(1)}, {"w": np.ones(1)}
    state, path = init(w), []
    for _ in range(5):
        w, state = update(w, one, state)
        path.append(float(w["w"][0]))
    np.testing.assert_allclose(path, [-0.5, -1, -1.05, -1.1, -1.105])


def test_torchs_cosine_rises_again_and_ours_stays():
    """A trap: past T_max torch follows the cosine up the other side."""
    optimizer = stepper()
    scheduler = theirs.CosineAnnealingLR(optimizer, 10)
    ours = decays.cosine(0.1, 10)
    for _ in range(20):
        optimizer.step()
        scheduler.step()
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.1)
    assert ours(20) == 0.0


def test_a_plateau_below_the_floor_is_not_raised():
    init, update = plateau.reduce_on_plateau(0.01, patience=0, least=0.5)
    state = init()
    for _ in range(4):
        rate, state = update(1.0, state)
    assert rate == 0.01


def test_a_range_test_stays_at_its_end():
    rate = decays.range_test(1e-4, 1.0, 5)
    assert rate(4) == rate(100) == 1.0


def test_ten_million_steps_of_equal_restarts():
    rate = decays.warm_restarts(0.1, 3)
    assert rate(10**7) == rate(10**7 % 3)


def test_a_small_drop_is_left_out_as_torch_does():
    init, update = plateau.reduce_on_plateau(0.1, 0.5, patience=0)
    optimizer, state = stepper(), init()
    scheduler = theirs.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    for _ in range(40):
        rate, state = update(1.0, state)
        scheduler.step(1.0)
        assert rate == optimizer.param_groups[0]["lr"]
    assert 1e-8 < rate < 2e-8


def test_the_rate_falls_at_the_check_after_the_last_forgiven_one():
    init, update = plateau.reduce_on_plateau(0.1, 0.5, patience=2)
    state, rates = init(), []
    for _ in range(5):
        rate, state = update(1.0, state)
        rates.append(rate)
    assert rates == [0.1, 0.1, 0.1, 0.05, 0.05]


def test_counters_of_numpy_do_not_overflow():
    assert decays.noam(64, 10)(np.uint8(255)) == decays.noam(64, 10)(255)
    rate = decays.warm_restarts(0.1, 100, 2)
    assert rate(np.uint8(250)) == rate(250)


def test_a_chain_keeps_its_joints():
    joints = [3]
    rate = phases.chain([lambda t: 0.1, lambda t: 0.2], joints)
    joints[0] = 9
    assert rate(5) == 0.2


def test_a_plateau_may_have_no_steps():
    rate = phases.warmup_stable_decay(0.1, 2, 0, 2)
    assert [rate(t) for t in range(5)] == pytest.approx(
        [0.0, 0.05, 0.1, 0.05, 0.0]
    )


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (lambda o: theirs.LinearLR(o), [1 / 3, 1.0]),
        (lambda o: theirs.PolynomialLR(o), [1.0, 0.0]),
    ],
)
def test_defaults_of_torch_that_bite(make, wrong):
    """Without counts a ramp begins at 1/3 and both end after five steps."""
    optimizer = stepper()
    scheduler, got = make(optimizer), []
    for _ in range(6):
        got.append(optimizer.param_groups[0]["lr"] / 0.1)
        optimizer.step()
        scheduler.step()
    assert [got[0], got[5]] == pytest.approx(wrong)


def test_one_cycle_of_torch_sets_the_momentum():
    optimizer = stepper()
    theirs.OneCycleLR(optimizer, 0.1, 40)
    assert optimizer.param_groups[0]["momentum"] == 0.95


def test_a_loaded_state_brings_its_own_length():
    def cosine(steps):
        return theirs.CosineAnnealingLR(stepper(), steps)

    longer = cosine(500)
    longer.load_state_dict(cosine(100).state_dict())
    assert longer.T_max == 100
