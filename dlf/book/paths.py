"""Where things are in a checkout of the book."""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

CACHE = ".jupyter_cache"
BUILD = Path("_build")


def pages(root: Path) -> list[Path]:
    """Return the notebooks among the pages of `_toc.yml`, in its order.

    Args:
        root: folder of the checkout.

    Raises:
        FileNotFoundError: the table of contents names a page that is missing.
    """
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    found = []
    for name in names(toc):
        page = root / f"{name}.md"
        if not page.exists():
            raise FileNotFoundError(
                f"_toc.yml names {name}, but {page} does not exist: "
                "write it with `python -m dlf.book new "
                f"{name.removeprefix('chapters/')}`"
            )
        found.append(page)
    return [p for p in found if is_notebook(p)]


def is_notebook(page: Path) -> bool:
    """Say whether a Markdown page has code to run.

    Args:
        page: a Markdown page.
    """
    return "```{code-cell}" in page.read_text(encoding="utf-8")


def names(node: dict | list) -> list[str]:
    """Page names of a table of contents, depth first.

    Args:
        node: of `_toc.yml`, as YAML reads it.
    """
    if isinstance(node, list):
        return [name for child in node for name in names(child)]
    own = [node[k] for k in ("root", "file") if k in node]
    return own + [
        name
        for key in ("parts", "chapters", "sections")
        for name in names(node.get(key, []))
    ]


def chapters(root: Path) -> list[Path]:
    """Pages with a chapter's anatomy: all but evidence and front matter.

    Args:
        root: folder of the checkout.
    """
    return [
        p
        for p in pages(root)
        if p.is_relative_to(root / "chapters")
        and p.parent.name != "evidence"
        and is_notebook(p)
    ]


def pairs(root: Path) -> Iterator[tuple[Path, dict]]:
    """Each pair that stands, with the notebook in it.

    Args:
        root: folder of the checkout.
    """
    for page in pages(root):
        pair = page.with_suffix(".ipynb")
        if pair.exists():
            yield pair, json.loads(pair.read_text(encoding="utf-8"))
