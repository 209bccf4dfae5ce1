"""The docstring of a public function says of each argument what it is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

DLF = Path(__file__).parents[1] / "dlf"
#: package: why its docstrings need no Args
EXEMPT = {
    "claims": "a protocol says it: `measure(cell, seeds)`, `judge(view)` and "
    "the like, in `dlf.experiments`",
    "exercises": "the statement of the exercise says it",
}
PACKAGES = sorted(
    folder.name
    for folder in DLF.iterdir()
    if (folder / "__init__.py").exists() and folder.name not in EXEMPT
)
PLACES = ["*.py", *(f"{name}/**/*.py" for name in PACKAGES)]


def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """Functions and methods that others may call, constructors aside."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public(node.body)
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def taken(function: ast.FunctionDef) -> list[str]:
    """Names of the parameters, in order, without `self` and `cls`."""
    a = function.args
    every = [*a.posonlyargs, *a.args, a.vararg, *a.kwonlyargs, a.kwarg]
    names = [p.arg for p in every if p]
    return names[names[:1] in (["self"], ["cls"]) :]


def told(docstring: str) -> list[str]:
    """Names that the section Args explains, in order."""
    section = re.search(r"^Args:\n((?: {4}.*\n?|\n)+)", docstring, re.M)
    lines = section[1] if section else ""
    return re.findall(r"^ {4}\*{0,2}(\w+): \S", lines, re.M)


def untold(source: str) -> list[str]:
    """Functions whose Args do not name exactly what they take."""
    return [
        f"{f.name} takes {taken(f)} and tells of {names}"
        for f in public(ast.parse(source).body)
        if (names := told(ast.get_docstring(f) or "")) != taken(f)
    ]


def files(place: str) -> list[Path]:
    """Modules of a place; templates are of no package yet."""
    found = sorted(DLF.glob(place))
    return [f for f in found if "templates" not in f.parts]


@pytest.mark.parametrize("place", PLACES)
def test_args_name_each_parameter_and_no_other(place):
    assert files(place)
    found = {
        file.relative_to(DLF).as_posix(): wrong
        for file in files(place)
        if (wrong := untold(file.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_enough_is_looked_at():
    assert set(EXEMPT) <= {folder.name for folder in DLF.iterdir()}
    assert len(PACKAGES) >= 8
    seen = [
        function
        for place in PLACES
        for file in files(place)
        for function in public(ast.parse(file.read_text(encoding="utf-8")).body)
        if taken(function)
    ]
    assert len(seen) > 700


@pytest.mark.parametrize(
    "docstring",
    [
        "",
        '"""Add."""',
        '"""Add.\n\n    Args:\n        a: first.\n    """',
        '"""Add.\n\n    Args:\n        b: last.\n        a: first.\n    """',
        '"""Add.\n\n    Args:\n        a: first.\n        b:\n    """',
        '"""Add.\n\n    Args:\n        a: 1.\n        b: 2.\n        c: 3."""',
        '"""Add.\n\n    Args:\n        a: 1.\n\n    Raises:\n        b: no."""',
    ],
)
def test_what_is_not_told_is_found(docstring):
    code = f"class Sum:\n  def add(self, a, *b):\n    {docstring}\n    return a"
    assert untold(code)


def test_what_is_told_passes():
    code = '''
def add(a, /, *rest, key=0, **more):
    """Add.

    Args:
        a: first, which may
            be: long.
        *rest: others.

        key: last.
        **more: ignored.

    Raises:
        ValueError: never.
    """
'''
    assert untold(code) == []
