"""Where a result comes from: machine, versions, commit, dates."""

import platform
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
    """Ask git about the checkout; None where there is none."""
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
    """List uncommitted changes in what the claim runs."""
    names = map(str, source_hash.files(address))
    return git("status", "--porcelain", "--", *names) or ""


def commit(address: str) -> str | None:
    """Name the commit that was run, marked where it was not clean."""
    head = git("rev-parse", "HEAD")
    return f"{head}+changes" if head and changes(address) else head


def fixed_on(address: str) -> str | None:
    """Date of the last commit that touched what the claim runs."""
    names = map(str, source_hash.files(address))
    return git("log", "-1", "--format=%cs", "--", *names) or None
