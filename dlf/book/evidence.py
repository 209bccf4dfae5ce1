"""The evidence pages, generated from the registries and the records."""

import importlib
import json
import pkgutil
from collections import Counter
from html import escape

import dlf.derive
from dlf import RECORDS
from dlf.book import coverage, evidence_claims
from dlf.book.contents import CHAPTERS, WITHDRAWN, claims, errata, home
from dlf.book.page import Written
from dlf.derive.erratum import KINDS, Erratum
from dlf.experiments.cards import colored
from dlf.experiments.headline import SCALE

RESULTS = RECORDS / "results"


def records() -> list[dict]:
    """Every committed record of a chapter that stands, in order."""
    there = coverage.read()["standing"]
    found = (
        json.loads(f.read_text(encoding="utf-8"))
        for f in RESULTS.glob("C*.json")
    )
    known = (r for r in found if home(r["claim"]) in there)
    return sorted(known, key=lambda r: int(r["claim"][1:]))


def verdicts() -> Counter:
    """How often each verdict was given."""
    given = Counter(r["verdict"] for r in records())
    return Counter({v: given[v] for v in SCALE if given[v]})


def claims_list() -> Written:
    """Every claim with a record: what was found, how sure, and its card."""
    found = [(r, home(r["claim"])) for r in records()]
    text = evidence_claims.listed(found)
    return Written(text, f"{len(found)} claims with a verdict")


def tallies() -> Written:
    """Verdicts of each chapter, each a link to its card."""
    found: dict[str, list[dict]] = {}
    for r in records():
        found.setdefault(home(r["claim"]), []).append(r)
    rows = ["| chapter | claims |", "| --- | --- |"]
    for chapter, given in found.items():
        chips = " ".join(evidence_claims.chip(r, chapter) for r in given)
        rows.append(f"| {_link(chapter)} | {chips} |")
    return Written("\n".join(rows), f"{len(found)} chapters with verdicts")


def verdict_counts() -> Written:
    """Verdicts and their number, as a table."""
    given = verdicts()
    rows = ["| verdict | claims |", "| --- | --- |"]
    rows += [f"| {colored(verdict)} | {n} |" for verdict, n in given.items()]
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


def errata_index() -> Written:
    """Every erratum in a row: its kind, its source, its card, its chapter."""
    rows = [
        "| erratum | kind | source | chapter |",
        "| --- | --- | --- | --- |",
    ]
    for e in all_errata():
        link = f'<a href="#erratum-{e.key.lower()}">{e.key}</a>'
        kind = f'<span class="kind {e.kind.replace(" ", "-")}">{e.kind}</span>'
        rows.append(f"| {link} | {kind} | {e.place} | {_link(home(e.key))} |")
    return Written("\n".join(rows), f"{len(all_errata())} errata")


def kinds() -> Written:
    """Say what an erratum can be, and how many are."""
    given = Counter(e.kind for e in all_errata())
    rows = ["| kind | errata | meaning |", "| --- | --- | --- |"]
    rows += [
        f'| <span class="kind {kind.replace(" ", "-")}">{kind}</span> '
        f"| {given[kind]} | {meaning} |"
        for kind, meaning in KINDS.items()
    ]
    return Written("\n".join(rows), f"{given.total()} errata by kind")


def withdrawn() -> Written:
    """Say of each number that is missing why it is."""
    there = coverage.read()["standing"]
    lines = []
    for number, why in WITHDRAWN.items():
        near = [
            chapter
            for chapter, (_, numbers) in CHAPTERS.items()
            if numbers and numbers[0] <= number <= numbers[1]
        ]
        if near and near[0] in there:
            lines.append(f"- **E{number}** is withdrawn: {why}.")
    return Written("\n".join(lines), f"{len(lines)} errata withdrawn")


def errata_cards() -> Written:
    """Every erratum with its witness, computed now, under its chapter."""
    parts: list[str] = []
    for erratum in all_errata():
        chapter = home(erratum.key)
        head = f"## {chapter.split('/')[1].replace('_', ' ').capitalize()}"
        if head not in parts:
            parts += [head, f"From the chapter {_link(chapter)}."]
        card = erratum.card()._repr_markdown_()
        parts.append(f'<div class="erratum-card">\n\n{card}\n\n</div>')
    return Written("\n\n".join(parts), f"{len(all_errata())} errata hold")


def errata_due() -> int:
    """How many errata the register holds."""
    return _due("errata")


def _link(chapter: str) -> str:
    """Return the chapter's name, with a link where the chapter stands."""
    name = chapter.split("/")[1]
    if chapter not in coverage.read()["standing"]:
        return escape(name)
    return f"[{name}](../{chapter}.md)"


def _due(kind: str) -> int:
    count = {"claims": claims, "errata": errata}[kind]
    return sum(len(count(chapter)) for chapter in CHAPTERS)
