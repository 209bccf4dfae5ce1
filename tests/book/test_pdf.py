"""The printed book: its pages in order, numbered, and linked within."""

from unittest.mock import MagicMock

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from dlf.book import pdf
from dlf.book.chromium import chromium
from dlf.book.page import address

TOC = """
format: jb-book
root: index
parts:
  - chapters: [{file: one/first}, {file: genindex}, {file: two}]
"""
PAGE = """<!doctype html><meta charset="utf-8"><title>{title}</title>
<main id="main-content"><section id="{top}"><h1>{title}<a class="headerlink"
href="#{top}">#</a></h1><p>{text}</p><section id="part"><h2>A part of {title}
</h2><p style="break-before: page">Below.</p></section></section></main>"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A book of three pages, and one that has no place on paper."""
    root = tmp_path_factory.mktemp("book")
    (root / "_toc.yml").write_text(TOC, encoding="utf-8")
    for name, text in {
        "index": '<a href="one/first.html#part">there</a>',
        "one/first": '<a href="../two.html">on</a> <a href="#part">down</a>',
        "genindex": "words",
        "two": '<a href="genindex.html">index</a> <a href="https://a.b/c">'
        "elsewhere</a>",
    }.items():
        file = root / f"_build/html/{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        title = f"Page {name}"
        page = PAGE.format(title=title, top=f"top-{name}", text=text)
        file.write_text(page, encoding="utf-8")
    try:
        with chromium() as browser:
            return PdfReader(pdf.pdf(root, root / "dist/book.pdf", browser))
    except FileNotFoundError as missing:
        pytest.skip(str(missing))


def links(printed, number):
    """Where the links of a page lead: to a page and a height, or away."""
    found = []
    ids = [page.indirect_reference for page in printed.pages]
    for link in printed.pages[number].get("/Annots", []):
        a = link.get_object()
        if "/Dest" in a:
            to, _, _, height, _ = list.__iter__(a["/Dest"])
            found.append((ids.index(to), float(height)))
        else:
            found.append(str(a["/A"]["/URI"]))
    return found


def test_cover_contents_and_pages_come_in_order(printed):
    texts = [page.extract_text() for page in printed.pages]
    assert len(texts) == 8  # two in front, two of each page
    assert texts[0].startswith("Deep Learning Foundations")
    rows = texts[1].split()
    assert rows[:1] == ["Contents"]
    assert [w for w in rows if w.isdigit()] == ["3", "5", "7"]
    for at, name in ((2, "index"), (4, "one/first"), (6, "two")):
        assert texts[at].startswith(f"Page {name}")


def test_every_page_but_the_first_two_has_its_number(printed):
    for i, page in enumerate(printed.pages):
        ends_in = page.extract_text().split()[-1] == str(i + 1)
        assert ends_in == (i >= 2)


def test_links_lead_within_the_file(printed):
    top, there = links(printed, 2)[:2]
    assert top[0] == 2
    assert there[0] == 4  # where "A part of Page one/first" stands
    assert there[1] < top[1] - 40
    assert [to for to, _ in links(printed, 4)[1:3]] == [6, 4]
    assert links(printed, 4)[2] == there


def test_links_to_what_is_not_printed_lead_to_the_site(printed):
    assert links(printed, 6)[1:3] == [
        f"{address('Book')}/genindex.html",
        "https://a.b/c",
    ]


def test_the_outline_has_pages_and_their_sections(printed):
    titles = [
        [s["/Title"].split()[-1] for s in item]
        if isinstance(item, list)
        else item["/Title"]
        for item in printed.outline
    ]
    assert titles == [
        "Page index",
        ["index"],
        "Page one/first",
        ["one/first"],
        "Page two",
        ["two"],
    ]


def test_a_book_that_is_not_built_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="`make book` builds it"):
        pdf.pdf(tmp_path, tmp_path / "book.pdf", MagicMock(spec=Browser))
