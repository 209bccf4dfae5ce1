"""Try the wheel where readers do: Colab's versions, away from the checkout.

`python -m dlf.book wheel` builds it, installs it beside the versions in
`.github/colab.txt`, copies the paired notebooks elsewhere and lets nbval run
them there and compare every stored output.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dlf.book.paths import pages

COLAB = ".github/colab.txt"
TOOLS = ("nbval", "pytest", "pytest-xdist")


def build(root: Path, folder: Path) -> Path:
    """Build the wheel and return it.

    Args:
        root: folder of the checkout.
        folder: for the wheel; emptied first.
    """
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(folder), str(root)]
    subprocess.run(command, check=True)
    return next(folder.glob("dlf-*.whl"))


def environment(root: Path, wheel: Path, folder: Path, python: str) -> Path:
    """Make an environment with Colab's versions and the wheel.

    Args:
        root: the checkout.
        wheel: what to install.
        folder: of the environment; one that stands is used again.
        python: command of the Python that makes it.

    Returns:
        Its Python.
    """
    mine = folder / "bin" / "python"
    if not mine.exists():
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
    pip = [str(mine), "-m", "pip", "install", "--quiet"]
    limits = ["-c", str(root / COLAB)]
    subprocess.run([*pip, "-r", str(root / COLAB)], check=True)
    subprocess.run([*pip, *limits, *TOOLS, f"{wheel}[all]"], check=True)
    again = ["--force-reinstall", "--no-deps", str(wheel)]
    subprocess.run([*pip, *again], check=True)
    return mine


def compare(root: Path, python: Path, folder: Path, workers: int) -> int:
    """Run every pair from another folder; return nbval's exit status.

    Args:
        root: folder of the checkout.
        python: of the environment that has the wheel.
        folder: the notebooks are copied to; emptied first.
        workers: processes at a time.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for page in pages(root):
        shutil.copy(page.with_suffix(".ipynb"), folder)
    kernel = [str(python), "-m", "ipykernel", "install", "--prefix"]
    subprocess.run([*kernel, str(python.parents[1])], check=True)
    command = [str(python), "-m", "pytest", "--nbval", "-q"]
    command += ["-p", "no:cacheprovider", "--nbval-cell-timeout", "300"]
    command += ["-n", str(workers), "--dist", "loadfile"]
    command += [f.name for f in sorted(folder.glob("*.ipynb"))]
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env=clean).returncode


def check(root: Path, python: str, workers: int, folder: Path) -> int:
    """Build, install and compare; return the exit status.

    Args:
        root: folder of the checkout.
        python: command that makes the environment.
        workers: processes at a time.
        folder: for wheel, environment and notebooks.
    """
    wheel = build(root, folder / "dist")
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB", flush=True)
    mine = environment(root, wheel, folder / "venv", python)
    return compare(root, mine, folder / "pages", workers)
