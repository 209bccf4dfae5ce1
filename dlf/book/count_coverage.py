"""Count the book: what is proved, compared, graded, judged, out of what."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from dlf.book import contents, equations, paths
from dlf.book.coverage import table

ACCOUNTS = "data/accounts.json"
MUTANTS = "data/mutants.json"
BLOCK = re.compile(r"(<!-- accounts -->\n).*?(<!-- /accounts -->)", re.DOTALL)


def count(root: Path) -> dict[str, int | list[str]]:
    """Count everything that the book publishes about itself.

    Args:
        root: folder of the checkout.
    """
    chapters = paths.chapters(root)
    kinds = Counter(
        equations.kinds(root, page.stem).get(label, "unaccounted")
        for page in paths.pages(root)
        for label in equations.on_page(page)
    )
    steps = Counter(
        how
        for page in paths.pages(root)
        for derived in equations.derivations(page.stem)
        for how in derived.derivation.evidence
    )
    cells = [
        cell
        for _, notebook in paths.pairs(root)
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    ignored = [
        c
        for c in cells
        if "nbval-ignore-output" in c["metadata"].get("tags", [])
    ]
    names = [c.relative_to(root / "chapters") for c in chapters]
    due = [
        claim
        for name in names
        if name.with_suffix("").as_posix() in contents.CHAPTERS
        for claim in contents.claims(name.with_suffix("").as_posix())
    ]
    texts = "\n".join(page.read_text(encoding="utf-8") for page in chapters)
    mutants = root / MUTANTS
    killed = (
        json.loads(mutants.read_text(encoding="utf-8"))
        if mutants.exists()
        else {}
    )
    return {
        "standing": [n.with_suffix("").as_posix() for n in names],
        "steps_proved": steps["proved"],
        "steps_enclosed": steps["enclosed"],
        "steps_checked": steps["checked"],
        "steps": sum(steps.values()),
        "equations_proved": kinds["proved"],
        "equations_enclosed": kinds["enclosed"],
        "equations_checked": kinds["checked"],
        "equations_computed": kinds["computed"],
        "equations": sum(kinds.values()),
        "cells_compared": len(cells) - len(ignored),
        "cells_with_text": sum(
            any(map(_tells, c["outputs"])) for c in cells if c not in ignored
        ),
        "cells": len(cells),
        "mutants_killed": killed.get("killed", 0),
        "mutants": killed.get("mutants", 0),
        "mutants_all": killed.get("all", 0),
        "claims": sum(
            len(contents.claims(chapter)) for chapter in contents.CHAPTERS
        ),
        "claims_judged": sum(
            (root / f"data/results/{claim}.json").exists() for claim in due
        ),
        "claims_due": len(due),
        "exercises_graded": len(
            set(re.findall(r'grade\(\s*"([\w-]+)"', texts))
        ),
        "exercises": len(re.findall(r"^:label: \S+-\d+$", texts, re.M)),
    }


def _tells(output: dict[str, Any]) -> bool:
    """Say whether there is text to compare: no figure, no open exercise."""
    if output["output_type"] == "stream":
        return not "".join(output["text"]).endswith(": still open\n")
    data = output["data"]
    return not "".join(data.get("text/plain", "text")).startswith("<Figure")


def publish(root: Path) -> str:
    """Count, write the accounts where they are read, and return the table.

    Args:
        root: folder of the checkout.
    """
    accounts = count(root)
    (root / ACCOUNTS).write_text(
        json.dumps(accounts, indent=1) + "\n", encoding="utf-8"
    )
    readme, shown = root / "README.md", table(accounts)
    readme.write_text(
        BLOCK.sub(
            rf"\g<1>{shown}\n\g<2>", readme.read_text(encoding="utf-8"), count=1
        ),
        encoding="utf-8",
    )
    return shown
