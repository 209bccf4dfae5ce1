"""Tiny Shakespeare, from a file made here in its place."""

import hashlib

import pytest

from dlf.data import files, tinyshakespeare


def test_the_last_tenth_validates(tmp_path, monkeypatch):
    text = "To be, or not to be.\n" * 10
    raw = text.encode("ascii")
    folder = tmp_path / "tinyshakespeare"
    folder.mkdir()
    (folder / "input.txt").write_bytes(raw)
    own = files.File(
        "tinyshakespeare/input.txt",
        hashlib.sha256(raw).hexdigest(),
        len(raw),
        (),
    )
    monkeypatch.setattr(tinyshakespeare, "FILES", (own,))
    monkeypatch.setenv("DLF_DATA_HOME", str(tmp_path))
    learn, rest = tinyshakespeare.load()
    assert learn + rest == text
    assert len(rest) == len(text) // 10


def test_a_file_that_is_another_is_refused(tmp_path, monkeypatch):
    folder = tmp_path / "tinyshakespeare"
    folder.mkdir()
    (folder / "input.txt").write_text("To be?", encoding="ascii")
    monkeypatch.setenv("DLF_DATA_HOME", str(tmp_path))
    with pytest.raises(ValueError, match=r"input\.txt"):
        tinyshakespeare.load()
