"""IMDB: 50,000 film reviews, half of them praise; 25,000 are the test.

Download: 84 MB, of which half are reviews without a label and stay unread. An
archive of the labeled ones alone, ``aclImdb_labeled.tar``, serves as well. It
is read member by member and never unpacked: a member that is not a review
under one of the four known folders is passed over, whatever its name. What is
larger than any review, or than an archive grows, is refused.
Source: Maas, Daly, Pham, Huang, Ng & Potts (2011), Learning Word Vectors for
Sentiment Analysis, ACL; no license is stated, its authors ask for a citation.
"""

import gzip
import io
import re
import tarfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Int

from dlf.data import files
from dlf.data.core import Array, Dataset, Examples
from dlf.data.unpacking import GZIP, XZ, Bounded, unxz

LABELED = files.File(
    "imdb/aclImdb_labeled.tar",
    "57a5ea064555cf9c62c857bb8f45ef8477da710e4d1542162a3ddf150f851e69",
    103_997_440,
    (),
)
WHOLE = files.File(
    "imdb/aclImdb_v1.tar.gz",
    "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
    84_125_825,
    ("https://ai.stanford.edu/~amaas/data/sentiment",),
)
MEMBER = re.compile(r"aclImdb/(train|test)/(neg|pos)/(\d+)_(\d+)\.txt")
WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
LONGEST = 1 << 16  # bytes of a review; the longest has 13,704
GROWTH = 8  # of a packed archive; the published one grows fourfold
SIZE = 25_000  # reviews to learn from, and as many of the test
PADDING, UNKNOWN, FIRST = 0, 1, 2


class Review(NamedTuple):
    """A review as it was written, 1 for praise or 0, and its stars."""

    text: str
    label: int
    stars: int


def __getattr__(name: str) -> Any:
    """Give ``FILES``: the labeled reviews if they are here, else the whole."""
    if name == "FILES":
        return (LABELED if files.find(LABELED) else WHOLE,)
    raise AttributeError(f"module {__name__} has no attribute {name}")


def decode(raw: bytes, name: str) -> dict[str, list[Review]]:
    """Read the reviews out of a tar archive, packed by gzip, xz or not.

    Args:
        raw: the bytes.
        name: what errors call them.

    Returns:
        Under ``train`` and ``test`` the reviews, sorted by label and number.

    Raises:
        ValueError: the archive is damaged or too large, or a review is not
            text or too long.
    """
    found: dict[str, list[tuple]] = {"train": [], "test": []}
    try:
        with tarfile.open(fileobj=_opened(raw), mode="r:") as archive:
            while member := archive.next():
                # the archive would keep them
                archive.members.clear()  # pyright: ignore[reportAttributeAccessIssue]
                known = MEMBER.fullmatch(member.name)
                if known and member.isreg():
                    half, label, number, stars = known.groups()
                    text = _text(archive, member)
                    review = Review(text, int(label == "pos"), int(stars))
                    found[half].append((review.label, int(number), review))
    except (
        tarfile.TarError, EOFError, OSError, zlib.error,
        UnicodeDecodeError, ValueError, OverflowError,
    ) as error:  # fmt: skip
        raise ValueError(
            f"imdb: {name} must be a whole tar archive of reviews in UTF-8; "
            f"got {len(raw)} bytes that are not ({error}). Fetch it again"
        ) from error
    return {half: [r for *_, r in sorted(rows)] for half, rows in found.items()}


def _opened(raw: bytes) -> Bounded:
    """Open an archive, packed or not, so that no bomb in it goes off."""
    most = max(GROWTH * len(raw), 1 << 20)
    if raw.startswith(XZ):
        raw = unxz(raw, most)
    file = io.BytesIO(raw)
    if raw.startswith(GZIP):
        file = gzip.GzipFile(fileobj=file)
    return Bounded(file, LONGEST, most)


