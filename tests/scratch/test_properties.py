"""What must hold of the concepts whatever the numbers (Hypothesis)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dlf.scratch.activations import elementwise, gated

settings.register_profile("dlf", max_examples=50, deadline=None)
settings.load_profile("dlf")

numbers = st.floats(-1e4, 1e4)
any_shape = arrays(np.float64, array_shapes(max_dims=3), elements=numbers)
rows = arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 6)),
    elements=st.floats(-50, 50),
)

ELEMENTWISE = {
    f.__name__: f
    for f in (
        elementwise.identity,
        elementwise.step,
        elementwise.sigmoid,
        elementwise.tanh,
        elementwise.hardtanh,
        elementwise.hardsigmoid,
        elementwise.relu,
        elementwise.squared_relu,
        elementwise.leaky_relu,
        elementwise.elu,
        elementwise.selu,
        elementwise.softplus,
        gated.gelu,
        gated.swish,
        gated.mish,
        gated.hardswish,
    )
}
RISING = sorted(set(ELEMENTWISE) - {"gelu", "swish", "mish", "hardswish"})
LOWEST = {
    "step": 0,
    "sigmoid": 0,
    "tanh": -1,
    "hardtanh": -1,
    "hardsigmoid": 0,
    "relu": 0,
    "squared_relu": 0,
    "elu": -1,
    "selu": -elementwise.SCALE * elementwise.ALPHA,
    "softplus": 0,
    "gelu": -0.16998,
    "swish": -0.27847,
    "mish": -0.30885,
    "hardswish": -0.375,
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(x=any_shape)
def test_an_activation_is_elementwise(name, x):
    y, vjp = ELEMENTWISE[name](x)
    flat, vjp_flat = ELEMENTWISE[name](x.ravel())
    np.testing.assert_array_equal(y.ravel(), flat)
    ones = np.ones_like(x)
    np.testing.assert_array_equal(vjp(ones).ravel(), vjp_flat(ones.ravel()))


@pytest.mark.parametrize("name", RISING)
@given(x=arrays(np.float64, 8, elements=numbers))
def test_rises(name, x):
    y, vjp = ELEMENTWISE[name](np.sort(x))
    assert (np.diff(y) >= -1e-12).all()
    assert (vjp(np.ones(8)) >= 0).all()


@pytest.mark.parametrize("name", LOWEST)
@given(x=any_shape)
def test_stays_above_its_lowest(name, x):
    assert (ELEMENTWISE[name](x)[0] >= LOWEST[name]).all()


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "hardtanh", "hardsigmoid"])
@given(x=any_shape)
def test_stays_below_one(name, x):
    assert (ELEMENTWISE[name](x)[0] <= 1).all()


@given(x=any_shape)
def test_tanh_is_a_sigmoid(x):
    np.testing.assert_allclose(
        elementwise.tanh(x)[0], 2 * elementwise.sigmoid(2 * x)[0] - 1, 0, 1e-15
    )


@given(x=any_shape)
def test_a_sigmoid_and_its_mirror_share_one(x):
    y, mirrored = elementwise.sigmoid(x)[0], elementwise.sigmoid(-x)[0]
    np.testing.assert_allclose(y + mirrored, 1, 0, 1e-15)


@pytest.mark.parametrize("name", ["softplus", "gelu", "swish", "relu"])
@given(x=any_shape)
def test_a_hinge_and_its_mirror_differ_by_x(name, x):
    f = ELEMENTWISE[name]
    np.testing.assert_allclose(f(x)[0] - f(-x)[0], x, 1e-13, 1e-13)


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
@given(x=any_shape, scale=st.floats(0, 100))
def test_a_hinge_scales(name, x, scale):
    f = ELEMENTWISE[name]
    np.testing.assert_allclose(f(scale * x)[0], scale * f(x)[0], 1e-12, 1e-12)


@given(x=any_shape)
def test_swish_lies_between_a_line_and_a_hinge(x):
    line, hinge = gated.swish(x, beta=0.0)[0], gated.swish(x, beta=1e8)[0]
    np.testing.assert_allclose(line, x / 2)
    np.testing.assert_allclose(hinge, np.maximum(x, 0), 1e-8, 1e-8)


@given(x=any_shape)
def test_the_two_forms_of_gelu_are_close(x):
    exact, closed = gated.gelu(x)[0], gated.gelu(x, approximate="tanh")[0]
    np.testing.assert_allclose(closed, exact, 0, 5e-4)


@pytest.mark.parametrize("normalize", [elementwise.softmax, gated.sparsemax])
@given(x=rows, shift=numbers)
def test_probabilities_are_invariant_to_a_shift(normalize, x, shift):
    np.testing.assert_allclose(
        normalize(x)[0], normalize(x + shift)[0], 1e-9, 1e-9
    )


@pytest.mark.parametrize("normalize", [elementwise.softmax, gated.sparsemax])
@given(eighths=arrays(np.int64, (3, 4), elements=st.integers(-99, 99)))
def test_probabilities_keep_their_digits_far_from_zero(normalize, eighths):
    far = eighths / 8 + 2.0**40  # exact
    np.testing.assert_allclose(
        normalize(far)[0], normalize(eighths / 8)[0], 1e-12
    )


@pytest.mark.parametrize("normalize", [elementwise.softmax, gated.sparsemax])
@given(x=rows, seed=st.integers(0, 99))
def test_probabilities_add_up_and_keep_the_order(normalize, x, seed):
    p, vjp = normalize(x)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    order = np.argsort(x, axis=-1)
    assert (np.diff(np.take_along_axis(p, order, axis=-1)) >= 0).all()
    dy = np.random.default_rng(seed).normal(size=x.shape)
    np.testing.assert_allclose(vjp(dy).sum(axis=-1), 0, 0, 1e-12)


@pytest.mark.parametrize("normalize", [elementwise.softmax, gated.sparsemax])
@given(x=rows, seed=st.integers(0, 99))
def test_probabilities_follow_a_permutation(normalize, x, seed):
    order = np.random.default_rng(seed).permutation(x.shape[-1])
    np.testing.assert_allclose(
        normalize(x)[0][:, order], normalize(x[:, order])[0]
    )


@given(x=rows)
def test_sparsemax_is_the_nearest_point_of_the_simplex(x):
    p = gated.sparsemax(x)[0]
    for corner in np.eye(x.shape[-1]):  # no corner lies on x's side of p
        assert (((x - p) * (corner - p)).sum(axis=-1) <= 1e-9).all()


@given(x=rows)
def test_maxout_of_a_line_and_its_mirror_is_the_absolute_value(x):
    both = np.stack((x, -x), axis=-1).reshape(len(x), -1)
    np.testing.assert_array_equal(gated.maxout(both, 2)[0], np.abs(x))


@given(x=rows, seed=st.integers(0, 99))
def test_a_gate_that_is_shut_lets_nothing_through(x, seed):
    dy = np.random.default_rng(seed).normal(size=x.shape)
    y, vjp = gated.glu(x, np.full_like(x, -1e4))
    assert not y.any()
    assert not vjp(dy)[0].any()
