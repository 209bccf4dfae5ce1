"""Normalization: invariances, running statistics, folding, far offsets."""

import numpy as np
import pytest
import torch

from dlf.scratch.mlp import linear
from dlf.scratch.normalization import inference, layers, weights

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4))
ONE = np.ones(4), np.zeros(4)


def test_a_batch_comes_out_standard():
    y, _ = layers.batch_norm(X * [1, 10, 0.1, 5] + [0, 3, -3, 100], *ONE)
    np.testing.assert_allclose(y.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(0), 1, rtol=2e-3)


@pytest.mark.parametrize("f", [layers.batch_norm, layers.layer_norm])
def test_a_shift_and_a_stretch_change_nothing(f):
    y, _ = f(X, *ONE, eps=1e-12)
    again, _ = f(7 * X + 3, *ONE, eps=1e-12)
    np.testing.assert_allclose(y, again, atol=1e-9)


def test_the_gradient_has_no_part_along_shift_and_stretch():
    y, vjp = layers.batch_norm(X, *ONE, eps=1e-300)
    dx, _, _ = vjp(RNG.normal(size=X.shape))
    np.testing.assert_allclose(dx.sum(0), 0, atol=1e-13)
    np.testing.assert_allclose((dx * y).sum(0), 0, atol=1e-13)


@pytest.mark.parametrize("offset", [1e4, 1e6])
def test_a_far_mean_costs_no_digits(offset):
    """E[x²] - E[x]² would be zero, or negative, here."""
    far = X + offset
    exact = (far - far.astype(np.longdouble).mean(0)).astype(float)
    want = exact / np.sqrt((exact**2).mean(0) + 1e-5)
    y, _ = layers.batch_norm(far, *ONE)
    np.testing.assert_allclose(y, want, rtol=0, atol=1e-14 * offset)


def test_rms_norm_is_layer_norm_without_the_mean():
    centered = X - X.mean(1, keepdims=True)
    one, _ = layers.rms_norm(centered, np.ones(4), 1e-5)
    other, _ = layers.layer_norm(X, *ONE)
    np.testing.assert_allclose(one, other)
    assert not np.allclose(layers.rms_norm(X, np.ones(4))[0], other)


def test_one_group_is_layer_norm_of_the_whole_image():
    images = RNG.normal(size=(3, 4, 2, 5))
    y, _ = layers.group_norm(images, *ONE, groups=1)
    flat = images.reshape(3, -1)
    want, _ = layers.layer_norm(flat, np.ones(40), np.zeros(40))
    np.testing.assert_allclose(y.reshape(3, -1), want)


def test_running_statistics_are_torchs():
    theirs = torch.nn.BatchNorm1d(4, momentum=0.3).double()
    mean, var = np.zeros(4), np.ones(4)
    for seed in range(5):
        x = np.random.default_rng(seed).normal(size=(7, 4)) * 3 + 2
        theirs(torch.tensor(x))
        mean, var = inference.update_running(x, mean, var, 0.3)
    np.testing.assert_allclose(mean, theirs.running_mean, 1e-12)
    np.testing.assert_allclose(var, theirs.running_var, 1e-12)
    theirs.eval()
    y, _ = inference.batch_norm_inference(X, *ONE, mean, var)
    np.testing.assert_allclose(y, theirs(torch.tensor(X)).detach(), 1e-12)


def test_what_is_kept_is_unbiased_and_what_divides_is_not():
    two = np.array([[0.0], [2.0]])
    _, var = inference.update_running(two, np.zeros(1), np.zeros(1), 1.0)
    assert var[0] == 2
    y, _ = layers.batch_norm(two, np.ones(1), np.zeros(1), 1e-12)
    np.testing.assert_allclose(y, [[-1], [1]])


def test_folding_changes_no_output():
    w, b = RNG.normal(size=(4, 3)), RNG.normal(size=4)
    gamma, beta, mean = RNG.normal(size=(3, 4))
    var, x = RNG.random(4), RNG.normal(size=(9, 3))
    z, _ = linear(x, w, b)
    y, _ = inference.batch_norm_inference(z, gamma, beta, mean, var)
    folded = inference.fold_batch_norm(w, b, gamma, beta, mean, var)
    np.testing.assert_allclose(linear(x, *folded)[0], y, 1e-12, 1e-12)


def test_weight_norm_separates_length_and_direction():
    v, g = RNG.normal(size=(5, 3)), RNG.normal(size=5)
    w, vjp = weights.weight_norm(v, g)
    np.testing.assert_allclose(np.linalg.norm(w, axis=1), np.abs(g))
    np.testing.assert_allclose(weights.weight_norm(3 * v, g)[0], w)
    dv, _ = vjp(RNG.normal(size=w.shape))
    np.testing.assert_allclose((dv * v).sum(1), 0, atol=1e-14)


def test_power_iteration_finds_the_largest_singular_value():
    w = RNG.normal(size=(5, 3))
    left, right = weights.power_iteration(w, RNG.normal(size=5), 200)
    y, _ = weights.spectral_norm(w, left, right)
    assert np.linalg.svd(y)[1][0] == pytest.approx(1)
    assert left @ w @ right == pytest.approx(np.linalg.svd(w)[1][0])


def test_half_precision_does_not_overflow():
    """Squares of float16 overflow at 256; torch computes in float32."""
    x = np.full((1, 4), 300, np.float16)
    y, vjp = layers.rms_norm(x, np.ones(4, np.float16))
    np.testing.assert_array_equal(y, 1)
    assert vjp(y)[0].dtype == np.float16
    row = np.array([[0, 300, 600, 900]], np.float16)
    y, _ = layers.layer_norm(row, np.ones(4, "f2"), np.zeros(4, "f2"))
    np.testing.assert_allclose(y[0], [-1.342, -0.447, 0.447, 1.342], 2e-3)
    y, _ = layers.batch_norm(row.T, np.ones(1, "f2"), np.zeros(1, "f2"))
    np.testing.assert_allclose(y[:, 0], [-1.342, -0.447, 0.447, 1.342], 2e-3)
    zero = np.zeros(1, "f2")
    _, var = inference.update_running(row.T / 2, zero, zero, 1.0)
    assert var[0] == pytest.approx(np.var([0, 150, 300, 450], ddof=1), rel=1e-3)


def test_tiny_and_huge_weights_keep_their_direction():
    for size in (1e-30, 1e25):
        v = np.array([[3.0, 4.0]], np.float32) * np.float32(size)
        w, _ = weights.weight_norm(v, np.ones(1, np.float32))
        np.testing.assert_allclose(w, [[0.6, 0.8]], 1e-6)
        _, right = weights.power_iteration(v, np.ones(1, np.float32))
        np.testing.assert_allclose(right, [0.6, 0.8], 1e-6)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_squares_of_a_row_neither_overflow_nor_vanish(size):
    w, vjp = weights.weight_norm(np.array([[3.0, 4.0]]) * size, np.array([2.0]))
    np.testing.assert_allclose(w, [[1.2, 1.6]], rtol=1e-14)
    np.testing.assert_allclose(vjp(np.array([[1.0, 0.0]]))[1], [0.6])


def test_a_stored_variance_of_zero_is_no_division_in_half_precision():
    half = [np.array(v, np.float16) for v in ([[1.0]], [1], [0], [1], [0])]
    y, vjp = inference.batch_norm_inference(*half, eps=1e-8)
    assert y.dtype == np.float16
    assert y == 0
    assert all(part.dtype == np.float16 for part in vjp(half[0]))
