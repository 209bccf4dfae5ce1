"""Intervals against SciPy, their coverage by simulation, and the rules."""

import numpy as np
import pytest
from scipy import stats

from dlf.experiments import statistics
from dlf.experiments.headline import assemble, expected, with_cause
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import (
    Estimate,
    equivalent,
    estimate,
    family,
    kendall,
    larger,
    not_worse,
    proportion,
    proportion_by_seed,
    ratio,
    ratio_of_spreads,
)


@pytest.mark.parametrize("level", [0.95, 0.9975])
def test_few_seeds_have_students_interval(level):
    x = np.random.default_rng(0).normal(size=6)
    e = estimate(x, level)
    t = stats.ttest_1samp(x, 0).confidence_interval(level)
    assert (e.low, e.high) == pytest.approx((t.low, t.high))
    assert (e.mean, e.n, e.method) == (x.mean(), 6, "paired t")


@pytest.mark.parametrize("S", [5, 20, 60])
@pytest.mark.parametrize("level", [0.95, 0.9975])
def test_the_wider_of_bootstrap_and_t_is_taken_at_every_n(S, level):
    x = np.random.default_rng(0).exponential(size=S)
    e = estimate(x, level)
    boot = stats.bootstrap(
        (x,),
        np.mean,
        method="percentile",
        confidence_level=level,
        n_resamples=20_000,
        rng=1,
    ).confidence_interval
    t = stats.ttest_1samp(x, 0).confidence_interval(level)
    width = max(boot.high - boot.low, t.high - t.low)
    assert e.high - e.low == pytest.approx(width, rel=0.03)


def test_twenty_normal_seeds_are_not_taken_for_a_crowd():
    """The percentile bootstrap alone is too narrow, most of all far out."""
    x = np.random.default_rng(1).normal(size=20)
    t = stats.ttest_1samp(x, 0).confidence_interval(0.9975)
    e = estimate(x, 0.9975)
    assert (e.low, e.high, e.method) == pytest.approx(
        (t.low, t.high, "paired t")
    )


def test_spreads_are_compared_by_pairs():
    rng = np.random.default_rng(0)
    pairs = rng.normal(size=(40, 2)) * [3.0, 1.0]
    e = ratio_of_spreads(pairs)
    assert e.mean == pytest.approx(np.log(np.divide(*pairs.std(0, ddof=1))))
    assert e.low < np.log(3) < e.high
    alike = np.repeat(pairs[:, :1], 2, axis=1)  # what a pair shares drops out
    assert ratio_of_spreads(alike)[:3] == (0.0, 0.0, 0.0)


def test_intervals_of_a_ratio_of_spreads_cover_it(monkeypatch):
    monkeypatch.setattr(statistics, "DRAWS", 400)
    rng = np.random.default_rng(1)
    found = [ratio_of_spreads(rng.normal(size=(40, 2))) for _ in range(300)]
    assert np.mean([e.low <= 0.0 <= e.high for e in found]) >= 0.9


def test_nets_of_a_seed_are_one_draw():
    """Fifteen seeds bound a proportion as fifteen runs do."""
    one = proportion_by_seed(np.ones(15))
    assert (one.low, one.high, one.n) == (proportion(15, 15).low, 1.0, 15)
    half = proportion_by_seed(np.full(15, 0.5))
    assert half.mean == 0.5
    assert half.low < proportion(60, 120).low


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
def test_proportions_have_the_exact_interval(count, total):
    theirs = stats.binomtest(count, total).proportion_ci(0.95, "exact")
    ours = proportion(count, total)
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
        (larger(0.01), (0.009, 0.001, 0.04), "unclear"),  # point below δ
        (larger(0.01), (0.02, -0.001, 0.04), "unclear"),
        (larger(0.01), (0.005, 0.001, 0.009), "too small"),
        (larger(0.01), (0.0, -0.009, 0.009), "too small"),
        (larger(0.01), (-0.02, -0.03, -0.01), "opposite"),
        (ratio(0.8), (0.3, 0.2, 0.4), "supported"),
        (ratio(1.25), (0.2, 0.1, 0.3), "unclear"),
        (equivalent(0.01), (0.0, -0.009, 0.009), "supported"),
        (equivalent(0.01), (0.0, -0.011, 0.009), "unclear"),
        (equivalent(0.01), (0.03, 0.02, 0.04), "opposite"),
        (not_worse(0.01), (0.0, -0.009, 0.5), "supported"),
        (not_worse(0.01), (-0.02, -0.03, -0.005), "unclear"),
        (not_worse(0.01), (-0.02, -0.03, -0.011), "opposite"),
    ],
)
def test_rules_decide(rule, numbers, verdict):
    assert rule(interval(*numbers)) == verdict


