"""Mutants are made, run in forks, counted, and gone on with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dlf.book import mutant_runner, mutants

SETTINGS = """
[tool.mutmut]
source_paths = ["tiny"]
only_mutate = ["tiny/*"]
also_copy = ["tests"]
pytest_add_cli_args_test_selection = ["tests"]
"""
CODE = """
def add(a, b):
    return a + b


def forever(n):
    while n > 0:
        n = n - 1
    return n


def unused(a):
    return a * 2
"""
TESTS = """
from tiny import add, forever


def test_add():
    assert add(2, 0) == 2


def test_forever():
    assert forever(3) == 0
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A project of three functions: one tested weakly, one well, one not."""
    root = tmp_path_factory.mktemp("tiny")
    for name, text in {
        "pyproject.toml": SETTINGS,
        "tiny/__init__.py": CODE,
        "tests/test_tiny.py": TESTS,
        mutants.EQUIVALENT: "",
        mutants.MUTANTS: "",
    }.items():
        file = root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    said = mutants.mutate(root, workers=2)
    return root, said


def test_mutants_are_killed_survive_or_have_no_test(tiny):
    root, said = tiny
    outcomes = json.loads((root / mutants.FOUND).read_text("utf-8"))["outcomes"]
    by_function = {
        name: {
            said
            for mutant, said in outcomes.items()
            if mutant_runner.function(mutant).endswith(f"x_{name}")
        }
        for name in ("add", "forever", "unused")
    }
    assert by_function["add"] == {"survived"}  # 2 - 0 is 2 as well
    assert {"killed", "timeout"} <= by_function["forever"]
    assert by_function["unused"] == {"no tests"}
    published = json.loads((root / mutants.MUTANTS).read_text("utf-8"))
    assert published["mutants"] == len(outcomes)
    assert published["killed"] == sum(
        o in ("killed", "timeout") for o in outcomes.values()
    )
    assert said.startswith(f"{published['killed']} of {len(outcomes)} mutants")


def test_a_run_goes_on_where_it_was_while_nothing_changes(tiny):
    root, _ = tiny
    file = root / mutants.FOUND
    kept = json.loads(file.read_text("utf-8"))
    gone = next(n for n, o in kept["outcomes"].items() if o == "survived")
    marked = dict.fromkeys(kept["outcomes"], "no tests")
    del marked[gone]
    file.write_text(json.dumps(kept | {"outcomes": marked}), encoding="utf-8")
    assert rerun(root, file) == marked | {gone: "survived"}
    file.write_text(json.dumps(kept), encoding="utf-8")


def test_what_survived_runs_again_when_a_test_has_changed(tiny):
    root, _ = tiny
    file = root / mutants.FOUND
    kept = json.loads(file.read_text("utf-8"))
    test = root / "mutants/tests/test_tiny.py"
    test.write_text(TESTS.replace("add(2, 0) == 2", "add(2, 1) == 3"), "utf-8")
    marked = kept["outcomes"] | {
        n: "timeout" for n, o in kept["outcomes"].items() if o == "killed"
    }
    file.write_text(json.dumps(kept | {"outcomes": marked}), encoding="utf-8")
    assert rerun(root, file) == {
        n: "killed" if "x_add" in n else o for n, o in marked.items()
    }
    test.write_text(TESTS, encoding="utf-8")
    file.write_text(json.dumps(kept), encoding="utf-8")


def test_what_was_killed_runs_again_when_its_module_has_changed(tiny):
    root, _ = tiny
    file = root / mutants.FOUND
    kept = json.loads(file.read_text("utf-8"))
    marked = {
        n: "timeout" if o == "killed" else o
        for n, o in kept["outcomes"].items()
    }
    module = root / "mutants/tiny/__init__.py"
    text = module.read_text("utf-8")
    module.write_text(text + "# changed\n", encoding="utf-8")
    file.write_text(json.dumps(kept | {"outcomes": marked}), encoding="utf-8")
    assert rerun(root, file) == kept["outcomes"]
    module.write_text(text, encoding="utf-8")


def test_a_sample_is_tried_and_counted_as_one(tiny):
    root, _ = tiny
    whole = json.loads((root / mutants.FOUND).read_text("utf-8"))["outcomes"]
    said = mutants.mutate(root, workers=1, sample=5)
    published = json.loads((root / mutants.MUTANTS).read_text("utf-8"))
    assert published["mutants"] == 5
    assert published["all"] == len(whole) > 5
    assert published["killed"] == sum(
        whole[n] in ("killed", "timeout")
        for n in mutant_runner.chosen(whole, 5)
    )
    assert said.startswith(f"{published['killed']} of 5 mutants")


def rerun(root, file):
    """Run the mutants of a folder; give what came out."""
    subprocess.run(
        [sys.executable, mutant_runner.__file__, file, "1", "0", "tests"],
        cwd=root / "mutants",
        check=True,
        capture_output=True,
    )
    return json.loads(file.read_text("utf-8"))["outcomes"]


def test_a_mutant_that_was_not_run_is_named():
    with pytest.raises(RuntimeError, match="1 of 2 were not run, b among"):
        mutants.summary(["a", "b"], {"a": "killed"}, {})


def test_survivors_with_a_reason_stand_apart():
    outcomes = {"a": "killed", "b": "survived", "c": "no tests", "d": "timeout"}
    found = mutants.summary(list(outcomes), outcomes, {"b": "alike", "x": ""})
    del found["tool"]
    assert found == {
        "mutants": 4,
        "killed": 2,
        "equivalent": ["b"],
        "survivors": ["c"],
    }


def test_tests_that_cannot_be_collected_are_an_error(tmp_path):
    (tmp_path / "test_bad.py").write_text(
        "import nothing_at_all\n", encoding="utf-8"
    )
    ended = subprocess.run(
        [sys.executable, mutant_runner.__file__, tmp_path / "f.json", "1", "0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ended.returncode
    assert not Path(tmp_path / "f.json").exists()
