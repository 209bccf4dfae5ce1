"""A new chapter with its whole row: pages and modules that run as they are.

The templates hold a small concept, the square, which the author replaces. All
tests pass before the first edit, and each stays near what it tests. What
stands already is kept: where `dlf/scratch` or `dlf/nn` has a module or a
package of the chapter's name, the square goes into a module beside it.
"""

import re
from pathlib import Path

import yaml

from dlf.book import contents

TEMPLATES = Path(__file__).parent / "templates"
LONGEST = 32  # letters of a slug, so that no line of a template is too long
ROW = {
    "chapter.md": "chapters/{part}/{slug}.md",
    "derive.py": "dlf/derive/{slug}.py",
    "exercises.py": "dlf/exercises/{slug}.py",
    "concepts.py": "tests/concepts/{slug}.py",
}
CLAIMS = {  # only where the register gives the chapter a number
    "claims.py": "dlf/claims/{slug}/__init__.py",
    "claims_exact.py": "dlf/claims/{slug}/exact.py",
    "test_claims.py": "tests/claims/test_{slug}.py",
}
LIBRARIES = ("scratch", "nn")  # floors that may have the name before the page
CLAIM_TEXT = """\
Each claim and erratum of the chapter has its card here. Until {claim} has a
record, its parts are run as they stand; then the cell becomes
`claims.{claim}.card()`.

```{{code-cell}} ipython3
for part in claims.{claim}.parts:
    print(part.name, *part.test())
```"""
NO_CLAIM_TEXT = "Each claim and erratum of the chapter has its card here."


def new(name: str, root: Path) -> list[Path]:
    """Write the chapter ``part/slug`` and its row; return the files.

    Args:
        name: part and slug, such as ``optimization/schedules``.
        root: the checkout, which has a ``_toc.yml``.

    Raises:
        ValueError: the name is not ``part/slug`` in lower case, or too long.
        FileExistsError: the chapter has a file already; nothing is written.
    """
    if not re.fullmatch(r"[a-z]+/[a-z][a-z0-9_]*", name):
        raise ValueError(
            "new: `name` must be part/slug in lower case, such as "
            f"foundations/losses; got {name!r}"
        )
    part, slug = name.split("/")
    if len(slug) > LONGEST:
        raise ValueError(
            f"new: `name` must have a slug of at most {LONGEST} letters, so "
            f"that lines stay within 80 columns; got {len(slug)} in {slug!r}"
        )
    claim = first_claim(name)
    row = ROW | (CLAIMS if claim else {})
    files = {
        root / target.format(part=part, slug=slug): template
        for template, target in row.items()
    }
    if existing := [f for f in files if f.exists()]:
        raise FileExistsError(
            f"new: {name} would overwrite {existing[0].relative_to(root)}: "
            "choose another slug, or delete the files of that row"
        )
    words = {
        "TITLE": slug.replace("_", " ").capitalize(),
        "CLAIM_TEXT": CLAIM_TEXT.format(claim=claim),
        "CLAIM_IMPORT": f"from dlf.claims import {slug} as claims",
        "CLAIM": claim,
        "SLUG": slug,
    }
    if not claim:
        words |= {"CLAIM_IMPORT\n": "", "CLAIM_TEXT": NO_CLAIM_TEXT}
    for floor in LIBRARIES:
        package, module = free_module(root, floor, slug)
        files[root / f"{package.replace('.', '/')}/{module}.py"] = f"{floor}.py"
        words[f"{floor.upper()}_PACKAGE"] = package
        words[f"{floor.upper()}_MODULE"] = module
    for file, template in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        text = (TEMPLATES / template).read_text(encoding="utf-8")
        file.write_text(fill(text, words), encoding="utf-8")
    enter(root / "_toc.yml", name)
    return [*files, root / "_toc.yml"]


def first_claim(name: str) -> str:
    """Find the first claim that the register gives a chapter, or "".

    Args:
        name: part and slug.
    """
    return contents.claims(name)[0] if name in contents.CHAPTERS else ""


def free_module(root: Path, floor: str, slug: str) -> tuple[str, str]:
    """Choose package and module for the example, beside what stands.

    Args:
        root: the checkout.
        floor: ``scratch`` or ``nn``.
        slug: the chapter's.
    """
    package = root / "dlf" / floor
    if (package / slug).is_dir():
        return f"dlf.{floor}.{slug}", "example"
    if (package / f"{slug}.py").exists():
        return f"dlf.{floor}", f"{slug}_example"
    return f"dlf.{floor}", slug


def fill(text: str, words: dict[str, str]) -> str:
    """Replace each placeholder by its word, longer placeholders first.

    Args:
        text: a template.
        words: placeholder to word.
    """
    for placeholder in sorted(words, key=len, reverse=True):
        text = text.replace(placeholder, words[placeholder])
    return text


def enter(toc: Path, name: str) -> None:
    """Enter a page into the table of contents, in the register's order.

    Args:
        toc: the file ``_toc.yml``.
        name: part and slug; a part that has no page yet is opened.
    """
    order = list(contents.CHAPTERS)
    parts = list(dict.fromkeys(chapter.split("/")[0] for chapter in order))
    part = name.split("/")[0]
    lines = toc.read_text(encoding="utf-8").splitlines()
    entered = {}  # chapter to the number of its line
    for number, line in enumerate(lines):
        if found := re.fullmatch(r" +- file: chapters/(\w+/\w+)", line):
            entered[found[1]] = number
    siblings = [c for c in entered if c.startswith(f"{part}/")]
    row = [f"      - file: chapters/{name}"]
    if siblings:
        after = order[order.index(name) :] if name in order else []
        later = [entered[c] for c in siblings if c in after]
        place = later[0] if later else entered[siblings[-1]] + 1
    else:
        after = parts[parts.index(part) :] if part in parts else ["evidence"]
        later = [entered[c] for c in entered if c.split("/")[0] in after]
        place = _caption(lines, later[0]) if later else len(lines)
        row = [
            f"  - caption: {part.capitalize()}",
            "    numbered: 2",
            "    chapters:",
            *row,
        ]
    text = "\n".join([*lines[:place], *row, *lines[place:]]) + "\n"
    yaml.safe_load(text)
    toc.write_text(text, encoding="utf-8")


def _caption(lines: list[str], number: int) -> int:
    """Return the line of the caption above a line."""
    while not lines[number].startswith("  - caption:"):
        number -= 1
    return number
