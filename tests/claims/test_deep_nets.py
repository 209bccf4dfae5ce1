"""What C63 and C67 compare: depths, and parts that are left out."""

import numpy as np

from dlf.claims.gradient_stability import deep, starved
from dlf.stacked.regularized_recipes import Regularized

CELL = Regularized(data="D8", depth=3, width=16, steps=30)


def test_each_part_is_left_out_alone():
    losses = {
        arm: deep.C67.train(CELL, arm, [0.3], [0, 1])["loss"]
        for arm in deep.C67.arms
    }
    assert len(losses) == 6
    whole = losses.pop("all five")
    for arm, loss in losses.items():
        assert (np.abs(loss - whole) > 1e-6).all(), arm


def test_what_is_left_out_is_compared_with_all_five():
    arms = {
        name: {"test": np.array([0.6 - 0.1 * k]), "tuned": 0.0}
        for k, name in enumerate(deep.C67.arms)
    }
    found = [e.of(arms) for e in deep.C67.effects[1:]]
    assert np.allclose(np.ravel(found), [0.1, 0.2, 0.3, 0.4, 0.5])
    same = deep.C67.effects[0].of(arms, arms)
    assert np.allclose(same, 0)


def test_depths_are_compared_for_each_activation():
    def arms(sigmoid, tanh):
        return {
            "sigmoid": {"test": np.array([sigmoid])},
            "tanh": {"test": np.array([tanh])},
        }

    two, three = arms(0.5, 0.6), arms(0.2, 0.55)
    found = [starved.falls(name)(two, three) for name in starved.ARMS]
    assert np.allclose(np.ravel(found), [0.3, 0.05])
    names = set(starved.C63.cells)
    assert all(set(e.runs) <= names for e in starved.C63.effects)
