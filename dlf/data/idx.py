"""IDX, the format of MNIST: a header that says the shape, then the numbers.

    0 0 type D | D sizes, 4 bytes each | the numbers, last axis fastest

All big-endian; the whole may be gzipped. A gzipped file may unpack to sixteen
times its size, and any to a mebibyte: MNIST's images grow fivefold.
Source: LeCun, Cortes & Burges, The MNIST Database of Handwritten Digits, the
section on file formats.
"""

import math
import struct

import numpy as np
from jaxtyping import Shaped, UInt8

from dlf.data import files
from dlf.data.core import Array, Dataset, Examples, Real
from dlf.data.unpacking import GZIP, gunzip

TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
GROWTH = 16


def decode(raw: bytes, name: str) -> Shaped[Array, "..."]:
    """Read an array from the bytes of an IDX file, gzipped or not.

    Args:
        raw: the bytes.
        name: what errors call them.

    Raises:
        ValueError: they are not a whole IDX file of finite numbers.

    >>> decode(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]), "two bytes")
    array([7, 9], dtype=uint8)
    """
    if raw[:2] == GZIP:
        try:
            raw = gunzip(raw, max(GROWTH * len(raw), 1 << 20))
        except ValueError as error:
            raise ValueError(
                f"idx: {name} must be a whole gzip file of numbers; {error}. "
                "Fetch it again"
            ) from error
    if len(raw) < 4 or raw[:2] != b"\0\0" or raw[2] not in TYPES:
        kinds = ", ".join(f"{t:02x}" for t in TYPES)
        raise ValueError(
            f"idx: {name} must begin with the magic number 00 00, a type "
            f"among {kinds}, and the number of axes; got "
            f"{raw[:4].hex(' ') or 'nothing'}. It is not an IDX file"
        )
    axes, start, dtype = raw[3], 4 + 4 * raw[3], np.dtype(TYPES[raw[2]])
    shape = struct.unpack(f">{axes}I", raw[4:start].ljust(4 * axes, b"\0"))
    size = start + math.prod(shape) * dtype.itemsize
    if len(raw) != size:
        raise ValueError(
            f"idx: {name} must have {size} bytes, because its header says "
            f"{shape} of {dtype.itemsize}; got {len(raw)}. Fetch it again"
        )
    flat = np.frombuffer(raw, dtype, offset=start) if len(raw) > start else []
    try:
        array = np.array(flat, dtype.newbyteorder("=")).reshape(shape)
    except ValueError as error:
        raise ValueError(
            f"idx: {name} has no shape {shape}: {error}"
        ) from error
    if not np.isfinite(array).all():
        raise ValueError(
            f"idx: {name} must hold finite numbers; got NaN or inf"
        )
    return array


def pair(
    images: Shaped[Array, "..."], labels: Shaped[Array, "..."], name: str
) -> tuple[UInt8[Array, "N H W"], UInt8[Array, " N"]]:
    """Check that these are gray images and their labels, and return them.

    Args:
        images: what was read as images.
        labels: what was read as labels.
        name: what errors call them.

    Raises:
        ValueError: they are not, or their counts differ.
    """
    for array, axes, what in ((images, 3, "images"), (labels, 1, "labels")):
        if array.dtype != np.uint8 or array.ndim != axes:
            raise ValueError(
                f"idx: {name} must have {what} of bytes with {axes} axes; "
                f"got {array.dtype} {array.shape}. Are the files exchanged?"
            )
    if len(images) != len(labels):
        raise ValueError(
            f"idx: {name} must have as many labels as images; got "
            f"{len(labels)} labels and {len(images)} images. Fetch both again"
        )
    return images, labels


def load(
    kit: tuple[files.File, ...],
    *,
    train: int,
    validation: int,
    seed: int | None,
    dtype: Real,
) -> Dataset:
    """Load images and labels to learn from, and those of the test.

    Args:
        kit: training images and labels, test images and labels.
        train: how many of the training images to learn from.
        validation: how many of the others to choose by.
        seed: shuffles the training images first; None keeps their order.
        dtype: of the images.

    Raises:
        ValueError: a file is not what it must be, or there are not so many.
        OSError: a file could not be had.
    """
    arrays = [decode(files.read(f), f.path) for f in kit]
    x, y = pair(*arrays[:2], kit[0].path)  # pyright: ignore[reportCallIssue]
    if min(train, validation) < 0 or train + validation > len(x):
        raise ValueError(
            "load: `train` and `validation` must be counts that sum to at "
            f"most {len(x)}; got {train} and {validation}"
        )
    rows = np.arange(len(x))
    if seed is not None:
        rows = np.random.default_rng(seed).permutation(len(x))
    parts = rows[:train], rows[train : train + validation]
    return Dataset(  # pyright: ignore[reportCallIssue]
        *(_examples(x[rows], y[rows], dtype) for rows in parts),
        _examples(*pair(*arrays[2:], kit[2].path), dtype),  # pyright: ignore[reportCallIssue]
    )


def _examples(
    x: UInt8[Array, "N H W"], y: UInt8[Array, " N"], dtype: Real
) -> Examples:
    return Examples(x[:, None] / dtype(255), y.astype(np.int64))
