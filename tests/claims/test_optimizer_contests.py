"""What the measured claims of optimizers compute, on cases that are known."""

from dataclasses import replace

import pytest

from dlf.claims.optimizers import races
from dlf.stacked.recipes import Recipe

SEEDS = [0, 1]
SHORT = Recipe(data="D8", depth=1, steps=60)


@pytest.mark.parametrize("claim", [races.C48, races.C51])
def test_each_arm_races_with_its_own_optimizer(claim):
    cell = replace(SHORT, target=1.0, every=10)
    steps = {
        arm: claim.train(cell, arm, [0.0316, 0.1], SEEDS)["steps"]
        for arm in claim.arms
    }
    first, second = steps.values()
    assert first.shape == (2, 2)
    assert (first != second).any()
    assert (first[1] < 60).all()
