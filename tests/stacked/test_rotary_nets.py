"""The transformer of C102 is the page's decoder, for tokens and numbers."""

import pytest
import torch

from dlf.nn.attention.decoder import Decoder
from dlf.stacked.rotary_nets import RotarySequences, RotaryTransformer
from dlf.stacked.transformer_nets import Kind, Linear, Recurrent

SMALL = RotarySequences(task="order", length=6, width=8, layers=2, heads=2)


def test_with_the_same_weights_it_is_the_decoder():
    torch.manual_seed(0)
    net = RotaryTransformer(Kind(5, 5, 6), 8, 2, 2)
    twin = Decoder(5, 8, 2, 2)
    names = {"read": "embed", "write": "head"}
    weights = {}
    for name, w in net.state_dict().items():
        first, _, rest = name.partition(".")
        weights[f"{names.get(first, first)}.{rest}"] = w
    twin.load_state_dict(weights)
    x = torch.randint(5, (3, 6))
    assert torch.allclose(net(x), twin(x), atol=1e-6)


def test_it_starts_as_the_decoder_does():
    net = RotaryTransformer(Kind(50, 50, 6), 64, 2, 4)
    block = net.blocks[0]
    assert block.up.weight.std().item() == pytest.approx(1 / 8, rel=0.05)
    assert block.down.weight.std().item() == pytest.approx(1 / 32, rel=0.05)
    assert net.read.weight.std().item() == pytest.approx(1 / 8, rel=0.1)
    assert not block.up.bias.any()


@pytest.mark.parametrize("symbols", [5, 0])
def test_no_answer_depends_on_what_comes_later(symbols):
    net = SMALL.make(Kind(symbols, max(symbols, 1), 6))
    x = torch.randint(5, (2, 6)) if symbols else torch.randn(2, 6)
    other = x.clone()
    other[:, 4:] = (other[:, 4:] + 1) % 5
    before, after = net(x), net(other)
    assert torch.allclose(before[:, :4], after[:, :4], atol=1e-6)
    assert not torch.allclose(before[:, 4:], after[:, 4:], atol=1e-4)


def test_a_mean_looks_both_ways():
    net = SMALL.make(Kind(5, 2, 6, "mean"))
    x = torch.randint(5, (2, 6))
    first = net.blocks[0](net.read(x))[:, 0]
    x[:, 5] = (x[:, 5] + 1) % 5
    assert not torch.allclose(first, net.blocks[0](net.read(x))[:, 0])


def test_other_nets_stay_what_they_are():
    kind, made = Kind(5, 5, 6), {}
    for net in ("LSTM", "linear"):
        cell = RotarySequences(task="order", length=6, net=net)
        made[net] = type(cell.make(kind))
    assert made == {"LSTM": Recurrent, "linear": Linear}
