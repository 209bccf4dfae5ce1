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
from sphinx.application import Sphinx

from dlf import __version__
from dlf.book import mathml
from dlf.book.dist import EPUB, pack
from dlf.book.paths import BUILD

BUILDER = ("--builder", "custom", "--custom-builder", "epub")
PAGE, PACKAGE = ".xhtml", "content.opf"
#: what only a script makes work
LIVE = "script, button, form, input, .dlf-frames, a.headerlink"
STYLES = ("ebook.css", "epub.css", "pygments.css")
READ = re.compile(r"<itemref [^>]*>")
#: a folder of its own: what lies in `_static` is linked on every page
SHEETS = Path(__file__).parent / "ebook"
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
    made = folder / BUILD / f"epub/{EPUB}"
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
    foreign = {
        name
        for name in parts
        if name.endswith(".css") and not name.endswith(STYLES)
    }
    parts = {n: content for n, content in parts.items() if n not in foreign}
    with_formulas = {n for n, c in parts.items() if b"<math" in c}
    package = declare(parts[PACKAGE].decode(), with_formulas, foreign)
    parts[PACKAGE] = package.encode()
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


def declare(package: str, formulas: set[str], left_out: set[str]) -> str:
    """Say in the package which pages have formulas, and name each thing once.

    Args:
        package: the list of what the e-book holds.
        formulas: names of pages that have some.
        left_out: names of files that it holds no more.
    """

    def item(found: re.Match[str]) -> str:
        if found[2] in left_out:
            return ""
        if found[2] in formulas:
            return f'{found[1]} properties="mathml"/>'
        return found[0]

    package = ITEM.sub(item, package)
    read: set[str] = set()
    return READ.sub(
        lambda found: (
            "" if found[0] in read else read.add(found[0]) or found[0]
        ),
        package,
    )


def choose(app: Sphinx) -> None:
    """Set what holds for e-books alone, now that the builder is known.

    Args:
        app: the running Sphinx.
    """
    if app.builder.name == "epub":
        app.add_html_math_renderer(
            "mathml", (mathml.visit_inline, None), (mathml.visit_block, None)
        )
        app.config.html_theme_options["launch_buttons"] = {}
        for name, value in {
            "html_math_renderer": "mathml",
            "html_static_path": [str(SHEETS)],
            "project": app.config.html_title,
            "version": __version__,
            "epub_basename": EPUB.removesuffix(".epub"),
            "epub_identifier": "dlf",
            "epub_uid": "dlf",
            "epub_exclude_files": ["_static/dlf.css"],
            "epub_show_urls": "no",
            "epub_tocdepth": 2,
        }.items():
            setattr(app.config, name, value)
        app.add_css_file("ebook.css")


def setup(app: Sphinx) -> dict:
    """Connect this extension to Sphinx.

    Args:
        app: the running Sphinx.
    """
    app.connect("builder-inited", choose, priority=1)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
