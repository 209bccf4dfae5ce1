"""Freeze the prose of the pages into the text that `dlf.data.corpus` loads."""

import re
import unicodedata
from pathlib import Path

import jupytext

from dlf.book.paths import pages

ASCII = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "×": "x",
        "…": "...",
    }
)
TERM = re.compile(r"\{term\}`([^`<]+?)(?:\s*<[^>]*>)?`")
CITED = re.compile(r"\s*\{cite:p\}`[^`]*`")


def freeze(root: Path, version: int) -> Path:
    """Write the sentences of all pages as a new version; return its file.

    Args:
        root: folder of the checkout.
        version: number of the new version, one more than the newest.

    Raises:
        FileExistsError: that version is frozen already.
    """
    file = root / f"dlf/data/corpus-{version}.txt"
    if file.exists():
        raise FileExistsError(
            f"freeze: version {version} exists and must not change; take the "
            "next number"
        )
    paragraphs = [p for page in pages(root) for p in _sentences(page)]
    part = file.with_suffix(".part")
    part.write_text("\n\n".join(paragraphs) + "\n", encoding="ascii")
    part.replace(file)
    return file


def _sentences(page: Path) -> list[str]:
    """Paragraphs of plain words: no formula, table, directive or heading."""
    kept = []
    for cell in jupytext.read(page).cells:
        if cell.cell_type != "markdown":
            continue
        source = TERM.sub(r"\1", CITED.sub("", cell.source))
        for paragraph in re.split(r"\n\s*\n", source):
            if re.search(r"[$|{}]|^[#(`:<>-]", paragraph, re.MULTILINE):
                paragraph = _without_markup(paragraph)
            text = " ".join(paragraph.split()).translate(ASCII)
            text = unicodedata.normalize("NFKD", text)
            text = re.sub(r"[*`]", "", text).encode("ascii", "ignore").decode()
            if len(text.split()) >= 8 and text[-1:] in ".?!:":
                kept.append(text)
    return kept


def _without_markup(paragraph: str) -> str:
    """Drop the sentences that hold a formula, a role or a directive."""
    if re.match(r"[#(`:<>|$-]", paragraph.lstrip()):
        return ""
    sentences = re.split(r"(?<=[.?!])\s+", paragraph)
    return " ".join(s for s in sentences if not re.search(r"[$|{}]", s))
