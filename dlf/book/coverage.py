"""The book's accounts as last published, for its pages.

`python -m dlf.book count` counts them afresh (`dlf.book.count_coverage`) and
publishes them in `data/accounts.json` and in the README.
"""

import json
from typing import Any

from dlf import RECORDS
from dlf.book.page import Written


def published() -> Written:
    """Return the table as last published."""
    return Written(table(read()), "the accounts as published")


def read() -> dict:
    """Return what was counted; ``standing`` lists the chapters that stand."""
    return json.loads((RECORDS / "accounts.json").read_text(encoding="utf-8"))


def table(accounts: dict[str, Any]) -> str:
    """Return the accounts as a Markdown table.

    Args:
        accounts: as `count_coverage.count` gives them.
    """
    a = accounts
    rate = a["mutants_killed"] / a["mutants"] if a["mutants"] else 0
    rows = [
        (
            "Steps of derivations proved, enclosed, checked / all",
            f"{a['steps_proved']} + {a['steps_enclosed']} + "
            f"{a['steps_checked']} / {a['steps']}",
        ),
        (
            "Labeled equations proved, enclosed, checked, computed / all",
            f"{a['equations_proved']} + {a['equations_enclosed']} + "
            f"{a['equations_checked']} + {a['equations_computed']} / "
            f"{a['equations']}",
        ),
        (
            "Code cells whose stored output is compared / all",
            f"{a['cells_compared']} / {a['cells']}",
        ),
        (
            "Mutants of `dlf/scratch` killed by the tests / tried, of all "
            f"{a['mutants_all']:,}",
            f"{a['mutants_killed']} / {a['mutants']} ({rate:.1%})",
        ),
        (
            "Claims with a verdict / claims due in the chapters that stand",
            f"{a['claims_judged']} / {a['claims_due']}",
        ),
        (
            "Exercises graded on the spot / all",
            f"{a['exercises_graded']} / {a['exercises']}",
        ),
    ]
    return "\n".join(
        ["| measure | count |", "| --- | --- |"]
        + [f"| {what} | {number} |" for what, number in rows]
    )
