"""Byte-pair encoding: tokens between characters and words.

Start from bytes. Again and again, merge the pair of neighbors that occurs most
often into a new token. A new text is encoded by the same merges in the order in
which they were learned, within its words, each with the space before it.

Source: Sennrich, Haddow & Birch (2016), algorithm 1; Radford et
al. (2019), section 2.2, for bytes.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

Pair = tuple[int, int]
Merges = list[Pair]
BYTES = 256
WORD = re.compile(r" ?\w+| ?[^\w\s]+|\s+")


def pieces(text: str) -> list[str]:
    """Cut a text into words with the space before them, signs and spaces.

    Args:
        text: any.

    >>> pieces("An ox, an axe.")
    ['An', ' ox', ',', ' an', ' axe', '.']
    """
    return WORD.findall(text)


def merged(word: Sequence[int], pair: Pair, new: int) -> tuple[int, ...]:
    """Replace each occurrence of a pair, from the left, by a new token.

    Args:
        word: tokens.
        pair: neighbors to be merged.
        new: the token for both.

    >>> merged((1, 1, 1, 2), (1, 1), 9)
    (9, 1, 2)
    """
    out: list[int] = []
    i = 0
    while i < len(word):
        if tuple(word[i : i + 2]) == pair:
            out.append(new)
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


def learn(text: str, merges: int) -> Merges:
    """Learn merges from a text; of equally frequent pairs the smallest.

    Args:
        text: to learn from.
        merges: how many; fewer if no pair is left that occurs twice.

    Returns:
        The pairs in order; number n makes token 256 + n.

    Raises:
        ValueError: the number of merges is negative.

    >>> learn("aaabdaaabac", 1)
    [(97, 97)]
    """
    if merges < 0:
        raise ValueError(f"learn: `merges` must not be negative; got {merges}")
    words = {tuple(w.encode()): n for w, n in Counter(pieces(text)).items()}
    found: Merges = []
    for new in range(BYTES, BYTES + merges):
        counts: Counter = Counter()
        for word, n in words.items():
            for pair in pairwise(word):
                counts[pair] += n
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        found.append(best)
        words = joined_words(words, best, new)
    return found


def joined_words(
    words: dict[tuple[int, ...], int], pair: Pair, new: int
) -> dict[tuple[int, ...], int]:
    """Merge a pair in every word that has both of its tokens.

    Args:
        words: tokens of each word, and how often it occurs.
        pair: to be merged.
        new: the token for both.
    """
    a, b = pair
    return {
        merged(word, pair, new) if a in word and b in word else word: n
        for word, n in words.items()
    }


def encode(text: str, merges: Merges) -> list[int]:
    """Encode a text as tokens, by the earliest merge that applies.

    Args:
        text: any; what was never seen is left in bytes.
        merges: as learned.

    >>> encode("aaab", [(97, 97)])
    [256, 97, 98]
    """
    rank = {pair: n for n, pair in enumerate(merges)}
    known: dict[str, tuple[int, ...]] = {}
    out: list[int] = []
    for piece in pieces(text):
        if piece not in known:
            word = tuple(piece.encode())
            while len(word) > 1:
                pairs = pairwise(word)
                best = min(pairs, key=lambda p: rank.get(p, len(rank)))
                if best not in rank:
                    break
                word = merged(word, best, BYTES + rank[best])
            known[piece] = word
        out += known[piece]
    return out


def vocabulary(merges: Merges) -> list[bytes]:
    """Spell out every token in bytes.

    Args:
        merges: as learned.

    >>> vocabulary([(97, 97), (256, 98)])[256:]
    [b'aa', b'aab']
    """
    spelled = [bytes([n]) for n in range(BYTES)]
    for a, b in merges:
        spelled.append(spelled[a] + spelled[b])
    return spelled


def decode(tokens: Sequence[int], merges: Merges) -> str:
    """Decode tokens; bytes that make no character become a mark.

    Args:
        tokens: numbers of tokens.
        merges: as learned.

    Raises:
        ValueError: there is no such token.
    """
    spelled = vocabulary(merges)
    if any(not 0 <= t < len(spelled) for t in tokens):
        raise ValueError(
            f"decode: `tokens` must lie in 0..{len(spelled) - 1}, because "
            f"there are so many; got {min(tokens)} to {max(tokens)}"
        )
    return b"".join(spelled[t] for t in tokens).decode(errors="replace")
