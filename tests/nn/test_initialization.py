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
