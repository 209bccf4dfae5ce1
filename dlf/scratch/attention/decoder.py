"""A decoder that predicts the next token at every place, and its cache.

    h = E[tokens],  h <- block(h) for each block,  logits = W norm(h)

Blocks are those of (attention.12), pre-norm, causal, with rotary positions.
What a place computes depends on earlier places through their keys and values
alone, and these never change once they are computed: kept in a cache, each new
token costs one row in place of all. Parameters have the names of
`dlf.nn.attention.decoder.Decoder`'s ``state_dict``.

Source: Radford et al. (2019); Shazeer (2019), section 2.4, for the cache.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.attention.blocks import feed_forward, transformer_block
from dlf.scratch.attention.dot_product import attention
from dlf.scratch.attention.heads import joined, split
from dlf.scratch.attention.masks import causal_mask
from dlf.scratch.attention.positions import rope
from dlf.scratch.normalization.layers import layer_norm

Array = np.ndarray
Params = dict[str, Array]
Cache = list[tuple[Array, Array]]
PARTS = (
    "norm1.weight",
    "norm1.bias",
    "attention.q.weight",
    "attention.k.weight",
    "attention.v.weight",
    "attention.out.weight",
    "norm2.weight",
    "norm2.bias",
    "up.weight",
    "up.bias",
    "down.weight",
    "down.bias",
)


def init(
    symbols: int,
    width: int,
    blocks: int,
    rng: np.random.Generator,
    dtype: np.dtype | type = np.float64,
) -> Params:
    """Draw weights; what adds to the stream is smaller by √(2 blocks).

    Args:
        symbols: different tokens, V.
        width: of the stream, D.
        blocks: how many.
        rng: source of the draws.
        dtype: of the parameters.

    Raises:
        ValueError: a size is not positive.
    """
    if min(symbols, width, blocks) < 1:
        raise ValueError(
            "init: `symbols`, `width` and `blocks` must be positive; got "
            f"{symbols}, {width} and {blocks}"
        )
    D = width
    shapes = {"embed.weight": (symbols, D)}
    inner = [(D,), (D,), *[(D, D)] * 4, (D,), (D,)]
    inner += [(4 * D, D), (4 * D,), (D, 4 * D), (D,)]
    for i in range(blocks):
        names = (f"blocks.{i}.{part}" for part in PARTS)
        shapes |= dict(zip(names, inner, strict=True))
    shapes |= {"norm.weight": (D,), "norm.bias": (D,)}
    shapes["head.weight"] = (symbols, D)
    params: Params = {}
    for name, shape in shapes.items():
        if len(shape) == 1:
            value = np.full(shape, float("norm" in name and "weight" in name))
        else:
            value = rng.normal(size=shape) / math.sqrt(shape[1])
            if name.endswith(("out.weight", "down.weight")):
                value /= math.sqrt(2 * blocks)
        params[name] = value.astype(dtype)
    return params


def names_of(params: Params) -> list[list[str]]:
    """List the parameters' names block by block.

    Args:
        params: as `init` makes them.
    """
    blocks = (len(params) - 4) // len(PARTS)
    return [[f"blocks.{i}.{part}" for part in PARTS] for i in range(blocks)]


def decoder(
    params: Params, tokens: Int[Array, "N T"], heads: int = 1
) -> tuple[Float[Array, "N T V"], Callable]:
    """Give the logits of the next token at every place.

    Args:
        params: as `init` makes them.
        tokens: numbers of tokens, 0..V-1.
        heads: of attention.

    Returns:
        Logits, and ``vjp(dlogits) -> dparams``.

    Raises:
        ValueError: a token is not in the vocabulary.
    """
    known(params, tokens)
    h = params["embed.weight"][tokens]
    (N, T, D), pulls = h.shape, []
    for names in names_of(params):
        h, pull = transformer_block(
            h, *(params[n] for n in names), heads=heads, rotary=True
        )
        pulls.append((names, pull))
    rows, pull_norm = layer_norm(
        h.reshape(-1, D), params["norm.weight"], params["norm.bias"]
    )
    logits = rows @ params["head.weight"].T

    def vjp(dlogits: Float[Array, "N T V"]) -> Params:
        flat = dlogits.reshape(N * T, -1)
        grads: Params = {"head.weight": flat.T @ rows}
        drows = flat @ params["head.weight"]
        dh, grads["norm.weight"], grads["norm.bias"] = pull_norm(drows)
        dh = dh.reshape(N, T, D)
        for names, pull in pulls[::-1]:
            dh, *each = pull(dh)
            grads |= zip(names, each, strict=True)
        V = len(params["embed.weight"])
        chosen = np.eye(V, dtype=dh.dtype)[tokens.ravel()]
        grads["embed.weight"] = chosen.T @ dh.reshape(-1, D)
        return grads

    return logits.reshape(N, T, -1), vjp


def decode(
    params: Params,
    tokens: Int[Array, "N T"],
    heads: int = 1,
    cache: Cache | None = None,
) -> tuple[Float[Array, "N T V"], Cache]:
    """Give the logits at new places, given the keys and values of old ones.

    Args:
        params: as `init` makes them.
        tokens: the new ones only.
        heads: of attention.
        cache: what the last call returned; None at the start.

    Returns:
        Logits of the new places, and the cache with them in it.

    Raises:
        ValueError: a token is not in the vocabulary.
    """
    known(params, tokens)
    h = params["embed.weight"][tokens]
    N, T, D = h.shape
    kept: Cache = []
    for i, names in enumerate(names_of(params)):
        g1, c1, wq, wk, wv, wo, g2, c2, *mlp = (params[n] for n in names)
        a = layer_norm(h.reshape(-1, D), g1, c1)[0].reshape(N, T, D)
        q, k, v = (split(a @ w.T, heads) for w in (wq, wk, wv))
        past = cache[i][0].shape[2] if cache else 0
        places = np.arange(past, past + T, dtype=np.float64)
        q, k = rope(q, places)[0], rope(k, places)[0]
        if cache:
            k = np.concatenate([cache[i][0], k], axis=2)
            v = np.concatenate([cache[i][1], v], axis=2)
        kept.append((k, v))
        mixed, _ = attention(q, k, v, causal_mask(T, past + T))
        h = h + joined(mixed) @ wo.T
        c = layer_norm(h.reshape(-1, D), g2, c2)[0]
        h = h + feed_forward(c, *mlp)[0].reshape(N, T, D)
    last = params["norm.weight"], params["norm.bias"]
    rows, _ = layer_norm(h.reshape(-1, D), *last)
    return (rows @ params["head.weight"].T).reshape(N, T, -1), kept


def known(params: Params, tokens: Int[Array, "N T"]) -> None:
    """Refuse tokens without an embedding.

    Args:
        params: as `init` makes them.
        tokens: numbers of tokens.

    Raises:
        ValueError: naming the largest and the smallest.
    """
    V = len(params["embed.weight"])
    if tokens.size and not 0 <= tokens.min() <= tokens.max() < V:
        raise ValueError(
            f"decoder: `tokens` must lie in 0..{V - 1}, because there are {V} "
            f"embeddings; got {tokens.min()} to {tokens.max()}"
        )
