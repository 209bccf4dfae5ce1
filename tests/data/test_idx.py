"""The IDX reader against arrays written, cut, forged and fuzzed."""

import gzip
import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlf.data import idx, mnist

from .memory import little_memory, peak  # noqa: F401

pytestmark = pytest.mark.usefixtures("little_memory")

WRITTEN = {np.dtype(t).newbyteorder("="): n for n, t in idx.TYPES.items()}
IMAGES = np.arange(24, dtype="u1").reshape(2, 3, 4)


def encode(array):
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, *_kind(array), *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def _kind(array):
    return WRITTEN[array.dtype], array.ndim


arrays = st.sampled_from(list(WRITTEN)).flatmap(
    lambda dtype: hnp.arrays(
        dtype,
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
        elements=hnp.from_dtype(dtype, allow_nan=False, allow_infinity=False),
    )
)


@settings(deadline=None)
@given(arrays, st.booleans())
def test_reads_what_was_written(array, zipped):
    raw = gzip.compress(encode(array)) if zipped else encode(array)
    found = idx.decode(raw, "file")
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array, strict=True)


def decode_or_refuse(raw):
    """Decode, or None where it is refused in our own words."""
    try:
        return idx.decode(raw, "file")
    except ValueError as error:
        if not str(error).startswith("idx: file "):
            raise
        return None


@settings(deadline=None)
@given(st.binary() | st.binary().map(lambda b: b"\0\0" + b))
@example(b"")
@example(b"\x1f\x8b")
@example(b"\0\0\x08\xff" + b"\0" * 4 * 255)
@example(b"\0\0\x08\x03" + b"\xff" * 8 + b"\0" * 4)
def test_any_bytes_are_an_array_or_a_value_error_of_ours(raw):
    decode_or_refuse(raw)


@settings(deadline=None)
@given(st.data())
def test_any_damage_is_an_array_or_a_value_error_of_ours(data):
    raw = bytearray(gzip.compress(encode(IMAGES), mtime=0))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    found = decode_or_refuse(bytes(raw))
    if found is not None:  # a byte of the gzip header: a time, a system
        np.testing.assert_array_equal(found, IMAGES)
    assert peak(decode_or_refuse, bytes(raw)) < 1 << 20


def head(*shape):
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)


@pytest.mark.parametrize(
    "body",
    [
        head(2**32 - 1, 2**32 - 1, 2**32 - 1),
        head(2**26) + bytes(2**26),  # all that it says, and all zeros
        head(3) + bytes(2**26),
    ],
)
def test_a_gzip_bomb_takes_no_more_than_a_few_times_its_size(body):
    raw = gzip.compress(body, mtime=0)
    del body
    with pytest.raises(ValueError, match=r"^idx: file must "):
        idx.decode(raw, "file")
    assert peak(idx.decode, raw, "file") < 80 * len(raw) + (4 << 20)


@pytest.mark.parametrize("cut", [1, 9, 20])
def test_a_truncated_gzip(cut):
    raw = gzip.compress(encode(IMAGES))[:-cut]
    with pytest.raises(
        ValueError, match=r"idx: a\.gz must be a whole gzip file"
    ):
        idx.decode(raw, "a.gz")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"<htm", "magic number 00 00, a type.*; got 3c 68 74 6d"),
        (b"", "got nothing"),
        (b"\0\0\x0a\x01\0\0\0\0", "got 00 00 0a 01"),
        (encode(IMAGES)[:-1], r"40 bytes.*\(2, 3, 4\) of 1; got 39"),
        (encode(IMAGES) + b"\0", "got 41"),
        (encode(IMAGES)[:10], "must have .* bytes.*; got 10"),
        (encode(np.array([1.0, np.nan])), "finite numbers; got NaN or inf"),
        (encode(np.array([np.inf], "f4")), "finite numbers; got NaN or inf"),
    ],
)
def test_refuses_and_says_why(raw, says):
    with pytest.raises(ValueError, match=f"^idx: file .*{says}"):
        idx.decode(raw, "file")


@pytest.fixture
def small(mirror, monkeypatch):
    """MNIST of five training and two test images; returns what changes it."""

    def publish(*arrays):
        names = [file.path for file in mnist.FILES]
        bodies = [gzip.compress(encode(a), mtime=0) for a in arrays]
        kit = tuple(map(mirror.file, names, bodies))
        monkeypatch.setattr(mnist, "FILES", kit)

    images = np.arange(5 * 4, dtype="u1").reshape(5, 2, 2)
    labels = np.arange(5, dtype="u1")
    publish(images, labels, images[:2], labels[:2])
    return publish


def test_loads_in_order_or_shuffled(small):
    d = mnist.load(train=3, validation=2)
    assert d.train.y.tolist() == [0, 1, 2]
    assert d.validation.y.tolist() == [3, 4]
    assert d.test.x.shape == (2, 1, 2, 2)
    assert d.train.x[2, 0].tolist() == [
        [8 / 255, 9 / 255],
        [10 / 255, 11 / 255],
    ]
    once, again = (mnist.load(train=3, validation=2, seed=1) for _ in range(2))
    assert once.train.y.tolist() == again.train.y.tolist() != [0, 1, 2]
    assert sorted([*once.train.y, *once.validation.y]) == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(
        once.train.x[:, 0, 0, 0] * 255 // 4, once.train.y
    )
    assert (
        mnist.load(train=1, validation=0, dtype=np.float32).train.x.dtype
        == "f4"
    )


@pytest.mark.parametrize(("train", "validation"), [(5, 1), (-1, 2), (3, -1)])
def test_refuses_sizes(small, train, validation):
    says = f"at most 5; got {train} and {validation}"
    with pytest.raises(ValueError, match=says):
        mnist.load(train=train, validation=validation)


def test_counts_that_differ(small):
    small(IMAGES, np.zeros(3, "u1"), IMAGES, np.zeros(2, "u1"))
    with pytest.raises(ValueError, match="got 3 labels and 2 images"):
        mnist.load(train=1, validation=1)


def test_files_exchanged(small):
    small(np.zeros(2, "u1"), IMAGES, IMAGES, np.zeros(2, "u1"))
    with pytest.raises(ValueError, match=r"train-images.* with 3 axes; got"):
        mnist.load(train=1, validation=1)
