"""What the exact claims judge, on cases whose answer is known."""

import numpy as np
import pytest
import torch

from dlf.claims.optimizers import exact, fixed_surfaces, nesterov


@pytest.mark.parametrize("ahead", [False, True])
def test_a_path_is_torchs(ahead):
    curvature = np.array([1.0, 30.0])
    w = torch.ones(2, dtype=torch.float64, requires_grad=True)
    sgd = torch.optim.SGD([w], 0.02, momentum=0.9, nesterov=ahead)
    for _ in range(50):
        sgd.zero_grad()
        (0.5 * (torch.tensor(curvature) * w * w).sum()).backward()
        sgd.step()
    ours = nesterov.path(curvature, 0.02, 0.9, 50, ahead)
    np.testing.assert_allclose(ours[-1], w.detach().numpy(), rtol=1e-12)


def test_steps_are_counted():
    at = np.array([[1.0], [-0.5], [0.2], [0.1], [-1e-7]])
    assert nesterov.steps_to(at) == 4


def test_chance_crosses_above_the_steepest_rise_and_never_below():
    at = np.linspace(0.1, 1, 100_001)
    assert -exact.derivative(at).min() == pytest.approx(exact.WALL, abs=1e-6)
    for eta in (0.02, 0.2):
        assert exact.can_cross(exact.WALL + 0.01, eta) > 0
        assert exact.can_cross(exact.WALL - 0.01, eta) == 0


def test_the_floor_is_that_of_drawn_paths():
    rng, w = np.random.default_rng(0), np.zeros(20_000)
    for _ in range(200):
        w = w - 0.1 * (w + rng.normal(size=(4, w.size)).mean(0))
    assert (w**2).mean() / 2 == pytest.approx(exact.floor(0.1, 4), rel=0.05)


def test_nesterov_overshoots_less_below_and_more_above():
    assert nesterov.smaller_excursion(0.0, 1.0)[0]
    assert not nesterov.smaller_excursion(1.0, 2.0)[0]


def test_adam_goes_to_the_worst_point_and_torch_does_too():
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([w], betas=(0.0, 0.1), eps=1e-16)
    for t in range(1, 3_001):
        adam.param_groups[0]["lr"] = 0.1 / t**0.5
        w.grad = torch.tensor([3.0 if t % 3 == 1 else -1.0]).double()
        adam.step()
        w.data.clamp_(-1, 1)
    assert w.item() == pytest.approx(exact.reddi(0.1, steps=3_000), abs=0.02)
    assert exact.reddi(0.1) > 0.9
    assert exact.reddi(0.1, largest=True) < -0.9


def test_from_its_own_valley_everyone_ends_in_it():
    """With bumps too low to hold anything all starts end at the minimum."""
    for beta in (0.0, 0.9):
        assert fixed_surfaces.globally(2.0, 0.1, 0.5, beta, 2_000) == 1.0


def test_a_turn_costs_rmsprop_its_gain_and_nothing_to_the_others():
    straight, turned = map(fixed_surfaces.best_losses, (False, True))
    assert straight["RMSProp"] < 1e-3 * straight["GD"]
    assert turned["RMSProp"] > turned["GD"]
    for name in ("GD", "momentum"):
        assert 0.1 < turned[name] / straight[name] < 10
