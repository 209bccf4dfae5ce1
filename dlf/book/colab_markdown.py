"""MyST to the Markdown that every notebook front end shows.

Roles and directives would stand raw in Colab, so the `.ipynb` of a pair has
its Markdown rewritten: references to other pages become links to the exact
place in the published book, those within the page become text, glued numbers
become their text, and solutions become a link to the page.
"""

import re
import unicodedata
from dataclasses import dataclass, field

ROLE = re.compile(r"\{([a-z:]+)\}`([^`]+)`")
TARGET = re.compile(r"(.*?)\s*<([^<>]+)>", re.DOTALL)
FENCE = re.compile(
    r"^(`{3,}|:{3,})\{([\w-]+)\}[ ]*(.*)\n((?::[\w-]+:.*\n)*)", re.MULTILINE
)
CLOSING = re.compile(r"^(`{3,}|:{3,})$\n?", re.MULTILINE)
CODE = re.compile(r"^```\w+\n.*?^```$", re.MULTILINE | re.DOTALL)
EQUATION = re.compile(r"\$\$\n(.*?)\n\$\$ \(([\w.-]+)\)", re.DOTALL)
LABEL = re.compile(r"^\([\w.-]+\)=\n", re.MULTILINE)
NAMES = {"exercise-start": "Exercise", "note": "Note", "warning": "Warning"}


@dataclass(frozen=True)
class Book:
    """What references resolve to.

    Args:
        site: address of the published book.
        titles: label of a page or section to (title, path of the page).
        glued: name of a glued number to its text.
        works: citation key to "Author (year)".
        here: path of the page that is being rewritten, without ending.
        map: the map of the book as a list.
        terms: of the glossary, in lower case, to their spelling there.
    """

    site: str
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    glued: dict[str, str] = field(default_factory=dict)
    works: dict[str, str] = field(default_factory=dict)
    here: str = ""
    map: str = ""
    terms: dict[str, str] = field(default_factory=dict)


def plain(text: str, book: Book) -> str:
    """Rewrite one Markdown cell.

    Args:
        text: of the cell, in MyST.
        book: what its references resolve to.

    Raises:
        KeyError: a glued number or a cited work that does not exist.
    """

    def role(m: re.Match) -> str:
        kind, body = m[1], m[2]
        split = TARGET.fullmatch(body)
        shown, target = (split[1], split[2]) if split else (body, body)
        if kind in ("ref", "doc", "numref"):
            if target not in book.titles:
                return shown
            title, path = book.titles[target]
            if path == book.here:
                whole = split or kind == "numref" or title == target
                return (shown if split else title) if whole else f"*{title}*"
            # an exercise keeps its label as it is, a section has it as an id
            anchor = target if title == target else target.replace("_", "-")
            place = "" if path.endswith(f"/{target}") else f"#{anchor}"
            link = f"{book.site}/{path}.html{place}"
            return f"[{shown if split else title}]({link})"
        if kind == "eq":
            page = target.rpartition(".")[0]
            _, path = book.titles.get(page, ("", book.here))
            if path == book.here:
                return f"({target})"
            anchor = f"equation-{re.sub(r'[._]', '-', target)}"
            return f"[({target})]({book.site}/{path}.html#{anchor})"
        if kind.startswith("glue"):
            return book.glued[target.split(":")[0]]
        if kind.startswith("cite"):
            return _cited(kind, target, book)
        if kind == "term":
            anchor = _anchor(book.terms.get(target.lower(), target))
            return f"[{shown}]({book.site}/glossary.html#{anchor})"
        return shown

    def fence(m: re.Match) -> str:
        kind, title, options = m[2], m[3].strip(), m[4] or ""
        if kind == "book-map":
            return f"{book.map}\n"
        if kind.endswith("-end") or kind == "index":
            return ""
        label = re.search(r":label: (\S+)", options)
        name = NAMES.get(kind, "")
        words = [name, title or (label[1] if label else "")]
        return f"**{' '.join(filter(None, words))}**\n\n"

    kept: list[str] = []

    def keep(m: re.Match) -> str:
        kept.append(m[0])
        return f"\0{len(kept) - 1}\0"

    text = CODE.sub(keep, LABEL.sub("", text))
    text = EQUATION.sub(r"$$\n\1 \\tag{\2}\n$$", text)
    text = CLOSING.sub("", FENCE.sub(fence, text))
    text = ROLE.sub(role, text)
    return re.sub(r"\0(\d+)\0", lambda m: kept[int(m[1])], text)


def _anchor(term: str) -> str:
    """Give the anchor of a term in the glossary, as Sphinx makes it."""
    ascii_only = unicodedata.normalize("NFKD", term).encode("ascii", "ignore")
    words = re.sub(r"[^a-zA-Z0-9._]+", "-", ascii_only.decode().strip())
    return f"term-{words.strip('-')}"


def _cited(kind: str, keys: str, book: Book) -> str:
    page = f"{book.site}/bibliography.html"
    works = [book.works[key.strip()] for key in keys.split(",")]
    linked = ", ".join(f"[{work}]({page})" for work in works)
    return linked if kind == "cite:t" else f"({linked})"
