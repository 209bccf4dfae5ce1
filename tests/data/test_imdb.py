"""IMDB: archives made here, whole, cut, forged and hostile; the real one."""

import gzip
import io
import lzma
import tarfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlf.data import catalogue, files, imdb

from .memory import little_memory, peak  # noqa: F401

pytestmark = pytest.mark.usefixtures("little_memory")

TEXTS = {
    "aclImdb/train/pos/0_9.txt": "A fine film.<br /><br />Don't miss it!",
    "aclImdb/train/pos/2_10.txt": "fine, fine, café",
    "aclImdb/train/neg/0_1.txt": "A bad film",
    "aclImdb/train/neg/1_4.txt": "bad bad",
    "aclImdb/test/pos/0_8.txt": "a fine one",
    "aclImdb/test/pos/1_7.txt": "",
    "aclImdb/test/neg/11_2.txt": "so bad",
    "aclImdb/test/neg/2_3.txt": "never again",
}
PASSED_OVER = {
    "aclImdb/train/unsup/0_0.txt": "no label",
    "aclImdb/README": "words",
    "aclImdb/train/labeledBow.feat": "9 0:1",
    "../../aclImdb/train/pos/5_9.txt": "outside",
    "/aclImdb/train/pos/6_9.txt": "outside",
}


