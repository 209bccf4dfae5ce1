"""Answers that name a cause for each of several runs, however written."""

import re
from collections.abc import Callable
from string import ascii_uppercase
from typing import Any

import numpy as np

from dlf.exercises.comparison import as_plain, text
from dlf.exercises.core import Exercise

COUNTS = {5: "five", 6: "six"}


def letters(answer: Any) -> str | None:
    """Read letters or digits, however they are written; None: cannot.

    Args:
        answer: text, a number, an array, a list, a set, or a dict from the
            letter of a run to a digit.

    >>> letters("A3, B5"), letters([3.0, 5.0]), letters([3.5])
    ('A3B5', '35', None)
    """
    answer = as_plain(answer)
    if isinstance(answer, dict):  # such as A to 3, B to 5
        answer = [f"{key}{_whole(value)}" for key, value in answer.items()]
    if isinstance(answer, np.ndarray):
        answer = answer.ravel().tolist()
    kinds = list | tuple | set | frozenset
    items = [
        _whole(v) for v in (answer if isinstance(answer, kinds) else [answer])
    ]
    if not all(isinstance(v, str | int | np.integer) for v in items):
        return None
    return re.sub(
        r"\bAND\b|[\s,;:=]", "", " ".join(str(v).upper() for v in items)
    )


def match(causes: str) -> Callable[[Any], str]:
    """Make the judge of an answer that has a digit for each run.

    Digits stand in the order of the runs, or each behind the letter of its
    run, in any order.

    Args:
        causes: the right digits, of the runs A, B, C and so on.

    >>> judge = match("35142")
    >>> judge("E2 A3 B5 C1 D4"), judge(35124)
    ('', '3 of the five are right')
    """
    runs, count = ascii_uppercase[: len(causes)], COUNTS[len(causes)]

    def judge(answer: Any) -> str:
        got = letters(answer) or ""
        named = dict(re.findall(f"([{runs}])([0-9])", got))
        if len(named) == len(runs) and len(got) == 2 * len(runs):
            got = "".join(named[run] for run in runs)
        if not re.fullmatch(f"[0-9]{{{len(runs)}}}", got):
            like = "123456789"[: len(runs)]
            return (
                f"expected {count} digits, such as '{like}'; got {text(answer)}"
            )
        alike = sum(a == b for a, b in zip(got, causes, strict=True))
        return "" if got == causes else f"{alike} of the {count} are right"

    return judge


def match_exercise(
    label: str, causes: str, wrong: tuple, also: tuple = ()
) -> Exercise:
    """Make the exercise that asks for the cause of each run.

    Args:
        label: of the exercise.
        causes: the right digits, of the runs A, B, C and so on.
        wrong: answers that must not pass, beside the digits backward, none, and
            what is no digit.
        also: right answers in further kinds of arrays.
    """
    digits = [int(c) for c in causes]
    return Exercise(
        label,
        causes,
        wrong=(*wrong, causes[::-1], "", 3.5),
        right=(
            causes,
            int(causes),
            digits,
            tuple(causes),
            ", ".join(causes),
            np.array(digits),
            dict(zip(ascii_uppercase, causes, strict=False)),
            *also,
        ),
        judge=match(causes),
    )


def _whole(value: Any) -> Any:
    """Take a float that is whole as an integer; leave all else."""
    is_whole = isinstance(value, float | np.floating) and value == value // 1
    return int(value) if is_whole and np.isfinite(value) else value
