"""The feed names every change, once, with the day it was written."""

from xml.etree import ElementTree as ET

from dlf.book import feed

NS = {"a": feed.ATOM}
ITEMS = [("A chapter on x < y & more.", 86_400), ("Less.", 0)]


def test_it_is_read_back():
    read = ET.fromstring(feed.atom(ITEMS, "https://example.org/book"))
    entries = read.findall("a:entry", NS)
    assert [e.findtext("a:content", None, NS) for e in entries] == [
        text for text, _ in ITEMS
    ]
    assert read.findtext("a:updated", None, NS) == "1970-01-02T00:00:00+00:00"
    ids = [e.findtext("a:id", None, NS) for e in entries]
    assert len(set(ids)) == 2
    assert all(str(i).startswith("https://example.org/book/") for i in ids)


def test_items_are_joined_and_bare_of_marks():
    lines = "# Log\n\n- A *new*\n  `chapter`.\n- Less.\n".splitlines()
    assert feed.changes(lines, [1, 2, 3, 4, 5]) == [
        ("A new chapter.", 4),
        ("Less.", 5),
    ]


def test_the_changelog_of_this_checkout(request, tmp_path):
    if not feed.git("rev-parse", "HEAD"):
        assert not feed.write(request.config.rootpath, tmp_path)
        return
    assert feed.write(request.config.rootpath, tmp_path)
    read = ET.parse(tmp_path / feed.FEED).getroot()
    assert len(read.findall("a:entry", NS)) == feed.LATEST
