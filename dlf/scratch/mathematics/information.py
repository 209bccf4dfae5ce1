"""Information: entropy, cross-entropy and Huffman's code.

    H(p) = -sum_c p_c log p_c,   dp = -(1 + log p)             (mathematics.20)
    H(p, q) = -sum_c p_c log q_c                               (mathematics.20)
    H(p) <= sum_c p_c l_c < H(p) + 1, in bits           (mathematics.22, .23)

The Kullback–Leibler divergence is `divergences.kl_divergence`.
Source: Shannon (1948), sections 6 and 9; Huffman (1952).
"""

import heapq
import itertools
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import distributions
from dlf.scratch.shapes import sizes

Array = np.ndarray
Code = dict[str, str]


def entropy(p: Float[Array, "*B C"]) -> tuple[Float[Array, "*B"], Callable]:
    """Compute the entropy of p, in nats; 0 log 0 is 0.

    Args:
        p: probabilities, which sum to 1 over the last axis.

    Raises:
        ValueError: a row of ``p`` is no distribution.

    >>> entropy(np.array([0.5, 0.5]))[0].round(4)
    np.float64(0.6931)
    """
    sizes(entropy, p)
    distributions(entropy, "p", p, p)
    log_p = _log(p)

    def vjp(dy: Float[Array, "*B"]) -> Float[Array, "*B C"]:
        return -(1 + log_p) * np.asarray(dy, p.dtype)[..., None]

    return np.asarray(-_times(p, log_p).sum(axis=-1)), vjp


def cross_entropy(
    p: Float[Array, "*B C"], q: Float[Array, "*B C"]
) -> tuple[Float[Array, "*B"], Callable]:
    """Compute the cross-entropy of q under p, in nats.

    It is infinite where q misses something that p draws.

    Args:
        p: probabilities of what is drawn.
        q: probabilities that a code or a model assumes.

    Returns:
        The cross-entropies, and ``vjp(dy) -> (dp, dq)``.

    Raises:
        ValueError: a row of ``p`` or ``q`` is no distribution.
    """
    sizes(cross_entropy, p, q)
    distributions(cross_entropy, "p", p, p)
    distributions(cross_entropy, "q", q, q)
    log_q = _log(q)

    def vjp(dy: Float[Array, "*B"]) -> tuple[Array, Array]:
        dy = np.asarray(dy, p.dtype)[..., None]
        with np.errstate(divide="ignore"):  # q misses what p draws
            share = np.divide(p, q, out=np.zeros_like(p), where=p > 0)
        return -log_q * dy, -share * dy

    return np.asarray(-_times(p, log_q).sum(axis=-1)), vjp


def huffman(weights: Mapping[str, int | float]) -> Code:
    """Build Huffman's prefix code: a word of zeros and ones a symbol.

    Join the two rarest into one, until one is left.

    Args:
        weights: how often each symbol comes; positive.

    Raises:
        ValueError: there is no symbol, or a weight is not positive.

    >>> huffman({"a": 5, "b": 2, "c": 1})
    {'a': '1', 'b': '01', 'c': '00'}
    """
    if not weights or not min(weights.values()) > 0:
        raise ValueError(
            "huffman: `weights` must name a symbol and be positive, because "
            f"what never comes needs no word; got {dict(weights)}"
        )
    serial = itertools.count()
    heap = [(w, next(serial), (symbol,)) for symbol, w in weights.items()]
    heapq.heapify(heap)
    words = dict.fromkeys(weights, "")
    while len(heap) > 1:
        w0, _, rare = heapq.heappop(heap)
        w1, _, other = heapq.heappop(heap)
        for bit, group in (("0", rare), ("1", other)):
            words |= {symbol: bit + words[symbol] for symbol in group}
        heapq.heappush(heap, (w0 + w1, next(serial), rare + other))
    return words if len(words) > 1 else dict.fromkeys(words, "0")


def encode(symbols: Sequence[str], code: Code) -> str:
    """Write symbols one after the other, without marks between them.

    Args:
        symbols: what to write.
        code: symbol to word, from `huffman`.

    Raises:
        ValueError: a symbol has no word.
    """
    if strange := set(symbols) - set(code):
        raise ValueError(
            "encode: `code` must have a word for every symbol; got none for "
            f"{min(strange)!r}"
        )
    return "".join(code[symbol] for symbol in symbols)


def decode(bits: str, code: Code) -> list[str]:
    """Read them back; no word begins another, so none is ambiguous.

    Args:
        bits: zeros and ones.
        code: symbol to word, from `huffman`.

    Raises:
        ValueError: the bits end within a word.

    >>> code = huffman({"a": 5, "b": 2, "c": 1})
    >>> "".join(decode(encode("abacab", code), code))
    'abacab'
    """
    symbol_of = {word: symbol for symbol, word in code.items()}
    symbols, word = [], ""
    for bit in bits:
        word += bit
        if word in symbol_of:
            symbols.append(symbol_of[word])
            word = ""
    if word:
        raise ValueError(
            "decode: `bits` must end where a word ends, because nothing marks "
            f"the end of a word but its bits; got {word!r} at the end"
        )
    return symbols


def _log(p: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(p)


def _times(p: Array, log_q: Array) -> Array:
    """Multiply, where p is 0 to 0."""
    return p * np.where(p == 0, np.zeros_like(log_q), log_q)
