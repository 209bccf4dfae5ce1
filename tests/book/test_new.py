"""A new chapter starts green, on every floor."""

import os
import shutil
import subprocess
import sys

import pytest

from dlf.book.new import ROW, new

from .conftest import ROOT

TOC = """\
format: jb-book
root: index
parts:
  - caption: Foundations
    numbered: 2
    chapters:
      - file: chapters/foundations/mlp
  - caption: Evidence
    chapters:
      - file: chapters/evidence/claims
"""


def test_it_joins_its_part(tmp_path):
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    files = new("foundations/losses", tmp_path)
    assert len(files) == len(ROW) + 1
    assert (
        "/mlp\n      - file: chapters/foundations/losses\n  - caption: Ev"
        in (tmp_path / "_toc.yml").read_text(encoding="utf-8")
    )


def test_it_opens_a_part(tmp_path):
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    new("theory/landscape", tmp_path)
    toc = (tmp_path / "_toc.yml").read_text(encoding="utf-8")
    assert toc.index("caption: Theory") < toc.index("caption: Evidence")
    assert "      - file: chapters/theory/landscape\n" in toc


@pytest.mark.parametrize("name", ["losses", "a/b/c", "Part/Slug", "part/2"])
def test_it_refuses_a_bad_name(tmp_path, name):
    with pytest.raises(ValueError, match="must be part/slug in lower case"):
        new(name, tmp_path)


def test_it_overwrites_nothing(tmp_path):
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    new("theory/landscape", tmp_path)
    page = tmp_path / "chapters/theory/landscape.md"
    page.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="choose another slug"):
        new("theory/landscape", tmp_path)
    assert page.read_text(encoding="utf-8") == "mine"


def test_it_starts_green(tmp_path):
    for name in ("dlf", "tests", "conftest.py", "pyproject.toml", "_toc.yml"):
        source, target = ROOT / name, tmp_path / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, target)
    (tmp_path / "references.bib").write_text("", encoding="utf-8")
    new("theory/squares", tmp_path)
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    suites = ["test_concepts", "test_derivations", "test_exercises"]
    done = subprocess.run(
        [*run, *(f"tests/{s}.py" for s in suites), "-k", "squares"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "[100%]" in done.stdout
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/theory/squares\n", encoding="utf-8"
    )
    (tmp_path / "constraints.txt").write_text("", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "dlf.book", "execute"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