def _text(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    """Read a review.

    Raises:
        ValueError: it is too long, or not text.
    """
    if member.size > LONGEST or member.issparse():
        raise ValueError(
            f"{member.name} has {member.size} bytes, more than any review"
        )
    return archive.extractfile(member).read().decode()  # pyright: ignore[reportOptionalMemberAccess]


def reviews() -> dict[str, list[Review]]:
    """Load all labeled reviews, for training and for the test.

    Raises:
        ValueError: the archive is damaged, or reviews are missing.
        OSError: it could not be had.
    """
    (file,) = __getattr__("FILES")
    found = decode(files.read(file), file.path)
    counts = {half: len(rows) for half, rows in found.items()}
    if set(counts.values()) != {SIZE}:
        raise ValueError(
            f"imdb: {file.path} must hold {SIZE} reviews for training and as "
            f"many for the test; got {counts}. Delete it and fetch it again"
        )
    return found


def words(text: str) -> list[str]:
    """Split a review into words: lower case, tags and punctuation dropped.

    Args:
        text: as it was posted, HTML tags included.

    >>> words("Don't miss it!<br />10/10")
    ["don't", 'miss', 'it', '10', '10']
    """
    return WORD.findall(re.sub(r"<[^<>]*>", " ", text.lower()))


def vocabulary(texts: Iterable[Sequence[str]], size: int) -> dict[str, int]:
    """Build a vocabulary: the commonest words, numbered from 2.

    Args:
        texts: as lists of words.
        size: of the vocabulary; words that are as common come by alphabet.

    >>> vocabulary([["a", "b"], ["b", "c"]], 2)
    {'b': 2, 'a': 3}

    Raises:
        ValueError: the size is negative.
    """
    if size < 0:
        raise ValueError(
            "vocabulary: `size` must not be negative, because it counts words; "
            f"got {size}"
        )
    counts = Counter(word for text in texts for word in text)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))[:size]
    return {word: n for n, word in enumerate(ranked, FIRST)}


def encode(
    texts: Sequence[Sequence[str]], known: dict[str, int], length: int
) -> Int[Array, "N T"]:
    """Encode the first words of each text; 0 pads, 1 is an unknown word.

    Args:
        texts: as lists of words, N of them.
        known: word to number, as `vocabulary` gives it.
        length: words that are kept of each text, T.

    Raises:
        ValueError: the length is negative.
    """
    if length < 0:
        raise ValueError(
            "encode: `length` must not be negative, because so many words are "
            f"kept; got {length}"
        )
    x = np.full((len(texts), length), PADDING)
    for row, text in zip(x, texts, strict=True):
        numbers = [known.get(word, UNKNOWN) for word in text[:length]]
        row[: len(numbers)] = numbers
    return x


def load(
    *,
    train: int = 20_000,
    validation: int = 5_000,
    test: int = SIZE,
    size: int = 10_000,
    length: int = 100,
    seed: int = 0,
) -> Dataset:
    """Load reviews as word numbers, shuffled; label 1 is praise.

    Args:
        train: how many of the 25,000 to learn from; the vocabulary is theirs.
        validation: how many of the others to choose by.
        test: how many of the 25,000 of the test.
        size: words in the vocabulary, numbered from 2 by frequency.
        length: words kept of a review; 0 pads shorter ones.
        seed: shuffles each half.

    Raises:
        ValueError: there are not so many, or the archive is damaged.
        OSError: it could not be had.
    """
    if min(train, validation, test) < 0 or max(train + validation, test) > SIZE:
        raise ValueError(
            f"load: `train` and `validation`, and `test`, must be counts that "
            f"sum to at most {SIZE}; got {train} and {validation}, and {test}"
        )
    if min(size, length) < 1:
        raise ValueError(
            "load: `size` and `length` must be positive, because reviews are "
            f"cut to so many known words; got {size} and {length}"
        )
    rng = np.random.default_rng(seed)
    halves = {
        half: [rows[i] for i in rng.permutation(SIZE)]
        for half, rows in reviews().items()
    }
    learn = halves["train"]
    parts = learn[:train], learn[train : train + validation]
    texts = [
        [words(r.text) for r in p] for p in (*parts, halves["test"][:test])
    ]
    known = vocabulary(texts[0], size)
    labels = [[r.label for r in p] for p in (*parts, halves["test"][:test])]
    return Dataset(
        *(
            Examples(encode(x, known, length), np.array(y, np.int64))
            for x, y in zip(texts, labels, strict=True)
        )
    )
