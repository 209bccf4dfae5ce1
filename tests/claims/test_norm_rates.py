"""What C69 computes: the highest usable rate, and steps at the tuned one."""

import numpy as np
import pytest

from dlf.claims.normalization import rates
from dlf.stacked.regularized_recipes import Regularized


def test_the_highest_usable_rate_is_interpolated():
    falls = np.array([0.3, 0.5, 0.6, 0.6, 0.1, 0.1, 0.1])
    found = np.exp(rates.highest(np.stack([falls, falls])))
    # 0.54 lies 0.12 of half a decade above 0.316
    assert found == pytest.approx([0.363, 0.363], rel=0.02)
    later = np.array([0.3, 0.5, 0.6, 0.6, 0.6, 0.1, 0.1])
    assert rates.highest(np.stack([later, falls]))[0] > np.log(1.0)


def test_steps_are_those_at_the_rate_tuned_for_them():
    looks = np.arange(4) * 1.0
    fast, slow = 2.0 - looks, 2.0 - 0.5 * looks
    tried = np.stack([slow, fast, slow])[:, None]
    curve = np.stack([fast, slow, fast])[None]  # the tuned one is slow here
    kept = {"found": {"norm": tried.tolist()}, "norm": {"curve": curve}}
    assert rates.steps(kept, "norm", 1.0) == pytest.approx([40.0])


def test_curves_are_kept_for_both_nets():
    cell = Regularized(data="D8", depth=1, steps=40, every=20)
    kept = rates.measure(cell, [100, 101])
    for name in ("plain", "norm"):
        assert kept[name]["test"].shape == (2, 7)
        assert kept[name]["curve"].shape == (2, 7, 3)
        assert np.isfinite(kept[name]["curve"]).all()
        assert np.shape(kept["found"][name]) == (7, 3, 3)
