"""The pair: in step by content, readable anywhere, without solutions."""

import json
import re
import shutil

import pytest

from dlf.book.colab_markdown import Book, plain
from dlf.book.sync import out_of_step, pair_of, sync

from .conftest import PAGE, ROOT

BOOK = Book(
    site="https://book.example",
    titles={
        "mlp": ("Why do layers help?", "chapters/foundations/mlp"),
        "folds": ("What depth buys", "chapters/foundations/mlp"),
    },
    glued={"loss": "0.693"},
    works={"good16": "Goodfellow et al. (2016)"},
    map="- [Layers](https://book.example/mlp.html)",
)


@pytest.mark.parametrize(
    ("myst", "shown"),
    [
        ("(losses)=\n# Title", "# Title"),
        ("see {ref}`mlp`", "see [Why do layers help?](SITE/mlp.html)"),
        ("see {ref}`layers <mlp>`", "see [layers](SITE/mlp.html)"),
        ("see {ref}`folds`", "see [What depth buys](SITE/mlp.html#folds)"),
        ("see {ref}`unknown`", "see unknown"),
        ("by {eq}`losses.1`", "by (losses.1)"),
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
    install = json.loads(pair_of(executed.page, executed.root))["cells"][0]
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
