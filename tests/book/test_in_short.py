"""The table In short of each chapter: whole, linked, with names that exist."""

import importlib
import re
from pathlib import Path

import pytest

from dlf.book.labels import titles
from dlf.book.paths import chapters

from .conftest import ROOT

each = pytest.mark.parametrize("page", chapters(ROOT), ids=lambda p: p.stem)
CELL = re.compile(r"(?<!\\)\|")


def table(page: Path) -> list[list[str]]:
    """Rows of the section's first table, without its head."""
    text = page.read_text(encoding="utf-8")
    start = text.index("\n## In short\n")
    section = text[start : text.index("\n## ", start + 1)]
    first = re.search(r"(?:^\|.*\|\n)+", section, re.M)
    assert first
    rows = first[0].splitlines()
    return [[c.strip() for c in CELL.split(row)[1:-1]] for row in rows[2:]]


def found(name: str) -> object:
    """Import what a name of the table stands for."""
    parts = name.replace("F.", "torch.nn.functional.", name[:2] == "F.").split(
        "."
    )
    for n in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        for part in parts[n:]:
            value = getattr(value, part)
        return value
    raise ModuleNotFoundError(name)


@each
def test_it_is_whole_and_comes_first(page):
    rows = table(page)
    assert rows
    assert all(len(row) == 4 and all(row) for row in rows)
    text = page.read_text(encoding="utf-8")
    heads = re.findall(r"^## (.+)$", text, re.M)
    assert heads[:2] == ["In short", "Derivation"]


@each
def test_each_row_links_to_its_section(page):
    known = titles(ROOT)
    here = page.relative_to(ROOT).with_suffix("").as_posix()
    for what, *_ in table(page):
        (label,) = re.findall(r"^\{ref\}`.+ <([\w-]+)>`$", what)
        assert known[label][1] == here


@each
def test_its_names_exist(page):
    named = [n for row in table(page) for n in re.findall(r"`([^`]+)`", row[2])]
    assert named
    for name in named:
        assert found(name) is not None


def test_it_has_a_row_for_each_thing():
    counts = {page.stem: len(table(page)) for page in chapters(ROOT)}
    assert {s: n for s, n in counts.items() if not 8 <= n <= 18} == {}


def test_a_name_that_is_not_there_is_found_out():
    with pytest.raises(AttributeError):
        found("F.relu7")
    with pytest.raises(ModuleNotFoundError):
        found("torsh.relu")
