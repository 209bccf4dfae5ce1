"""Attention: masks, places, caches, blocks, byte pairs, against other ways."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from dlf.data import corpus
from dlf.nn.attention.decoder import Decoder
from dlf.scratch.attention import (
    bpe,
    decoder,
    dot_product,
    heads,
    masks,
    online,
    positions,
    sampling,
)

RNG = np.random.default_rng(0)
Q, K, V = (RNG.normal(size=(2, 3, 6, 4)) for _ in range(3))
TEXT = corpus.load(1)
CODES, ALPHABET = corpus.encode(TEXT)
PARAMS = decoder.init(len(ALPHABET), 16, 2, RNG)
MASKS = {
    "causal": masks.causal_mask(6),
    "window": masks.window_mask(6, width=2),
    "prefix": masks.prefix_mask(3, 6),
    "nothing for one": masks.causal_mask(6) & (np.arange(6) != 2)[:, None],
    "nothing for all": np.zeros((6, 6), bool),
    "padding": np.broadcast_to(
        masks.padding_mask(np.array([4, 0]), 6), (2, 3, 6, 6)
    ),
    "slopes": masks.alibi(3, 6)[None].repeat(2, 0),
}


@pytest.mark.parametrize("name", MASKS)
@pytest.mark.parametrize(
    "f",
    [
        dot_product.attention,
        lambda *a: online.attention_online(*a, block=4),
    ],
)
def test_masked_attention_and_its_gradients_are_pytorchs(f, name):
    mask = MASKS[name]
    leaves = [torch.tensor(a, requires_grad=True) for a in (Q, K, V)]
    theirs = F.scaled_dot_product_attention(
        *leaves, attn_mask=torch.tensor(mask)
    )
    theirs.square().sum().backward()
    y, vjp = f(Q, K, V, mask)
    assert y == pytest.approx(theirs.detach().numpy(), rel=1e-12, abs=1e-13)
    for mine, leaf in zip(vjp(2 * y), leaves, strict=True):
        assert mine == pytest.approx(leaf.grad.numpy(), rel=1e-10, abs=1e-12)


def test_a_query_that_sees_nothing_gets_zeros_and_gives_none():
    mask = masks.causal_mask(6)
    mask[3] = False
    for f in (dot_product.attention, online.attention_online):
        y, vjp = f(Q, K, V, mask)
        assert not y[:, :, 3].any()
        dq, dk, dv = vjp(np.ones_like(y))
        assert not dq[:, :, 3].any()
        assert np.isfinite([dk, dv]).all()
    assert not dot_product.weights(Q, K, mask)[:, :, 3].any()


def test_weights_sum_to_one_and_avoid_what_is_masked():
    p = dot_product.weights(Q, K, MASKS["window"])
    assert p.sum(-1) == pytest.approx(np.ones((2, 3, 6)))
    assert not p[..., ~MASKS["window"]].any()


def test_a_future_row_changes_no_earlier_output():
    later = [a.copy() for a in (Q, K, V)]
    for a in later:
        a[:, :, 4:] += 1
    before, _ = dot_product.attention(Q, K, V, masks.causal_mask(6))
    after, _ = dot_product.attention(*later, masks.causal_mask(6))
    assert np.array_equal(before[:, :, :4], after[:, :, :4])
    assert not np.isclose(before[:, :, 4:], after[:, :, 4:]).all(-1).any()


def test_another_example_of_the_batch_changes_nothing():
    other = K.copy()
    other[1] += 1
    y, _ = dot_product.attention(Q, K, V)
    z, _ = dot_product.attention(Q, other, V)
    assert np.array_equal(y[0], z[0])


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_attention_commutes_with_permutations(seed):
    rng = np.random.default_rng(seed)
    x, order = rng.normal(size=(1, 5, 4)), rng.permutation(5)
    w = [rng.normal(size=(4, 4)) for _ in range(4)]
    y, _ = heads.multi_head_attention(x, x, *w, heads=2)
    moved = x[:, order]
    z, _ = heads.multi_head_attention(moved, moved, *w, heads=2)
    assert z == pytest.approx(y[:, order], rel=1e-10, abs=1e-12)


def test_a_padding_mask_is_one_a_sequence_for_as_many_heads():
    """Two sequences and two heads: the mask must not be read as a head's."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 3, 4)), rng.normal(size=(4, 4, 4))
    mask = masks.padding_mask(np.array([2, 3]), 3)
    y, _ = heads.multi_head_attention(x, x, *w, mask, heads=2)
    short = x[:1, :2]
    alone, _ = heads.multi_head_attention(x[:1], short, *w, heads=2)
    assert y[:1] == pytest.approx(alone, rel=1e-12)


