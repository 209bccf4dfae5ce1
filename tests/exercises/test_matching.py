"""Causes named for runs: the letter of a run decides, not the order."""

import numpy as np
import pytest

from dlf.exercises.matching import match

CAUSES = "612345"
RUNS = "ABCDEF"


@pytest.mark.parametrize(
    "answer",
    [
        CAUSES,
        int(CAUSES),
        "6, 1, 2, 3, 4 and 5",
        [6.0, 1, "2", 3, 4, 5],
        np.array([[6, 1, 2], [3, 4, 5]]),
        "F5 E4 D3 C2 B1 A6",
        dict(zip(RUNS[::-1], CAUSES[::-1], strict=True)),
    ],
)
def test_right_however_written(answer):
    assert match(CAUSES)(answer) == ""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("F6 E1 D2 C3 B4 A5", "0 of the six"),  # the digits, not the runs
        (dict(zip("FEDCBA", CAUSES, strict=True)), "0 of the six"),
        ("A6 A1 B2 C3 D4 E5", "expected six digits"),
        ({"A": 6}, "expected six digits"),
        ([6.5, 1, 2, 3, 4, 5], "expected six digits"),
        (-612345, "expected six digits"),
        (np.nan, "expected six digits"),
        ("", "expected six digits"),
        ("６１２３４５", "expected six digits"),
    ],
)
def test_wrong_and_unreadable(answer, said):
    objection = match(CAUSES)(answer)
    assert objection.startswith(said)
