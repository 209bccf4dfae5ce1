"""Nets on images: each is the net it says, trained as it says."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlf.stacked import image_recipes
from dlf.stacked.image_nets import ConvNet, VisionTransformer, parameters
from dlf.stacked.image_recipes import Images

SEEDS = [0, 1]
CELL = Images(data="D8-200", size=4, steps=30, dtype="float64")
X = torch.randn(
    4, 3, 1, 8, 8, generator=torch.Generator().manual_seed(0)
).double()


def parts(net, k):
    """Weights and biases of net k."""
    pairs = zip(net.weights, net.biases, strict=True)
    return [(w[k], b[k, 0]) for w, b in pairs]


@pytest.mark.parametrize("shrink", ["max", "stride", "none"])
def test_net_k_is_a_plain_convolutional_net(shrink):
    net = ConvNet(8, 4, SEEDS, 2, shrink=shrink, dtype=torch.float64)
    for k in range(4):
        h, (*convs, (w, b)) = X[k], parts(net, k)
        for kernel, bias in convs:
            kernel = kernel.permute(3, 0, 1, 2)
            stride = 2 if shrink == "stride" else 1
            h = F.conv2d(h, kernel, bias, stride, padding=1).relu()
            h = F.max_pool2d(h, 2) if shrink == "max" else h
        assert torch.allclose(net(X)[k], h.flatten(1) @ w + b)


def test_the_transformer_does_not_see_other_images_and_knows_places():
    net = VisionTransformer(8, 6, 2, SEEDS, 2, dtype=torch.float64)
    y = net(X)
    assert torch.allclose(net(X[:, :1]), y[:, :1])
    assert not torch.allclose(net(X.roll(2, -1)), y)
    with torch.no_grad():
        net.places.zero_()  # then patches are a set
    assert torch.allclose(net(X.roll(2, -1)), net(X))


def test_multiply_adds_are_those_counted_by_hand():
    assert image_recipes.multiply_adds(CELL) == (
        64 * 9 * 4 + 16 * 9 * 4 * 8 + 4 * 8 * 10
    )
    strided = replace(CELL, shrink="stride")
    assert image_recipes.multiply_adds(strided) == (
        16 * 9 * 4 + 4 * 9 * 4 * 8 + 4 * 8 * 10
    )
    none = replace(CELL, shrink="none")
    assert image_recipes.multiply_adds(none) == (
        64 * 9 * 4 + 64 * 9 * 4 * 8 + 64 * 8 * 10
    )
    dense = replace(CELL, model="mlp")
    assert image_recipes.multiply_adds(dense) == 64 * 4 + 4 * 10
    with pytest.raises(ValueError, match="vit"):
        image_recipes.multiply_adds(replace(CELL, model="vit"))


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 4 * 10 + 8 * 37 + 10 * 33),
        ({"model": "mlp"}, 4 * 65 + 10 * 5),
        ({"shrink": "stride"}, 4 * 10 + 8 * 37 + 10 * 33),
        ({"shrink": "none"}, 4 * 10 + 8 * 37 + 10 * 513),
        ({"shuffled": True}, 4 * 10 + 8 * 37 + 10 * 33),
        (
            {"model": "vit", "size": 6},
            6 * (4 + 1 + 16) + 2 * (12 * 36 + 9 * 6) + 10 * 7,
        ),
    ],
)
def test_each_learns_and_seeds_do_not_mix(change, count):
    cell = replace(CELL, **change)
    assert parameters(image_recipes.build(cell, SEEDS, 2)) == count
    out = image_recipes.train(cell, [0.03, 0.1], SEEDS)
    assert (out["loss"] < out["initial"]).all()
    alone = image_recipes.train(cell, [0.1], SEEDS[1:])
    assert alone["loss"][0, 0] == pytest.approx(out["loss"][1, 1], rel=1e-9)


def test_shuffled_images_hold_the_same_pixels_elsewhere():
    one, other = (
        image_recipes.examples(replace(CELL, shuffled=s), SEEDS).x
        for s in (False, True)
    )
    assert not torch.equal(one, other)
    assert torch.equal(
        one.flatten(1).sort(1).values, other.flatten(1).sort(1).values
    )


def test_a_shift_moves_by_a_pixel_and_brings_zeros():
    x = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    moved = image_recipes.shifted(torch.tensor(x), 1, 0)[0, 0].numpy()
    np.testing.assert_array_equal(moved, [[0, 0, 0], [1, 2, 3], [4, 5, 6]])
    moved = image_recipes.shifted(torch.tensor(x), 0, -1)[0, 0].numpy()
    np.testing.assert_array_equal(moved, [[2, 3, 0], [5, 6, 0], [8, 9, 0]])


def test_a_net_that_answers_alike_agrees_with_itself():
    data = image_recipes.examples(CELL, SEEDS)
    net = image_recipes.build(CELL, SEEDS, 1)
    assert (image_recipes.agreement(net, data) < 1).all()
    with torch.no_grad():
        net.weights[-1].zero_()
        net.biases[-1][..., 3] = 1
    assert (image_recipes.agreement(net, data) == 1).all()
