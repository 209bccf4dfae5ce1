"""Regularization: moments of noise, zeros of L1, sums of soft targets."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlf.scratch.regularization import dropout, penalties, targets


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("p", [0.0, 0.3, 0.8])
def test_noise_has_mean_one_and_both_have_one_variance(p):
    hard = dropout.mask((200_000,), p, rng())
    soft = dropout.gaussian_noise((200_000,), p, rng())
    for noise in (hard, soft):
        assert noise.mean() == pytest.approx(1, abs=0.03)
        assert noise.var() == pytest.approx(p / (1 - p), abs=0.05)


def test_a_shared_mask_drops_whole_rows():
    noise = dropout.mask((6, 5, 4), 0.5, rng(1), shared=[1])
    np.testing.assert_array_equal(noise, noise[:, :1] + 0 * noise)
    assert len(np.unique(noise[0], axis=1)) > 1
    branch = dropout.mask((50, 5), 0.5, rng(1), shared=[1])
    y, _ = dropout.dropout(np.ones((50, 5)), branch)
    assert set(y.sum(1)) == {0.0, 10.0}


def test_masks_keep_a_type():
    assert dropout.mask((3,), 0.5, rng(), dtype=np.float32).dtype == "f4"


def test_the_soft_threshold_solves_its_problem():
    """Against a fine grid, and against half a million other points."""
    grid = np.linspace(-3, 3, 60001)
    for w in (-2.0, -0.3, 0.0, 0.49, 0.51, 1.7):
        best = grid[np.argmin((grid - w) ** 2 / 2 + 0.5 * np.abs(grid))]
        y, _ = penalties.soft_threshold(np.array([w]), 0.5)
        assert y[0] == pytest.approx(best, abs=1e-4)


def test_proximal_steps_make_zeros_and_subgradient_steps_do_not():
    x, w = rng().normal(size=(100, 10)), np.zeros((1, 10))
    y = x[:, :2] @ np.array([[2.0], [-1.0]])
    other = w.copy()
    for _ in range(500):
        w = penalties.soft_threshold(w - 0.1 * (x @ w.T - y).T @ x / 100, 0.01)[
            0
        ]
        pull = penalties.elastic_net(other, 0.1, 1.0)[1]()
        other = other - 0.1 * ((x @ other.T - y).T @ x / 100 + pull)
    assert (w == 0).sum() == 8
    assert (other == 0).sum() == 0


def test_max_norm_is_torchs_renorm():
    w = rng().normal(size=(6, 4))
    want = torch.renorm(torch.tensor(w), 2, 0, 1.5)
    np.testing.assert_allclose(penalties.max_norm(w, 1.5), want, 1e-6)


def test_smoothed_labels_are_torchs():
    labels, logits = rng().integers(0, 5, 8), rng().normal(size=(8, 5))
    soft = targets.smooth_labels(labels, 5, 0.1)
    np.testing.assert_allclose(soft.sum(1), 1)
    mine = -(soft * np.log(np.exp(logits) / np.exp(logits).sum(1)[:, None]))
    theirs = F.cross_entropy(
        torch.tensor(logits), torch.tensor(labels), label_smoothing=0.1
    )
    assert mine.sum(1).mean() == pytest.approx(theirs.item())


@pytest.mark.parametrize("seed", range(5))
def test_mixup_mixes_examples_and_targets_alike(seed):
    t = np.eye(4)
    x = np.arange(4.0)[:, None] + np.zeros((4, 3))
    mixed, soft = targets.mixup(x, t, 0.7, rng(seed))
    np.testing.assert_allclose(mixed, soft @ x)
    np.testing.assert_allclose(soft.sum(1), 1)


@pytest.mark.parametrize("seed", range(20))
def test_cutmix_mixes_targets_by_area(seed):
    t = np.eye(4)
    x = np.arange(4.0)[:, None, None, None] + np.zeros((4, 2, 7, 9))
    mixed, soft = targets.cutmix(x, t, 1.0, rng(seed))
    np.testing.assert_allclose(mixed.mean((1, 2, 3)), soft @ np.arange(4.0))
    np.testing.assert_allclose(soft.sum(1), 1)
    assert (x == np.arange(4.0)[:, None, None, None]).all()


def test_masks_take_negative_axes_and_types_of_arrays():
    noise = dropout.mask((6, 5), 0.5, rng(), shared=[-1])
    np.testing.assert_array_equal(noise, noise[:, :1] + 0 * noise)
    x = np.ones(3, np.float32)
    assert dropout.mask((3,), 0.5, rng(), dtype=x.dtype).dtype == "f4"


def test_constraints_at_the_rim():
    w = np.full((1, 4), 300, np.float16)
    np.testing.assert_allclose(penalties.max_norm(w, 60.0), 30, 1e-3)
    np.testing.assert_array_equal(penalties.max_norm(w, np.inf), w)
    assert penalties.elastic_net(w, 1.0, 0.0)[0] == 4 * 300**2 / 2
    _, vjp = penalties.soft_threshold(np.array([np.nan]), 1.0)
    assert vjp(np.ones(1)) == 1


@pytest.mark.parametrize(
    ("row", "limit", "want"),
    [
        ([3e200, 4e200], 1.0, [0.6, 0.8]),  # squares overflow
        ([3e-200, 4e-200], 1e-200, [6e-201, 8e-201]),  # squares vanish
        ([1e308, 1e308], 1e308, [0.5**0.5 * 1e308] * 2),
        ([5e-324, 0.0], 1.0, [5e-324, 0.0]),
        ([0.0, 0.0], 1.0, [0.0, 0.0]),
    ],
)
def test_max_norm_of_huge_and_tiny_rows(row, limit, want):
    with np.errstate(all="raise", under="ignore"):
        got = penalties.max_norm(np.array([row]), limit)
    np.testing.assert_allclose(got, [want], rtol=1e-12, atol=0)


def test_max_norm_is_rounded_once():
    w = np.array([[3e4, 4e4]], np.float16)
    got = penalties.max_norm(w, 1e-4)
    assert got.dtype == np.float16
    want = np.array([[6e-5, 8e-5]], np.float16)
    np.testing.assert_array_equal(got, want)


def test_max_norm_hands_nan_on():
    got = penalties.max_norm(np.array([[np.nan, 1.0], [3.0, 4.0]]), 1.0)
    np.testing.assert_allclose(got, [[np.nan, 1.0], [0.6, 0.8]])


def test_a_mask_of_half_precision_is_divided_before_it_is_rounded():
    noise = dropout.mask((1000,), 0.9999, rng(), dtype=np.float16)
    assert set(noise.tolist()) <= {0.0, 1e4}
    assert np.isfinite(noise).all()


def test_a_penalty_leaves_out_the_part_that_is_off():
    huge = np.array([[1e200]])
    with np.errstate(all="raise"):
        value, vjp = penalties.elastic_net(huge, 1.0, 1.0)
    assert (value, vjp()) == (1e200, 1.0)
    assert penalties.elastic_net(np.array([[np.inf]]), 1.0, 1.0)[1]() == 1.0


def test_a_threshold_takes_infinite_weights():
    y, _ = penalties.soft_threshold(np.array([np.inf, 1.0, -np.inf]), 2.0)
    np.testing.assert_array_equal(y, [np.inf, 0.0, -np.inf])


def test_pullbacks_are_of_what_came_and_not_of_what_it_became():
    w, noise = np.ones((1, 2)), np.full((1, 2), 2.0)
    _, pull = penalties.elastic_net(w, 1.0, 0.0)
    _, back = dropout.dropout(np.ones((1, 2)), noise)
    w *= 5
    noise *= 0
    np.testing.assert_array_equal(pull(), [[1.0, 1.0]])
    np.testing.assert_array_equal(back(np.ones((1, 2))), [[2.0, 2.0]])


def test_cutmix_pastes_into_opposite_corners_alike():
    """Of 8 x 8 pixels each corner is pasted in about a sixth of the draws."""
    x, t, draws = np.zeros((2, 1, 8, 8)), np.eye(2), rng()
    x[1] = 1
    pasted = np.zeros((8, 8))
    for _ in range(8000):
        mixed, soft = targets.cutmix(x, t, 1.0, draws)
        pasted += mixed[0, 0]
        assert soft[0, 1] == pytest.approx(mixed[0].mean())
    corners = pasted[[0, 0, -1, -1], [0, -1, 0, -1]] / 8000
    assert np.ptp(corners) < 0.02
    assert np.abs(pasted - pasted[::-1, ::-1]).max() / 8000 < 0.03


def test_cutmix_cuts_the_area_that_was_drawn():
    """Beta(a, a) with a large a is 1/2; at most that is cut, and often."""
    x = np.arange(2.0)[:, None, None, None] * np.ones((2, 1, 40, 40))
    cuts = []
    for seed in range(60):
        mixed, _ = targets.cutmix(x, np.eye(2), 1e9, rng(seed))
        cuts.append(mixed[0].mean())
    assert max(cuts) == pytest.approx(0.5, abs=0.05)
