"""The e-book: what browsers forgive is mended, formulas are MathML."""

import html
import re
from xml.etree import ElementTree

import pytest

from dlf.book import epub
from dlf.book.mathml import mathml

from .conftest import ROOT

PAGE = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title>
<link rel="stylesheet" href="../_static/dlf.css"/>
<link rel="stylesheet" href="../_static/ebook.css"/></head><body>
<p id="a">1 & 2 < 3</p><img src="x.png"><input type="range">
<p id="a">again</p><details open><summary><p>title</p></summary>x</details>
<a href="../other.html#there">1</a> <a href="https://a.b/c.html">2</a>
<a href="#here">3</a> <a class="headerlink" href="#a">#</a>
<figure><figcaption><span class="caption-text"><p>words</p></span></figcaption>
</figure><script>run()</script></body></html>"""


def test_a_page_becomes_xml():
    page = ElementTree.fromstring(epub.mend_page(PAGE))
    names = [part.tag.partition("}")[2] for part in page.iter()]
    assert "script" not in names
    assert "input" not in names
    assert [p.text for p in page.iter() if p.get("id") == "a"] == ["1 & 2 < 3"]
    for outer in ("span", "summary"):
        for part in page.iter(f"{{http://www.w3.org/1999/xhtml}}{outer}"):
            assert not [p for p in part.iter() if p.tag.endswith("}p")]


def test_links_lead_to_the_pages_of_the_e_book():
    page = ElementTree.fromstring(epub.mend_page(PAGE))
    assert [p.get("href") for p in page.iter() if p.get("href")] == [
        "../_static/ebook.css",
        "../other.xhtml#there",
        "https://a.b/c.html",
        "#here",
    ]


def test_the_package_says_where_formulas_are_and_names_a_page_once():
    package = (
        '<item id="epub-0" href="a/b.xhtml" media-type="x" />'
        '<item id="epub-1" href="c.xhtml" media-type="x" />'
        '<item id="epub-2" href="d.css" media-type="y" />'
        '<itemref idref="epub-1" /><itemref idref="epub-1" />'
    )
    assert epub.declare(package, {"a/b.xhtml"}, {"d.css"}) == (
        '<item id="epub-0" href="a/b.xhtml" media-type="x" properties="mathml"'
        '/><item id="epub-1" href="c.xhtml" media-type="x" />'
        '<itemref idref="epub-1" />'
    )


@pytest.mark.parametrize(
    ("formula", "outermost"),
    [
        (r"\begin{pmatrix}r&b\\0&r\end{pmatrix}^k", "msup"),
        (r"\binom{n}{k}^{-1}", "msup"),
        (r"\binom nk^{-1}", "msup"),
        (r"\mathop{\mathrm{argmin}}_{a}", "msub"),
        (r"\operatorname*{mean}_k", "msub"),
        (r"\frac12", "mfrac"),
    ],
)
def test_a_power_is_of_the_whole(formula, outermost):
    [row] = ElementTree.fromstring(mathml(formula, "block"))
    [first] = row
    assert first.tag.partition("}")[2] == outermost
    if outermost == "msup":
        assert len(first) == 2


@pytest.mark.parametrize("mark", ["<math ", "ebook.css"])
def test_pages_for_browsers_have_nothing_of_it(mark):
    pages = list((ROOT / "_build/html/chapters").rglob("*.html"))
    if not pages:
        pytest.skip("the book is not built: `make book`")
    assert not [p for p in pages if mark in p.read_text("utf-8")]


def formulas():
    """Every formula of the built book."""
    marked = re.compile(
        r'class="math notranslate nohighlight"[^>]*>(.*?)</(?:span|div)>', re.S
    )
    between = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.S)
    found = set()
    for page in (ROOT / "_build/html").rglob("*.html"):
        for text in marked.findall(page.read_text("utf-8")):
            plain = html.unescape(re.sub("<[^>]+>", "", text))
            found |= {a or b for a, b in between.findall(plain)}
    return sorted(found)


def test_every_formula_of_the_book_is_understood():
    found = formulas()
    if not found:
        pytest.skip("the book is not built: `make book`")
    assert len(found) > 2000
    unknown = {}
    for formula in found:
        written = mathml(formula, "inline")
        ElementTree.fromstring(written)
        if "\\" in re.sub(r"<mo>\\</mo>", "", written):
            unknown[formula] = written
    assert unknown == {}
