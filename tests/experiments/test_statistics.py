"""Intervals against SciPy, their coverage by simulation, and the rules."""

import numpy as np
import pytest
from scipy import stats

from dlf.experiments import statistics
from dlf.experiments.outcomes import Outcome, assemble, reversed_
from dlf.experiments.statistics import (
    Estimate,
    equivalent,
    estimate,
    family,
    kendall,
    larger,
    not_worse,
    ratio,
    share,
)


@pytest.mark.parametrize("level", [0.95, 0.9975])
def test_few_seeds_have_students_interval(level):
    x = np.random.default_rng(0).normal(size=6)
    e = estimate(x, level)
    t = stats.ttest_1samp(x, 0).confidence_interval(level)
    assert (e.low, e.high) == pytest.approx((t.low, t.high))
    assert (e.mean, e.n, e.method) == (x.mean(), 6, "paired t")


def test_many_seeds_have_the_percentile_bootstrap():
    x = np.random.default_rng(0).exponential(size=60)
    e = estimate(x)
    theirs = stats.bootstrap(
        (x,), np.mean, method="percentile", n_resamples=20_000, rng=1
    ).confidence_interval
    assert e.method == "paired bootstrap"
    assert (e.low, e.high) == pytest.approx((theirs.low, theirs.high), rel=0.02)


def test_the_wider_of_both_is_taken_between():
    x = np.r_[np.zeros(11), 4.0]  # bootstrap is skewed, t is symmetric
    e = estimate(x)
    t = stats.ttest_1samp(x, 0).confidence_interval(0.95)
    assert e.high - e.low >= t.high - t.low


@pytest.mark.parametrize(("seeds", "low"), [(5, 0.93), (10, 0.93), (30, 0.91)])
def test_intervals_cover_what_they_claim(seeds, low, monkeypatch):
    monkeypatch.setattr(statistics, "DRAWS", 400)
    rng = np.random.default_rng(1)
    found = [estimate(rng.normal(1.0, 2.0, seeds)) for _ in range(600)]
    covered = np.mean([e.low <= 1.0 <= e.high for e in found])
    assert low <= covered <= 0.98


def test_examples_are_resampled_where_the_test_set_is_small():
    rng = np.random.default_rng(2)
    right = (rng.random((25, 400)) < 0.7).astype(float)
    both, seeds = estimate(right), estimate(right.mean(1))
    assert both.mean == pytest.approx(seeds.mean)
    ratio_of = (both.high - both.low) / (seeds.high - seeds.low)
    assert ratio_of == pytest.approx(np.sqrt(2), rel=0.1)  # twice the variance


@pytest.mark.parametrize(
    ("count", "total"), [(0, 9), (9, 9), (3, 20), (17, 17)]
)
def test_shares_have_the_exact_interval(count, total):
    theirs = stats.binomtest(count, total).proportion_ci(0.95, "exact")
    ours = share(count, total)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_kendall_is_scipys_tau_b():
    rng = np.random.default_rng(3)
    for _ in range(20):
        a, b = rng.integers(6, size=(2, 12)).astype(float)
        assert kendall(a, b) == pytest.approx(stats.kendalltau(a, b).statistic)
    assert np.isnan(kendall(np.ones(3), np.arange(3.0)))


def interval(mean: float, low: float, high: float) -> Estimate:
    return Estimate(mean, low, high, 10, "paired t")


@pytest.mark.parametrize(
    ("rule", "numbers", "verdict"),
    [
        (larger(0.01), (0.02, 0.001, 0.04), "supported"),
        (larger(0.01), (0.009, 0.001, 0.04), "undecided"),  # point below δ
        (larger(0.01), (0.02, -0.001, 0.04), "undecided"),
        (larger(0.01), (0.005, 0.001, 0.009), "refuted"),
        (larger(0.01), (-0.02, -0.03, -0.01), "refuted"),
        (ratio(0.8), (0.3, 0.2, 0.4), "supported"),
        (ratio(1.25), (0.2, 0.1, 0.3), "undecided"),
        (equivalent(0.01), (0.0, -0.009, 0.009), "supported"),
        (equivalent(0.01), (0.0, -0.011, 0.009), "undecided"),
        (equivalent(0.01), (0.03, 0.02, 0.04), "refuted"),
        (not_worse(0.01), (0.0, -0.009, 0.5), "supported"),
        (not_worse(0.01), (-0.02, -0.03, -0.005), "undecided"),
        (not_worse(0.01), (-0.02, -0.03, -0.011), "refuted"),
    ],
)
def test_rules_decide(rule, numbers, verdict):
    assert rule(interval(*numbers)) == verdict


def test_a_refuted_effect_is_reversed_or_too_small():
    assert reversed_(interval(-2, -3, -1)) == "reversed"
    assert reversed_(interval(0.5, 0.1, 0.9)) == "too small"
    assert reversed_(interval(0.0, -0.5, 0.5)) == ""


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ("ss", "holds"),
        ("sr", "holds in part"),
        ("su", "holds in part"),
        ("ru", "does not hold"),
        ("ruu", "undecided at this budget"),
        ("uu", "undecided at this budget"),
    ],
)
def test_cells_make_a_verdict(cells, verdict):
    word = {"s": "supported", "r": "refuted", "u": "undecided"}
    outcomes = [Outcome(c, word[c]) for c in cells]
    assert assemble(outcomes)[0] == verdict
    control = Outcome("control", "refuted", counted=False)
    assert assemble([*outcomes, control]) == assemble(outcomes)


def test_more_than_four_cells_share_the_level():
    assert [family(n) for n in (1, 4, 5, 20)] == [0.95, 0.95, 0.99, 0.9975]


@pytest.mark.parametrize(
    "call",
    [
        lambda: estimate(np.array([1.0])),
        lambda: estimate(np.array([1.0, np.nan])),
        lambda: share(3, 2),
        lambda: share(0, 0),
    ],
)
def test_what_cannot_be_estimated_is_refused(call):
    with pytest.raises(ValueError, match=r"because|positive"):
        call()
