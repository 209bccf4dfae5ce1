"""A small book in a temporary folder, sound until a test plants an error."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HEAD = """\
---
jupytext:
  formats: md:myst,ipynb
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3, language: python}
---

"""
PAGE = """\
(tiny)=
# A tiny page

Words.

```{code-cell} ipython3
x = 2 + 2
x
```

```{code-cell} ipython3
print(x / 3)
```
"""


class SmallBook:
    """A checkout with one page, `chapters/part/tiny.md`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.page = root / "chapters/part/tiny.md"
        self.pair = self.page.with_suffix(".ipynb")
        self.page.parent.mkdir(parents=True)
        (root / "_toc.yml").write_text(
            "format: jb-book\nroot: chapters/part/tiny\n", encoding="utf-8"
        )
        (root / "references.bib").write_text("", encoding="utf-8")
        (root / "constraints.txt").write_text("numpy==2.0\n", encoding="utf-8")
        (root / "dlf").symlink_to(ROOT / "dlf")
        self.write(PAGE)

    def write(self, text: str) -> None:
        self.page.write_text(HEAD + text, encoding="utf-8")


@pytest.fixture
def small(tmp_path: Path) -> SmallBook:
    return SmallBook(tmp_path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book executed and paired once; copied by `executed`."""
    from dlf.book.execute import execute
    from dlf.book.sync import sync

    book = SmallBook(tmp_path_factory.mktemp("made") / "book")
    assert execute(book.root, workers=1) == []
    assert sync(book.root) == [book.pair]
    return book.root


@pytest.fixture
def executed(made: Path, tmp_path: Path) -> SmallBook:
    book = SmallBook.__new__(SmallBook)
    book.root = tmp_path / "book"
    shutil.copytree(made, book.root, symlinks=True)
    book.page = book.root / "chapters/part/tiny.md"
    book.pair = book.page.with_suffix(".ipynb")
    return book
