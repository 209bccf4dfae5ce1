"""One concept a module: none is longer than 300 lines."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES = 300
FILES = [
    file.relative_to(ROOT).as_posix()
    for folder in ("dlf", "tests")
    for file in sorted((ROOT / folder).rglob("*.py"))
]


@pytest.mark.parametrize("file", FILES)
def test_a_module_has_at_most_300_lines(file):
    lines = (ROOT / file).read_text(encoding="utf-8").count("\n")
    assert lines <= LINES


def test_all_modules_are_counted():
    assert len(FILES) > 300
