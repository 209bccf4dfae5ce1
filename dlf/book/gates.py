"""Gates: what must hold of the written book. Each returns its complaints.

`python -m dlf.book verify` runs them all; a test runs each on a small broken
book and sees it complain.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from dlf.book import equations, where
from dlf.book.card_gates import card_links, cards_once, cards_shown
from dlf.book.execute import executed
from dlf.book.page import address
from dlf.book.pair_gates import (
    pairs_in_step,
    pairs_stored_well,
    solutions_absent,
)
from dlf.book.paths import chapters, pages
from dlf.book.prose_gates import lists_meant, reading_times
from dlf.book.symbols import symbols_explained

WORDS, CODE_CELLS, FIGURES = (2500, 5000), (15, 40), (4, 12)
CELL_LINES, SETUP_LINES = 15, 40  # the first cell, folded, is for imports
#: what is looked up or folded: index entries, tables, labels, headings,
#: solutions of exercises
BESIDE = re.compile(
    r"^```{index}.*\n```$|^\|.*\|$|^\([\w.-]+\)=$|^#+ .*$"
    r"|^```{solution-start}[\s\S]*?^```{solution-end}\n```$",
    re.M,
)
Gate = Callable[[Path], list[str]]


def verify(root: Path, gates: Iterable[Gate] | None = None) -> list[str]:
    """All complaints of the gates (of all), each with its gate's name.

    Args:
        root: folder of the checkout.
        gates: functions like those below; None for `GATES`.
    """
    return [
        f"{gate.__name__}: {complaint}"
        for gate in (GATES if gates is None else gates)
        for complaint in gate(root)
    ]


def equations_accounted(root: Path) -> list[str]:
    """Labels run 1, 2, 3 … down a page, and each has something behind it.

    Args:
        root: folder of the checkout.
    """
    found = []
    for page in pages(root):
        slug, labels = page.stem, equations.on_page(page)
        wanted = [f"{slug}.{n}" for n in range(1, len(labels) + 1)]
        if labels != wanted:
            found.append(f"{slug}: labels should run {wanted}; got {labels}")
        behind = equations.kinds(root, slug)
        found += [
            f"({label}) on the page of {slug} is neither derived in "
            f"dlf.derive.{slug} nor computed by a function with a Concept"
            for label in labels
            if label not in behind
        ]
        found += [
            f"({label}) is {kind} in the row of {slug} but not on its page"
            for label, kind in behind.items()
            if label not in labels
        ]
    return found


def citations_resolve(root: Path) -> list[str]:
    """A number such as (losses.2), cited in code, is an equation somewhere.

    Args:
        root: folder of the checkout.
    """
    code = sorted(root.glob("dlf/*/**/*.py"))
    slugs = {page.stem for page in pages(root)}
    stated = {
        label
        for f in code
        for label in re.findall(
            r"  +\(([a-z]\w*\.\d+)\)$", f.read_text(encoding="utf-8"), re.M
        )
    }
    for page in pages(root):
        stated |= set(equations.on_page(page))
    return [
        f"{f.relative_to(root)} cites ({label}), which is stated nowhere"
        for f in code
        for label in equations.CITED.findall(f.read_text(encoding="utf-8"))
        if label.split(".")[0] in slugs and label not in stated
    ]


def figures_described(root: Path) -> list[str]:
    """Each figure has alt text that says what is to be seen, and a caption.

    Args:
        root: folder of the checkout.
    """
    found = []
    for page in pages(root):
        notebook = executed(page, root)
        if notebook is None:
            found.append(f"{page.name} has not been executed: run `make book`")
            continue
        code = [c for c in notebook.cells if c.cell_type == "code"]
        for n, cell in enumerate(code, 1):
            if not _draws(cell):
                continue
            shown = cell.metadata.get("mystnb", {})
            alt = shown.get("image", {}).get("alt", "")
            if len(alt) < 40 or "<Figure" in alt:
                found.append(f"{page.name}, code cell {n}: alt text is {alt!r}")
            if not shown.get("figure", {}).get("caption"):
                found.append(f"{page.name}, code cell {n} has no caption")
    return found


def exercises_graded(root: Path) -> list[str]:
    """A page has five exercises, solves all, grades all that have graders.

    Args:
        root: folder of the checkout.
    """
    from dlf.exercises.core import all_exercises

    known = {e.name for e in all_exercises()}
    found = []
    for page in chapters(root):
        text, slug = page.read_text(encoding="utf-8"), page.stem
        asked = re.findall(r"^:label: (\S+-\d+)$", text, re.M)
        graded = set(re.findall(r'grade\(\s*"([\w-]+)"', text))
        solved = set(re.findall(r"\{solution-start\} (\S+)$", text, re.M))
        if len(asked) < 5:
            found.append(f"{slug} has {len(asked)} exercises; five are due")
        mine = {name for name in known if name.rpartition("-")[0] == slug}
        found += [f"{slug}: {n} is never graded" for n in sorted(mine - graded)]
        found += [f"{slug}: {n} has no grader" for n in sorted(graded - known)]
        found += [
            f"{slug}: {n} has no solution on the page"
            for n in asked
            if n not in solved
        ]
    return found


def budgets_kept(root: Path) -> list[str]:
    """A chapter is neither thin nor endless, and its cells are short.

    Args:
        root: folder of the checkout.
    """
    found = []
    for page in chapters(root):
        notebook, slug = jupytext.read(page), page.stem
        code = [c for c in notebook.cells if c.cell_type == "code"]
        own = [c for c in code if not _shows(c)]
        prose = BESIDE.sub(
            "",
            "\n".join(
                c.source for c in notebook.cells if c.cell_type == "markdown"
            ),
        )
        ran = executed(page, root)
        counts = {
            "words": (len(prose.split()), WORDS),
            "code cells": (len(own), CODE_CELLS),
        }
        if ran is not None:
            drawn = sum(c.cell_type == "code" and _draws(c) for c in ran.cells)
            counts["figures"] = (drawn, FIGURES)
        found += [
            f"{slug} has {got} {what}; {low} to {high} are asked"
            for what, (got, (low, high)) in counts.items()
            if not low <= got <= high
        ]
        found += [
            f"{slug}, code cell {n} has {lines} lines; {most} at most"
            for n, c in enumerate(code)
            if (lines := len(c.source.splitlines()))
            > (most := CELL_LINES if n else SETUP_LINES)
        ]
    return found


def folds_closed(root: Path) -> list[str]:
    """A blank line follows a fold, or it swallows the directive after it.

    Args:
        root: folder of the checkout.
    """
    return [
        f"{page.name}: a line follows </details> at once, and is read as HTML: "
        f"{line!r}; leave a line empty between them"
        for page in pages(root)
        for line in re.findall(
            r"</details>\n([^\n]+)", page.read_text(encoding="utf-8")
        )
    ]


def one_address(root: Path) -> list[str]:
    """The project's address stands in `pyproject.toml`, elsewhere the same.

    Args:
        root: folder of the checkout.
    """
    owner = re.compile(r"https://(?:www\.)?github\.com/([\w.-]+/[\w.-]+)")
    (ours,) = owner.findall(address("Repository"))
    files = ("README.md", "CITATION.cff", "_config.yml", "CONTRIBUTING.md")
    return [
        f"{name} has {other}; pyproject.toml says {ours}"
        for name in files
        if (root / name).exists()
        for other in owner.findall((root / name).read_text(encoding="utf-8"))
        if other.removesuffix(".git") != ours
    ]


def concepts_listed(root: Path) -> list[str]:
    """The page "What is where" has the row of each `Concept`.

    Args:
        root: folder of the checkout.
    """
    text, page = where.in_step(root), root / where.PAGE
    if text is None or page.read_text(encoding="utf-8") == text:
        return []
    return [f"{page.name} is out of step: run `python -m dlf.book sync`"]


GATES: tuple[Gate, ...] = (
    pairs_in_step,
    pairs_stored_well,
    solutions_absent,
    equations_accounted,
    citations_resolve,
    cards_once,
    cards_shown,
    card_links,
    figures_described,
    exercises_graded,
    folds_closed,
    lists_meant,
    reading_times,
    budgets_kept,
    one_address,
    concepts_listed,
    symbols_explained,
)


def _shows(cell: NotebookNode) -> bool:
    """Cells that show what stands elsewhere: a card, source, an exercise."""
    return "remove-input" in cell.metadata.get("tags", []) or (
        "grade(" in cell.source
    )


def _draws(cell: NotebookNode) -> bool:
    """Cells with a figure of their own, a card's plot aside."""
    return any(
        kind.startswith("image/")
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
        if not _plots(output)
    )


def _plots(output: NotebookNode) -> bool:
    """Whether an output is the plot of a card, which describes itself."""
    own = output.get("metadata", {}).get("image/png", {})
    return len(own.get("alt", "")) >= 40
