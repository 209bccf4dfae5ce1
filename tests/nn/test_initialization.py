"""Initial weights as PyTorch users write them: spread, biases, rates."""

import math

import pytest
import torch
from torch import nn

from dlf.nn import initialization


def test_initialize_changes_dense_layers_and_convolutions_alone():
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Linear(400, 300), nn.LayerNorm(300), nn.Conv2d(8, 64, 3)
    )
    net.apply(initialization.initialize)
    assert net[0].weight.std().item() == pytest.approx(math.sqrt(2 / 400), 0.02)
    assert net[2].weight.std().item() == pytest.approx(math.sqrt(2 / 72), 0.05)
    assert not net[0].bias.any()
    assert not net[2].bias.any()
    assert (net[1].weight == 1).all()


def test_a_layer_without_biases_is_fine():
    layer = nn.Linear(4, 4, bias=False)
    initialization.initialize(layer)
    assert layer.bias is None


@pytest.mark.parametrize(
    ("cut", "kept"),
    [(0.5, 0.2840), (1.0, 0.5396), (2.0, 0.8796), (3.0, 0.9866)],
)
def test_the_truncated_normal_has_the_deviation_it_says(cut, kept):
    torch.manual_seed(0)
    w = torch.empty(400, 400)
    initialization.truncated_normal_(w, 0.02, cut)
    assert w.std().item() == pytest.approx(0.02, rel=0.01)
    assert w.abs().max().item() == pytest.approx(0.02 * cut / kept, rel=0.01)


def test_rates_and_outputs_shrink_with_the_width():
    torch.manual_seed(0)
    layers = [nn.Linear(64, 256), nn.Linear(256, 256), nn.Linear(256, 10)]
    initialization.mup_initialize(layers, 32)
    assert layers[2].weight.std().item() == pytest.approx(32**0.5 / 256, 0.1)
    assert layers[1].weight.std().item() == pytest.approx(
        (2 / 256) ** 0.5, 0.02
    )
    groups = initialization.mup_groups(layers, 0.1, 32)
    rates = {id(p): g["lr"] for g in groups for p in g["params"]}
    assert len(rates) == 6
    assert rates[id(layers[0].weight)] == 0.1
    assert rates[id(layers[1].weight)] == pytest.approx(0.1 / 8)
    assert rates[id(layers[2].weight)] == pytest.approx(0.1 / 8)
    assert {rates[id(layer.bias)] for layer in layers} == {0.1}


def test_at_the_base_width_nothing_changes():
    layers = [nn.Linear(64, 32), nn.Linear(32, 10)]
    groups = initialization.mup_groups(layers, 0.1, 32)
    assert {g["lr"] for g in groups} == {0.1}


def test_nets_side_by_side_differ_in_scale_alone():
    nets = initialization.ScaledMLPs([0.1, 0.2], 3, 8, torch.relu, inputs=5)
    x = torch.randn(7, 5, dtype=torch.float64)
    one, two = nets.hidden(x)
    torch.testing.assert_close(two, 8 * one)
    h = x
    for w, b in zip(nets.weights[:-1], nets.biases[:-1], strict=True):
        h = torch.relu(h @ w[1] + b[1])
    torch.testing.assert_close(nets(x)[1], h @ nets.weights[-1][1])
    first, second = (nets.weights[k][0].std().item() for k in (0, 1))
    assert first == pytest.approx(0.1 * math.sqrt(8 / 5), rel=0.4)
    assert second == pytest.approx(0.1, rel=0.4)


def test_each_net_trains_as_it_would_alone():
    x = torch.randn(60, 5, dtype=torch.float64)
    y = (x[:, 0] > 0).long()

    def trained(deviations):
        nets = initialization.ScaledMLPs(
            deviations, 2, 8, torch.tanh, inputs=5, classes=2, bias=0.1
        )
        assert nets.biases[0].std() > 0.02
        got = initialization.train_side_by_side(nets, x, y, 60, lr=0.02)
        return got, nets(x).detach()

    both, z = trained([0.3, 0.001])
    alone, single = trained([0.3])
    torch.testing.assert_close(z[:1], single, atol=1e-4, rtol=1e-4)
    assert both[0] == alone[0] > 0.8


def test_a_layer_without_biases_has_one_group_and_bad_settings_are_refused():
    layers = [nn.Linear(4, 8), nn.Linear(8, 2, bias=False)]
    groups = initialization.mup_groups(layers, 0.1, 4)
    assert [len(g["params"]) for g in groups] == [2, 1]
    for base in (0, -4):
        with pytest.raises(ValueError, match="`base` must be at least 1"):
            initialization.mup_groups(layers, 0.1, base)
        with pytest.raises(ValueError, match="`base` must be at least 1"):
            initialization.mup_initialize(layers, base)
    for std, cut in ((0.0, 2.0), (-1.0, 2.0), (math.nan, 2.0), (1.0, 0.0)):
        with pytest.raises(ValueError, match="`std` must be positive"):
            initialization.truncated_normal_(torch.empty(3), std, cut)
    with pytest.raises(ValueError, match="`depth` must be at least 1"):
        initialization.ScaledMLPs([0.1], 0, 8, torch.relu)


def test_a_weight_that_is_computed_or_has_no_shape_is_refused():
    normed = nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))
    for layer in (normed, nn.LazyLinear(3)):
        with pytest.raises(ValueError, match="initialize: `module` must hold"):
            initialization.initialize(layer)


@pytest.mark.parametrize("lr", [0.0, -0.1, math.inf, math.nan])
def test_mup_refuses_a_rate_that_is_none(lr):
    with pytest.raises(ValueError, match="mup_groups: `lr` must be positive"):
        initialization.mup_groups([nn.Linear(2, 2)], lr, 1)


@pytest.mark.parametrize("deviations", [[], [-1.0], [math.nan], [math.inf]])
def test_nets_side_by_side_refuse_deviations_that_are_none(deviations):
    with pytest.raises(ValueError, match="ScaledMLPs: `deviations` must hold"):
        initialization.ScaledMLPs(deviations, 2, 3, torch.tanh)


def test_a_deviation_is_kept_in_double_precision():
    nets = initialization.ScaledMLPs([0.1, 1.0], 2, 3, torch.tanh)
    small, one = nets.weights[1].detach()
    assert torch.allclose(small, 0.1 * one, rtol=1e-14, atol=0)


@pytest.mark.parametrize(("labels", "steps"), [(4, 1), (5, 0), (5, -1)])
def test_training_side_by_side_refuses_what_it_cannot_do(labels, steps):
    nets = initialization.ScaledMLPs([0.1], 1, 3, torch.tanh, inputs=2)
    x, y = torch.zeros(5, 2, dtype=torch.float64), torch.zeros(labels).long()
    with pytest.raises(ValueError, match="train_side_by_side: `y` must hold"):
        initialization.train_side_by_side(nets, x, y, steps)
