"""What the search of the book reads, and the page for addresses that fail.

Code and the cards of claims and errata name every term of the field and define
none, so they are left out of the text that is searched; titles, headings and
the entries of the index, which `_static/scorer.js` weighs, lead to where a term
is explained.
"""

from io import StringIO

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.search import IndexBuilder

#: classes of the outputs that are cards
CARDS = {"tag_claim", "tag_erratum"}
NOT_FOUND = """\
<h1>Page not found</h1>
<p>This address leads nowhere in the book. Search for what you were looking
for, or go on from one of the pages below.</p>
<form class="dlf-search" role="search" action="{root}search.html" method="get">
<label for="missing">Search this book</label>
<input type="search" id="missing" name="q" autocomplete="off">
<button type="submit">Search</button>
</form>
<ul>
<li><a href="{root}index.html">The first page, with a map of the book</a></li>
<li><a href="{root}genindex.html">The index of terms</a></li>
<li><a href="{root}where.html">What is where: all functions of the book</a></li>
</ul>
"""


def prose(doctree: nodes.document) -> nodes.document:
    """Copy a page without code and cards, with its index entries as text.

    Args:
        doctree: of the page; it stays as it is.
    """
    copy = doctree.deepcopy()
    entries = [e[1] for n in copy.findall(addnodes.index) for e in n["entries"]]
    copy += nodes.paragraph("", "; ".join(entries))
    for node in list(copy.findall(nodes.Element)):
        classes = set(node.get("classes", ()))
        card = "cell" in classes and classes & CARDS
        if node.parent is not None and (
            isinstance(node, nodes.literal_block)
            or "cell_input" in classes
            or card
        ):
            node.parent.remove(node)
    return copy


def entries_by_page(index: dict) -> dict[str, list[tuple[str, str, str]]]:
    """Give the index entries of each page of an index that was written.

    Sphinx reads back all of it but these, so that a page which has not
    changed would lose them in the second build.

    Args:
        index: as `searchindex.js` holds it.
    """
    found: dict[str, list[tuple[str, str, str]]] = {}
    for entry, places in index["indexentries"].items():
        for page, place, main in places:
            mine = found.setdefault(index["docnames"][page], [])
            mine.append((entry, place, "main" if main else ""))
    return found


def configure(app: Sphinx, config) -> None:
    """Put a search on the page for addresses that fail.

    Args:
        app: the running Sphinx.
        config: its settings, which are changed.
    """
    config.notfound_context = {
        "title": "Page not found",
        "body": NOT_FOUND.format(root=config.notfound_urls_prefix),
    }


def setup(app: Sphinx) -> None:
    """Let the search read prose alone, and keep what it has read before.

    Args:
        app: the running Sphinx.
    """
    app.connect("config-inited", configure, priority=600)
    feed, load = IndexBuilder.feed, IndexBuilder.load

    def feed_prose(self, docname, filename, title, doctree) -> None:
        feed(self, docname, filename, title, prose(doctree))

    def load_whole(self, stream, format) -> None:
        text = stream.read()
        load(self, StringIO(text), format)
        kept = entries_by_page(format.loads(text))
        self._index_entries.update(
            {p: e for p, e in kept.items() if p in self.env.all_docs}
        )

    IndexBuilder.feed, IndexBuilder.load = feed_prose, load_whole
