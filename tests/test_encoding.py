"""Text is read and written as UTF-8, whatever the machine's locale says.

Ruff's PLW1514 asks for it where it can tell a path; this asks everywhere.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(f for d in ("dlf", "tests") for f in (ROOT / d).rglob("*.py"))
TEXT = {"read_text": 0, "write_text": 1}  # arguments before the encoding


def unsaid(source: str) -> list[int]:
    """Lines that read or write text without naming its encoding."""
    return [
        call.lineno
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", None) in TEXT
        and len(call.args) <= TEXT[call.func.attr]
        and "encoding" not in [k.arg for k in call.keywords]
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_text_names_its_encoding(file):
    assert unsaid(file.read_text(encoding="utf-8")) == []


def test_the_search_finds_what_it_should():
    said = 'f.read_text("utf-8")\nf.write_text("x", encoding="utf-8")\n'
    assert unsaid(said) == []
    assert unsaid(said + 'f.read_text()\nf.write_text("x")') == [3, 4]
