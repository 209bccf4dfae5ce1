"""The map of the book: its parts, what each builds on, links to what stands.

A `book-map` directive puts it on the page as nested lists with links; the
style sheet lays these out. In a notebook the same lists stand as Markdown.
"""

import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from dlf.book import paths
from dlf.book.contents import CHAPTERS

#: part: the parts that it builds on, in the order of reading
PARTS = {
    "foundations": (),
    "optimization": ("foundations",),
    "architectures": ("optimization",),
    "theory": ("optimization",),
    "practice": ("architectures",),
    "scale": ("architectures",),
}
#: titles of chapters that are to come, where the page's name is no title
PLANNED = {
    "complexity": "Computational complexity",
    "compression": "Model compression",
    "convolution": "Convolutional networks",
    "distributed": "Distributed training",
    "energy": "Energy use",
    "federated": "Federated learning",
    "generative": "Generative models",
    "landscape": "Loss landscapes",
    "precision": "Numerical precision",
    "recurrence": "Recurrent networks",
    "residual": "Residual networks",
    "schedules": "Learning-rate schedules",
    "second_order": "Second-order methods",
    "transfer": "Transfer learning",
    "tuning": "Hyperparameter tuning",
}


def outline(root: Path) -> dict[str, list[tuple[str, str, bool]]]:
    """Give the chapters of each part: page, title, whether it stands.

    Args:
        root: folder of the checkout.
    """
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    standing = set(paths.names(toc))
    found = {}
    for part in PARTS:
        mine = [n for n in CHAPTERS if n.startswith(f"{part}/")]
        found[part] = [
            (page, _title(root, page), page in standing)
            for page in (f"chapters/{name}" for name in mine)
        ]
    return found


def markdown(root: Path, site: str) -> str:
    """Write the map as a Markdown list with links to the published book.

    Args:
        root: folder of the checkout.
        site: address of the published book, without a slash at the end.
    """
    lines = []
    for part, chapters in outline(root).items():
        lines.append(f"- **{part.capitalize()}**{_after(part)}")
        lines += [
            f"  - [{title}]({site}/{page}.html)"
            if stands
            else f"  - {title} (planned)"
            for page, title, stands in chapters
        ]
    return "\n".join(lines)


class BookMap(SphinxDirective):
    """Put the map of the book on the page."""

    def run(self) -> list[nodes.Node]:
        """Return the list of parts, each with the list of its chapters."""
        root = Path(self.env.srcdir)
        self.env.note_dependency("_toc.yml")
        parts = nodes.bullet_list(classes=["dlf-map"])
        for part, chapters in outline(root).items():
            head = nodes.paragraph()
            head += nodes.strong("", part.capitalize())
            head += nodes.inline("", _after(part), classes=["after"])
            inner = nodes.bullet_list()
            for chapter in chapters:
                inner += self._chapter(*chapter)
            parts += nodes.list_item("", head, inner, classes=[f"part-{part}"])
        return [parts]

    def _chapter(self, page: str, title: str, stands: bool) -> nodes.list_item:
        shown = nodes.inline("", title)
        if not stands:
            planned = nodes.inline("", " (planned)", classes=["planned"])
            text = nodes.paragraph("", "", shown, planned)
            return nodes.list_item("", text, classes=["to-come"])
        self.env.note_dependency(f"{page}.md")
        link = addnodes.pending_xref(
            "",
            shown,
            refdomain="std",
            reftype="doc",
            refdoc=self.env.docname,
            reftarget=f"/{page}",
            refexplicit=True,
            refwarn=True,
        )
        return nodes.list_item("", nodes.paragraph("", "", link))


def _after(part: str) -> str:
    before = PARTS[part]
    return f", after {' and '.join(before)}" if before else ""


def _title(root: Path, page: str) -> str:
    """Read a page's title; one that is to come has a working title."""
    file = root / f"{page}.md"
    if file.exists():
        text = file.read_text(encoding="utf-8")
        if title := re.search(r"^# (.+)$", text, re.M):
            return title[1]
    name = page.rpartition("/")[2]
    return PLANNED.get(name, name.replace("_", " ").capitalize())