def test_places_in_half_precision_are_not_rounded():
    x = np.ones((1, 2050, 2), np.float16)
    eye = np.eye(2, dtype=np.float16)
    _, vjp = heads.multi_head_attention(x, x, *[eye] * 4, rotary=True)
    dx = vjp(x)[0]
    assert dx.dtype == np.float16
    q, _ = positions.rope(x, np.arange(2050.0))
    assert not np.array_equal(q[0, 2048], q[0, 2049])


def test_the_fewest_tokens_are_kept_whatever_sums_round_to():
    for top, kept in ((0.8, 8), (0.9, 9), (0.3, 3)):
        p = sampling.next_distribution(np.zeros(10), top_p=top)
        assert (p > 0).sum() == kept
    p = sampling.next_distribution(np.log([0.7, 0.1, 0.2]), top_p=0.9)
    assert p.tolist()[1] == 0


def test_grouped_queries_are_heads_with_equal_keys():
    x, rng = RNG.normal(size=(2, 5, 6)), np.random.default_rng(1)
    wq, wo = rng.normal(size=(8, 6)), rng.normal(size=(6, 8))
    wk, wv = rng.normal(size=(2, 4, 6))
    whole = [
        np.repeat(w.reshape(2, 2, 6), 2, axis=0).reshape(8, 6) for w in (wk, wv)
    ]
    y, _ = heads.multi_head_attention(x, x, wq, wk, wv, wo, heads=4, groups=2)
    z, _ = heads.multi_head_attention(x, x, wq, *whole, wo, heads=4)
    assert y == pytest.approx(z, rel=1e-12)


def test_rotated_scores_depend_on_distance_alone():
    q, k = RNG.normal(size=(2, 1, 8))
    t = np.arange(40.0)

    def score(a, b):
        one, _ = positions.rope(q, t[a : a + 1])
        other, _ = positions.rope(k, t[b : b + 1])
        return (one @ other.T).item()

    assert score(3, 1) == pytest.approx(score(30, 28), rel=1e-10)
    assert abs(score(3, 1) - score(1, 3)) > 1e-3


def test_rotation_keeps_lengths_and_place_zero():
    x = RNG.normal(size=(5, 6))
    y, _ = positions.rope(x, np.arange(5.0))
    assert np.array_equal(y[0], x[0])
    assert (y**2).sum(1) == pytest.approx((x**2).sum(1))


@pytest.mark.parametrize("split", [1, 5, 11])
def test_the_cache_changes_no_logit(split):
    tokens = CODES[:24].reshape(2, 12)
    whole, _ = decoder.decoder(PARAMS, tokens, 4)
    first, cache = decoder.decode(PARAMS, tokens[:, :split], 4)
    rest, _ = decoder.decode(PARAMS, tokens[:, split:], 4, cache)
    both = np.concatenate([first, rest], axis=1)
    assert both == pytest.approx(whole, rel=1e-11, abs=1e-12)


def test_it_writes_the_same_with_the_cache_and_without():
    prompt = CODES[:5]
    texts = [
        sampling.generate(PARAMS, prompt, 12, np.random.default_rng(3), 4, c)
        for c in (True, False)
    ]
    assert np.array_equal(*texts)
    assert len(texts[0]) == 17


