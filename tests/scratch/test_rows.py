"""Rows of very different sizes keep what is theirs, each by itself.

A row of numbers near 1e200 beside one near 1e-200: squares of the one overflow
and of the other vanish, and a scale that all rows share loses one of them.
"""

import numpy as np
import pytest

from dlf.scratch import gradient_stability
from dlf.scratch.activations import elementwise
from dlf.scratch.graphs import segments
from dlf.scratch.initialization import mean_field
from dlf.scratch.mathematics import numerics
from dlf.scratch.normalization import weights
from dlf.scratch.optimizers import adafactor
from dlf.scratch.regularization import penalties

SIZES = np.array([[1e200], [1e-200], [1.0]])
ROWS = np.array([3.0, 4.0]) * SIZES


def test_a_direction_has_length_one_whatever_its_size():
    w, vjp = weights.weight_norm(ROWS, np.array([1.0, 2.0, 5.0]))
    np.testing.assert_allclose(w, [[0.6, 0.8], [1.2, 1.6], [3, 4]])
    dv, dg = vjp(np.array([[0.8, -0.6]] * 3))
    np.testing.assert_allclose(dg, 0, atol=1e-15)
    lengths = np.array([1.0, 2.0, 5.0])[:, None] / (5 * SIZES)
    np.testing.assert_allclose(dv, lengths * [0.8, -0.6])


def test_a_row_is_shortened_by_its_own_length():
    w = penalties.max_norm(ROWS, 1.0)
    np.testing.assert_allclose(w, [[0.6, 0.8], ROWS[1], [0.6, 0.8]])
    at_rest = penalties.max_norm(np.array([[0.0, 0.0], [3.0, 4.0]]), 5.0)
    np.testing.assert_array_equal(at_rest, [[0, 0], [3, 4]])


def test_a_units_gradient_is_clipped_by_its_own_weights():
    grads, params = {"w": np.array([[0.6, 0.8]] * 3)}, {"w": ROWS}
    clipped, norm = gradient_stability.clip_adaptively(
        grads, params, limit=0.1, eps=0.01
    )
    np.testing.assert_allclose(
        np.linalg.norm(clipped["w"], axis=1), [1, 0.1 * 0.01, 0.5]
    )
    assert norm == pytest.approx(3**0.5)


def test_a_gradient_is_clipped_by_its_own_length():
    w = {"w": np.ones((3, 2))}
    clipped, _ = gradient_stability.clip_adaptively({"w": ROWS}, w, 1.0)
    two = 2**0.5
    np.testing.assert_allclose(
        clipped["w"],
        [[0.6 * two, 0.8 * two], ROWS[1], [0.6 * two, 0.8 * two]],
    )


def test_layers_are_clipped_each_by_itself():
    grads = {str(n): row for n, row in enumerate(ROWS)}
    clipped, norm = gradient_stability.clip_by_layer(grads, 1.0)
    np.testing.assert_allclose(clipped["0"], [0.6, 0.8])
    np.testing.assert_allclose(clipped["1"], ROWS[1])
    assert norm == pytest.approx(5e200)


@pytest.mark.parametrize("kind", ["f2", "f4"])
def test_an_entry_is_clipped_in_its_own_type(kind):
    grads = {"w": np.array([3.0, -0.1], kind), "n": np.array([3, -1])}
    clipped, _ = gradient_stability.clip_by_value(grads, 0.5)
    assert clipped["w"].dtype == kind
    np.testing.assert_allclose(clipped["w"], [0.5, -0.1], rtol=1e-3)
    np.testing.assert_array_equal(clipped["n"], [0.5, -0.5])


def test_kernels_of_one_stack_have_means_of_their_own():
    """Each 3 x 4 slice moves as it does where the other is not."""
    init, update = adafactor.adafactor(d=1e9)
    g = np.random.default_rng(0).normal(size=(2, 3, 4))
    g[1] *= 1e6
    moved = []
    for part in (g, g[:1], g[1:]):
        w = {"w": np.ones_like(part)}
        moved.append(update(w, {"w": part}, init(w))[0]["w"] - 1)
    np.testing.assert_allclose(moved[0][0], moved[1][0], rtol=1e-9)
    np.testing.assert_allclose(moved[0][1], moved[2][0], rtol=1e-9)


def test_power_iteration_finds_a_vector_of_numbers_whose_squares_overflow():
    w = np.diag([3e200, 1e200])
    u, v = weights.power_iteration(w, np.array([0.6, 0.8]), steps=50)
    np.testing.assert_allclose(np.abs(u), [1, 0], atol=1e-12)
    np.testing.assert_allclose(np.abs(v), [1, 0], atol=1e-12)


def test_the_norm_of_complex_gradients_counts_both_parts():
    grads = {"w": np.array([3 + 4j, 0])}
    clipped, norm = gradient_stability.clip_by_norm(grads, 1.0)
    assert norm == 5
    np.testing.assert_allclose(clipped["w"], [0.6 + 0.8j, 0])


def test_results_that_are_infinite_raise_no_alarm():
    zero, one = {"w": np.zeros(2)}, {"w": np.ones(2)}
    with np.errstate(all="raise"):
        assert gradient_stability.update_ratios(zero, one)["w"] == np.inf
        assert gradient_stability.update_ratios(one, one)["w"] == -np.inf
        assert np.isnan(gradient_stability.update_ratios(zero, zero)["w"])
        assert mean_field.depth_scale(1.0) == np.inf
        assert numerics.log_sum_exp(np.full((1, 2), -np.inf))[0] == -np.inf
        kept = penalties.max_norm(np.array([[np.nan, 1.0], [3.0, 4.0]]), 1.0)
        still, _ = gradient_stability.clip_adaptively(zero, one)
    assert still["w"].tolist() == [0, 0]
    assert np.isnan(kept[0, 0])
    np.testing.assert_allclose(kept[1], [0.6, 0.8])


def test_a_fixed_point_is_found_to_digits_of_its_own_size():
    """Of linear units q = σ_b² / (1 - σ_w²), here a million times larger."""
    q = mean_field.fixed_point(elementwise.identity, 0.5, 1e6, layers=25)
    assert q == pytest.approx(2e6, rel=1e-4)


def test_many_short_numbers_of_one_segment_keep_their_digits():
    """Added one by one in float32, 0.1 a million times is off by one part
    in a hundred."""
    m, index = np.full((1_000_000, 1), 0.1, "f4"), np.zeros(1_000_000, int)
    y, _ = segments.segment_sum(m, index, 2)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, [[100_000], [0]], rtol=1e-6)
