"""Words a chapter speaks: show, check, measured, glue, grade."""

import inspect
from functools import cache
from typing import Any

from IPython.display import display

RECORD = "application/papermill.record/"


class Shown:
    """A function's own source: highlighted on the page, a name in text."""

    def __init__(self, *objects: Any) -> None:
        self.objects = objects

    def __repr__(self) -> str:
        return ", ".join(
            f"{o.__module__}.{o.__qualname__}" for o in self.objects
        )

    def _repr_markdown_(self) -> str:
        source = "\n\n".join(map(inspect.getsource, self.objects))
        files = {o.__module__.replace(".", "/") + ".py" for o in self.objects}
        links = ", ".join(
            f"[{file}]({address('Repository')}/blob/main/{file})"
            for file in sorted(files)
        )
        return f"```python\n{source}```\n\n{links}"


class Written:
    """Markdown for a page, with a first line for a terminal."""

    def __init__(self, markdown: str, summary: str) -> None:
        self.markdown, self.summary = markdown, summary

    def __repr__(self) -> str:
        return self.summary

    def _repr_markdown_(self) -> str:
        return self.markdown


def show(*objects: Any) -> Shown:
    """Print the source that is tested, with a link to its file.

    Args:
        objects: functions and classes of `dlf`, in the order shown.
    """
    return Shown(*objects)


def check(statement: str, holds: Any) -> None:
    """Print the statement with a tick, or fail the page.

    Args:
        statement: what holds, in words.
        holds: true or false, also as NumPy or torch has it.

    Raises:
        AssertionError: it does not hold; the message is the statement.
    """
    if not bool(holds):
        raise AssertionError(statement)
    print("✓", statement)


def measured(statement: str, holds: Any) -> None:
    """Print a statement about times with a tick, or that this run differs.

    What a clock says is never certain: another program may have had the
    machine. A statement that must hold is for `check`.

    Args:
        statement: what was seen, in words.
        holds: true or false, also as NumPy or torch has it.
    """
    if bool(holds):
        print("✓", statement)
    else:
        print("– not so in this run, which may have been disturbed:", statement)


def glue(name: str, value: Any, spec: str = "") -> None:
    """Keep a number for the prose under a name, formatted as it will read.

    Args:
        name: the prose finds the number under it.
        value: a number or a text.
        spec: a format, such as ``.1f``; empty for as it is.
    """
    display(
        {RECORD + "text/plain": repr(format(value, spec))},
        raw=True,
        metadata={"scrapbook": {"name": name, "mime_prefix": RECORD}},
    )


def grade(name: str, answer: Any) -> None:
    """Print whether the answer is right, wrong (and where), or still open.

    Args:
        name: of the exercise, such as ``losses-3``.
        answer: the reader's; ``...`` or None where there is none yet.
    """
    from dlf.exercises.core import find

    print(find(name).grade(answer))


@cache
def address(name: str) -> str:
    """Look up an address of the project, from `pyproject.toml` alone.

    Args:
        name: ``Repository`` or ``Book``.
    """
    from importlib.metadata import metadata

    urls = metadata("dlf").get_all("Project-URL", [])
    return dict(url.split(", ", 1) for url in urls)[name]
