"""What C63 compares: depths, for each activation."""

import numpy as np

from dlf.claims.gradient_stability import starved


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
