"""The league's nets are those that they would be alone."""

import numpy as np
import pytest
import scipy.stats
import torch

from dlf.data import digits
from dlf.nn.regularization import league
from dlf.scratch.regularization.penalties import max_norm, soft_threshold

TASKS = {k: league.mislabel(digits.load(seed=k), k) for k in range(2)}
W = torch.linspace(-1, 1, 24, dtype=torch.float64).reshape(2, 3, 4)
S = torch.tensor([0.1, 0.4], dtype=torch.float64).reshape(2, 1, 1)


def test_a_fifth_of_the_labels_is_drawn_anew_but_for_the_test_set():
    clean = league.mislabel(digits.load(), wrong=0.0)
    for part, wrong in (("train", 0.18), ("validation", 0.18), ("test", 0)):
        differ = (TASKS[0][part][1] != clean[part][1]).double().mean().item()
        assert differ == pytest.approx(wrong, abs=0.04 if wrong else 1e-12)


@pytest.mark.parametrize("arm", list(league.ARMS))
def test_every_regularizer_trains_in_its_own_way(arm, monkeypatch):
    monkeypatch.setattr(league, "STEPS", 5)
    strength = 2.0 if arm == "fewer steps" else 0.5
    (w, *_), (plain, *_) = (
        league.train(a, [strength], [0], TASKS) for a in (arm, "none")
    )
    assert torch.equal(w, plain) == (arm == "none")


def test_weights_are_treated_net_by_net_as_in_scratch():
    shrunk = league.weights("L1, decoupled", W, W, S)
    held = league.weights("max-norm", W, W, S)
    for k in range(2):
        want, _ = soft_threshold(W[k].numpy(), league.RATE * S[k].item())
        assert shrunk[k].numpy() == pytest.approx(want)
        want = max_norm(W[k].numpy(), S[k].item())
        assert held[k].numpy() == pytest.approx(want)


def test_images_are_shifted_with_paper_at_the_edge():
    x = torch.arange(64, dtype=torch.float64).reshape(1, 1, 8, 8)
    one, none = torch.ones(1, 1), torch.zeros(1, 1)
    moved = league.shift(x, one, none)[0, 0]
    assert torch.equal(moved[1:], x[0, 0, :-1])
    assert (moved[0] == -league.INK).all()
    assert torch.equal(
        league.shift(x, none, -one)[0, 0, :, :-1], x[0, 0, :, 1:]
    )


def test_a_net_learns_its_own_task_beside_others():
    """Their batches and weights are drawn together, their data apart."""
    both = league.train("none", [0.0, 0.0], [0, 1], TASKS)
    swapped = {0: TASKS[0], 1: TASKS[0]}
    other = league.train("none", [0.0, 0.0], [0, 1], swapped)
    assert torch.equal(both[0][0], other[0][0])
    assert not torch.equal(both[0][1], other[0][1])
    own = league.accuracy(both, [0, 1], TASKS)
    assert own.min() > 60
    assert league.accuracy(other, [0, 1], TASKS)[0] == own[0]


def test_intervals_are_widened_for_all_pairs():
    rng = np.random.default_rng(0)
    scores = {name: rng.normal(size=20) for name in "abc"}
    found = league.differences(scores)
    assert [*found] == [("a", "b"), ("a", "c"), ("b", "c")]
    mean, half = found["a", "c"]
    d = scores["a"] - scores["c"]
    assert mean == pytest.approx(d.mean())
    one = scipy.stats.ttest_1samp(d, 0).confidence_interval(1 - 0.05 / 3)
    assert half == pytest.approx((one.high - one.low) / 2)


def test_tuning_and_fresh_seeds_are_apart():
    assert not set(league.TUNING) & set(league.FRESH)
