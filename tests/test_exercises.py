"""Every solution is right, every listed wrong answer is caught, politely."""

import numpy as np
import pytest

from dlf.book import grade
from dlf.exercises.core import all_exercises, find

EXERCISES = all_exercises()
each = pytest.mark.parametrize("e", EXERCISES, ids=lambda e: e.name)
quietly = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@each
def test_solution_is_right(e):
    for _ in range(5):
        assert e.grade(e.solution) == f"{e.name}: right"


@quietly
@pytest.mark.parametrize(
    ("e", "wrong"),
    [
        pytest.param(e, wrong, id=f"{e.name}-{i}")
        for e in EXERCISES
        for i, wrong in enumerate(e.wrong)
    ],
)
def test_wrong_answer_is_caught(e, wrong):
    assert e.grade(wrong).startswith(f"{e.name}: not yet: ")


@each
def test_someone_listed_what_goes_wrong(e):
    assert e.wrong


@each
def test_an_open_answer_stays_open(e):
    answers = [None, ...]
    if callable(e.solution):
        answers += [lambda *_: None, lambda *_: ...]
    for answer in answers:
        assert e.grade(answer) == f"{e.name}: still open"


def fails(*_):
    raise RuntimeError("lost")


@quietly
@each
@pytest.mark.parametrize(
    "answer",
    [
        "ten",
        {},
        [],
        object(),
        np.full(3, np.nan),
        fails,
        lambda: 0,
        lambda *_: "ten",
        lambda *_: np.zeros((7, 7)),
        lambda *_: {"a": 1},
    ],
)
def test_nonsense_is_refused_and_never_raises(e, answer):
    assert e.grade(answer).startswith(f"{e.name}: not yet: ")


def test_grade_prints_one_line(capsys):
    grade(EXERCISES[0].name, ...)
    assert capsys.readouterr().out == f"{EXERCISES[0].name}: still open\n"


@pytest.mark.parametrize("name", ["nowhere-1", f"{EXERCISES[0].name}0", "x"])
def test_an_unknown_exercise_is_named(name):
    with pytest.raises(KeyError, match="grade: "):
        find(name)


def test_names_are_numbered_by_chapter():
    slugs = [e.name.rpartition("-")[0] for e in EXERCISES]
    counted = {s: range(1, slugs.count(s) + 1) for s in slugs}
    names = [f"{s}-{n}" for s in counted for n in counted[s]]
    assert sorted(e.name for e in EXERCISES) == sorted(names)


def test_bends_that_keep_the_normal_are_all_right():
    from dlf.scratch.activations import selu

    e = find("activations-7")
    assert e.grade(lambda x: selu(x)[0]) == "activations-7: right"
    assert e.grade(lambda x: (x * x - 1) / np.sqrt(2)) == "activations-7: right"


def test_the_width_is_the_one_of_llama():
    from dlf.exercises.activations import gated_width

    assert gated_width(4 * 4096, 256) == 11008
