import numpy as np
import pytest


@pytest.fixture
def x():
    """Four images of two channels, for `cnn.net`."""
    return np.random.default_rng(0).normal(size=(4, 2, 6, 8))
