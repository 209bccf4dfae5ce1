"""What the claims of schedules compute, on cases that are known."""

from dataclasses import replace

import numpy as np
import pytest

from dlf.claims.schedules import comparisons, restarts
from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe

SEEDS = [0, 1]
SHORT = Recipe(data="D8", depth=1, steps=60)


def test_the_choice_goes_by_the_loss_where_the_cell_does():
    cell = comparisons.Scheduled(data="D8", depth=1, steps=60)
    train = comparisons.C55.train
    plain = train(cell, "cosine", [0.1], SEEDS)
    assert "score" not in plain
    assert (
        plain["loss"] != train(cell, "constant", [0.1], SEEDS)["loss"]
    ).all()
    out = train(replace(cell, by_loss=True), "cosine", [0.1], SEEDS)
    assert out["score"] == pytest.approx(-np.log(plain["loss"]))


def test_a_barrier_stands_between_two_nets_and_not_within_one():
    data = SHORT.examples(SEEDS)
    nets = [SHORT.net(seeds, 1) for seeds in (SEEDS, [5, 6])]
    for net in nets:
        recipes.train(SHORT, [0.1], SEEDS, net=net, data=data)
    first, second = ([p.detach().clone() for p in n.parameters()] for n in nets)
    path = restarts.path_losses(nets[0], data, first, second)
    assert path.shape == (restarts.POINTS, 2)
    assert (path.max(0) > np.maximum(path[0], path[-1]) + 0.2).all()
    same = restarts.path_losses(nets[0], data, first, first)
    assert np.ptp(same, axis=0) == pytest.approx([0, 0], abs=1e-6)


def test_cycles_are_compared_with_one_cosine():
    cell = replace(SHORT, schedule="restarts")
    kept = restarts.measure(cell, SEEDS)
    assert {name: v.shape for name, v in kept.items()} == dict.fromkeys(
        ("restarts", "cosine", "barrier"), (2,)
    )
    known = {
        "barrier": np.array([0.2, 0.3, 0.25]),
        "restarts": np.array([0.5, 0.4, 0.6]),
        "cosine": np.array([0.4, 0.3, 0.5]),
    }
    words = [o.verdict for o in restarts.judge({"M1": known})]
    assert words == ["supported", "opposite"]
