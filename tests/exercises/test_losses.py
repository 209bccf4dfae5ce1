"""Solutions of the exercises on losses, held against torch and brute force."""

import numpy as np
import torch
import torch.nn.functional as F

from dlf.exercises import core, loss_constants, loss_gradients, loss_logs
from dlf.exercises.loss_probabilities import temperature


def test_hessian_is_autograds():
    z = torch.tensor(np.random.default_rng(0).normal(size=5))
    for label in range(5):
        theirs = torch.autograd.functional.hessian(
            lambda v, label=label: F.cross_entropy(
                v[None], torch.tensor([label])
            ),
            z,
        )
        ours = loss_gradients.hessian(z.numpy())
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-14)


def test_first_losses_are_those_of_an_untrained_net():
    C = 36
    zeros, y = torch.zeros(C, C, dtype=torch.float64), torch.arange(C)
    hot = torch.eye(C, dtype=torch.float64)

    def sigmoids(z):
        bce = F.binary_cross_entropy_with_logits
        return bce(z, hot, reduction="sum").item() / C

    theirs = (
        F.cross_entropy(zeros, y).item(),
        sigmoids(zeros),
        sigmoids(zeros - np.log(C - 1)),
    )
    np.testing.assert_allclose(loss_logs.first_losses(C), theirs, rtol=1e-12)


def test_softmax_twice_is_the_least_that_probabilities_reach():
    eye = torch.eye(10, dtype=torch.float64)
    least = F.cross_entropy(eye, torch.arange(10)).item()
    np.testing.assert_allclose(loss_logs.softmax_twice(10), least, rtol=1e-12)
    rng = np.random.default_rng(0)
    other = torch.tensor(rng.dirichlet(np.ones(10), 500))
    losses = F.cross_entropy(other, other.argmax(1), reduction="none")
    assert losses.min() >= least


def test_no_order_costs_less():
    rng = np.random.default_rng(0)
    for _ in range(20):
        demand = rng.poisson(20, 7).astype(float)
        unsold, missed = rng.uniform(0.5, 4, 2)
        best = loss_constants.best_order(demand, unsold, missed)
        costs = [
            loss_constants._cost(demand, unsold, missed, order)
            for order in np.arange(0, 60, 0.25)
        ]
        mine = loss_constants._cost(demand, unsold, missed, best)
        assert mine <= min(costs) + 1e-12


def test_temperature_undoes_a_factor():
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(400, 3)), rng.integers(3, size=400)
    y = np.where(rng.random(400) < 0.6, z.argmax(1), y)
    np.testing.assert_allclose(
        temperature(7 * z, y), 7 * temperature(z, y), rtol=1e-9
    )


def test_each_log_shows_its_cause():
    logs = loss_logs.logs()
    names = dict(zip(loss_logs.FAULTS, "ABCDEF", strict=True))
    assert sorted(names) == list("123456")
    assert logs[names["1"]][0] > 100 * np.log(10)  # added over 200
    assert abs(logs[names["2"]][-1] - 1) < 1e-3  # the variance
    assert logs[names["3"]][-1] < 0  # a density
    assert abs(logs[names["4"]][-1] - np.log(10)) < 0.02
    twice = loss_logs.softmax_twice(10)
    assert twice <= logs[names["5"]][-1] < twice + 0.01
    assert np.isfinite(logs[names["6"]][0])
    assert np.isnan(logs[names["6"]][-1])


def test_causes_may_be_written_in_any_way_and_are_counted():
    exercise = core.find("losses-11")
    for answer in ("2 5 3 4 1 6", [2, 5, 3, 4, 1, 6], ("25", "34", "16")):
        assert exercise.grade(answer).endswith("right")
    assert exercise.grade("253461").endswith("4 of the six are right")
    assert "six digits, such as" in exercise.grade("25341")
