"""What a loss owes at the points where its slope is a choice."""

import numpy as np
import pytest

from dlf.scratch.losses import regression


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
def test_a_quantile_that_is_met_pulls_neither_way(q):
    """Any slope from -q to 1 - q would do; the middle of a fit is at rest."""
    met = np.array([[1.0, 2.0]])
    value, vjp = regression.quantile(met, met, q)
    assert value == 0
    np.testing.assert_array_equal(vjp(), [[0.0, 0.0]])
