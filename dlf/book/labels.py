"""What the references of a page resolve to: titles, numbers, works, terms."""

import re
from pathlib import Path

import yaml
from pybtex.database import parse_file

FIGURE = re.compile(r"^  figure:\n\s+name: ([\w.-]+)$", re.M)


def titles(root: Path) -> dict[str, tuple[str, str]]:
    """Label of every page, section, figure and exercise: title and path.

    Args:
        root: folder of the checkout.
    """
    found, chapters = {}, numbered(root)
    for page in [*root.glob("*.md"), *root.glob("chapters/**/*.md")]:
        text, path = (
            page.read_text(encoding="utf-8"),
            page.relative_to(root).with_suffix(""),
        )
        for label, title in re.findall(
            r"^\(([\w.-]+)\)=\n+#+ (.+)$", text, re.M
        ):
            found[label] = title, path.as_posix()
        for label in re.findall(r"^:label: ([\w.-]+)$", text, re.M):
            found[label] = label, path.as_posix()
        chapter = chapters.get(path.as_posix(), "")
        for n, label in enumerate(FIGURE.findall(text), 1):
            found[label] = f"Fig. {chapter}{n}", path.as_posix()
    return found


def numbered(root: Path) -> dict[str, str]:
    """Path of every numbered chapter to what its figures' numbers begin with.

    Args:
        root: folder of the checkout.
    """
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    parts = [p for p in toc.get("parts", []) if p.get("numbered")]
    names = [c["file"] for part in parts for c in part["chapters"]]
    return {name: f"{n}." for n, name in enumerate(names, 1)}


def terms(root: Path) -> dict[str, str]:
    """Term of the glossary, in lower case, to its spelling there.

    Args:
        root: folder of the checkout.
    """
    page = root / "glossary.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    block = text.partition("```{glossary}\n")[2].partition("```")[0]
    return {t.lower(): t for t in re.findall(r"^(\S.*)$", block, re.M)}


def works(root: Path) -> dict[str, str]:
    """Citation key to "Author (year)", from `references.bib`.

    Args:
        root: folder of the checkout.
    """
    found = {}
    for key, entry in parse_file(root / "references.bib").entries.items():
        people = entry.persons.get("author") or entry.persons.get("editor", [])
        names = [" ".join(p.prelast_names + p.last_names) for p in people]
        who = names[0] if names else entry.fields.get("title", key)
        if len(names) == 2:
            who = " and ".join(names)
        elif len(names) > 2:
            who += " et al."
        found[key] = re.sub(r"[{}]", "", f"{who} ({entry.fields['year']})")
    return found
