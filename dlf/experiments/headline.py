"""The headline of a claim: what its counted cells add up to.

    supported         all
    mostly supported  two thirds or more, none opposite
    mixed             neither this nor that
    mostly not        a third or fewer, and of the others more than half
                      opposite or too small
    not supported     none
    undecided         more than half unclear
    false as printed  a part that is printed without a condition is false

Read from below: the last that applies is given. Two more have no count: a
claim that is untestable as stated, and one that is not tested here.
"""

from collections.abc import Sequence
from typing import NamedTuple

from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import (
    FALSE,
    OPPOSITE,
    SMALL,
    SUPPORTED,
    UNCLEAR,
)

ALL, MOSTLY, MIXED, MOSTLY_NOT, NONE, OPEN, AS_PRINTED, UNTESTED, UNTESTABLE = (
    "supported",
    "mostly supported",
    "mixed",
    "mostly not",
    "not supported",
    "undecided",
    "false as printed",
    "not tested here",
    "untestable as stated",
)
SCALE = (
    ALL,
    MOSTLY,
    MIXED,
    MOSTLY_NOT,
    NONE,
    OPEN,
    AS_PRINTED,
    UNTESTED,
    UNTESTABLE,
)

#: words of the earlier scale, in which older claims say what they expect
EARLIER = {
    "holds": (ALL,),
    "holds in part": (MOSTLY, MIXED, MOSTLY_NOT, AS_PRINTED),
    "does not hold": (NONE,),
    "undecided at this budget": (OPEN,),
}


class Headline(NamedTuple):
    """A verdict, its reason, and k of n cells; no count if untestable."""

    verdict: str
    reason: str
    k: int | None
    n: int | None


def assemble(outcomes: Sequence[Outcome]) -> Headline:
    """Combine cells into a headline, with the count as its reason.

    Args:
        outcomes: of all cells, those that do not count included.

    Raises:
        ValueError: no cell counts.

    >>> assemble([Outcome("a", "supported"), Outcome("b", "unclear")])[:2]
    ('mixed', '1 of 2 cells supported, 1 unclear')
    """
    counted = [o for o in outcomes if o.counted]
    n = len(counted)
    if not n:
        raise ValueError(
            "assemble: `outcomes` must hold a cell that counts, because a "
            f"headline comes from those; got {[o.cell for o in outcomes]}"
        )
    words = [o.verdict for o in counted]
    k, against = words.count(SUPPORTED), words.count(OPPOSITE)
    against += words.count(FALSE)
    contrary = against + words.count(SMALL)
    said = (
        f"{k} of {n} cells supported" if k else f"none of {n} cells supported"
    )
    others = (FALSE, OPPOSITE, SMALL, UNCLEAR)
    said = ", ".join(
        [said, *(f"{words.count(w)} {w}" for w in others if w in words)]
    )
    if any(o.printed and o.verdict == FALSE for o in counted):
        verdict = AS_PRINTED
    elif 2 * words.count(UNCLEAR) > n:
        verdict = OPEN
    elif not k:
        verdict = NONE
    elif k == n:
        verdict = ALL
    elif 3 * k <= n and 2 * contrary > n - k:
        verdict = MOSTLY_NOT
    elif 3 * k >= 2 * n and not against:
        verdict = MOSTLY
    else:
        verdict = MIXED
    return Headline(verdict, said, k, n)


def with_cause(
    outcomes: Sequence[Outcome], effect: str, cause: str
) -> Headline:
    """Combine the cells of a claim that states a cause.

    An effect without its cause, or a cause without an effect, is at most mixed.

    Args:
        outcomes: all of them.
        effect: how the names of the cells begin that test the effect.
        cause: how those begin that test the cause.
    """
    found = assemble(outcomes)
    both = all(
        any(
            o.verdict == SUPPORTED and o.cell.startswith(start)
            for o in outcomes
            if o.counted
        )
        for start in (effect, cause)
    )
    if found.verdict in (ALL, MOSTLY) and not both:
        return found._replace(verdict=MIXED)
    return found


def sharpened(outcomes: Sequence[Outcome]) -> Headline:
    """Keep a sentence untestable; say what its sharpened form came to.

    Args:
        outcomes: of all cells.
    """
    found = assemble(outcomes)
    said = f"the sharpened hypothesis: {found.verdict}; {found.reason}"
    return Headline(UNTESTABLE, said, None, None)


def expected(verdict: str, expects: Sequence[str]) -> bool:
    """Say whether a verdict is among those expected, in words of either scale.

    Args:
        verdict: a word of `SCALE`.
        expects: words of `SCALE` or keys of `EARLIER`.

    >>> expected("mixed", ("holds in part",)), expected("mixed", ("mixed",))
    (True, True)
    """
    return any(verdict in EARLIER.get(word, (word,)) for word in expects)
