"""Generative models from scratch: divergences, variances, inverses, counts."""

import math
from itertools import pairwise

import numpy as np
import pytest

from dlf.scratch.generative import (
    autoencoders,
    diffusion,
    distances,
    flows,
    variational,
)

RNG = np.random.default_rng(0)


def test_the_divergence_is_that_of_draws():
    mean, log_var = RNG.normal(size=(2, 3)), RNG.normal(size=(2, 3))
    z = mean + np.exp(log_var / 2) * RNG.normal(size=(200_000, 2, 3))
    log_q = -((z - mean) ** 2) / (2 * np.exp(log_var)) - log_var / 2
    drawn = (log_q + z**2 / 2).mean(0).sum(1).mean()
    kl, _ = variational.gaussian_kl(mean, log_var)
    assert kl == pytest.approx(drawn, abs=0.03)


def test_no_linear_autoencoder_beats_principal_components():
    x = RNG.normal(size=(30, 5)) * [3, 2, 1, 1, 0.5]
    x = x - x.mean(0)
    _, s, vt = np.linalg.svd(x, full_matrices=False)
    best = (s[2:] ** 2).sum() / 30
    loss, vjp = autoencoders.linear_autoencoder(x, vt[:2], vt[:2].T)
    assert loss == pytest.approx(best)
    assert np.abs(np.concatenate([g.ravel() for g in vjp()[1:]])).max() < 1e-9
    for _ in range(20):
        w = vt[:2] + 0.1 * RNG.normal(size=(2, 5))
        assert autoencoders.linear_autoencoder(x, w, vt[:2].T)[0] > best


def test_data_of_variance_one_keep_it_at_all_times():
    x, noise = RNG.normal(size=(2, 100_000, 1))
    for left in (0.99, 0.5, 0.01):
        noisy, _ = diffusion.diffuse(x, noise, np.full(len(x), left))
        assert noisy.var() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("t", "s"), [(0.36, 0.64), (0.01, 0.9), (0.5, 0.51)])
def test_eta_one_is_the_posterior_of_ddpm(t, s):
    x0, noise, zero = RNG.normal(size=(4, 2)), RNG.normal(size=(4, 2)), 0.0
    xt, _ = diffusion.diffuse(x0, noise, np.full(4, t))
    how = {"alpha_bar_t": t, "alpha_bar_s": s, "eta": 1.0}
    back, _ = diffusion.ddim_step(xt, noise, zero * noise, **how)
    mean, _ = diffusion.posterior_mean(x0, xt, t, s)
    assert back == pytest.approx(mean)
    moved, _ = diffusion.ddim_step(xt, noise, np.ones((4, 2)), **how)
    expected = diffusion.posterior_variance(t, s)
    assert (moved - back) ** 2 == pytest.approx(np.full((4, 2), expected))


def test_the_short_steps_make_the_long_one():
    betas = diffusion.linear_betas(50, 0.01, 0.2)
    bars = diffusion.alpha_bars(betas)
    x, variance = 1.0, 0.0
    for beta in betas:
        x, variance = math.sqrt(1 - beta) * x, (1 - beta) * variance + beta
    assert x**2 == pytest.approx(bars[-1])
    assert variance == pytest.approx(1 - bars[-1])
    single = diffusion.posterior_variance(bars[30], bars[29])
    expected = betas[30] * (1 - bars[29]) / (1 - bars[30])
    assert single == pytest.approx(expected)
    skipped = diffusion.posterior_variance(bars[30], bars[20])
    assert skipped > 4 * single


def test_without_noise_the_way_back_ends_at_the_example():
    x0, noise = RNG.normal(size=(3, 2)), RNG.normal(size=(3, 2))
    bars = [0.05, 0.3, 0.7, 1.0]
    x, _ = diffusion.diffuse(x0, noise, np.full(3, bars[0]))
    for t, s in pairwise(bars):
        x, _ = diffusion.ddim_step(x, noise, noise, t, s)
    assert x == pytest.approx(x0)


def test_coupling_is_undone():
    x, s, t = RNG.normal(size=(3, 6, 4))
    y, _ = flows.coupling(x, s, t)
    assert flows.inverse_coupling(y, s, t)[0] == pytest.approx(x)


def test_euler_follows_a_line_exactly_and_a_field_nearly():
    noise, x = RNG.normal(size=(2, 5, 2))
    end = flows.euler(lambda at, t: x - noise, noise, 3)
    assert end == pytest.approx(x)
    grown = flows.euler(lambda at, t: at, np.ones((1, 1)), 1000)
    assert grown[0, 0] == pytest.approx(math.e, rel=1e-3)


def test_the_sliced_distance_of_a_shift_is_known():
    x = RNG.normal(size=(50, 2))
    u = distances.directions(64, 2)
    assert np.linalg.norm(u, axis=1) == pytest.approx(np.ones(64))
    cost, _ = distances.sliced_wasserstein(
        np.add(RNG.permutation(x), [3, 0]), x, u
    )
    assert cost == pytest.approx(3 * 2 / math.pi, rel=1e-2)
    many = distances.directions(5, 4, seed=1)
    assert np.linalg.norm(many, axis=1) == pytest.approx(np.ones(5))


def test_modes_are_counted_by_their_due():
    centers = np.array([[0.0, 0], [5, 0], [0, 5]])
    x = np.repeat(centers, [80, 12, 4], axis=0)
    x = np.concatenate([x, np.full((4, 2), 2.5)])
    assert distances.coverage(x, centers, 0.5) == (2, 0.96)
    assert distances.coverage(x[:80], centers, 0.5) == (1, 1.0)


def test_samples_without_modes_find_none_within_two_deviations():
    angle = 2 * np.pi * RNG.uniform(size=4000)
    at = np.arange(8) * np.pi / 4
    ring, centers = (
        2 * np.stack([np.cos(a), np.sin(a)], 1) for a in (angle, at)
    )
    modes, near = distances.coverage(ring, centers, 0.2)
    assert modes == 0
    assert 0.2 < near < 0.3
    assert distances.coverage(ring, centers, 0.4)[0] == 8
    real = np.repeat(centers, 500, 0) + 0.1 * RNG.normal(size=(4000, 2))
    modes, near = distances.coverage(real, centers, 0.2)
    assert modes == 8
    assert near == pytest.approx(1 - math.exp(-2), abs=0.03)


@pytest.mark.parametrize("dtype", ["f2", "f4"])
def test_many_rows_are_summed_in_double_precision(dtype):
    x = np.full((100_000, 2), 0.5, dtype)
    zero, one = np.zeros_like(x), np.eye(2, dtype=dtype)
    half = np.array([[1.0, 0.0]], dtype)
    assert variational.gaussian_kl(x, zero)[0] == pytest.approx(0.25)
    elbo, _ = variational.negative_elbo(x, zero, zero, zero)
    assert elbo == pytest.approx(0.25 + math.log(2 * math.pi))
    loss, _ = autoencoders.linear_autoencoder(x, half, half.T)
    assert loss == pytest.approx(0.25)
    loss, _ = autoencoders.linear_autoencoder(x, one, one)
    assert loss == 0
    log_det = np.full(len(x), 0.1, dtype)
    nll, _ = flows.flow_nll(x, log_det)
    expected = 0.25 + math.log(2 * math.pi) - float(log_det[0])
    assert nll == pytest.approx(expected)
