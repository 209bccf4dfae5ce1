"""An exercise grades an answer on fresh random cases and never raises.

A chapter's module `dlf.exercises.<slug>` holds the solutions as live code and
a tuple `EXERCISES` of these records; `dlf.book.grade("<slug>-2", answer)` finds
the record by its name.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

CASES = 20


@dataclass(frozen=True)
class Exercise:
    """A question with its solution, and the wrong answers people give.

    Args:
        name: chapter and number, such as ``activations-2``.
        solution: the answer: a function, or a value.
        draw: maps a generator to the arguments of one case, for a function.
        wrong: typical wrong answers; a test holds each of them to be caught.
        rtol: relative tolerance of numbers; the absolute one is 1e-9.
        judge: for an answer that is free within limits: maps (answer, *case)
            to an objection, to "" where there is none, or to None where the
            answer is still open.
    """

    name: str
    solution: Any
    draw: Callable[[np.random.Generator], tuple] | None = None
    wrong: tuple = ()
    rtol: float = 1e-6
    judge: Callable[..., str | None] | None = None

    def grade(self, answer: Any) -> str:
        """Say in one line: right, wrong and where, or still open."""
        if _open(answer):
            return f"{self.name}: still open"
        try:
            objection = self._objection(answer)
        except Exception as error:
            objection = f"it raised {type(error).__name__}: {error}"
        if objection is None:
            return f"{self.name}: still open"
        return f"{self.name}: " + (
            f"not yet: {objection}" if objection else "right"
        )

    def _objection(self, answer: Any) -> str | None:
        """What is wrong with the answer, "" if nothing, None if it is open."""
        if self.draw is None:
            if self.judge:
                return self.judge(answer)
            return (
                ""
                if self._same(answer, self.solution)
                else (f"{_show(answer)} is not the value asked for")
            )
        if not callable(answer):
            return f"expected a function, got {type(answer).__name__}"
        rng = np.random.default_rng()
        for _ in range(CASES):
            case = self.draw(rng)
            if self.judge:
                objection = self.judge(answer, *case)
                if objection != "":
                    return objection
                continue
            got = answer(*_copies(case))
            if _open(got):
                return None
            want = self.solution(*_copies(case))
            if not self._same(got, want):
                given = ", ".join(map(_show, case))
                return (
                    f"for {given} you returned {_show(got)}, "
                    f"expected {_show(want)}"
                )
        return ""

    def _same(self, got: Any, want: Any) -> bool:
        if isinstance(want, str | bool):
            return bool(got == want)
        if isinstance(want, dict):
            return set(got) == set(want) and all(
                self._same(got[k], want[k]) for k in want
            )
        if isinstance(want, tuple | list):
            return len(got) == len(want) and all(map(self._same, got, want))
        got, want = np.asarray(got, float), np.asarray(want, float)
        return got.shape == want.shape and np.allclose(
            got, want, rtol=self.rtol, atol=1e-9, equal_nan=True
        )


def find(name: str) -> Exercise:
    """Return the exercise of that name.

    Raises:
        KeyError: no chapter has it; the message lists what the chapter has.
    """
    slug = name.rpartition("-")[0]
    try:
        module = importlib.import_module(f"dlf.exercises.{slug}")
    except ModuleNotFoundError:
        raise KeyError(
            f"grade: no chapter has exercises named {slug!r}"
        ) from None
    named = {e.name: e for e in module.EXERCISES}
    if name not in named:
        raise KeyError(f"grade: {slug} has {', '.join(named)}; got {name!r}")
    return named[name]


def all_exercises() -> list[Exercise]:
    """Every exercise of every chapter, in the order of the modules' names."""
    import dlf.exercises as floor

    names = sorted(m.name for m in pkgutil.iter_modules(floor.__path__))
    return [
        exercise
        for name in names
        if name != "core"
        for exercise in importlib.import_module(
            f"dlf.exercises.{name}"
        ).EXERCISES
    ]


def _open(answer: Any) -> bool:
    return answer is None or answer is ...


def _copies(case: tuple) -> tuple:
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in case)


def _show(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    with np.printoptions(precision=4, threshold=12, edgeitems=2):
        return str(value).replace("\n", " ")
