"""The pair: in step by content, readable anywhere, without solutions."""

import json
import re
import shutil

import pytest

from dlf.book.colab_markdown import Book, plain
from dlf.book.paths import pages
from dlf.book.sync import out_of_step, pair_of, sync

from .conftest import PAGE, ROOT

BOOK = Book(
    site="https://book.example",
    titles={
        "mlp": ("Why do layers help?", "chapters/foundations/mlp"),
        "folds": ("What depth buys", "chapters/foundations/mlp"),
        "fig-folds": ("Fig. 3.2", "chapters/foundations/mlp"),
        "here": ("This section", "chapters/foundations/losses"),
        "losses-3": ("losses-3", "chapters/foundations/losses"),
        "fig-here": ("Fig. 5.1", "chapters/foundations/losses"),
    },
    here="chapters/foundations/losses",
    glued={"loss": "0.693"},
    works={"good16": "Goodfellow et al. (2016)"},
    map="- [Layers](https://book.example/mlp.html)",
    terms={"gelu": "GELU"},
)


@pytest.mark.parametrize(
    ("myst", "shown"),
    [
        ("(losses)=\n# Title", "# Title"),
        ("see {ref}`mlp`", "see [Why do layers help?](SITE/mlp.html)"),
        ("see {ref}`layers <mlp>`", "see [layers](SITE/mlp.html)"),
        ("see {ref}`folds`", "see [What depth buys](SITE/mlp.html#folds)"),
        ("see {ref}`unknown`", "see unknown"),
        ("see {ref}`here`", "see *This section*"),
        ("see {ref}`above <here>`", "see above"),
        ("see exercise {ref}`losses-3`", "see exercise losses-3"),
        ("{numref}`fig-here` shows", "Fig. 5.1 shows"),
        ("{numref}`fig-folds`", "[Fig. 3.2](SITE/mlp.html#fig-folds)"),
        ("by {eq}`losses.1`", "by (losses.1)"),
        ("by {eq}`mlp.1`", "by [(mlp.1)](SITE/mlp.html#equation-mlp-1)"),
        ("a loss of {glue:text}`loss` nats", "a loss of 0.693 nats"),
        (
            "{cite:t}`good16` show",
            "[Goodfellow et al. (2016)](https://book.example/bibliography.html)"
            " show",
        ),
        (
            "shown {cite:p}`good16`",
            "shown ([Goodfellow et al. (2016)]"
            "(https://book.example/bibliography.html))",
        ),
        (
            "a {term}`pullback`",
            "a [pullback](https://book.example/glossary.html#term-pullback)",
        ),
        (
            "**{term}`GELU`**",
            "**[GELU](https://book.example/glossary.html#term-GELU)**",
        ),
        (
            "{term}`Gelu`",
            "[Gelu](https://book.example/glossary.html#term-GELU)",
        ),
        (
            "{term}`Jacobian–vector product`",
            "[Jacobian–vector product](https://book.example/glossary.html"
            "#term-Jacobianvector-product)",
        ),
        ("```{index} !GELU, !Swish\n```\n\nA gate.", "\nA gate."),
        (
            "```{book-map}\n```\n",
            "- [Layers](https://book.example/mlp.html)\n",
        ),
        ("$$\nx\n$$ (a.1)", "$$\nx \\tag{a.1}\n$$"),
        (
            "```{exercise-start}\n:label: a-1\n```\nAsk.\n"
            "```{exercise-end}\n```",
            "**Exercise a-1**\n\nAsk.\n",
        ),
        (
            "```python\nx = '{ref}`mlp`'\n```",
            "```python\nx = '{ref}`mlp`'\n```",
        ),
    ],
)
def test_plain(myst, shown):
    shown = shown.replace("SITE", "https://book.example/chapters/foundations")
    assert plain(myst, BOOK) == shown


def test_plain_refuses_a_number_that_was_never_glued():
    with pytest.raises(KeyError):
        plain("{glue:text}`absent`", BOOK)


def test_sync_twice_writes_once(executed):
    assert sync(executed.root) == []
    assert out_of_step(executed.root) == []


def test_changed_prose_is_seen(executed):
    executed.write(PAGE.replace("Words.", "Other words."))
    assert out_of_step(executed.root) == [executed.page]


def test_a_changed_digit_is_seen(executed):
    stored = executed.pair.read_text(encoding="utf-8")
    executed.pair.write_text(
        stored.replace("1.33333333333", "1.33333333334"), encoding="utf-8"
    )
    assert out_of_step(executed.root) == [executed.page]


