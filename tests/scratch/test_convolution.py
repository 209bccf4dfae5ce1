"""Convolution in every combination of its settings, as PyTorch has it."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlf.nn.convolution import DepthwiseSeparable, LeNet
from dlf.scratch.convolution import (
    correlation,
    geometry,
    nets,
    pooling,
    transposed,
)
from dlf.scratch.convolution.windows import (
    add_windows,
    fold,
    output_size,
    unfold,
    windows,
)

MAPS, STAMPS = np.ones((1, 2, 4, 4)), np.ones((2, 2, 2, 2))
LINES, TAPS = np.ones((1, 2, 4)), np.ones((2, 2, 2))
COMBINATIONS = list(
    itertools.product((0, 1, 2), (1, 2, 3), (1, 2), (1, 2, 4), (1, 2))
)


def assert_equal_to_torchs(ours, theirs, args, how, seed):
    """Equal values and gradients, to the last digits."""
    rng = np.random.default_rng(seed)
    y, vjp = ours(*args, **how)
    leaves = [torch.tensor(a, requires_grad=True) for a in args]
    want = theirs(*leaves, **how)
    dy = rng.normal(size=y.shape)
    want.backward(torch.tensor(dy))
    np.testing.assert_allclose(y, want.detach(), 1e-12, 1e-13)
    for mine, leaf in zip(vjp(dy), leaves, strict=True):
        np.testing.assert_allclose(mine, leaf.grad, 1e-10, 1e-12)


@pytest.mark.parametrize("combination", COMBINATIONS, ids=str)
def test_convolutions_of_one_and_two_axes(combination):
    padding, stride, dilation, groups, axes = combination
    how = {
        "padding": padding,
        "stride": stride,
        "dilation": dilation,
        "groups": groups,
    }
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4, 7, 6)[: 2 + axes])
    w = rng.normal(size=(8, 4 // groups, 3, 2)[: 2 + axes])
    ours, theirs = (
        (correlation.conv1d, F.conv1d)
        if axes == 1
        else (correlation.conv2d, F.conv2d)
    )
    assert_equal_to_torchs(ours, theirs, (x, w, rng.normal(size=8)), how, 1)


@pytest.mark.parametrize(
    ("combination", "extra"),
    [(c, q) for c in COMBINATIONS for q in (0, 1) if q < max(c[1], c[2])],
    ids=str,
)
def test_transposed_convolutions_of_one_and_two_axes(combination, extra):
    padding, stride, dilation, groups, axes = combination
    how = {
        "padding": padding,
        "stride": stride,
        "dilation": dilation,
        "groups": groups,
        "output_padding": extra,
    }
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4, 6, 5)[: 2 + axes])
    w = rng.normal(size=(4, 8 // groups, 3, 2)[: 2 + axes])
    ours, theirs = (
        (transposed.conv_transpose1d, F.conv_transpose1d)
        if axes == 1
        else (transposed.conv_transpose2d, F.conv_transpose2d)
    )
    assert_equal_to_torchs(ours, theirs, (x, w, rng.normal(size=8)), how, 1)


@pytest.mark.parametrize("combination", [c[:3] for c in COMBINATIONS[::6]])
def test_matrix_and_its_transpose(combination):
    """The layer is its matrix, the transposed layer the transpose."""
    padding, stride, dilation = combination
    how = {"padding": padding, "stride": stride, "dilation": dilation}
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 2, 7, 6)), rng.normal(size=(3, 2, 3, 2))
    y, _ = correlation.conv2d(x, w, np.zeros(3), **how)
    matrix = geometry.convolution_matrix(w, (7, 6), **how)
    np.testing.assert_allclose(matrix @ x.ravel(), y.ravel(), 1e-12, 1e-13)
    dy = rng.normal(size=y.shape)
    extra = tuple(
        (n + 2 * padding - dilation * (k - 1) - 1) % stride
        for n, k in ((7, 3), (6, 2))
    )
    back, _ = transposed.conv_transpose2d(
        dy, w, np.zeros(2), output_padding=extra, **how
    )
    np.testing.assert_allclose(
        matrix.T @ dy.ravel(), back.ravel(), 1e-12, 1e-13
    )


def test_unfold_and_adding_back_are_adjoint_with_a_border():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 3, 6, 5))
    columns, pull = unfold(x, (3, 2), (2, 1), (1, 1), (1, 2))
    c = rng.normal(size=columns.shape)
    assert (columns * c).sum() == pytest.approx((x * pull(c)).sum())
    one = np.ones((1, 1, 2, 2, 2, 2))
    counts = add_windows(one, (3, 3), (1, 1), (0, 0), (1, 1))[0, 0]
    np.testing.assert_array_equal(counts, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


def test_true_convolution_is_scipys_and_commutes():
    from scipy.signal import convolve2d

    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(5, 4)), rng.normal(size=(3, 2))
    y, _ = correlation.convolve2d(a[None, None], b[None, None], (2, 1))
    np.testing.assert_allclose(y[0, 0], convolve2d(a, b), 1e-12)
    np.testing.assert_allclose(y[0, 0], convolve2d(b, a), 1e-12)


def test_a_large_kernel_may_reach_beyond_a_small_image():
    assert output_size(3, 5, 1, 1, 1) == 1
    assert output_size(3, 5, 1, 0, 1) == 0
    assert output_size(4, 3, 5, 0, 1) == 1
    assert output_size(2, 2, 1, 0, 2) == 0


@pytest.mark.parametrize(
    "layers",
    [
        [(3, 1, 1, 1)],
        [(3, 2, 1, 1), (3, 1, 1, 1)],
        [(5, 1, 2, 1), (2, 2, 0, 1), (5, 1, 2, 1), (2, 2, 0, 1)],
        [(3, 1, 1, 1), (3, 1, 2, 2), (3, 1, 4, 4)],
    ],
)
def test_receptive_field_is_what_a_gradient_reaches(layers):
    x = torch.zeros(1, 1, 64, requires_grad=True)
    h = x
    for kernel, stride, padding, dilation in layers:
        w = torch.ones(1, 1, kernel)
        h = F.conv1d(h, w, None, stride, padding, dilation)
    field = geometry.receptive_field(layers)
    at = h.shape[-1] // 2
    for where in (at, at + 1):
        (dx,) = torch.autograd.grad(h[0, 0, where], x, retain_graph=True)
        seen = dx[0, 0].nonzero()[:, 0].numpy()
        assert seen[-1] - seen[0] + 1 == field.size
        center = (seen[0] + seen[-1]) / 2
        assert center == field.start + where * field.jump


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_lenet_is_pytorchs_with_the_same_weights(dtype):
    rng = np.random.default_rng(0)
    params = nets.init(12, 5, rng, dtype)
    x = rng.normal(size=(3, 1, 12, 12)).astype(dtype)
    y, vjp = nets.lenet(params, x)
    dy = rng.normal(size=y.shape).astype(dtype)
    grads, dx = vjp(dy)
    net = LeNet(12, 5).to(torch.tensor(x).dtype)
    net.load_state_dict({k: torch.tensor(v) for k, v in params.items()})
    leaf = torch.tensor(x, requires_grad=True)
    out = net(leaf)
    out.backward(torch.tensor(dy))
    tolerance = 1e-4 if dtype is np.float32 else 1e-10
    np.testing.assert_allclose(y, out.detach(), tolerance, tolerance)
    np.testing.assert_allclose(dx, leaf.grad, tolerance, tolerance)
    assert dict(net.named_parameters()).keys() == grads.keys()
    for name, p in net.named_parameters():
        np.testing.assert_allclose(grads[name], p.grad, tolerance, tolerance)
        assert grads[name].dtype == dtype


def test_depthwise_separable_module_is_ours():
    torch.manual_seed(0)
    layer = DepthwiseSeparable(3, 5, 3, 2).double()
    x = torch.randn(2, 3, 7, 6).double()
    depthwise, pointwise, b = (p.detach().numpy() for p in layer.parameters())
    y, _ = nets.depthwise_separable(x.numpy(), depthwise, pointwise, b, 2, 1)
    np.testing.assert_allclose(y, layer(x).detach(), 1e-12, 1e-13)


def test_first_of_equal_values_gets_the_gradient():
    _, vjp = pooling.max_pool2d(np.zeros((1, 1, 2, 2)), 2)
    np.testing.assert_array_equal(
        vjp(np.ones((1, 1, 1, 1)))[0, 0], [[1, 0], [0, 0]]
    )


@pytest.mark.parametrize("low", [-np.inf, -1e300])
def test_the_border_never_gets_a_gradient(low):
    """A mask may make all of a window as low as the border is."""
    rng = np.random.default_rng(0)
    x = np.where(rng.random((1, 2, 5, 5)) < 0.9, low, 0.0)
    y, vjp = pooling.max_pool2d(x, 3, 2, 1)
    leaf = torch.tensor(x, requires_grad=True)
    want = F.max_pool2d(leaf, 3, 2, 1)
    dy = rng.normal(size=y.shape)
    want.backward(torch.tensor(dy))
    np.testing.assert_array_equal(y, want.detach())
    np.testing.assert_array_equal(vjp(dy), leaf.grad)


def test_nan_goes_through_a_maximum_and_takes_its_gradient():
    x = np.array([[[[1.0, np.nan], [np.nan, 2]]]])
    y, vjp = pooling.max_pool2d(x, 2, padding=1, stride=1)
    assert np.isnan(y).sum() == 7
    _, vjp = pooling.max_pool2d(x, 2)
    np.testing.assert_array_equal(
        vjp(np.ones((1, 1, 1, 1))), [[[[0, 1], [0, 0]]]]
    )


@pytest.mark.parametrize(
    ("name", "call", "bad"),
    [
        (
            "conv2d",
            lambda: correlation.conv2d(MAPS, STAMPS, np.zeros(2)),
            (1, 2, 9, 1),
        ),
        (
            "conv1d",
            lambda: correlation.conv1d(LINES, TAPS, np.zeros(2)),
            (1, 3, 2),
        ),
        (
            "conv_transpose2d",
            lambda: transposed.conv_transpose2d(MAPS, STAMPS, np.zeros(2)),
            (1, 2, 1, 1),
        ),
        (
            "conv_transpose1d",
            lambda: transposed.conv_transpose1d(LINES, TAPS, np.zeros(2)),
            (1, 2, 1),
        ),
        ("max_pool2d", lambda: pooling.max_pool2d(MAPS, 2), (1, 1, 1, 1)),
        ("avg_pool2d", lambda: pooling.avg_pool2d(MAPS, 2), (1, 1, 1, 1)),
        ("global_avg", lambda: pooling.global_avg_pool2d(MAPS), (1, 1)),
        ("unfold", lambda: unfold(MAPS, 2), (1, 9, 8)),
        ("fold", lambda: fold(np.ones((1, 8, 9)), 4, 2), (1, 1, 4, 4)),
    ],
)
def test_a_gradient_of_another_shape_is_refused(name, call, bad):
    y, vjp = call()
    vjp(np.ones_like(y))
    with pytest.raises(ValueError, match=f"{name}.*: `dy` must have shape"):
        vjp(np.ones(bad))


@pytest.mark.parametrize("taps", [1, 2, 4])
def test_columns_are_a_copy_whatever_the_kernel(taps):
    x = np.random.default_rng(0).normal(size=(1, 2, 4, 4))
    w = np.ones((3, 2, taps, taps))
    y, vjp = correlation.conv2d(x, w, np.zeros(3))
    columns, _ = unfold(x, taps)
    before = vjp(np.ones_like(y))[1], columns.copy()
    x *= 2
    np.testing.assert_array_equal(vjp(np.ones_like(y))[1], before[0])
    np.testing.assert_array_equal(columns, before[1])
    columns += 1  # and it may be written to


def test_a_matrix_takes_one_number_for_a_square():
    w = np.arange(1.0, 5).reshape(1, 1, 2, 2)
    np.testing.assert_array_equal(
        geometry.convolution_matrix(w, 3),
        geometry.convolution_matrix(w, (3, 3)),
    )


def test_windows_of_one_array_overlap_and_cannot_be_written_to():
    view = windows(np.ones((1, 1, 3, 3)), (2, 2), (1, 1), (1, 1), (2, 2))
    assert view.shape == (1, 1, 2, 2, 2, 2)
    assert not view.flags.writeable
