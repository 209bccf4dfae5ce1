"""A feed of the changelog, for those who want to hear of new chapters."""

import re
import textwrap
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

from sphinx.application import Sphinx

from dlf.book.page import address
from dlf.experiments.provenance import git

CHANGELOG, FEED, LATEST = "CHANGELOG.md", "feed.xml", 20
TITLE = "Deep Learning Foundations: what has changed"
ATOM = "http://www.w3.org/2005/Atom"
AUTHORED = re.compile(r"author-time (\d+)")


def changes(lines: list[str], times: list[int]) -> list[tuple[str, int]]:
    """Give the text of every item of the changelog, and when it was written.

    Args:
        lines: of the changelog.
        times: when each was written, in seconds since 1970.

    >>> changes(["# Changelog", "", "- A new", "  chapter.", "- Less"], [1] * 5)
    [('A new chapter.', 1), ('Less', 1)]
    """
    found: list[tuple[str, int]] = []
    for line, written in zip(lines, times, strict=True):
        if line.startswith("- "):
            found.append((line[2:], written))
        elif line.startswith("  ") and found:
            text, before = found[-1]
            found[-1] = f"{text} {line.strip()}", max(before, written)
    return [(re.sub(r"[*`]", "", text), written) for text, written in found]


def atom(items: list[tuple[str, int]], home: str) -> bytes:
    """Write the feed.

    Args:
        items: text and time of each change, newest first.
        home: address of the book.
    """

    def add(parent: ET.Element, tag: str, text: str = "", **given) -> None:
        ET.SubElement(parent, tag, given).text = text or None

    def moment(written: int) -> str:
        return datetime.fromtimestamp(written, UTC).isoformat()

    feed = ET.Element("feed", xmlns=ATOM)
    add(feed, "title", TITLE)
    add(feed, "id", f"{home}/{FEED}")
    add(feed, "link", href=f"{home}/{FEED}", rel="self")
    add(feed, "link", href=f"{home}/")
    add(feed, "updated", moment(max(written for _, written in items)))
    author = ET.SubElement(feed, "author")
    add(author, "name", "the authors of Deep Learning Foundations")
    for text, written in items[:LATEST]:
        entry = ET.SubElement(feed, "entry")
        mark = sha256(text.encode()).hexdigest()[:16]
        add(entry, "title", textwrap.shorten(text, 90, placeholder=" …"))
        add(entry, "id", f"{home}/{FEED}#{mark}")
        add(entry, "link", href=f"{home}/")
        add(entry, "updated", moment(written))
        add(entry, "content", text, type="text")
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True)


def write(root: Path, site: Path) -> bool:
    """Write the feed beside the pages, if git knows when things were written.

    Args:
        root: folder of the checkout.
        site: folder of the pages.
    """
    blame = git("blame", "--line-porcelain", "--", CHANGELOG)
    if not blame:
        return False
    times = [int(seconds) for seconds in AUTHORED.findall(blame)]
    lines = (root / CHANGELOG).read_text(encoding="utf-8").splitlines()
    feed = atom(changes(lines, times), address("Book"))
    (site / FEED).write_bytes(feed)
    return True


def setup(app: Sphinx) -> None:
    """Connect this extension to Sphinx.

    Args:
        app: the running Sphinx.
    """

    def finish(app: Sphinx, error: Exception | None) -> None:
        if not error and app.builder.name == "html":
            write(Path(app.confdir), Path(app.outdir))

    def announce(app, pagename, templatename, context, doctree) -> None:
        context["metatags"] = context.get("metatags", "") + (
            f'<link rel="alternate" type="application/atom+xml" '
            f'title="{TITLE}" href="{address("Book")}/{FEED}" />'
        )

    app.connect("html-page-context", announce)
    app.connect("build-finished", finish)