def test_code_that_was_never_run_is_refused(executed):
    executed.write(PAGE.replace("2 + 2", "2 + 3"))
    with pytest.raises(LookupError, match="run `make notebooks`"):
        out_of_step(executed.root)


SOLVED = """\
# T

```{exercise-start}
:label: tiny-1
```
Ask.
```{exercise-end}
```

```{solution-start} tiny-1
:class: dropdown
```
Secret prose.

```{code-cell} ipython3
secret = 42
secret
```

```{solution-end}
```

After.
"""


def test_solutions_stay_on_the_page(small):
    from dlf.book.execute import execute

    small.write(SOLVED)
    assert execute(small.root, 1) == []
    text = pair_of(small.page, small.root)
    assert "ecret" not in text
    assert "Solution on the page" in text
    assert "After." in text


def test_pairs_hold_no_images_and_ids_that_repeat():
    for pair in ROOT.glob("**/*.ipynb"):
        if any(part.startswith((".", "_", "mut")) for part in pair.parts):
            continue
        cells = json.loads(pair.read_text(encoding="utf-8"))["cells"]
        assert [c["id"] for c in cells] == [
            f"cell-{n}" for n in range(len(cells))
        ]


DRAWN = """\
# A drawing

{numref}`fig-line` rises.

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-line
    caption: A line of slope {glue:text}`slope`.
  image:
    alt: A line from the lower left to the upper right.
---
from dlf.book import glue
glue("slope", 2, "d")
```
"""


def test_a_figure_has_its_caption_and_its_description(small):
    from dlf.book.execute import execute

    small.write(DRAWN)
    assert execute(small.root, 1) == []
    cells = json.loads(pair_of(small.page, small.root))["cells"]
    header, _, first, _, below = ["".join(c["source"]) for c in cells]
    assert header.startswith("*The notebook of [A drawing](https://")
    assert "solutions" not in header
    assert first.endswith("Fig. 1 rises.")
    assert below == (
        "**Fig. 1.** A line of slope 2.\n\n"
        "*In words:* A line from the lower left to the upper right."
    )


def test_every_pair_says_what_it_is_and_holds_no_role():
    role = re.compile(r"\{[a-z:]+\}`|^(?:`{3,}|:{3,})\{", re.M)
    count = 0
    for page in pages(ROOT):
        text = page.with_suffix(".ipynb").read_text(encoding="utf-8")
        cells = json.loads(text)["cells"]
        assert "".join(cells[0]["source"]).startswith("*The notebook of [")
        words = [
            "".join(c["source"]) for c in cells if c["cell_type"] == "markdown"
        ]
        assert not role.search("\n".join(words)), page
        asked = len(re.findall("^  figure:", page.read_text("utf-8"), re.M))
        assert sum(w[:7] == "**Fig. " for w in words) == asked, page
        count += asked
    assert count > 100


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("import numpy as np", '"dlf @ git+'),
        ("from captum import attr", '"dlf[interpretability] @ git+'),
        ("from torch_geometric import nn", '"dlf[graphs] @ git+'),
    ],
)
def test_colab_installs_what_the_page_imports(executed, line, asked):
    page = PAGE.replace("Words.", f"Words.\n\n```python\n{line}\n```")
    executed.write(page)
    install = json.loads(pair_of(executed.page, executed.root))["cells"][1]
    assert asked in "".join(install["source"])


TIMED = (
    PAGE
    + """
Took {glue:text}`ns` ns.

```{code-cell} ipython3
:tags: [nbval-ignore-output]
import time
from dlf.book import glue
glue("ns", time.time_ns(), "d")
```
"""
)


def test_a_timing_in_prose_stays_until_the_code_changes(small):
    from dlf.book.execute import execute

    small.write(TIMED)
    assert execute(small.root, 1) == []
    sync(small.root)
    before = small.pair.read_text(encoding="utf-8")
    assert execute(small.root, 1, force=True) == []
    assert out_of_step(small.root) == []
    shutil.rmtree(small.root / ".jupyter_cache")
    assert pair_of(small.page, small.root) == before
    small.write(TIMED.replace("2 + 2", "3 + 1"))
    assert execute(small.root, 1) == []
    took = [
        re.search(r"Took (\d+) ns", t)[1]
        for t in (before, pair_of(small.page, small.root))
    ]
    assert int(took[0]) < int(took[1])
