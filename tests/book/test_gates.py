"""Each gate passes on the book, and can go red on a small broken one."""

import json
import subprocess
import sys

import pytest

from dlf.book import count_coverage, coverage, gates, where
from dlf.book.gates import GATES

from .conftest import HEAD, ROOT

CELL = "\n```{code-cell} ipython3\n1\n```\n"
NBVAL = [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider"]


@pytest.mark.parametrize("gate", GATES, ids=lambda g: g.__name__)
def test_the_book_passes(gate):
    assert gate(ROOT) == []


def test_the_accounts_are_as_published():
    published = json.loads(
        (ROOT / count_coverage.ACCOUNTS).read_text(encoding="utf-8")
    )
    counted = count_coverage.count(ROOT)
    assert published == counted, "run `python -m dlf.book count`"
    assert coverage.table(counted) in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )


def test_a_sound_small_book_has_pairs_in_step(executed):
    assert gates.pairs_in_step(executed.root) == []
    assert gates.pairs_stored_well(executed.root) == []


def test_pair_out_of_step(executed):
    executed.pair.write_text(
        executed.pair.read_text(encoding="utf-8").replace("2 + 2", "2 + 3"),
        encoding="utf-8",
    )
    assert "run `make notebooks`" in gates.pairs_in_step(executed.root)[0]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda c: c.update(execution_count=None), "no execution count"),
        (
            lambda c: c["outputs"].append(
                {
                    "output_type": "error",
                    "ename": "E",
                    "evalue": "",
                    "traceback": [],
                }
            ),
            "stores a traceback",
        ),
        (
            lambda c: c["outputs"].append(
                {
                    "output_type": "display_data",
                    "data": {"image/png": "AAAA"},
                    "metadata": {},
                }
            ),
            "stores an image",
        ),
        (
            lambda c: c["outputs"].append(
                {
                    "output_type": "stream",
                    "name": "stdout",
                    "text": "<object at 0x7f0011223344>",
                }
            ),
            "prints an address",
        ),
    ],
)
def test_badly_stored_pair(executed, change, complaint):
    notebook = json.loads(executed.pair.read_text(encoding="utf-8"))
    change(notebook["cells"][3])
    executed.pair.write_text(json.dumps(notebook), encoding="utf-8")
    found = gates.pairs_stored_well(executed.root)
    assert len(found) == 1
    assert complaint in found[0]


def test_unaccounted_equation(small):
    small.write(
        "# T\n\n$$\nx = 1\n$$ (tiny.1)\n\n```{code-cell} ipython3\n1\n```"
    )
    (complaint,) = gates.equations_accounted(small.root)
    assert complaint.startswith("(tiny.1) on the page of tiny is neither")


def test_equation_labels_with_a_gap(small):
    small.write("# T\n\n$$\nx\n$$ (tiny.2)\n\n```{code-cell} ipython3\n1\n```")
    assert "should run ['tiny.1']" in gates.equations_accounted(small.root)[0]


def test_chapter_without_its_claims_and_errata(small):
    page = small.root / "chapters/foundations/mlp.md"
    page.parent.mkdir()
    page.write_text(
        f"{HEAD}# T\n\n```{{code-cell}} ipython3\nclaims.C7.card()\n```\n\n"
        "```{code-cell} ipython3\nclaims.C7.card()\n```\n\n"
        "```{code-cell} ipython3\nclaims.C12.card()\n```\n",
        encoding="utf-8",
    )
    toc = "format: jb-book\nroot: chapters/foundations/mlp\n"
    (small.root / "_toc.yml").write_text(toc, encoding="utf-8")
    found = gates.cards_once(small.root)
    assert "foundations/mlp: C7 stands 2 times on the page" in found
    assert "foundations/mlp: C8 stands 0 times on the page" in found
    assert "foundations/mlp: E5 stands 0 times on the page" in found
    assert "foundations/mlp: C12 belongs to another chapter" in found


def test_figure_without_alt_text_or_caption(small):
    from dlf.book.execute import execute

    small.write(
        "# T\n\n```{code-cell} ipython3\nfrom matplotlib import pyplot as plt\n"
        "_ = plt.plot([1, 2])\n```"
    )
    assert execute(small.root, 1) == []
    found = gates.figures_described(small.root)
    assert found == [
        "tiny.md, code cell 1: alt text is ''",
        "tiny.md, code cell 1 has no caption",
    ]


def test_exercises_too_few_ungraded_unsolved(small):
    small.write(
        "# T\n\n```{exercise-start}\n:label: tiny-1\n```\nAsk.\n"
        "```{exercise-end}\n```\n\n```{code-cell} ipython3\n"
        'grade("tiny-1", None)\n```'
    )
    assert gates.exercises_graded(small.root) == [
        "tiny has 1 exercises; five are due",
        "tiny: tiny-1 has no grader",
        "tiny: tiny-1 has no solution on the page",
    ]


