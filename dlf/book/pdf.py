"""The book on paper: every page printed by Chromium, bound into one file.

`make pdf` writes `dist/dlf.pdf`: cover, contents with page numbers, an outline,
and links that lead within the file. Chromium prints a page at a time and knows
nothing of the others, so that links between pages are set here.
"""

import html
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag

import yaml
from playwright.sync_api import Browser
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    FloatObject,
    NameObject,
    NullObject,
    TextStringObject,
)

from dlf import __version__
from dlf.book.page import address
from dlf.book.paths import BUILD, names
from dlf.book.printing import Printed, anchors, print_page, to_paper

#: of no use on paper
LEFT_OUT = "genindex", "where", "runtimes"
TITLE = "Deep Learning Foundations"
NUMBER = (
    '<div style="width: 100%; text-align: center; font: 8px sans-serif">'
    '<span class="pageNumber"></span></div>'
)


class Place(NamedTuple):
    """Where something stands: a page of the file, and how far up."""

    page: int
    top: float


def pdf(root: Path, file: Path, browser: Browser) -> Path:
    """Print the book; return the file.

    Args:
        root: folder of the checkout, with the book built.
        file: to be written.
        browser: Chromium.

    Raises:
        FileNotFoundError: the book has not been built.
    """
    site = (root / BUILD / "html").resolve()
    if not (site / "index.html").exists():
        raise FileNotFoundError(
            f"pdf: {site} holds no index.html; `make book` builds it"
        )
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    kept = [name for name in names(toc) if name not in LEFT_OUT]
    wanted = anchors(site, kept)
    parts = [print_page(browser, site, n, wanted.get(n, set())) for n in kept]
    front = print_front(browser, parts, 0)
    front = print_front(browser, parts, len(front.pages))
    file.parent.mkdir(parents=True, exist_ok=True)
    bind(site, front, parts, browser).write(file)
    return file


def print_front(
    browser: Browser, parts: Sequence[Printed], pages: int
) -> PdfReader:
    """Print cover and contents.

    Args:
        browser: Chromium.
        parts: the pages of the book.
        pages: that come before the first of them.
    """
    rows, number = [], pages + 1
    for part in parts:
        title = html.escape(part.sections[0].title)
        rows.append(f"<tr><td>{title}<td>{number}")
        number += len(part.reader.pages)
    page = browser.new_page()
    page.set_content(
        "<style>body {font-family: sans-serif} h1 {margin-top: 35%; font-size: "
        "34px} p {font-size: 15px} h2 {break-before: page} table {width: 100%; "
        "font-size: 13px} td:last-child {text-align: right}</style>"
        f"<h1>{TITLE}</h1><p>Version {html.escape(__version__)}. Its pages, "
        f"which can be run: {html.escape(address('Book'))}</p>"
        "<p>Text CC BY 4.0, code MIT.</p>"
        f"<h2>Contents</h2><table>{''.join(rows)}</table>"
    )
    printed = to_paper(page)
    page.close()
    return printed


def bind(
    site: Path, front: PdfReader, parts: Sequence[Printed], browser: Browser
) -> PdfWriter:
    """Join the pages; set numbers, outline and links.

    Args:
        site: folder of the built book.
        front: cover and contents.
        parts: the pages of the book.
        browser: Chromium, which prints the numbers.
    """
    writer, places = PdfWriter(), {}
    writer.append(front, import_outline=False)
    for part in parts:
        start = len(writer.pages)
        places[part.name] = {"": Place(start, 800.0)}
        for name, place in part.reader.named_destinations.items():
            at = part.reader.get_destination_page_number(place)
            if at is not None and place.top is not None:
                anchor = unquote(name.removeprefix("/"))
                places[part.name][anchor] = Place(start + at, float(place.top))
        writer.append(part.reader, import_outline=False)
    first = len(front.pages)
    for i, number in enumerate(numbers(browser, len(writer.pages))):
        if i >= first:
            writer.pages[i].merge_page(number)
            writer.pages[i].compress_content_streams(level=9)
    outline(writer, parts, places)
    owners = [p.name for p in parts for _ in p.reader.pages]
    for page, owner in zip(writer.pages[first:], owners, strict=True):
        for link in page.get("/Annots", []):
            lead(writer, link.get_object(), site, owner, places)
    writer.compress_identical_objects(remove_unreferenced=True)
    writer.add_metadata({"/Title": TITLE})
    return writer


def numbers(browser: Browser, count: int) -> Iterator[Any]:
    """Print empty pages with their numbers.

    Args:
        browser: Chromium.
        count: of the pages.
    """
    page = browser.new_page()
    page.set_content('<p style="break-after: page">&nbsp;' * count)
    printed = to_paper(
        page,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=NUMBER,
    )
    page.close()
    yield from printed.pages[:count]


def outline(
    writer: PdfWriter,
    parts: Sequence[Printed],
    places: dict[str, dict[str, Place]],
) -> None:
    """Give the file an outline of pages and their sections.

    Args:
        writer: of the file.
        parts: the pages of the book.
        places: of their anchors.
    """
    for part in parts:
        parents: dict[int, Any] = {0: None}
        for level, anchor, title in part.sections:
            place = places[part.name].get(anchor)
            if place is not None:
                above = max(k for k in parents if k < level)
                parents = {k: v for k, v in parents.items() if k < level}
                parents[level] = writer.add_outline_item(
                    title=title,
                    page_number=place.page,
                    parent=parents[above],
                    is_open=False,
                )


def lead(
    writer: PdfWriter,
    link: Any,
    site: Path,
    owner: str,
    places: dict[str, dict[str, Place]],
) -> None:
    """Let a link to a page of the book lead to its place in the file.

    Args:
        writer: of the file.
        link: an annotation; changed in place.
        site: folder of the built book.
        owner: name of the page on which it stands.
        places: of all anchors.
    """
    if "/Dest" in link:
        name, anchor = owner, unquote(str(link["/Dest"]).removeprefix("/"))
    else:
        path, anchor = urldefrag(str(link.get("/A", {}).get("/URI", "")))
        if not path.startswith(f"{site.as_uri()}/"):
            return
        inside = unquote(path.removeprefix(f"{site.as_uri()}/"))
        name = inside.removesuffix(".html")
        if name not in places:
            link["/A"][NameObject("/URI")] = TextStringObject(
                f"{address('Book')}/{inside}"
            )
            return
    found = places[name]
    place = found.get(unquote(anchor), found[""])
    link.pop("/A", None)
    link[NameObject("/Dest")] = ArrayObject(
        [
            writer.pages[place.page].indirect_reference,
            NameObject("/XYZ"),
            NullObject(),
            FloatObject(place.top),
            NullObject(),
        ]
    )
