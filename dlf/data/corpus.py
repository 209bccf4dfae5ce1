"""English to read letter by letter: this book's own prose, frozen.

A version never changes once it is there, so that outputs computed from it do
not move when a page is edited; a later text is a new version. It holds the
sentences of the pages, without code, formulas, references and markup.
"""

from pathlib import Path

import numpy as np
from jaxtyping import Int

NEWEST = 1
FOLDER = Path(__file__).parent


def load(version: int = NEWEST) -> str:
    """Return the text of a version, ASCII, a blank line after a paragraph.

    Args:
        version: 1 or more; the newest if not given.

    Raises:
        ValueError: there is no such version.

    >>> load(1)[:25]
    'Most books on deep learni'
    """
    file = FOLDER / f"corpus-{version}.txt"
    if not file.exists():
        raise ValueError(
            f"corpus: `version` must be in 1..{NEWEST}, because those are "
            f"frozen; got {version}"
        )
    return file.read_text(encoding="ascii")


def encode(text: str) -> tuple[Int[np.ndarray, " T"], str]:
    """Encode a text as the numbers of its characters.

    Args:
        text: of T characters.

    Returns:
        The numbers, and the alphabet: ``alphabet[n]`` is character n.

    >>> encode("abba")
    (array([0, 1, 1, 0]), 'ab')
    """
    alphabet = "".join(sorted(set(text)))
    place = {c: n for n, c in enumerate(alphabet)}
    return np.array([place[c] for c in text], dtype=np.int64), alphabet
