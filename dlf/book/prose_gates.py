"""Gates of the text: no list by accident, reading times that were counted.

A page may say how long it takes to read, in the words "Reading takes about an
hour, proofs and cards included". That is counted: 200 words a minute of the
text, tables and cards as they stand before a fold is opened, and three minutes
for each derivation. Solutions and code are left out.
"""

import re
from pathlib import Path

import nbformat

from dlf.book.paths import chapters, pages

PACE, PROOF, QUARTER = 200, 3, 15  # words a minute; minutes
HOURS = ("", "an hour", "two hours", "three hours", "four hours")
PARTS = ("", "a quarter", "a half", "three quarters")
STATED = re.compile(r"Reading\s+takes\s+about\s+([^;.]+),\s+proofs\s+and")
SOLUTION = re.compile(r"```{solution-start}[\s\S]*?```{solution-end}\n```")
FENCE = re.compile(r"^(`{3,}|:{3,}).*?^\1\s*$", re.M | re.S)
FOLD = re.compile(r"<details[\s\S]*</details>")
MARKUP = re.compile(r"<[^>]+>")
#: a line that begins a list, behind one that belongs to no list
INTERRUPTED = re.compile(
    r"^(?! |(?:\d+[.)]|[-+*]) )\S[^\n]*\n {0,3}((?:\d+[.)]|[-+*]) [^\n]*)", re.M
)


def lists_meant(root: Path) -> list[str]:
    """No line within a paragraph begins like an item, which makes it a list.

    Args:
        root: folder of the checkout.
    """
    return [
        f"{page.name}: {line!r} begins within a paragraph and is read as an "
        "item of a list; leave a line empty before it, or break it elsewhere"
        for page in pages(root)
        for line in INTERRUPTED.findall(
            FENCE.sub("", page.read_text(encoding="utf-8"))
        )
    ]


def minutes(pair: Path) -> int:
    """Count how long a page takes to read, to a quarter of an hour.

    Args:
        pair: the `.ipynb` of the page, whose outputs have its cards.
    """
    words = proofs = 0
    for cell in nbformat.read(pair, as_version=4).cells:
        if cell.cell_type == "markdown":
            words += len(SOLUTION.sub("", cell.source).split())
        elif "derivation" in cell.metadata.get("tags", []):
            proofs += 1
        elif cell.cell_type == "code":
            for output in cell.outputs:
                text = output.get("data", {}).get("text/markdown", "")
                words += len(MARKUP.sub(" ", FOLD.sub("", text)).split())
    quarters = round((words / PACE + PROOF * proofs) / QUARTER)
    return QUARTER * max(quarters, 1)


def spoken(duration: int) -> str:
    """Say a number of minutes as the pages do.

    Args:
        duration: in minutes, a multiple of 15, less than five hours.

    >>> spoken(90), spoken(45), spoken(120)
    ('an hour and a half', 'three quarters of an hour', 'two hours')
    """
    if duration == 2 * QUARTER:
        return "half an hour"
    hours, rest = divmod(duration, 60)
    part = PARTS[rest // QUARTER]
    if not hours:
        return f"{part} of an hour"
    return " and ".join(words for words in (HOURS[hours], part) if words)


def reading_times(root: Path) -> list[str]:
    """What a chapter says of its reading time was counted.

    Args:
        root: folder of the checkout.
    """
    found = []
    for page in chapters(root):
        stated = STATED.findall(page.read_text(encoding="utf-8"))
        pair = page.with_suffix(".ipynb")
        if not stated or not pair.exists():
            continue
        known = {spoken(m): m for m in range(QUARTER, 5 * 60, QUARTER)}
        counted = minutes(pair)
        said = known.get(" ".join(stated[0].split()))
        if said is None or abs(said - counted) > QUARTER:
            found.append(
                f"{page.stem} takes {' '.join(stated[0].split())} to read; "
                f"{spoken(counted)} were counted"
            )
    return found
