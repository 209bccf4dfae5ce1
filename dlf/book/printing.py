"""Pages of the book as Chromium prints them, one at a time."""

import html
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag

from playwright.sync_api import Browser, Page, PdfMargins
from pypdf import PdfReader

MARGINS = PdfMargins(top="18mm", bottom="20mm", left="17mm", right="17mm")
#: a page is ready when its formulas are set and its figures loaded
READY = """async () => {
  if (window.MathJax) await MathJax.startup.promise;
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((i) => i.decode().catch(() => 0)));
}"""
SECTIONS = """() => [...document.querySelectorAll("#main-content section[id]")]
  .map((s) => [s.id, s.querySelector("h1, h2, h3")])
  .filter(([, h]) => h)
  .map(([id, h]) => {
    const own = h.cloneNode(true);
    own.querySelectorAll(".headerlink").forEach((a) => a.remove());
    return [Number(h.tagName[1]), id, own.textContent.trim()];
  })"""
#: Chromium keeps the places that something on the page links to
LINK_TO = """ids => {
  const box = document.createElement("div");
  for (const id of ids) {
    if (!document.getElementById(id)) continue;
    const a = document.createElement("a");
    a.href = "#" + encodeURIComponent(id);
    a.textContent = ".";
    box.append(a);
  }
  box.style = "height: 1px; overflow: hidden; opacity: 0";
  document.querySelector("#main-content").append(box);
}"""


class Section(NamedTuple):
    """A heading: its level, the anchor of its section, its text."""

    level: int
    anchor: str
    title: str


class Printed(NamedTuple):
    """A page of the book on paper."""

    name: str
    sections: list[Section]
    reader: PdfReader


def anchors(site: Path, kept: Sequence[str]) -> dict[str, set[str]]:
    """Find what the pages link to: page to anchors.

    Args:
        site: folder of the built book.
        kept: names of the pages.
    """
    found: dict[str, set[str]] = {name: set() for name in kept}
    for name in kept:
        page = site / f"{name}.html"
        for link in re.findall(r'href="([^"]+)"', page.read_text("utf-8")):
            path, anchor = urldefrag(html.unescape(link))
            target = (page.parent / path).resolve() if path else page
            if anchor and target.is_relative_to(site):
                inside = target.relative_to(site).with_suffix("").as_posix()
                if inside in found:
                    found[inside].add(unquote(anchor))
    return found


def print_page(
    browser: Browser, site: Path, name: str, wanted: set[str]
) -> Printed:
    """Print a page of the book.

    Args:
        browser: Chromium.
        site: folder of the built book.
        name: of the page.
        wanted: anchors that must be places of the result.
    """
    page = browser.new_page(color_scheme="light")
    page.set_default_timeout(300_000)
    page.goto((site / f"{name}.html").as_uri())
    page.evaluate(READY)
    sections = [Section(*s) for s in page.evaluate(SECTIONS)]
    page.evaluate(LINK_TO, sorted(wanted | {s.anchor for s in sections}))
    printed = to_paper(page)
    page.close()
    return Printed(name, sections, printed)


def to_paper(page: Page, **options: Any) -> PdfReader:
    """Print what a tab shows.

    Args:
        page: the tab.
        options: of `Page.pdf`.
    """
    made = page.pdf(
        format="A4", print_background=True, margin=MARGINS, **options
    )
    return PdfReader(BytesIO(made))
