"""Where a result comes from: machine, versions, commit, dates."""

import platform
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from dlf.experiments import source_hash

ROOT = Path(__file__).parents[2]


def environment() -> dict[str, Any]:
    """Say on what the run was made."""
    import torch

    return {
        "cpu": processor(),
        "threads": 1,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "device": (
            torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
        ),
    }


def processor() -> str:
    """Name the processor as the system does."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def git(*args: str) -> str | None:
    """Ask git about the checkout; None where there is none.

    Args:
        args: of the command, after ``git``.
    """
    try:
        return subprocess.run(
            ["git", "-C", str(ROOT), *args],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def changes(address: str) -> str:
    """List uncommitted changes in what the claim runs.

    Args:
        address: of the claim, ``module:NAME``.
    """
    names = map(str, source_hash.files(address))
    return git("status", "--porcelain", "--", *names) or ""


def commit(address: str) -> str | None:
    """Name the commit that was run, marked where it was not clean.

    Args:
        address: of the claim, ``module:NAME``.
    """
    head = git("rev-parse", "HEAD")
    return f"{head}+changes" if head and changes(address) else head


def fixed(address: str) -> tuple[str | None, str | None]:
    """Name and date of the last commit that touched what the claim runs.

    Args:
        address: of the claim, ``module:NAME``.
    """
    names = map(str, source_hash.files(address))
    found = git("log", "-1", "--format=%H %cs", "--", *names)
    commit, _, date = (found or "").partition(" ")
    return commit or None, date or None


def wrong_order(rule: Any, run: Any) -> str:
    """Say what is wrong with the commits of a rule and of its run, if anything.

    Both must be whole names of commits without a mark. Where the history is
    there, both must be in it, the rule's an ancestor and not later. A commit
    that a repository stores, but that nothing leads to from its head, is not
    in its history: a clone does not get it.

    Args:
        rule: the rule's commit, as recorded.
        run: the run's commit, as recorded.
    """
    for what, commit in (("rule", rule), ("run", run)):
        if not re.fullmatch("[0-9a-f]{40}", str(commit)):
            return f"the commit of its {what} is none, or not clean: {commit}"
    if not history():
        return ""
    times = []
    for what, commit in (("rule", rule), ("run", run)):
        time = git("show", "-s", "--format=%ct", f"{commit}^{{commit}}")
        if time is None:
            return f"the history lacks the commit of its {what}, {commit}"
        times.append(int(time))
    if git("merge-base", "--is-ancestor", run, "HEAD") is None:
        return f"the history lacks the commit of its run, {run}"
    if git("merge-base", "--is-ancestor", rule, run) is None:
        return "the commit of its rule does not come before that of its run"
    return "" if times[0] <= times[1] else "its rule is later than its run"


def history() -> bool:
    """Whether git knows how the records came about, and not a copy of them."""
    if git("rev-parse", "--is-shallow-repository") != "false":
        return False
    told = git("rev-list", "--max-count=2", "HEAD", "--", "data/results")
    return len((told or "").split()) == 2
