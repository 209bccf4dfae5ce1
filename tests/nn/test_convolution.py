"""The nets of the chapter on convolution, and what they are trained with."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlf.nn import convolution as book

X = torch.randn(
    6, 1, 16, 16, generator=torch.Generator().manual_seed(0)
).double()
Y = torch.tensor([0, 1, 2, 0, 1, 2])


@pytest.mark.parametrize("head", ["max", "mean"])
def test_a_classifier_takes_images_of_any_size(head):
    torch.manual_seed(0)
    net = book.classifier(4, 3, head=head).double()
    assert book.parameters(net) == 4 * 10 + 8 * 37 + 8 * 73 + 3 * 9
    assert net(X).shape == net(X[..., 2:]).shape == (6, 3)
    maps = net[:-3](X).flatten(2)
    pooled = maps.amax(2) if head == "max" else maps.mean(2)
    assert torch.allclose(net(X), net[-1](pooled))


def test_a_classifier_refuses_another_head():
    with pytest.raises(ValueError, match="classifier: `head` must be"):
        book.classifier(4, head="flat")


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_blur_pool_weighs_1_2_1_and_keeps_every_other(mode):
    layer = book.BlurPool(1, mode).double()
    y = layer(X)
    wide = F.pad(X, (1, 1, 1, 1), mode)
    part = wide[:, 0, 2:5, 4:7]  # the window of output 1, 2
    row = torch.tensor([1.0, 2, 1]).double() / 4
    assert torch.allclose(y[:, 0, 1, 2], (row @ part) @ row)
    assert y.shape == (6, 1, 8, 8)
    assert not list(layer.parameters())
    even = torch.ones(1, 1, 8, 8).double()
    assert torch.allclose(layer(even), torch.ones(1, 1, 4, 4).double())


def test_blur_pool_takes_the_words_of_pytorch_and_no_other():
    layer = book.BlurPool(1, "zeros").double()
    want = F.conv2d(X, layer.kernel, stride=2, padding=1)
    assert torch.allclose(layer(X), want)
    with pytest.raises(ValueError, match="BlurPool: `padding_mode` must be"):
        book.BlurPool(1, "constant")


def test_without_strides_and_borders_a_shift_changes_nothing():
    torch.manual_seed(0)
    circle = {"padding": 1, "padding_mode": "circular"}
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3, **circle),
        nn.ReLU(),
        nn.Conv2d(4, 4, 3, **circle),
        nn.AdaptiveMaxPool2d(1),
    ).double()
    assert torch.allclose(net(X), net(X.roll((3, 5), (-2, -1))))


def test_training_lowers_the_loss_and_may_change_what_is_shown():
    shown = []

    def change(images, rng):
        shown.append(rng.random())
        return book.shift(images, 1, 0)

    losses = []
    for how in (None, change):
        torch.manual_seed(0)
        net = book.classifier(4, 3).double()
        losses.append(book.train(net, X, Y, 30, 0.01, 4, how))
        assert losses[-1][-1] < losses[-1][0]
    assert len(shown) == len(set(shown)) == 30
    assert losses[0] != losses[1]
    assert 0.5 < book.accuracy(net, book.shift(X, 1, 0), Y) <= 1


def test_a_shift_moves_and_brings_zeros():
    x = torch.arange(1.0, 10).view(1, 1, 3, 3)
    np.testing.assert_array_equal(
        book.shift(x, -1, 1)[0, 0], [[0, 4, 5], [0, 7, 8], [0, 0, 0]]
    )
    assert torch.equal(book.shift(x, 0, 0), x)
