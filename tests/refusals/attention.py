"""Bad calls of attention's masks, decoder, sampling and byte pairs."""

import numpy as np

from dlf.scratch.attention import bpe, decoder, dot_product, masks, sampling

RNG = np.random.default_rng(0)
PARAMS = decoder.init(3, 4, 1, RNG)
ROW = np.ones((2, 2))
REFUSES = [
    (
        decoder.init,
        lambda: decoder.init(3, 0, 1, RNG),
        "init: `symbols`, `width` and `blocks` must be positive; got 3, 0",
    ),
    (
        decoder.decoder,
        lambda: decoder.decoder(PARAMS, np.array([[0, 3]])),
        "decoder: `tokens` must lie in 0..2",
    ),
    (
        decoder.decode,
        lambda: decoder.decode(PARAMS, np.array([[-1]])),
        "decoder: `tokens` must lie in 0..2",
    ),
    (
        masks.causal_mask,
        lambda: masks.causal_mask(3, 2),
        "causal_mask: `keys` must be no fewer",
    ),
    (
        masks.alibi,
        lambda: masks.alibi(2, 3, 2),
        "causal_mask: `keys` must be no fewer",
    ),
    (
        masks.window_mask,
        lambda: masks.window_mask(3, width=0),
        "window_mask: `width` must be at least 1",
    ),
    (
        masks.padding_mask,
        lambda: masks.padding_mask(np.array([3]), 2),
        "padding_mask: `lengths` must lie in 0..2",
    ),
    (
        masks.prefix_mask,
        lambda: masks.prefix_mask(3, 2),
        "prefix_mask: `prefix` must be no longer",
    ),
    (
        dot_product.weights,
        lambda: dot_product.weights(ROW, ROW, np.ones((1, 2), bool)),
        "weights: `mask` must have shape .2, 2.",
    ),
    (
        sampling.next_distribution,
        lambda: sampling.next_distribution(np.ones(2), temperature=0.0),
        "next_distribution: `temperature` must be positive",
    ),
    (
        sampling.next_distribution,
        lambda: sampling.next_distribution(np.ones(2), top_k=0),
        "next_distribution: `top_k` must be a whole number, at least 1",
    ),
    (
        sampling.next_distribution,
        lambda: sampling.next_distribution(np.ones(2), top_k=1.5),
        "next_distribution: `top_k` must be a whole number, .* got 1.5",
    ),
    (
        sampling.next_distribution,
        lambda: sampling.next_distribution(np.ones(2), top_p=1.5),
        "next_distribution: .* and `top_p` in",
    ),
    (
        sampling.generate,
        lambda: sampling.generate(PARAMS, np.zeros(0, int), 1, RNG),
        "generate: `prompt` must have a token",
    ),
    (
        masks.alibi,
        lambda: masks.alibi(0, 2),
        "alibi: `heads` must be a whole number",
    ),
    (
        sampling.next_distribution,
        lambda: sampling.next_distribution(np.array([0.0, np.nan])),
        "next_distribution: `logits` must have a largest, finite",
    ),
    (
        sampling.generate,
        lambda: sampling.generate(PARAMS, np.zeros(1, int), -1, RNG),
        "generate: `count` must not be negative",
    ),
    (bpe.learn, lambda: bpe.learn("a", -1), "learn: `merges` must not be"),
    (
        bpe.decode,
        lambda: bpe.decode([256], []),
        "decode: `tokens` must lie in 0..255",
    ),
]
