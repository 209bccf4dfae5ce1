"""Unpacking whole files, and no more than may come."""

import gzip
import lzma

import pytest

from dlf.data import unpacking
from dlf.data.unpacking import Bounded, gunzip, unxz

from .memory import little_memory, peak  # noqa: F401

pytestmark = pytest.mark.usefixtures("little_memory")
TEXT = bytes(range(256)) * 9
BOTH = pytest.mark.parametrize(
    ("pack", "unpack"), [(gzip.compress, gunzip), (lzma.compress, unxz)]
)


@BOTH
def test_unpacks_what_was_packed(pack, unpack):
    assert unpack(pack(TEXT), len(TEXT)) == TEXT
    assert unpack(pack(TEXT) + pack(b"more"), 5000) == TEXT + b"more"
    assert unpack(pack(b""), 0) == b""


@BOTH
def test_refuses_more_than_may_come(pack, unpack):
    with pytest.raises(ValueError, match=r"must unpack to at most 2303, bec"):
        unpack(pack(TEXT), len(TEXT) - 1)
    with pytest.raises(ValueError, match=r"must unpack to at most 2306, bec"):
        unpack(pack(TEXT) + pack(b"more"), len(TEXT) + 2)


@BOTH
def test_refuses_what_breaks_off(pack, unpack):
    raw = pack(TEXT)
    for cut in range(1, len(raw)):
        with pytest.raises(ValueError, match="break off or are damaged"):
            unpack(raw[:cut], len(TEXT))


def test_an_xz_header_cannot_ask_for_gigabytes(monkeypatch):
    monkeypatch.setattr(unpacking, "MEMORY", 1 << 20)
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 24}]
    raw = lzma.compress(TEXT, filters=filters)
    with pytest.raises(ValueError, match="Memory usage limit exceeded"):
        unxz(raw, len(TEXT))
    assert peak(unxz, raw, len(TEXT)) < 1 << 20


def test_a_bounded_file_is_read_in_pieces(tmp_path):
    (tmp_path / "file").write_bytes(TEXT)
    with open(tmp_path / "file", "rb") as file:
        bounded = Bounded(file, 10, 100)
        assert (bounded.read(10), bounded.tell()) == (TEXT[:10], 10)
        assert bounded.seek(100) == 100
        for call in (
            lambda: bounded.read(11),
            lambda: bounded.read(),
            lambda: bounded.seek(101),
            lambda: bounded.seek(0, 2),
        ):
            with pytest.raises(ValueError, match="is expected here is larger"):
                call()
