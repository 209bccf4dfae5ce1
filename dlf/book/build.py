"""Sphinx over the executed pages, with every warning an error."""

import subprocess
import sys
from pathlib import Path

from dlf.book.paths import BUILD


def build(root: Path) -> int:
    """Write `_build/html`; return the exit status.

    A failed run leaves a state from which the same command would succeed
    unheard, so the environment is dropped: the next run says it again.
    """
    command = ["build", ".", "-n", "-W", "--keep-going", "-q"]
    status = subprocess.run(
        [sys.executable, "-m", "jupyter_book.cli.main", *command],
        cwd=root,
        check=False,
    ).returncode
    if status:
        environment = root / BUILD / ".doctrees" / "environment.pickle"
        environment.unlink(missing_ok=True)
    return status
