"""What C65 computes: runs that fail, and the best accuracy of the others."""

import numpy as np
import pytest

from dlf.claims.gradient_stability import clipping
from dlf.stacked.recipes import Recipe


def test_the_best_rate_is_that_of_the_other_seeds():
    test = np.array([[0.9, 0.1], [0.2, 0.6], [0.3, 0.7]])
    # the first seed's own best would be 0.9
    assert clipping.best({"test": test}).tolist() == [0.1, 0.2, 0.3]
    test = np.array([[0.5, 0.6], [0.4, 0.7], [0.3, 0.8]])
    assert clipping.best({"test": test}).tolist() == [0.6, 0.7, 0.8]


def test_failures_and_accuracies_are_judged_apart():
    failed = np.zeros((6, 9))
    failed[:, 4:] = 1
    test = np.full((6, 9), 0.5) + np.linspace(0, 0.001, 6)[:, None]
    free = {"failed": failed, "test": test}
    none = {"failed": 0 * failed, "test": test}
    view = {"M1, 6 layers": {"free": free, "clipped": none, "at 0.3": none}}
    first, second = clipping.judge(view)
    assert (first.verdict, second.verdict) == ("supported", "supported")
    assert first.estimate.mean == pytest.approx(5 / 9)
    assert "free 56 %, clipped 0 %, at 0.3 0 %" in first.note


def test_clipped_runs_fail_less_often():
    cell = Recipe(data="D8", depth=4, steps=60)
    kept = clipping.measure(cell, [100, 101])
    fractions = [kept[name]["failed"].mean() for name in clipping.CLIPS]
    assert fractions[0] > fractions[2]
    assert kept["free"]["test"].shape == (2, 9)
