"""What is true of the square, part by part: claim CLAIM (replace this).

A claim is quoted, restated so that it can fail, and given a rule. Commit it
before `python -m dlf.experiments run CLAIM --check` makes its record.

A claim that trains or measures has cells instead of parts. Their settings are a
record of its own, changed by `dataclasses.replace` (see `dlf.experiments`)::

    @dataclass(frozen=True, kw_only=True)
    class Net(Cell):
        data: str
        depth: int = 2

    SHALLOW = Net(data="M1")
    CELLS = {"M1": SHALLOW, "M1, depth 8": replace(SHALLOW, depth=8)}
"""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source


def never_negative() -> tuple[bool, str]:
    """Square numbers of both signs and of every size."""
    x = np.linspace(-100, 100, 2_001)
    least = float((x * x).min())
    return least >= 0, f"the least of 2,001 squares is {least:g}"


def grows() -> tuple[bool, str]:
    """Look for a larger argument with a smaller square."""
    x = np.linspace(-100, 100, 2_001)
    falls = int((np.diff(x * x) < 0).sum())
    return falls == 0, f"from one argument to the next it falls {falls} times"


CLAIM = Exact(
    number="CLAIM",
    title="The square is positive and grows (replace this)",
    sources=(Source("S1", "§1", "the words of the source"),),
    hypothesis=(
        "(a) No square of a real number is negative. (b) Of two real numbers "
        "the larger has the larger square."
    ),
    rule="Exact, part by part, by evaluation from -100 to 100.",
    literature="What is known, with its reference.",
    expects=(),  # verdicts that the literature leads one to expect
    parts=(
        Part("(a) never negative", "the words of (a)", never_negative),
        Part("(b) grows", "the words of (b)", grows),
    ),
)
