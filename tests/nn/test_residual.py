"""Modules of the chapter on residual networks against scratch, and tools."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlf.nn.residual import blocks as book_nn
from dlf.nn.residual import surfaces
from dlf.nn.residual.nets import (
    DeepNet,
    SingleLayerSkips,
    gradient_norms,
    loss_of,
    parameters,
    train,
)
from dlf.scratch.residual import blocks

X = torch.randn(
    20, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64
)
Y = (X[:, 0] > 0).long()


def weights(*layers):
    return [
        p.detach().numpy()
        for layer in layers
        for p in (layer.weight, layer.bias)
    ]


@pytest.mark.parametrize(
    ("module", "scratch"),
    [
        (book_nn.PreActivationBlock, blocks.preactivation_block),
        (book_nn.ResidualBlock, blocks.residual_block),
    ],
)
def test_blocks_are_those_of_scratch(module, scratch):
    block = module(4).double()
    y, _ = scratch(X.numpy(), *weights(block.first, block.second))
    assert block(X).detach().numpy() == pytest.approx(y, rel=1e-12)


def test_a_block_of_another_width_projects():
    block = book_nn.ResidualBlock(4, 3).double()
    y, _ = blocks.projection_block(
        X.numpy(),
        *weights(block.first, block.second),
        block.skip.weight.detach().numpy(),
    )
    assert block(X).detach().numpy() == pytest.approx(y, rel=1e-12)


def test_highway_and_dense_block_are_those_of_scratch():
    layer = book_nn.Highway(4).double()
    assert (layer.gate.bias == -2).all()
    y, _ = blocks.highway(X.numpy(), *weights(layer.layer, layer.gate))
    assert layer(X).detach().numpy() == pytest.approx(y, rel=1e-12)
    block, h = book_nn.DenseBlock(4, 2, 3).double(), X.numpy()
    for dense in block.layers:
        h, _ = blocks.dense_layer(h, *weights(dense))
    assert block(X).detach().numpy() == pytest.approx(h, rel=1e-12)


def test_norms_stand_before_the_activations():
    block = book_nn.PreActivationBlock(4, nn.BatchNorm1d).double()
    with torch.no_grad():
        block.norm2.weight.zero_()
        block.norm2.bias.fill_(1.0)
    expected = X + block.second(torch.ones(20, 4, dtype=torch.float64))
    assert torch.allclose(block(X), expected)


@pytest.mark.parametrize(
    ("how", "shape"),
    [({}, (2, 8, 6, 6)), ({"outputs": 12, "stride": 2}, (2, 12, 3, 3))],
)
def test_bottleneck_projects_where_it_must(how, shape):
    block = book_nn.Bottleneck(8, 2, **how)
    assert block(torch.ones(2, 8, 6, 6)).shape == shape
    assert isinstance(block.skip, nn.Identity) == (not how)
    last = block.branch[-1]
    nn.init.zeros_(last.weight)
    if not how:
        x = torch.randn(2, 8, 6, 6)
        assert torch.equal(block(x), x.relu())


def test_a_net_without_skips_is_a_plain_net():
    net = DeepNet(4, 5, 2, 2, skips=False).double()
    h = net.stem(X)
    for block in net.blocks:
        h = block.second(block.first(h.relu()).relu())
    assert torch.allclose(net(X), net.head(h.relu()))
    assert parameters(net) == 25 + 4 * 30 + 12


def test_gradient_norms_begin_at_the_stem():
    net = DeepNet(4, 5, 3, 2).double()
    norms = gradient_norms(net, X, Y)
    assert len(norms) == 4
    nn.functional.cross_entropy(net(X), Y).backward()
    stem = net.stem(X).detach().requires_grad_()
    h = stem
    for block in net.blocks:
        h = block(h)
    loss = nn.functional.cross_entropy(net.head(h.relu()), Y)
    (g,) = torch.autograd.grad(loss, stem)
    assert norms[0] == pytest.approx(g.norm().item())


def test_training_lowers_the_loss_and_watches():
    torch.manual_seed(0)
    net, seen = DeepNet(4, 8, 2, 2).double(), []
    before = loss_of(net, X, Y)
    losses = train(net, X, Y, 60, 0.05, batch=10, watch=seen.append)
    assert seen == list(range(60))
    assert len(losses) == 60
    assert loss_of(net, X, Y) < before / 2


def test_loss_without_a_branch_needs_no_such_branch():
    net = DeepNet(4, 5, 2, 2, norm=nn.BatchNorm1d).double()
    whole = loss_of(net, X, Y, cut=(0,))
    assert net.training
    nn.init.zeros_(net.blocks[0].second.weight)
    assert loss_of(net, X, Y) == pytest.approx(whole)


@pytest.mark.parametrize("cut", [(99,), (-1, 0), (2,)])
def test_what_is_cut_must_be_a_block(cut):
    with pytest.raises(ValueError, match="must name blocks from 0 to 1"):
        DeepNet(4, 5, 2, 2).double()(X, cut=cut)


@pytest.mark.parametrize("many", [0, 3])
def test_a_picture_has_one_or_two_directions(many):
    net = DeepNet(4, 5, 2, 2).double()
    two = [[torch.ones_like(p) for p in net.parameters()]] * many
    with pytest.raises(ValueError, match="loss_slice: `directions` must"):
        surfaces.loss_slice(net, X, Y, two, [0.0])


def test_directions_are_as_long_as_the_rows_and_the_net_is_put_back():
    net = DeepNet(4, 5, 2, 2).double()
    draw = torch.Generator().manual_seed(0)
    two = [surfaces.direction(net, draw) for _ in range(2)]
    for p, d in zip(net.parameters(), two[0], strict=True):
        if p.ndim > 1:
            assert torch.allclose(p.norm(dim=1), d.norm(dim=1))
        else:
            assert not d.any()
    before = loss_of(net, X, Y)
    grid = surfaces.loss_slice(net, X, Y, two, (-1.0, 0.0, 0.5))
    assert grid.shape == (3, 3)
    assert grid[1, 1] == pytest.approx(before)
    assert loss_of(net, X, Y) == before
    line = surfaces.loss_slice(net, X, Y, two[:1], (-1.0, 0.0, 0.5))
    assert line == pytest.approx(grid[:, 1])
    assert np.ptp(grid) > 0


def test_a_branch_that_ends_in_relu_never_subtracts():
    torch.manual_seed(0)
    for relu_last in (True, False):
        net = SingleLayerSkips(4, 6, 3, 2, True, relu_last).double()
        gain = net.stream(X) - F.relu(net.stem(X))
        assert (gain.min() >= 0) == relu_last
        assert gain.abs().max() > 0
        assert net(X).shape == (20, 2)
    plain = SingleLayerSkips(4, 6, 1, 2, False, False).double()
    h = F.relu(plain.stem(X))
    h = h + plain.layers[0](h)
    assert torch.allclose(plain(X), plain.head(h.relu()))
