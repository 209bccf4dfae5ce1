"""A new chapter starts green, on every floor."""

import os
import shutil
import subprocess
import sys

import pytest
import yaml

from dlf.book import contents
from dlf.book.new import CLAIMS, LIBRARIES, LONGEST, ROW, new

from .conftest import ROOT

DOCSTRING = '"""Something that stands."""\n'
TOC = """\
format: jb-book
root: index
parts:
  - caption: Foundations
    numbered: 2
    chapters:
      - file: chapters/foundations/mlp
      - file: chapters/foundations/training
  - caption: Scale
    numbered: 2
    chapters:
      - file: chapters/scale/gpu
  - caption: Evidence
    chapters:
      - file: chapters/evidence/sources
      - file: chapters/evidence/claims
"""


@pytest.fixture
def toc(tmp_path):
    """A table of contents in an empty checkout."""
    file = tmp_path / "_toc.yml"
    file.write_text(TOC, encoding="utf-8")
    return file


def order(toc) -> list[str]:
    """Captions and pages, as they stand."""
    parts = yaml.safe_load(toc.read_text(encoding="utf-8"))["parts"]
    return [
        name.removeprefix("chapters/")
        for part in parts
        for name in (part["caption"], *(c["file"] for c in part["chapters"]))
    ]


def test_it_joins_its_part_in_the_order_of_the_register(tmp_path, toc):
    files = new("foundations/losses", tmp_path)
    assert len(files) == len(ROW) + len(CLAIMS) + len(LIBRARIES) + 1
    new("foundations/perceptron", tmp_path)
    new("evidence/experiments", tmp_path)
    assert order(toc) == [
        "Foundations",
        "foundations/perceptron",
        "foundations/mlp",
        "foundations/losses",
        "foundations/training",
        "Scale",
        "scale/gpu",
        "Evidence",
        "evidence/sources",
        "evidence/experiments",
        "evidence/claims",
    ]


def test_it_opens_parts_in_the_order_of_the_register(tmp_path, toc):
    for name in contents.CHAPTERS:
        if name.split("/")[0] in ("theory", "optimization", "practice"):
            new(name, tmp_path)
    captions = [name for name in order(toc) if "/" not in name]
    assert captions == [
        "Foundations",
        "Optimization",
        "Practice",
        "Scale",
        "Theory",
        "Evidence",
    ]


def test_a_chapter_that_the_register_lacks_has_no_claim(tmp_path, toc):
    files = new("history/neurons", tmp_path)
    assert not [f for f in files if "claims" in f.parts]
    page = (tmp_path / "chapters/history/neurons.md").read_text(
        encoding="utf-8"
    )
    assert "dlf.claims" not in page
    assert "CLAIM" not in page
    assert order(toc)[-5:-2] == [
        "History",
        "history/neurons",
        "Evidence",
    ]


@pytest.mark.parametrize("name", ["losses", "a/b/c", "Part/Slug", "part/2"])
def test_it_refuses_a_bad_name(tmp_path, name):
    with pytest.raises(ValueError, match="must be part/slug in lower case"):
        new(name, tmp_path)


def test_it_refuses_a_long_name(tmp_path):
    with pytest.raises(ValueError, match=rf"at most {LONGEST} letters.*got 33"):
        new("theory/" + "n" * (LONGEST + 1), tmp_path)


def test_it_overwrites_nothing(tmp_path, toc):
    new("theory/landscape", tmp_path)
    page = tmp_path / "chapters/theory/landscape.md"
    page.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="choose another slug"):
        new("theory/landscape", tmp_path)
    assert page.read_text(encoding="utf-8") == "mine"


def test_it_keeps_what_a_library_has_under_the_name(tmp_path, toc):
    module = tmp_path / "dlf/scratch/schedules.py"
    package = tmp_path / "dlf/nn/schedules/__init__.py"
    for file in (module, package):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine", encoding="utf-8")
    files = new("optimization/schedules", tmp_path)
    assert tmp_path / "dlf/scratch/schedules_example.py" in files
    assert tmp_path / "dlf/nn/schedules/example.py" in files
    assert module.read_text(encoding="utf-8") == "mine"
    assert package.read_text(encoding="utf-8") == "mine"
    page = tmp_path / "chapters/optimization/schedules.md"
    text = page.read_text(encoding="utf-8")
    assert "from dlf.nn.schedules import example as nn" in text
    assert "from dlf.scratch import schedules_example as scratch" in text


@pytest.mark.parametrize("slug", ["t", "schedules", "n" * LONGEST])
@pytest.mark.parametrize("stands", ["nothing", "module", "package"])
def test_the_row_is_in_the_style_of_the_house(tmp_path, toc, slug, stands):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for floor in LIBRARIES:
        if stands == "module":
            file = tmp_path / f"dlf/{floor}/{slug}.py"
            file.parent.mkdir(parents=True)
            file.write_text(DOCSTRING, encoding="utf-8")
        elif stands == "package":
            (tmp_path / f"dlf/{floor}/{slug}").mkdir(parents=True)
    (tmp_path / "dlf/__init__.py").parent.mkdir(exist_ok=True)
    (tmp_path / "dlf/__init__.py").write_text(DOCSTRING, encoding="utf-8")
    name = f"optimization/{slug}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(contents.CHAPTERS, name, ((141, 142), None))
        new(name, tmp_path)
    for verb in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *verb, "--no-cache", "."],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the book with a new chapter, whose name scratch has."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("dlf", "tests", "conftest.py", "pyproject.toml", "_toc.yml"):
        source, target = ROOT / name, root / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, target)
    (root / "data/results").mkdir(parents=True)
    (root / "references.bib").write_text("", encoding="utf-8")
    there = root / "dlf/scratch/landscape"
    there.mkdir()
    (there / "__init__.py").write_text(DOCSTRING, encoding="utf-8")
    new("theory/landscape", root)
    return root


def run(root, *command):
    """Run Python in the checkout, whose own `dlf` comes first."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )


def test_its_tests_pass(checkout):
    done = run(
        checkout,
        *("-m", "pytest", "-vv", "-p", "no:cacheprovider"),
        "tests/test_concepts.py",
        "tests/test_concept_inputs.py",
        "tests/test_refusals.py",
        "tests/derive",
        "tests/exercises/test_exercises.py",
        "tests/claims/test_landscape.py",
        "tests/experiments/test_engine.py",
        *("-k", "landscape or claims_ or 136"),
    )
    assert done.returncode == 0, done.stdout
    for test in (
        "test_equals_its_twins[0-landscape/square]",
        "test_derivation_holds[dlf.derive.landscape.derivative",
        "test_solution_is_right[landscape-1",
        "test_a_square_is_never_negative_and_does_not_always_grow",
        "test_claims_say_everything",
    ):
        assert test in done.stdout


def test_its_page_runs(checkout):
    page = "format: jb-book\nroot: chapters/theory/landscape\n"
    (checkout / "_toc.yml").write_text(page, encoding="utf-8")
    (checkout / "constraints.txt").write_text("", encoding="utf-8")
    done = run(checkout, "-m", "dlf.book", "execute")
    assert done.returncode == 0, done.stderr
