"""Mean-field theory against random nets, and against published values."""

import numpy as np
import pytest

from dlf.scratch.activations import elementwise, gated
from dlf.scratch.initialization import mean_field


@pytest.mark.parametrize(
    ("bias_variance", "published"), [(0.05, 1.761), (0.0025, 1.260)]
)
def test_critical_tanh_is_the_published_one(bias_variance, published):
    got = mean_field.critical_weight_variance(elementwise.tanh, bias_variance)
    assert got == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize("bias_variance", [1e-4, 0.05, 0.5, 5.0])
def test_at_the_edge_the_fixed_point_has_a_gradient_factor_of_one(
    bias_variance,
):
    tanh = elementwise.tanh
    w = mean_field.critical_weight_variance(tanh, bias_variance)
    q = mean_field.fixed_point(tanh, w, bias_variance, layers=5_000)
    assert mean_field.gradient_factor(tanh, q, w) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("f", [elementwise.relu, elementwise.tanh, gated.gelu])
def test_a_wide_layer_does_what_the_map_says(f):
    rng = np.random.default_rng(0)
    q, w, b, n = 1.5, 2.5, 0.3, 2_000
    z = np.sqrt(q) * rng.normal(size=n)
    y, vjp = f(z)
    weights = rng.normal(size=(n, n)) * np.sqrt(w / n)
    after = weights @ y + np.sqrt(b) * rng.normal(size=n)
    assert after.var() == pytest.approx(
        mean_field.variance_map(f, q, w, b), rel=0.15
    )
    back = vjp(weights.T @ rng.normal(size=n))
    assert (back**2).mean() == pytest.approx(
        mean_field.gradient_factor(f, q, w), rel=0.15
    )


@pytest.mark.parametrize("q", [0.01, 1.0, 100.0])
def test_relu_under_he_has_every_variance_for_a_fixed_point(q):
    relu = elementwise.relu
    assert mean_field.variance_map(relu, q, 2.0) == pytest.approx(q)
    assert mean_field.fixed_point(relu, 2.0, q=q) == pytest.approx(q)
    assert mean_field.gradient_factor(relu, q, 2.0) == pytest.approx(1)


def test_without_a_signal_the_map_gives_the_biases():
    assert mean_field.variance_map(elementwise.tanh, 0.0, 9.0, 0.2) == 0.2
    assert mean_field.gradient_factor(elementwise.tanh, 0.0, 9.0) == (
        pytest.approx(9)
    )


def test_below_one_tanh_sinks_to_zero_and_above_it_does_not():
    assert mean_field.fixed_point(elementwise.tanh, 0.9) < 1e-20
    assert mean_field.fixed_point(elementwise.tanh, 1.5) > 0.1


def test_depth_scale_counts_layers_of_a_factor_e():
    assert mean_field.depth_scale(np.e) == pytest.approx(1)
    assert mean_field.depth_scale(np.exp(-0.1)) == pytest.approx(10)
    assert mean_field.depth_scale(1.0) == float("inf")
