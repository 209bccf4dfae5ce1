"""Mutants: small changes to `dlf.scratch`, each of which a test should notice.

mutmut makes the changes and runs the tests; what it finds is published in
`data/mutants.json`. A survivor either asks for a test or changes no result;
those of the second kind are listed with the reason in `tests/equivalent.toml`.
"""

import json
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

from dlf.book.count_coverage import MUTANTS

EQUIVALENT = "tests/equivalent.toml"


def mutate(root: Path) -> str:
    """Run all mutants, write what came out, and return a line about it.

    Args:
        root: folder of the checkout.

    Raises:
        RuntimeError: mutmut did not check every mutant.
    """
    for command in (["run"], ["export-cicd-stats"]):
        subprocess.run(
            [sys.executable, "-m", "mutmut", *command], cwd=root, check=False
        )
    stats = json.loads(
        (root / "mutants/mutmut-cicd-stats.json").read_text(encoding="utf-8")
    )
    killed = stats["killed"] + stats["timeout"] + stats["segfault"]
    survivors = _survivors(root)
    if killed + len(survivors) != stats["total"]:
        raise RuntimeError(
            f"mutants: {stats['total']} were made, but {killed} killed and "
            f"{len(survivors)} survived: delete mutants/ and run again"
        )
    reasons = tomllib.loads((root / EQUIVALENT).read_text(encoding="utf-8"))
    found = {
        "mutants": stats["total"],
        "killed": killed,
        "equivalent": sorted(set(survivors) & set(reasons)),
        "survivors": sorted(set(survivors) - set(reasons)),
        "tool": f"mutmut {version('mutmut')}",
    }
    (root / MUTANTS).write_text(
        json.dumps(found, indent=1) + "\n", encoding="utf-8"
    )
    return (
        f"{killed} of {stats['total']} mutants killed "
        f"({killed / stats['total']:.1%}); {len(found['equivalent'])} more "
        f"change no result; {len(found['survivors'])} survive"
    )


def _survivors(root: Path) -> list[str]:
    listed = subprocess.run(
        [sys.executable, "-m", "mutmut", "results"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    rows = (line.strip().rpartition(": ") for line in listed.splitlines())
    return [name for name, _, what in rows if what in ("survived", "no tests")]
