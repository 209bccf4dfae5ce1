"""The page "What is where": each concept, its chapter, its code on each floor.

Its table is made from the `Concept` records of the tests and stands in the
page itself, between two marks, since a page cannot import the tests.
`python -m dlf.book sync` writes it; a gate says when it is out of step.
"""

import inspect
import re
from collections.abc import Callable
from pathlib import Path

from dlf.book import book_map, equations
from dlf.book.page import address

PAGE = "where.md"
BLOCK = re.compile(r"(<!-- concepts -->\n).*?(<!-- /concepts -->)", re.DOTALL)
HEAD = ("concept", "chapter", "`dlf.scratch`", "`dlf.nn`", "PyTorch")
#: modules whose functions a record names, as one writes them
LIBRARIES = {
    "torch.nn.functional": "F",
    "torch_geometric.nn": "torch_geometric.nn",
    "torch.linalg": "torch.linalg",
    "torch": "torch",
}
#: what a twin needs on its way, and is not the twin
HELPERS = {"Linear", "ReLU", "Sequential", "cat", "relu6", "sign", "zeros_like"}
#: what the first line of a docstring says besides the thing's name
VERB = re.compile(r"^(?:Apply|Compute|Take) (?:the |an? )?")
ASIDE = re.compile(r" \([a-z]\w*\.\d+\)|[:;,].*|\.$")


def write(root: Path) -> list[Path]:
    """Write the page if it is out of step; return what was written.

    Args:
        root: folder of the checkout.
    """
    page = root / PAGE
    text = in_step(root)
    if text is None or page.read_text(encoding="utf-8") == text:
        return []
    page.write_text(text, encoding="utf-8")
    return [page]


def in_step(root: Path) -> str | None:
    """Give the text that the page should have; nothing where it is missing.

    Args:
        root: folder of the checkout.
    """
    page = root / PAGE
    if not page.exists():
        return None
    return BLOCK.sub(
        lambda m: f"{m[1]}{table(root)}\n{m[2]}",
        page.read_text(encoding="utf-8"),
        count=1,
    )


def table(root: Path) -> str:
    """Make the table: one row a function of `dlf.scratch`, in book order.

    Args:
        root: folder of the checkout.
    """
    twins: dict[Callable, list[Callable]] = {}
    for concept in equations.concepts(root):
        twins.setdefault(concept.scratch, []).extend(concept.twins)
    chapters = {
        page.rpartition("/")[2]: (title, stands)
        for part in book_map.outline(root).values()
        for page, title, stands in part
    }
    rows = sorted(
        (_row(scratch, theirs, chapters) for scratch, theirs in twins.items()),
        key=lambda row: row[0].lower(),
    )
    lines = [HEAD, ("---",) * len(HEAD), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def pytorch_name(twin: Callable) -> str:
    """Write a twin's name as a user would, or nothing where it has none.

    Args:
        twin: a function or method of a library, or one written for a test
            that calls it.
    """
    code = getattr(twin, "__code__", None)
    if code is not None and twin.__module__.startswith("tests."):
        return _called(code.co_names, twin.__globals__)
    owner = getattr(twin, "__self__", None)
    if inspect.ismethod(twin):
        return f"torch.nn.{type(owner).__name__}"
    name = twin.__name__
    for module, short in LIBRARIES.items():
        library = __import__(module, fromlist=["*"])
        if getattr(library, name, None) is twin:
            return f"{short}.{name}"
    return ""


def _called(names: tuple[str, ...], known: dict) -> str:
    """Find the first function of a library among the names that code uses."""
    for n, name in enumerate(names):
        module = getattr(known.get(name), "__name__", "")
        if module not in LIBRARIES:
            continue
        path, value = [LIBRARIES[module]], known[name]
        for part in names[n + 1 :]:
            if not hasattr(value, part):
                break
            path, value = [*path, part], getattr(value, part)
            if callable(value):
                if part not in HELPERS:
                    return ".".join(path)
                break
    return ""


def _row(
    scratch: Callable, twins: list[Callable], chapters: dict
) -> tuple[str, ...]:
    slug = scratch.__module__.split(".")[2]
    title, stands = chapters[slug]
    summary = (inspect.getdoc(scratch) or "").splitlines()[0]
    what = ASIDE.sub("", VERB.sub("", summary)).replace("|", r"\|")
    ours = [t for t in twins if t.__module__.startswith("dlf.nn")]
    theirs = [pytorch_name(t) for t in twins if t not in ours]
    return (
        what[0].upper() + what[1:],
        f"{{ref}}`{slug}`" if stands else f"{title} (planned)",
        _link(scratch),
        ", ".join(map(_link, dict.fromkeys(ours))),
        ", ".join(f"`{name}`" for name in dict.fromkeys(theirs) if name),
    )


def _link(f: Callable) -> str:
    file = f.__module__.replace(".", "/") + ".py"
    return f"[`{f.__name__}`]({address('Repository')}/blob/main/{file})"
