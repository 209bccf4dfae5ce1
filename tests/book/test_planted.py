"""A wrong sign planted in a copy of the package makes its tests fail.

Three, to see that the tests look where they seem to; what they look at line by
line, mutation testing tells (`make mutants`).
"""

import os
import shutil
import subprocess
import sys

import pytest

from .conftest import ROOT

#: module: what stands there, what is planted, the tests that should notice
SIGNS = {
    "losses/classification": (
        "[true_class] -= 1.0",
        "[true_class] += 1.0",
        "test_concepts",
    ),
    "mlp": ("w.T + b, vjp", "w.T - b, vjp", "test_concepts"),
    "optimizers/momentum": (
        "w - eta(t) * v",
        "w + eta(t) * v",
        "scratch/optimizers/test_against_torch",
    ),
}


@pytest.mark.parametrize("module", SIGNS)
def test_a_wrong_sign_is_caught(tmp_path, module):
    for name in ("dlf", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    right, wrong, suite = SIGNS[module]
    file = tmp_path / f"dlf/scratch/{module}.py"
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", f"tests/{suite}.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout
