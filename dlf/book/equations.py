"""Labeled equations: which there are, and what stands behind each.

A labeled equation is *proved*, *enclosed* or *checked* when a derivation that
verifies itself ends in it, by the least sure of its steps, and *computed* when
it defines a function that cites it and has a `Concept`. There is no fifth kind.
"""

import importlib
import inspect
import re
import sys
from functools import cache
from pathlib import Path

from dlf.derive.derivation import Derivation

LABELED = re.compile(r"^\$\$ \(([\w-]+\.\d+)\)\s*$", re.MULTILINE)
KINDS = ("proved", "enclosed", "checked")  # the surest first
CITED = re.compile(r"\(([a-z]\w*\.\d+)\)")


def on_page(page: Path) -> list[str]:
    """Labels in the order in which the page shows them.

    Args:
        page: a Markdown page.
    """
    derived = {d.name: d.label for d in derivations(page.stem)}
    pattern = re.compile(
        rf"{LABELED.pattern}|^derive\.(\w+)\(\)\s*$", re.MULTILINE
    )
    return [
        m[1] or derived.get(m[2], "")
        for m in pattern.finditer(page.read_text(encoding="utf-8"))
        if m[1] or m[2] in derived
    ]


@cache
def derivations(slug: str) -> tuple["Named", ...]:
    """Return the derivations of a row, in the order of its module.

    Args:
        slug: of the chapter, a module or package of `dlf.derive`; others have
            none.
    """
    try:
        module = importlib.import_module(f"dlf.derive.{slug}")
    except ModuleNotFoundError:
        return ()
    return tuple(
        Named(f.__name__, f())
        for f in vars(module).values()
        if inspect.isfunction(f)
        and inspect.signature(f).return_annotation is Derivation
    )


class Named:
    """A derivation and the function that makes it."""

    def __init__(self, name: str, derivation: Derivation) -> None:
        self.name, self.derivation = name, derivation
        self.label = derivation.label

    @property
    def kind(self) -> str:
        """Return the least sure kind among its steps."""
        return max(self.derivation.evidence, key=KINDS.index)


def kinds(root: Path, slug: str) -> dict[str, str]:
    """Label to its kind, for all that a row can show.

    Args:
        root: folder of the checkout.
        slug: of the chapter, such as ``losses``.
    """
    computed = {
        label: "computed"
        for concept in concepts(root)
        for label in CITED.findall(inspect.getdoc(concept.scratch) or "")
        if label.startswith(f"{slug}.")
    }
    return computed | {d.label: d.kind for d in derivations(slug)}


@cache
def concepts(root: Path) -> tuple:
    """All `Concept` records of the tests beside the book.

    Args:
        root: folder of the checkout, which holds ``tests``.
    """
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return tuple(importlib.import_module("tests.concepts").all_concepts())