WORDS = {
    "s": "supported",
    "o": "opposite",
    "t": "too small",
    "u": "unclear",
    "f": "false",
}


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ("s", "supported"),
        ("ssst", "mostly supported"),
        ("ssu", "mostly supported"),
        ("sso", "mixed"),  # two thirds, but one is opposite
        ("sf", "mixed"),
        ("st", "mixed"),
        ("suu", "undecided"),
        ("sstttu", "mostly not"),
        ("stt", "mostly not"),
        ("stu", "mixed"),  # of the others no more than half
        ("t", "not supported"),
        ("tu", "not supported"),
        ("tuu", "undecided"),
    ],
)
def test_cells_make_a_headline(cells, verdict):
    outcomes = [Outcome(str(i), WORDS[c]) for i, c in enumerate(cells)]
    found = assemble(outcomes)
    assert found.verdict == verdict
    assert (found.k, found.n) == (cells.count("s"), len(cells))
    for letter, word in WORDS.items():
        assert (f"{cells.count(letter)} {word}" in found.reason) == (
            letter in cells and letter != "s"
        )
    background = Outcome("shown", "false", counted=False, printed=True)
    assert assemble([*outcomes, background]) == found
    printed = Outcome("printed", "false", printed=True)
    assert assemble([*outcomes, printed]).verdict == "false as printed"


def test_a_headline_needs_a_cell_that_counts():
    with pytest.raises(ValueError, match="a cell that counts"):
        assemble([Outcome("shown", "supported", counted=False)])


def test_an_effect_without_its_cause_is_at_most_mixed():
    effect, cause = Outcome("(a)", "supported"), Outcome("(b)", "too small")
    rest = [effect] * 4
    assert assemble([*rest, cause]).verdict == "mostly supported"
    assert with_cause([*rest, cause], "(a)", "(b)").verdict == "mixed"
    both = [*rest, Outcome("(b)", "supported")]
    assert with_cause(both, "(a)", "(b)").verdict == "supported"


def test_expectations_are_read_in_words_of_either_scale():
    assert expected("supported", ("holds",))
    assert expected("mostly not", ("holds in part",))
    assert expected("undecided", ("undecided at this budget",))
    assert expected("mixed", ("mixed",))
    assert not expected("not supported", ("holds in part",))
    assert not expected("mostly supported", ("does not hold", "holds"))


def test_more_than_four_cells_share_the_level():
    assert [family(n) for n in (1, 4, 5, 20)] == [0.95, 0.95, 0.99, 0.9975]


@pytest.mark.parametrize(
    "call",
    [
        lambda: estimate(np.array([1.0])),
        lambda: estimate(np.array([1.0, np.nan])),
        lambda: proportion(3, 2),
        lambda: proportion(0, 0),
        lambda: proportion_by_seed(np.array([])),
        lambda: ratio_of_spreads(np.ones((2, 2))),
        lambda: ratio_of_spreads(np.full((9, 2), np.nan)),
    ],
)
def test_what_cannot_be_estimated_is_refused(call):
    with pytest.raises(ValueError, match=r"because|positive"):
        call()