def tar(texts, links=()):
    """Write an archive of texts, and of links of a kind to a target."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, text in texts.items():
            body = text if isinstance(text, bytes) else text.encode()
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
        for name, kind, target in links:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            archive.addfile(member)
    return raw.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_reads_reviews_and_passes_over_the_rest(pack):
    raw = pack(tar(PASSED_OVER | TEXTS))
    found = imdb.decode(raw, "a.tar")
    train, test = found["train"], found["test"]
    assert [r.label for r in train] == [0, 0, 1, 1]
    assert [r.stars for r in train] == [1, 4, 9, 10]
    assert [r.stars for r in test] == [3, 2, 8, 7]  # by number, not by name
    assert train[3].text == "fine, fine, café"


def test_neither_links_nor_devices_are_read(tmp_path, monkeypatch):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    links = [
        (f"aclImdb/train/pos/{n}_9.txt", kind, str(secret))
        for n, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE), 7)
    ]
    links.append(("aclImdb/train/neg/9_1.txt", tarfile.CHRTYPE, ""))
    found = imdb.decode(tar(TEXTS, links), "a.tar")
    assert len(found["train"]) == 4
    assert list(tmp_path.iterdir()) == [secret]  # nothing was unpacked


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>not here</html>",
        gzip.compress(tar(TEXTS))[:-99],
        lzma.compress(tar(TEXTS))[:-150],
        gzip.compress(tar(TEXTS))[:200],
        tar(TEXTS)[:700],
        tar({"aclImdb/train/pos/0_9.txt": b"\xff\xfe not text"}),
    ],
)
def test_refuses_what_is_broken(raw):
    with pytest.raises(ValueError, match=r"^imdb: a\.tar must be a whole tar"):
        imdb.decode(raw, "a.tar")


def member(name, size, kind=tarfile.REGTYPE):
    """A header alone; what it promises is to follow."""
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def sparse():
    """Say that a review is 8 GiB of holes."""
    raw = bytearray(
        member("aclImdb/train/pos/3_9.txt", 0, tarfile.GNUTYPE_SPARSE)
    )
    raw[386:398], raw[398:410] = b"77777777777\0", b"00000000000\0"
    raw[483:495] = b"77777777777\0"
    raw[148:156] = b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw[:512])
    return bytes(raw)


ZEROS = bytes(1 << 26)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
@pytest.mark.parametrize(
    "start",
    [
        member("aclImdb/train/pos/3_9.txt", len(ZEROS)),
        member("long", len(ZEROS), tarfile.GNUTYPE_LONGNAME),
        member("pax", len(ZEROS), tarfile.XHDTYPE),
        member("passed over", len(ZEROS)),
        sparse(),
    ],
    ids=["review", "name", "pax", "other", "sparse"],
)
def test_a_bomb_takes_no_more_than_a_few_times_its_size(start, pack):
    raw = start if pack is bytes else pack(start + ZEROS)
    with pytest.raises(ValueError, match=r"^imdb: a\.tar must be a whole tar"):
        imdb.decode(raw, "a.tar")
    assert peak(imdb.decode, raw, "a.tar") < 40 * len(raw) + (16 << 20)


@settings(deadline=None)
@given(st.data())
def test_any_damage_is_reviews_or_a_value_error_of_ours(data):
    raw = bytearray(tar(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place] = data.draw(st.integers(0, 255))
    try:
        found = imdb.decode(bytes(raw), "a.tar")
    except ValueError as error:
        if not str(error).startswith("imdb: a.tar "):
            raise
    else:
        assert set(found) == {"train", "test"}
    assert peak(imdb.decode, bytes(raw), "a.tar") < 1 << 20


@pytest.fixture
def small(mirror, monkeypatch):
    """Publish the eight reviews in place of the fifty thousand."""
    body = gzip.compress(tar(TEXTS), mtime=0)
    monkeypatch.setattr(imdb, "WHOLE", mirror.file("imdb/whole.tar.gz", body))
    monkeypatch.setattr(imdb, "SIZE", 4)


def test_loads_word_numbers(small):
    d = imdb.load(train=3, validation=1, test=2, size=3, length=4)
    again = imdb.load(train=3, validation=1, test=2, size=3, length=4)
    assert [e.x.shape for e in d] == [(3, 4), (1, 4), (2, 4)]
    assert {e.x.dtype for e in d} == {np.dtype("int64")}
    for a, b in zip(d, again, strict=True):
        np.testing.assert_array_equal(a.x, b.x)
        np.testing.assert_array_equal(a.y, b.y)
    seen = np.concatenate([e.x for e in d])
    assert seen.min() >= 0
    assert seen.max() <= 4  # padding, unknown, three words
    labels = np.concatenate([d.train.y, d.validation.y])
    assert sorted(labels) == [0, 0, 1, 1]
    other = imdb.load(train=4, validation=0, test=0, seed=3)
    assert sorted(other.train.y) == [0, 0, 1, 1]


def test_words_unknown_in_training_are_unknown():
    known = imdb.vocabulary([["b", "a", "b"], ["c"]], 2)
    assert known == {"b": 2, "a": 3}
    x = imdb.encode([["a", "c", "b", "b"], ["b"], []], known, 3)
    assert x.tolist() == [[3, 1, 2], [2, 0, 0], [0, 0, 0]]
    assert imdb.words("It's <b>GREAT</b>: 7/10, isn't it?<br />") == (
        ["it's", "great", "7", "10", "isn't", "it"]
    )


def test_missing_reviews_are_counted(small, monkeypatch):
    monkeypatch.setattr(imdb, "SIZE", 5)
    with pytest.raises(ValueError, match=r"must hold 5 .*'train': 4"):
        imdb.load(train=1, validation=1, test=1)


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ({"train": 4, "validation": 1}, "at most 4; got 4 and 1, and 4"),
        ({"train": -1, "validation": 0}, "got -1 and 0"),
        ({"train": 1, "validation": 0, "test": 5}, "and 5"),
        ({"train": 1, "validation": 0, "size": 0}, "positive.*got 0 and 100"),
        ({"train": 1, "validation": 0, "length": 0}, "positive"),
    ],
)
def test_refuses_sizes(small, sizes, says):
    with pytest.raises(ValueError, match=says):
        imdb.load(**({"test": 4} | sizes))


def test_without_an_archive_it_says_where_one_is(small, mirror):
    mirror.answers.clear()
    with pytest.raises(ConnectionError, match=r"imdb/whole\.tar\.gz is not in"):
        imdb.load(train=1, validation=1, test=1)


def test_a_copy_with_other_bytes_is_refused(small, cache):
    path = cache / imdb.WHOLE.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="must have sha256"):
        imdb.load(train=1, validation=1, test=1)


def test_the_labelled_archive_is_preferred_and_may_be_packed(cache):
    assert imdb.FILES == (imdb.WHOLE,)
    assert "downloads 84.1 MB" in catalogue.where("imdb")
    path = cache / f"{imdb.LABELED.path}.xz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not xz")
    assert imdb.FILES == (imdb.LABELED,)
    with pytest.raises(ValueError, match="cannot be decompressed"):
        imdb.load()
    with pytest.raises(AttributeError, match="no attribute FILE"):
        _ = imdb.FILE


def test_the_real_reviews(real):
    found = imdb.reviews()
    assert files.find(imdb.LABELED)
    stars = {
        "train": {1: 5100, 2: 2284, 3: 2420, 4: 2696,
                  7: 2496, 8: 3009, 9: 2263, 10: 4732},
        "test": {1: 5022, 2: 2302, 3: 2541, 4: 2635,
                 7: 2307, 8: 2850, 9: 2344, 10: 4999},
    }  # fmt: skip
    for half, rows in found.items():
        counts = np.bincount([r.stars for r in rows], minlength=11)
        assert {n: c for n, c in enumerate(counts) if c} == stars[half]
        assert all(r.label == (r.stars > 5) for r in rows)
    texts = {r.text for rows in found.values() for r in rows}
    assert len(texts) == 49_582
    lengths = [len(t.split()) for r in found.values() for t, *_ in r]
    assert np.mean(lengths) == pytest.approx(231.2, abs=0.05)
    assert (np.median(lengths), max(lengths)) == (173, 2470)
