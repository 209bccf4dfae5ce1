"""Archives of the book: its notebooks, its pages, and the package.

`make dist` writes into `dist/`:

- ``dlf-notebooks.zip``: every paired notebook, the wheel they import (which
  carries the embedded data) and a note on how to start;
- ``dlf-pages.zip``: the book as it was built, to be read without a network;
- the wheel and the source distribution, under their versions.
"""

import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from dlf.book import wheel
from dlf.book.paths import BUILD, pages

NOTEBOOKS, PAGES = "dlf-notebooks.zip", "dlf-pages.zip"
NOTE = """\
Deep Learning Foundations: the notebooks
========================================

They need Python 3.11 or newer. In this folder:

    python -m venv .venv
    .venv/bin/pip install "./{wheel}[all]" jupyterlab
    .venv/bin/jupyter lab

(On Windows: .venv\\Scripts\\ in place of .venv/bin/.) The folders are the
book's parts. The data that the pages use is in the wheel.
"""
#: so that the same files make the same archive
MOMENT = (1980, 1, 1, 0, 0, 0)
Entry = tuple[str, bytes]
SOURCE = """
import sys
from setuptools import build_meta

build_meta.build_sdist(sys.argv[1])
"""


def dist(root: Path, folder: Path) -> list[Path]:
    """Write the four archives; return their paths.

    Args:
        root: folder of the checkout, with the book built.
        folder: for the archives; emptied first.

    Raises:
        FileNotFoundError: the book has not been built.
    """
    site = root / BUILD / "html"
    if not (site / "index.html").exists():
        raise FileNotFoundError(
            f"dist: {site} holds no index.html; `make book` builds it"
        )
    package = wheel.build(root, folder)
    make = [sys.executable, "-c", SOURCE, str(folder)]
    subprocess.run(make, cwd=root, check=True, capture_output=True)
    source = next(folder.glob("dlf-*.tar.gz"))
    return [
        pack(folder / NOTEBOOKS, notebooks(root, package)),
        pack(folder / PAGES, tree(site, "dlf-pages")),
        package,
        source,
    ]


def notebooks(root: Path, package: Path) -> Iterable[Entry]:
    """Give what the archive of notebooks holds.

    Args:
        root: folder of the checkout.
        package: the wheel.
    """
    top = "dlf-notebooks"
    yield f"{top}/README.txt", NOTE.format(wheel=package.name).encode()
    yield f"{top}/{package.name}", package.read_bytes()
    for page in pages(root):
        pair = page.with_suffix(".ipynb")
        inside = pair.relative_to(root).as_posix().removeprefix("chapters/")
        yield f"{top}/{inside}", pair.read_bytes()


def tree(folder: Path, top: str) -> Iterable[Entry]:
    """Give all files of a folder, in the order of their names.

    Args:
        folder: to be packed.
        top: name of the folder in the archive.
    """
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            inside = file.relative_to(folder).as_posix()
            yield f"{top}/{inside}", file.read_bytes()


def pack(
    file: Path, entries: Iterable[Entry], plain: Iterable[str] = ()
) -> Path:
    """Write a zip archive that depends on nothing but its entries.

    Args:
        file: to be written.
        entries: names and contents.
        plain: names of those that are not compressed.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, MOMENT)
            if name not in plain:
                entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return file
