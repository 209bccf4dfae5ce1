"""What C60 computes: the spread over initial weights and over orders."""

from dataclasses import replace

import numpy as np
import pytest

from dlf.claims.initialization import seeds
from dlf.stacked.recipes import Recipe


def test_the_interval_of_a_spread_is_that_of_the_chi_square():
    values = np.random.default_rng(0).normal(0, 3, 30)
    e = seeds.spread(values, 0.95)
    assert e.mean == pytest.approx(values.std(ddof=1))
    # tabled: chi-square quantiles of 29 degrees are 16.047 and 45.722
    assert e.low == pytest.approx(e.mean * np.sqrt(29 / 45.722), rel=1e-4)
    assert e.high == pytest.approx(e.mean * np.sqrt(29 / 16.047), rel=1e-4)


def test_weights_alone_and_order_alone_are_varied():
    cell = Recipe(data="D8", depth=1, steps=30)
    kept = seeds.measure(replace(cell, first=100), [100, 101, 102])
    for name in ("weights", "order"):
        assert kept[name].shape == (3,)
        assert len(set(kept[name].tolist())) > 1
    assert kept["weights"][0] == pytest.approx(kept["order"][0], abs=1e-9)


def test_spreads_are_judged_against_points_and_against_each_other():
    rng = np.random.default_rng(0)
    wide, narrow = (rng.normal(0.6, sd, 60) for sd in (0.05, 0.005))
    found = seeds.judge({"M1": {"weights": wide, "order": narrow}})
    assert [o.verdict for o in found] == ["supported", "supported"]
    found = seeds.judge({"M1": {"weights": narrow, "order": wide}})
    assert [o.verdict for o in found] == ["too small", "opposite"]
