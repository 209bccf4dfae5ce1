"""The book for e-readers: Sphinx's EPUB, its pages made valid.

`make epub` writes `dist/dlf.epub`. Formulas are MathML. Cards and drawings are
written for browsers, which forgive much that an e-reader need not; so every
page is parsed as browsers do and written again as XHTML.
"""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from bs4 import BeautifulSoup

from dlf.book.dist import pack
from dlf.book.paths import BUILD

BUILDER = ("--builder", "custom", "--custom-builder", "epub")
PAGE, PACKAGE = ".xhtml", "content.opf"
#: what only a script makes work
LIVE = "script, button, form, input, .dlf-frames, a.headerlink"
STYLES = ("ebook.css", "epub.css", "pygments.css")
ITEM = re.compile(r'(<item id="[^"]+" href="([^"]+)"[^>]*?) ?/>')


def epub(root: Path, file: Path) -> Path:
    """Write the e-book; return the file.

    Args:
        root: folder of the checkout.
        file: to be written.

    Raises:
        RuntimeError: Sphinx failed; its words.
    """
    start = "from jupyter_book.cli.main import main; main()"
    folder = root / BUILD / "ebook"
    options = ["build", ".", "-n", "-q", *BUILDER, "--path-output", str(folder)]
    done = subprocess.run(
        [sys.executable, "-c", start, *options],
        cwd=root,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"epub: {done.stdout}{done.stderr}")
    made = folder / BUILD / "epub/dlf.epub"
    file.parent.mkdir(parents=True, exist_ok=True)
    return mend(made, file)


def mend(made: Path, file: Path) -> Path:
    """Write the e-book again, so that every page is valid.

    Args:
        made: as Sphinx wrote it.
        file: to be written.
    """
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, content in parts.items():
        if name.endswith(PAGE):
            parts[name] = mend_page(content.decode()).encode()
    package = parts[PACKAGE].decode()
    with_formulas = {n for n, c in parts.items() if b"<math" in c}
    parts[PACKAGE] = declare(package, with_formulas).encode()
    first = {"mimetype": parts.pop("mimetype")}  # comes first and plain
    return pack(file, [*first.items(), *parts.items()], plain=("mimetype",))


def mend_page(text: str) -> str:
    """Write a page again as XHTML.

    Args:
        text: of the page, as for a browser.
    """
    page = BeautifulSoup(text, "html.parser")
    for part in page.select(LIVE):
        part.decompose()
    for style in page.select("link[rel=stylesheet]"):
        if not str(style["href"]).endswith(STYLES):
            style.decompose()
    for paragraph in page.select("span p, summary p"):
        paragraph.name = "span"
    seen = set()
    for part in page.select("[id]"):
        if part["id"] in seen:
            del part["id"]
        else:
            seen.add(part["id"])
    for link in page.select("a[href]"):
        link["href"] = re.sub(
            r"^(?!\w+:)([^#]*)\.html(?=#|$)", r"\1.xhtml", str(link["href"])
        )
    return str(page)


def declare(package: str, pages: set[str]) -> str:
    """Say in the package which pages have formulas.

    Args:
        package: the list of what the e-book holds.
        pages: names of those with formulas.
    """
    return ITEM.sub(
        lambda item: (
            f'{item[1]} properties="mathml"/>' if item[2] in pages else item[0]
        ),
        package,
    )
