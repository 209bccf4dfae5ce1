"""The evidence pages, generated from the registries and the records."""

import importlib
import json
import pkgutil
from collections import Counter

import dlf.derive
from dlf import RECORDS
from dlf.book import coverage
from dlf.book.contents import CHAPTERS, claims, errata, home
from dlf.book.page import Written
from dlf.derive.erratum import Erratum
from dlf.experiments.headline import SCALE

RESULTS = RECORDS / "results"


def records() -> list[dict]:
    """Every committed record, in the order of the register."""
    found = (
        json.loads(f.read_text(encoding="utf-8"))
        for f in RESULTS.glob("C*.json")
    )
    return sorted(found, key=lambda r: int(r["claim"][1:]))


def verdicts() -> Counter:
    """How often each verdict was given."""
    given = Counter(r["verdict"] for r in records())
    return Counter({v: given[v] for v in SCALE if given[v]})


def claims_table() -> Written:
    """Every claim with a record: its verdict, why, and the page it is on."""
    rows = ["| claim | statement | verdict | k of n | because | chapter |"]
    rows += ["| --- | --- | --- | --- | --- | --- |"]
    for r in records():
        chapter = _link(home(r["claim"]))
        count = "" if r["n"] is None else f"{r['k']} of {r['n']}"
        said = r["claim"], r["title"], r["verdict"], count, r["reason"]
        cells = (*said, chapter)
        rows.append("| " + " | ".join(_cell(c) for c in cells) + " |")
    return Written("\n".join(rows), f"{len(rows) - 2} claims with a verdict")


def verdict_counts() -> Written:
    """Verdicts and their number, as a table."""
    given = verdicts()
    rows = ["| verdict | claims |", "| --- | --- |"]
    rows += [f"| {verdict} | {n} |" for verdict, n in given.items()]
    rows += [f"| **all** | {given.total()} of {_due('claims')} |"]
    return Written("\n".join(rows), f"{given.total()} verdicts")


def all_errata() -> list[Erratum]:
    """Every erratum of the floor `derive`, in the order of the register."""
    found = {
        value.key: value
        for module in pkgutil.walk_packages(dlf.derive.__path__, "dlf.derive.")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Erratum)
    }
    return sorted(found.values(), key=lambda e: int(e.key[1:]))


def errata_cards() -> Written:
    """Every erratum with its witness, computed now, under its chapter."""
    parts: list[str] = []
    for erratum in all_errata():
        chapter = home(erratum.key)
        head = f"## {chapter.split('/')[1].replace('_', ' ').capitalize()}"
        if head not in parts:
            parts += [head, f"From the chapter {_link(chapter)}."]
        parts.append(erratum.card()._repr_markdown_())
    return Written("\n\n".join(parts), f"{len(all_errata())} errata hold")


def errata_due() -> int:
    """How many errata the register holds."""
    return _due("errata")


def _link(chapter: str) -> str:
    """Return the chapter's name, with a link where the chapter stands."""
    name = chapter.split("/")[1]
    if chapter not in coverage.read()["standing"]:
        return name
    return f"[{name}](../{chapter}.md)"


def _due(kind: str) -> int:
    count = {"claims": claims, "errata": errata}[kind]
    return sum(len(count(chapter)) for chapter in CHAPTERS)


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")
