"""An exercise grades an answer on fresh random cases and never raises.

A chapter's module `dlf.exercises.<slug>` holds the solutions as live code and
a tuple `EXERCISES` of these records; `dlf.book.grade("<slug>-2", answer)` finds
the record by its name.
"""

import copy
import importlib
import pkgutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.exercises.comparison import apart, difference, is_open, text
from dlf.exercises.isolation import OutOfTimeError, isolated

CASES = 15


@dataclass(frozen=True)
class Exercise:
    """A question with its solution, and the answers people give.

    Args:
        name: chapter and number, such as ``activations-2``.
        solution: the answer: a function, or a value.
        draw: maps a generator to the arguments of one case, for a function.
        wrong: typical wrong answers; a test holds each of them to be caught.
        rtol: relative tolerance of numbers that are not whole; the defaults
            of this and the next let an answer compute in float32.
        judge: for an answer that is free within limits: maps (answer, *case)
            to an objection, to "" where there is none, or to None where the
            answer is still open.
        right: right answers in other styles; a test holds each to be accepted.
        edges: cases that are tried first: boundaries, ties, sizes of one.
        atol: absolute tolerance of the same numbers.
        cases: how many cases are drawn after these.
        seconds: how long the grading of an answer may take.
    """

    name: str
    solution: Any
    draw: Callable[[np.random.Generator], tuple] | None = None
    wrong: tuple = ()
    rtol: float = 1e-5
    judge: Callable[..., str | None] | None = None
    right: tuple = ()
    edges: tuple[tuple, ...] = ()
    atol: float = 1e-6
    cases: int = CASES
    seconds: float = 20.0

    def grade(self, answer: Any, seed: int | None = None) -> str:
        """Say in one line: right, wrong and where, or still open.

        Args:
            answer: anything; neither its mistakes nor its malice get through.
            seed: of the cases; fresh ones where it is None.
        """
        if is_open(answer):
            return f"{self.name}: still open"
        tried: list[tuple] = []
        try:
            objection = isolated(
                lambda: self._objection(answer, seed, tried), self.seconds
            )
        except OutOfTimeError:
            last = f" for {_given(tried[-1])}" if tried else ""
            objection = f"no answer within {self.seconds:g} seconds{last}"
        if objection is None:
            return f"{self.name}: still open"
        return f"{self.name}: " + (
            f"not yet: {objection}" if objection else "right"
        )

    def _objection(
        self, answer: Any, seed: int | None, tried: list[tuple]
    ) -> str | None:
        """Say what is wrong with the answer; "" if nothing, None if open."""
        if self.draw is None:
            if self.judge:
                return self.judge(answer)
            wrong = difference(answer, self.solution, self.rtol, self.atol)
            mine, _ = apart(answer, self.solution)
            return f"{mine} is not the value asked for" if wrong else ""
        if not callable(answer):
            return f"expected a function, got {text(answer)}"
        answer = _settled(answer)
        rng, first_open = np.random.default_rng(seed), None
        for n in range(len(self.edges) + self.cases):
            case = self.edges[n] if n < len(self.edges) else self.draw(rng)
            tried.append(case)
            objection = self._on(answer, case)
            if objection is None and len(tried) == 1:
                first_open = case
            elif objection is None and first_open is None:
                return f"you returned nothing for {_given(case)}"
            elif objection is not None and first_open is not None:
                return f"you returned nothing for {_given(first_open)}"
            elif objection:
                return objection
        return "" if first_open is None else None

    def _on(self, answer: Callable, case: tuple) -> str | None:
        """Return what is wrong with the answer on one case."""
        if self.judge:
            return self.judge(answer, *copy.deepcopy(case))
        want = self.solution(*copy.deepcopy(case))
        got = call(answer, *case)
        if is_open(got):
            return None
        wrong = difference(got, want, self.rtol, self.atol)
        return f"for {_given(case)} {wrong}" if wrong else ""


def call(answer: Callable, *case: Any) -> Any:
    """Call an answer with copies, so that it may change what it is given."""
    return answer(*copy.deepcopy(case))


def _settled(answer: Callable) -> Callable:
    """Make an answer whose settings end with its call, not with the grading."""

    def settled(*case: Any) -> Any:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            return answer(*case)

    return settled


def find(name: str) -> Exercise:
    """Return the exercise of that name.

    Raises:
        KeyError: no chapter has it; the message lists what the chapter has.
    """
    slug = name.rpartition("-")[0]
    try:
        module = importlib.import_module(f"dlf.exercises.{slug}")
        named = {e.name: e for e in module.EXERCISES}
    except (ModuleNotFoundError, AttributeError):
        raise KeyError(
            f"grade: no chapter has exercises named {slug!r}"
        ) from None
    if name not in named:
        raise KeyError(f"grade: {slug} has {', '.join(named)}; got {name!r}")
    return named[name]


def all_exercises() -> list[Exercise]:
    """Every exercise of every chapter, in the order of the modules' names."""
    import dlf.exercises as floor

    names = sorted(m.name for m in pkgutil.iter_modules(floor.__path__))
    modules = [importlib.import_module(f"dlf.exercises.{n}") for n in names]
    return [e for m in modules for e in getattr(m, "EXERCISES", ())]


def _given(case: tuple) -> str:
    return ", ".join(map(text, case))