def test_the_decoder_and_its_gradients_are_pytorchs():
    twin = Decoder(len(ALPHABET), 16, 2, 4).double()
    twin.load_state_dict({k: torch.tensor(v) for k, v in PARAMS.items()})
    tokens = CODES[:24].reshape(2, 12)
    z, vjp = decoder.decoder(PARAMS, tokens, 4)
    theirs = twin(torch.tensor(tokens))
    assert z == pytest.approx(theirs.detach().numpy(), rel=1e-10, abs=1e-11)
    theirs.square().sum().backward()
    grads = vjp(2 * z)
    named = dict(twin.named_parameters())
    assert set(grads) == set(named)
    for name, p in named.items():
        assert grads[name] == pytest.approx(
            p.grad.numpy(), rel=1e-8, abs=1e-9
        ), name


def test_distributions_keep_what_they_should():
    z = np.log([0.1, 0.4, 0.3, 0.2])
    assert sampling.next_distribution(z) == pytest.approx(np.exp(z))
    two = sampling.next_distribution(z, top_k=2)
    assert two == pytest.approx([0, 4 / 7, 3 / 7, 0])
    assert sampling.next_distribution(z, top_p=0.1) == pytest.approx(
        [0, 1, 0, 0]
    )
    cold = sampling.next_distribution(z, temperature=0.01)
    assert cold[1] == pytest.approx(1)


def slow_bpe(text, merges):
    """Count all pairs of all words anew each time, in plain lists."""
    words = [list(piece.encode()) for piece in bpe.pieces(text)]
    found = []
    for n in range(merges):
        counts = {}
        for word in words:
            for i in range(len(word) - 1):
                pair = word[i], word[i + 1]
                counts[pair] = counts.get(pair, 0) + 1
        best = min(counts.items(), key=lambda item: (-item[1], item[0]))[0]
        found.append(best)
        for word in words:
            i = 0
            while i < len(word) - 1:
                if (word[i], word[i + 1]) == best:
                    word[i : i + 2] = [256 + n]
                i += 1
    return found, [token for word in words for token in word]


def test_byte_pairs_are_those_of_a_slow_way_on_the_corpus():
    text = TEXT[:12_000]
    merges = bpe.learn(text, 60)
    found, tokens = slow_bpe(text, 60)
    assert merges == found
    assert bpe.encode(text, merges) == tokens


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back(text):
    merges = bpe.learn(TEXT[:2_000], 20)
    assert bpe.decode(bpe.encode(text, merges), merges) == text


def test_more_merges_make_fewer_tokens():
    text = TEXT[:4_000]
    merges = bpe.learn(text, 40)
    lengths = [len(bpe.encode(text, merges[:n])) for n in (0, 10, 40)]
    assert lengths[0] == len(text) > lengths[1] > lengths[2]
    assert "".join(bpe.pieces(text)) == text


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda row: dot_product.attention(
                row, row, row, np.eye(2, dtype=int)
            ),
            "attention: `mask` must be of booleans",
        ),
        (
            lambda row: heads.multi_head_attention(
                row[None], row[None], *[row] * 4, np.ones((1, 1, 2), bool)
            ),
            "multi_head_attention: `mask` must have shape",
        ),
        (
            lambda row: heads.multi_head_attention(
                row[None], row[None, :1], *[row] * 4, rotary=True
            ),
            "multi_head_attention: `x` must have no more rows",
        ),
    ],
)
def test_what_could_mean_two_things_is_refused(call, says, as_shipped):
    with pytest.raises(ValueError, match=says):
        call(np.ones((2, 2)))


def test_a_score_that_is_no_number_is_not_hidden():
    k = K.copy()
    k[0, 0, 2] = np.nan
    y, _ = dot_product.attention(Q, k, V)
    assert np.isnan(y[0, 0]).all()
    assert np.isfinite(y[1]).all()
