"""A new chapter with its whole row: pages and modules that run as they are.

The templates hold a small concept, the square, which the author replaces. All
tests pass before the first edit, and each stays near what it tests.
"""

import re
from pathlib import Path

import yaml

TEMPLATES = Path(__file__).parent / "templates"
ROW = {
    "chapter.md": "chapters/{part}/{slug}.md",
    "derive.py": "dlf/derive/{slug}.py",
    "scratch.py": "dlf/scratch/{slug}.py",
    "nn.py": "dlf/nn/{slug}.py",
    "exercises.py": "dlf/exercises/{slug}.py",
    "concepts.py": "tests/concepts/{slug}.py",
}


def new(name: str, root: Path) -> list[Path]:
    """Write the chapter ``part/slug`` and its rows; return the files.

    Raises:
        ValueError: the name is not ``part/slug`` in lower case.
        FileExistsError: one of the files stands already; nothing is written.
    """
    if not re.fullmatch(r"[a-z]+/[a-z][a-z0-9_]*", name):
        raise ValueError(
            "new: `name` must be part/slug in lower case, such as "
            f"foundations/losses; got {name!r}"
        )
    part, slug = name.split("/")
    files = {
        root / target.format(part=part, slug=slug): TEMPLATES / template
        for template, target in ROW.items()
    }
    if standing := [f for f in files if f.exists()]:
        raise FileExistsError(
            f"new: {name} would overwrite {standing[0].relative_to(root)}: "
            "choose another slug, or delete the files of that row"
        )
    for file, template in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            template.read_text(encoding="utf-8").replace("SLUG", slug),
            encoding="utf-8",
        )
    _enter(root / "_toc.yml", part, f"chapters/{name}")
    return [*files, root / "_toc.yml"]


def _enter(toc: Path, part: str, page: str) -> None:
    """Add the page to its part of the table of contents, or a new part."""
    text, row = toc.read_text(encoding="utf-8"), f"      - file: {page}\n"
    siblings = list(
        re.finditer(rf"^ +- file: chapters/{part}/\w+\n", text, re.M)
    )
    if siblings:
        place = siblings[-1].end()
    else:
        place = text.index("  - caption: Evidence")
        row = (
            f"  - caption: {part.capitalize()}\n    numbered: 2\n"
            f"    chapters:\n{row}"
        )
    text = text[:place] + row + text[place:]
    yaml.safe_load(text)
    toc.write_text(text, encoding="utf-8")
