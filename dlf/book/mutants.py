"""Mutants: small changes to `dlf.scratch`, each of which a test should notice.

mutmut makes the changes and finds the tests that reach each function;
`mutant_runner` runs them. What came out is published in `data/mutants.json`. A
survivor either asks for a test or changes no result; those of the second kind
are listed with the reason in `tests/equivalent.toml`.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dlf.book import mutant_runner
from dlf.book.count_coverage import MUTANTS

EQUIVALENT = "tests/equivalent.toml"
FOUND = "mutants/found.json"
#: mutmut can do this only as the first part of a run of its own
MAKE = """
import os
from mutmut import __main__ as mutmut

mutmut.set_mutant_under_test("mutant_generation")
os.makedirs("mutants", exist_ok=True)
mutmut.copy_src_dir()
mutmut.copy_also_copy_files()
mutmut.setup_source_paths()
mutmut.store_lines_covered_by_tests()
mutmut.create_mutants(1)
mutmut.collect_or_load_stats(mutmut.get_mutant_runner(1))
"""


def mutate(root: Path, workers: int | None = None, sample: int = 0) -> str:
    """Run mutants, write what came out, and return a line about it.

    Args:
        root: folder of the checkout.
        workers: mutants at a time; None for one a core.
        sample: how many to try, chosen at random; 0 for all.

    Raises:
        RuntimeError: the mutants could not be made, or not all were run.
    """
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    tests = settings["tool"]["mutmut"]["pytest_add_cli_args_test_selection"]
    runner = [sys.executable, mutant_runner.__file__, (root / FOUND).as_posix()]
    runner += [str(workers or os.cpu_count() or 1), str(sample)]
    for what, command, folder in (
        ("make the mutants", [sys.executable, "-c", MAKE], root),
        ("run the mutants", [*runner, *tests], root / "mutants"),
    ):
        if subprocess.run(command, cwd=folder).returncode:
            raise RuntimeError(f"mutants: could not {what}; see above")
    outcomes = json.loads((root / FOUND).read_text("utf-8"))["outcomes"]
    names = mutant_runner.mutants(root / "mutants")
    found: dict[str, Any] = {"all": len(names)} | summary(
        mutant_runner.chosen(names, sample),
        outcomes,
        tomllib.loads((root / EQUIVALENT).read_text("utf-8")),
    )
    (root / MUTANTS).write_text(
        json.dumps(found, indent=1) + "\n", encoding="utf-8"
    )
    return (
        f"{found['killed']} of {found['mutants']} mutants killed "
        f"({found['killed'] / found['mutants']:.1%}), of {found['all']}; "
        f"{len(found['equivalent'])} more change no result; "
        f"{len(found['survivors'])} survive"
    )


def summary(
    names: list[str], outcomes: dict[str, str], reasons: dict[str, str]
) -> dict:
    """Count the killed, and name the others.

    Args:
        names: of the mutants that were to be tried.
        outcomes: name to what came out, as the runner writes it.
        reasons: of mutants that change no result.

    Raises:
        RuntimeError: a mutant was not run.
    """
    left = [n for n in names if n not in outcomes]
    if left:
        raise RuntimeError(
            f"mutants: {len(left)} of {len(names)} were not run, {left[0]} "
            "among them: run again, it goes on from there"
        )
    counts = Counter(outcomes[n] for n in names)
    survivors = {n for n in names if outcomes[n] in ("survived", "no tests")}
    return {
        "mutants": len(names),
        "killed": sum(counts[said] for said in mutant_runner.KILLED),
        "equivalent": sorted(survivors & set(reasons)),
        "survivors": sorted(survivors - set(reasons)),
        "tool": f"mutmut {version('mutmut')}",
    }
