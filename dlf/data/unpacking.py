"""Decompress no more than is expected: a small file can unpack to gigabytes.

A thousand zeros take a byte in a gzip file and next to nothing in an xz file,
whose header may ask for 4 GB besides. So who unpacks says how much may come.
Source: RFC 1951 for the ratio of 1032 to 1; the xz manual for its memory.
"""

import gzip
import io
import lzma
import zlib

MEMORY = 128 << 20  # of a decoder of xz, at the least; level 9 takes 65 MiB
PIECE = 1 << 16  # of a gzip file at once
GZIP, XZ = b"\x1f\x8b", b"\xfd7zXZ\0"


def gunzip(raw: bytes, most: int) -> bytes:
    """Unpack a gzip file.

    Args:
        raw: the file.
        most: bytes that may come.

    Raises:
        ValueError: it is damaged, breaks off, or holds more.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
            found = bytearray()
            while len(found) <= most and (piece := file.read(PIECE)):
                found += piece
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(
            f"gunzip: {len(raw)} bytes break off or are damaged ({error})"
        ) from error
    return _bounded("gunzip", bytes(found), raw, most)


def unxz(raw: bytes, most: int) -> bytes:
    """Unpack an xz file; arguments and errors as for `gunzip`.

    Args:
        raw: the file.
        most: bytes that may come out.

    Raises:
        ValueError: it is damaged, breaks off, or holds more.
    """
    parts, rest, left = [], raw, most + 1
    try:
        while left and (rest or not parts):
            decoder = lzma.LZMADecompressor(
                lzma.FORMAT_XZ, memlimit=max(MEMORY, 2 * most)
            )
            part = decoder.decompress(rest, left)
            left -= len(part)
            parts.append(part)
            if left and not decoder.eof:
                raise EOFError("it ends in the midst of a stream")
            rest = decoder.unused_data.lstrip(b"\0")
    except (EOFError, lzma.LZMAError) as error:
        raise ValueError(
            f"unxz: {len(raw)} bytes break off or are damaged ({error})"
        ) from error
    return _bounded("unxz", b"".join(parts), raw, most)


def _bounded(name: str, found: bytes, raw: bytes, most: int) -> bytes:
    """Give what was found unless it is too much."""
    if len(found) > most:
        raise ValueError(
            f"{name}: {len(raw)} bytes must unpack to at most {most}, because "
            "no file that is expected here is larger; there are more"
        )
    return found


class Bounded(io.RawIOBase):
    """A file of which no large piece is read, and nothing past an end.

    Args:
        file: can be read and sought in.
        piece: bytes that may be read at once.
        end: bytes that it may have.
    """

    def __init__(self, file: io.BufferedIOBase, piece: int, end: int) -> None:
        self.file, self.piece, self.end = file, piece, end

    def read(self, size: int = -1, /) -> bytes:
        """Read the next bytes.

        Args:
            size: bytes, at most a piece; -1, for all that is left, is refused.

        Raises:
            ValueError: they are too many at once.
        """
        if not 0 <= size <= self.piece:
            raise ValueError(
                f"read: a piece must have at most {self.piece} bytes, because "
                f"nothing that is expected here is larger; got {size}"
            )
        return self.file.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place.

        Args:
            offset: bytes from the start, at most the end.
            whence: 0, for the start; any other is refused.

        Raises:
            ValueError: it is too far on, or not counted from the start.
        """
        if whence or offset > self.end:
            raise ValueError(
                f"seek: a place must be at most {self.end}, because no file "
                f"that is expected here is larger; got {offset}"
            )
        return self.file.seek(offset)

    def tell(self) -> int:
        """Tell where the next byte is."""
        return self.file.tell()
