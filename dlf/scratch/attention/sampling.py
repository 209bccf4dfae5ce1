"""Choose the next token from logits, and write token by token.

Temperature t divides the logits; top-k keeps the k largest; top-p keeps the
fewest whose probabilities reach p.

Source: Holtzman et al. (2020), section 3.1, for top-p; Fan, Lewis & Dauphin
(2018), section 5.4, for top-k.
"""

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.attention.decoder import Cache, Params, decode
from dlf.scratch.checks import check_positive

Array = np.ndarray


def next_distribution(
    logits: Float[Array, " V"],
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> Float[Array, " V"]:
    """Turn logits into the probabilities that are drawn from.

    Args:
        logits: of every token.
        temperature: below 1 sharpens, above 1 flattens.
        top_k: how many tokens stay in; all if None.
        top_p: stop when so much probability is in, in (0, 1].

    Raises:
        ValueError: a setting leaves no token, or the logits are infinite or
            not numbers; -inf is allowed and forbids a token.

    >>> next_distribution(np.log([0.5, 0.3, 0.2]), top_p=0.6).round(3)
    array([0.625, 0.375, 0.   ])
    """
    why = "logits are divided by it"
    check_positive("next_distribution", "temperature", temperature, why)
    whole = top_k is None or (top_k >= 1 and top_k == int(top_k))
    if not (whole and 0 < top_p <= 1):
        raise ValueError(
            "next_distribution: `top_k` must be a whole number, at least 1, "
            "and `top_p` in (0, 1], because a token is drawn; got "
            f"{top_k} and {top_p}"
        )
    if not (logits.size and np.isfinite(logits.max())):
        raise ValueError(
            "next_distribution: `logits` must have a largest, finite entry, "
            f"because they are compared with it; got {logits}"
        )
    p = np.exp((logits - logits.max()) / temperature)
    p /= p.sum()
    order = np.argsort(-p, kind="stable")
    before = np.cumsum(p[order]) - p[order]
    stays = before < top_p - 1e-12  # what rounding leaves over is not more
    if top_k is not None:
        stays[top_k:] = False
    out = np.zeros_like(p)
    out[order[stays]] = p[order[stays]]
    return out / out.sum()


def generate(
    params: Params,
    prompt: Int[Array, " T"],
    count: int,
    rng: np.random.Generator,
    heads: int = 1,
    cached: bool = True,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> Int[Array, " T2"]:
    """Continue a prompt token by token.

    Args:
        params: of the decoder.
        prompt: at least one token.
        count: tokens to write.
        rng: of the draws.
        heads: of attention.
        cached: keep keys and values; otherwise read all again each time.
        temperature: see `next_distribution`.
        top_k: likewise.
        top_p: likewise.

    Returns:
        The prompt and what follows it.

    Raises:
        ValueError: the prompt is empty, or the count is negative.
    """
    if len(prompt) == 0:
        raise ValueError(
            "generate: `prompt` must have a token, because the first logits "
            "are read there; got none"
        )
    if count < 0:
        raise ValueError(
            "generate: `count` must not be negative, because so many tokens "
            f"are written; got {count}"
        )
    tokens = prompt.astype(np.int64)
    new, cache = tokens, None
    for _ in range(count):
        past: Cache | None = cache if cached else None
        logits, cache = decode(params, new[None], heads, past)
        p = next_distribution(logits[0, -1], temperature, top_k, top_p)
        drawn = np.searchsorted(np.cumsum(p), rng.random())
        drawn = min(int(drawn), len(p) - 1)
        tokens = np.append(tokens, drawn)
        new = tokens[-1:] if cached else tokens
    return tokens