def test_thin_page(small):
    found = gates.budgets_kept(small.root)
    assert any("words; 2500 to 5000 are asked" in c for c in found)
    assert any("2 code cells; 15 to 40 are asked" in c for c in found)


def test_solutions_are_not_counted_among_the_words(small):
    small.write(
        "# T\n\nOne two.\n\n```{solution-start} t-1\n:class: dropdown\n```\n"
        "Three four five.\n\n```{solution-end}\n```\n\nSix.\n\n"
        "```{code-cell} ipython3\n1\n```\n"
    )
    found = gates.budgets_kept(small.root)
    assert any("has 3 words" in c for c in found)


def test_line_that_begins_like_an_item(small):
    body = "# T\n\nOne class is weighted by two and the other by\n{}\n"
    small.write(body.format("1. To some examples") + CELL)
    (complaint,) = gates.lists_meant(small.root)
    assert "'1. To some examples' begins within a paragraph" in complaint
    small.write(body.format("\n1. An item\n2. Another") + CELL)
    assert gates.lists_meant(small.root) == []


def test_reading_time_that_was_not_counted(small):
    """Nine thousand words and a proof are 48 minutes."""
    said = "Reading takes about {}, proofs\nand cards included.\n\n"
    small.write("# T\n\n" + said.format("two hours") + CELL)
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "word " * 9000},
        {
            "cell_type": "code",
            "execution_count": 1,
            "metadata": {"tags": ["derivation"]},
            "outputs": [],
            "source": "",
        },
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4}
    small.pair.write_text(
        json.dumps(notebook | {"nbformat_minor": 4}), encoding="utf-8"
    )
    (complaint,) = gates.reading_times(small.root)
    assert complaint == (
        "tiny takes two hours to read; three quarters of an hour were counted"
    )
    small.write("# T\n\n" + said.format("an hour") + CELL)
    assert gates.reading_times(small.root) == []


def test_solution_in_a_notebook(small):
    import inspect

    from dlf.exercises import core

    exercise = next(
        e for e in core.all_exercises() if inspect.isfunction(e.solution)
    )
    slug = exercise.name.rpartition("-")[0]
    page = small.root / f"chapters/part/{slug}.md"
    small.page.rename(page)
    toc = f"format: jb-book\nroot: chapters/part/{slug}\n"
    (small.root / "_toc.yml").write_text(toc, encoding="utf-8")
    cell = {
        "cell_type": "code",
        "source": inspect.getsource(exercise.solution),
        "outputs": [],
    }
    pair = page.with_suffix(".ipynb")
    pair.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    assert exercise.name in gates.solutions_absent(small.root)[0]


def test_citation_of_no_equation(small):
    (small.root / "dlf").unlink()
    floor = small.root / "dlf/scratch"
    floor.mkdir(parents=True)
    (floor / "tiny.py").write_text('"""As in (tiny.9)."""\n', encoding="utf-8")
    (complaint,) = gates.citations_resolve(small.root)
    assert complaint.endswith("cites (tiny.9), which is stated nowhere")


def test_another_address(small):
    (small.root / "README.md").write_text(
        "https://github.com/some/where", encoding="utf-8"
    )
    assert "README.md has some/where" in gates.one_address(small.root)[0]


def test_nbval_sees_a_changed_digit(executed):
    def compared() -> subprocess.CompletedProcess:
        return subprocess.run(
            [*NBVAL, executed.pair.name],
            cwd=executed.pair.parent,
            capture_output=True,
            text=True,
        )

    assert compared().returncode == 0
    stored = executed.pair.read_text(encoding="utf-8")
    executed.pair.write_text(
        stored.replace("1.33333333333", "1.33333333334"), encoding="utf-8"
    )
    done = compared()
    assert done.returncode == 1
    assert "1.3333333333" in done.stdout


def test_a_concept_that_is_not_listed_is_reported(small):
    assert gates.concepts_listed(small.root) == []
    page = small.root / "where.md"
    marks = "<!-- concepts -->\n<!-- /concepts -->\n"
    (small.root / "tests").symlink_to(ROOT / "tests")
    page.write_text(marks, encoding="utf-8")
    assert (
        "run `python -m dlf.book sync`" in gates.concepts_listed(small.root)[0]
    )
    assert where.write(small.root) == [page]
    assert gates.concepts_listed(small.root) == []


def test_a_fold_that_swallows_a_directive_is_reported(small):
    assert gates.folds_closed(small.root) == []
    text = small.page.read_text(encoding="utf-8")
    fold = (
        "<details><summary>Hint</summary>\n\nAh.\n\n</details>\n```{note}\n```"
    )
    small.page.write_text(f"{text}\n{fold}\n", encoding="utf-8")
    assert "leave a line empty" in gates.folds_closed(small.root)[0]
