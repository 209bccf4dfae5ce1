"""Where a data file is: the reader's folder, the cache, or a mirror.

A file is looked for in the folder that DLF_DATA_HOME names, then in the user's
cache, plain or with ``.xz`` appended; if it is in neither, it is downloaded
into the cache. Its SHA-256 is checked before a byte of it is used, and nothing
is written anywhere but in the cache, first under a temporary name.
"""

import hashlib
import os
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs

from dlf.data.unpacking import unxz

PIECE = 1024  # bytes of a download at once


class File(NamedTuple):
    """A file as its authors published it.

    Args:
        path: folder and name under DLF_DATA_HOME and in the cache.
        sha256: of the published bytes, also where they are kept as ``.xz``.
        size: bytes to download.
        mirrors: addresses without the name, tried in this order.
    """

    path: str
    sha256: str
    size: int
    mirrors: tuple[str, ...]


def cache() -> Path:
    """Name the folder for downloads."""
    return Path(platformdirs.user_cache_dir("dlf"))


def homes() -> list[Path]:
    """Name the folders to look in: DLF_DATA_HOME if it is set, the cache.

    Raises:
        FileNotFoundError: DLF_DATA_HOME names no folder.
    """
    own = os.environ.get("DLF_DATA_HOME")
    if not own:
        return [cache()]
    if not Path(own).is_dir():
        raise FileNotFoundError(
            "data: the environment variable DLF_DATA_HOME must name a folder; "
            f"got {own!r}. Correct it, or unset it to download"
        )
    return [Path(own), cache()]


def find(file: File) -> Path | None:
    """Find the file, plain or as ``.xz``; None if it is not here.

    Args:
        file: as published.
    """
    paths = (h / f"{file.path}{xz}" for h in homes() for xz in ("", ".xz"))
    return next((p for p in paths if p.is_file()), None)


def read(file: File) -> bytes:
    """Return the published bytes, found here or downloaded, and checked.

    Args:
        file: as published.

    Raises:
        ValueError: the file found is not the published one.
        OSError: it is not here and could not be downloaded or kept.
    """
    return check(file, find(file) or download(file))


def fetch(file: File) -> Path:
    """Make sure of a good copy; replace a bad one if it is in the cache.

    Args:
        file: as published.

    Raises:
        ValueError: a copy in DLF_DATA_HOME is bad: the reader's, not ours.
        OSError: it could not be downloaded or kept.
    """
    path = find(file)
    if path is None:
        return download(file)
    try:
        check(file, path)
    except ValueError:
        if not path.is_relative_to(cache()):
            raise
        return download(file)
    return path


def check(file: File, path: Path) -> bytes:
    """Return the published bytes from a path, if that is what it holds.

    Args:
        file: as published.
        path: of a copy of it, plain or as ``.xz``.

    Raises:
        ValueError: the bytes are others or more, or the ``.xz`` is broken.
    """
    remedy = (
        "Delete it, then run `python -m dlf.data fetch` to download it again"
    )
    packed = path.name == Path(file.path).name + ".xz"
    most = 2 * file.size + 1000 if packed else file.size
    if path.stat().st_size > most:
        raise ValueError(
            f"data: {path} must have at most {most} bytes, because the "
            f"published file has {file.size}; got {path.stat().st_size}. "
            f"{remedy}"
        )
    raw = path.read_bytes()
    if packed:
        try:
            raw = unxz(raw, file.size)
        except ValueError as error:
            raise ValueError(
                f"data: {path} cannot be decompressed ({error}). {remedy}"
            ) from error
    found = hashlib.sha256(raw).hexdigest()
    if found != file.sha256:
        raise ValueError(
            f"data: {path} must have sha256 {file.sha256}, because the "
            f"published file has; got {found}. {remedy}"
        )
    return raw


class Progress:
    """A progress bar that ends a download of more than was published.

    Args:
        bar: shows how far it is.
        most: bytes that may come; pooch counts its last piece as a whole one.
    """

    def __init__(self, bar: Any, most: int) -> None:
        self.bar, self.most, self.total, self.seen = bar, most, 0, 0

    def update(self, n: int) -> None:
        """Count bytes that have come.

        Args:
            n: bytes since the last call.

        Raises:
            ValueError: they are too many.
        """
        self.seen += n
        if self.seen >= self.most + PIECE:
            raise ValueError(
                f"download: a file must have {self.most} bytes, because the "
                f"published one has; got {self.seen} and maybe more"
            )
        self.bar.update(n)

    def reset(self) -> None:
        """Begin anew."""
        self.seen = 0
        self.bar.reset()

    def close(self) -> None:
        """Show no more."""
        self.bar.close()


def download(file: File) -> Path:
    """Download the file into the cache from the first mirror that has it.

    Args:
        file: as published.

    Raises:
        ConnectionError: no mirror gave the published bytes.
        OSError: the cache cannot be written.
    """
    import pooch
    from requests import RequestException
    from tqdm import tqdm

    pooch.get_logger().setLevel("WARNING")
    path = cache() / file.path
    failures = []
    for mirror in file.mirrors:
        bar = tqdm(
            desc=file.path,
            total=file.size,
            unit="B",
            unit_scale=True,
            disable=None,
        )
        get = pooch.HTTPDownloader(
            chunk_size=PIECE,
            progressbar=Progress(bar, file.size),  # pyright: ignore[reportArgumentType]
            headers={"Accept-Encoding": "identity"},
        )
        url = f"{mirror}/{path.name}"
        try:
            pooch.retrieve(
                url,
                file.sha256,
                path.name,
                path.parent,
                downloader=get,  # pyright: ignore[reportArgumentType]
            )
            return path
        except RequestException as error:
            status = getattr(error.response, "status_code", None)
            failures.append(f"  {url}: {status or type(error).__name__}")
        except ValueError:  # pooch has deleted them
            failures.append(f"  {url}: not the published bytes")
        except OSError as error:
            raise OSError(
                f"data: {path} cannot be written ({error}). Make the cache "
                "writable, or set DLF_DATA_HOME to a folder that holds "
                f"{file.path}"
            ) from error
        finally:
            bar.close()
    raise ConnectionError(
        f"data: {file.path} is not in {' or '.join(map(str, homes()))} and no "
        "mirror gave it. Try again with a network, or set DLF_DATA_HOME to a "
        "folder that holds it:\n" + "\n".join(failures)
    )
