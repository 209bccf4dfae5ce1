"""Modules of the chapter on attention against PyTorch's, and their tools."""

import numpy as np
import pytest
import torch
from torch import nn

from dlf.nn.attention import functional, induction, measures, vision
from dlf.nn.attention.blocks import Block, MultiHeadAttention
from dlf.nn.attention.decoder import Decoder, next_token_loss, train
from dlf.scratch.attention import masks

X = torch.randn(
    2, 5, 12, generator=torch.Generator().manual_seed(0), dtype=torch.float64
)


def test_multi_head_attention_is_pytorchs():
    theirs = nn.MultiheadAttention(12, 3, bias=False, batch_first=True).double()
    ours = MultiHeadAttention(12, 3).double()
    parts = theirs.in_proj_weight.chunk(3)
    with torch.no_grad():
        for layer, w in zip((ours.q, ours.k, ours.v), parts, strict=True):
            layer.weight.copy_(w)
        ours.out.weight.copy_(theirs.out_proj.weight)
    mask = functional.causal_mask(5)
    want, _ = theirs(X, X, X, attn_mask=~mask)
    assert torch.allclose(ours(X, mask=mask), want)


@pytest.mark.parametrize("pre", [True, False])
def test_a_block_is_pytorchs(pre):
    theirs = nn.TransformerEncoderLayer(
        12, 3, 48, 0.0, "gelu", batch_first=True, norm_first=pre
    ).double()
    ours = Block(12, 3, causal=False, pre=pre).double()
    with torch.no_grad():
        theirs.self_attn.in_proj_bias.zero_()
        theirs.self_attn.out_proj.bias.zero_()
        parts = theirs.self_attn.in_proj_weight.chunk(3)
        own = ours.attention
        for layer, w in zip((own.q, own.k, own.v), parts, strict=True):
            layer.weight.copy_(w)
        own.out.weight.copy_(theirs.self_attn.out_proj.weight)
        for a, b in (
            (ours.up, theirs.linear1),
            (ours.down, theirs.linear2),
            (ours.norm1, theirs.norm1),
            (ours.norm2, theirs.norm2),
        ):
            a.load_state_dict(b.state_dict())
    assert torch.allclose(ours(X), theirs(X))


def test_heads_of_other_widths_and_other_rows():
    z = torch.randn(2, 7, 6, dtype=torch.float64)
    layer = MultiHeadAttention(12, 4, head=5, groups=2, asked=6).double()
    assert layer.k.weight.shape == (10, 6)
    y = layer(X, z)
    assert y.shape == X.shape
    moved = z.flip(1)
    assert torch.allclose(layer(X, moved), y)


def test_masks_are_those_of_scratch():
    assert np.array_equal(
        functional.causal_mask(2, 5).numpy(), masks.causal_mask(2, 5)
    )


def test_it_writes_the_same_with_the_cache_and_without():
    torch.manual_seed(0)
    net = Decoder(7, 16, 2, 4).double()
    prompt = torch.tensor([[1, 2, 3]])
    a, b = (net.write(prompt, 10, cached=c) for c in (True, False))
    assert torch.equal(a, b)
    assert a.shape == (1, 13)


def test_training_lowers_the_loss_on_a_pattern():
    torch.manual_seed(0)
    net = Decoder(4, 16, 1, 2).double()
    codes = torch.arange(200) % 4
    losses = train(net, codes, 8, 40, 1e-2)
    assert losses[-1] < 0.2 * losses[0]
    assert next_token_loss(net, codes[None, :9]) < losses[0]


def test_patches_are_read_row_by_row():
    image = torch.arange(16.0).view(1, 1, 4, 4)
    cut = vision.patches(image, 2)
    assert cut.tolist()[0][0] == [0, 1, 4, 5]
    assert cut.tolist()[0][1] == [2, 3, 6, 7]


def test_a_vision_transformer_without_places_sees_a_bag_of_patches():
    torch.manual_seed(0)
    image = torch.randn(3, 1, 4, 4, dtype=torch.float64)
    moved = image.roll(2, 3)  # two patches change their places
    for placed in (True, False):
        net = vision.VisionTransformer(4, 2, 8, 1, 2, 3, positions=placed)
        same = torch.allclose(net.double()(image), net.double()(moved))
        assert same != placed
    y = torch.tensor([0, 1, 2])
    losses = vision.train(net, image, y, 2)
    assert len(losses) == 2
    assert 0 <= vision.accuracy(net, image, y) <= 1


def test_sequences_repeat_themselves():
    tokens, periods = induction.repeated(
        50, 25, 20, torch.Generator().manual_seed(0)
    )
    for row, period in zip(tokens, periods[:, 0], strict=True):
        assert torch.equal(row[period:], row[:-period])
        assert len(set(row[:period].tolist())) == period
    assert periods.min() == 8
    assert periods.max() == 12


def test_scores_of_a_perfect_look_up():
    """Weights made by hand: the second block looks behind the match."""
    tokens, periods = induction.repeated(
        4, 25, 20, torch.Generator().manual_seed(1)
    )

    class Perfect(induction.AttentionOnly):
        def forward(self, tokens, maps=None):
            T = tokens.shape[1]
            back = torch.zeros(len(tokens), T, T)
            logits = torch.zeros(len(tokens), T, 20)
            for n, p in enumerate(periods[:, 0].tolist()):
                for t in range(p, T):
                    back[n, t, t - p + 1] = 1
                    logits[n, t, tokens[n, t - p + 1]] = 1
            if maps is not None:
                maps.append(back)
            return logits

    right, before, behind = induction.scores(
        Perfect(20, 4, 1, 25), tokens, periods
    )
    assert (right, behind) == (1.0, [1.0])
    assert before[0] < 0.2


def test_training_is_logged():
    torch.manual_seed(0)
    net = induction.AttentionOnly(8, 8, 2, 9)
    log = induction.train(net, 9, 8, 4, 2)
    assert [row[0] for row in log] == [0, 2, 4]
    assert len(log[0][3]) == 2


def test_the_last_gradient_falls_with_depth_before_a_norm_alone():
    flow = {}
    for pre in (True, False):
        torch.manual_seed(0)
        flow[pre] = [measures.last_gradient(pre, n) for n in (2, 32)]
    assert flow[True][1] < 0.5 * flow[True][0]
    assert flow[False][1] > 0.8 * flow[False][0]


def test_places_are_not_rounded_to_the_type_of_the_rows():
    x = torch.ones(1, 2, dtype=torch.bfloat16)
    near, far = (
        functional.rope(x, torch.tensor([t], dtype=torch.float64))
        for t in (256, 257)
    )
    assert near.dtype == torch.bfloat16
    assert not torch.equal(near, far)


def test_parts_are_timed_at_every_length():
    found = measures.part_seconds((4, 8), 16, 4, 1)
    assert set(found) == {"projections", "scores and means", "perceptron"}
    assert all(len(v) == 2 and min(v) > 0 for v in found.values())
