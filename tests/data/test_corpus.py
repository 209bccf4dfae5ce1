"""The corpus is frozen, plain and long enough to learn from."""

import hashlib

import numpy as np
import pytest

from dlf.data import corpus

#: what each version holds, for ever
SHA256 = {
    1: "0da99330eab4088bf8e0babf8cd5329a88c08c9a7cb50f5f3c6aa86ef8243681",
}


def test_versions_are_frozen():
    assert set(SHA256) == set(range(1, corpus.NEWEST + 1))
    for version, wanted in SHA256.items():
        text = corpus.load(version)
        assert hashlib.sha256(text.encode()).hexdigest() == wanted


def test_it_is_plain_prose():
    text = corpus.load()
    assert text.isascii()
    assert len(text) > 30_000
    assert not set(text) & set("$|{}`#\t")
    assert "\n\n\n" not in text


def test_encoding_goes_both_ways():
    text = corpus.load()
    numbers, alphabet = corpus.encode(text)
    assert "".join(alphabet[n] for n in numbers) == text
    assert numbers.dtype == np.int64
    assert len(alphabet) == numbers.max() + 1 < 100


def test_a_version_that_is_not_there():
    with pytest.raises(ValueError, match=r"`version` must be in 1\..*got 9"):
        corpus.load(9)
