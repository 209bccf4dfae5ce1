"""Pages are run when what they show could change, and fail loudly."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from dlf.book import dependencies
from dlf.book.execute import execute, outdated

from .conftest import PAGE, ROOT


def test_unchanged_book_runs_nothing(executed):
    assert outdated(executed.root) == []


def test_prose_runs_nothing(executed):
    executed.write(PAGE.replace("Words.", "Better words."))
    assert outdated(executed.root) == []


def test_code_runs_its_page(executed):
    executed.write(PAGE.replace("2 + 2", "2 + 3"))
    assert outdated(executed.root) == [executed.page]


def test_frozen_versions_run_every_page(executed):
    (executed.root / "constraints.txt").write_text(
        "numpy==2.1\n", encoding="utf-8"
    )
    assert outdated(executed.root) == [executed.page]


def test_a_page_needs_what_its_cells_import_and_no_more(small):
    small.write(
        "# T\n\n```{code-cell} ipython3\nfrom dlf.book import check\n```"
    )
    files = {f.relative_to(small.root).as_posix() for f in _files(small)}
    assert {"dlf/__init__.py", "dlf/book/page.py", "constraints.txt"} <= files
    assert not any(f.startswith(("dlf/scratch", "dlf/nn")) for f in files)


def test_what_is_imported_upstream_counts(small):
    small.write(
        "# T\n\n```{code-cell} ipython3\n"
        "from dlf.scratch.losses import classification\n```"
    )
    files = {f.relative_to(small.root).as_posix() for f in _files(small)}
    assert {
        "dlf/scratch/losses/classification.py",
        "dlf/scratch/shapes.py",
    } <= files
    assert "dlf/scratch/mlp.py" not in files


def test_a_row_brings_its_exercises_and_its_records():
    page = ROOT / "chapters/foundations/activations.md"
    files = {
        f.relative_to(ROOT).as_posix() for f in dependencies.files(page, ROOT)
    }
    assert "dlf/exercises/activations.py" in files
    assert "data/results/C12.json" in files
    assert "data/results/C33.json" not in files
    assert "dlf/scratch/backpropagation/manual.py" not in files


def test_an_exception_fails_and_stands_last(small):
    small.write(PAGE.replace("print(x / 3)", "print(x / 0)"))
    done = subprocess.run(
        [sys.executable, "-m", "dlf.book", "execute"],
        cwd=small.root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "tiny: FAILED" in done.stdout
    assert "tiny.md, code cell 2 of 2:\n\nprint(x / 0)" in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last == "ZeroDivisionError: division by zero"


def test_a_failed_page_stays_outdated(small):
    small.write(PAGE.replace("print(x / 3)", "print(x / 0)"))
    assert [run.page for run in execute(small.root, 1)] == [small.page]
    assert outdated(small.root) == [small.page]


def _files(small) -> set[Path]:
    return dependencies.files(small.page, small.root)


def test_a_page_that_warns_fails(small):
    """A reader should see no library's notice of what it will change."""
    warns = "import warnings\nwarnings.warn('soon gone', FutureWarning)"
    small.write(PAGE.replace("print(x / 3)", warns))
    (failed,) = execute(small.root, 1)
    assert "code cell 2 warns" in failed.failure
    assert "soon gone" in failed.failure


def _hears_interrupts():
    """Undo what a shell does to its background jobs: ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_ends_the_run(small, tmp_path):
    """The page would sleep for an hour, and others are queued behind it."""
    begun = tmp_path / "begun"
    sleeps = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\n"
    small.write(PAGE.replace("print(x / 3)", f"{sleeps}time.sleep(3600)"))
    task = subprocess.Popen(
        [sys.executable, "-m", "dlf.book", "execute", "--workers", "1"],
        cwd=small.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hears_interrupts,
    )
    while not begun.exists():
        assert task.poll() is None, task.stderr.read()
        time.sleep(0.05)
    task.send_signal(signal.SIGINT)
    _, said = task.communicate()
    assert task.returncode == 130, said
    assert said.strip().splitlines()[-1].startswith("stopped"), said


def test_a_cell_that_python_cannot_read_is_named(small):
    """The search for imports must not stop at it with the parser's words."""
    small.write(PAGE.replace("print(x / 3)", "x = = 3"))
    (failed,) = execute(small.root, 1)
    assert "tiny.md, code cell 2" in failed.failure
    assert "SyntaxError" in failed.failure
