"""A claim of the sources, how it is tested, and what came of it.

Four kinds. `Exact`: named parts, each true or false. `Measured`: a statistic
and a rule of its own. `contrast.Contrast`: arms tuned alike and compared on
fresh seeds. `Untested`: listed with what is known, and why no more. How values
are judged is in `outcomes`, what cells add up to in `headline`, and what is run
in `dlf.claims`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlf.experiments.cells import Cell, stated
from dlf.experiments.headline import UNTESTED, Headline, assemble
from dlf.experiments.outcomes import BACKGROUND, PRINTED, Outcome
from dlf.experiments.scored_values import arrays
from dlf.experiments.statistics import FALSE, SUPPORTED


@dataclass(frozen=True)
class Source:
    """Where a claim is printed: S0 to S4, place, and the words."""

    id: str
    place: str
    quote: str


@dataclass(frozen=True)
class Part:
    """A statement, and a test: does it hold, and what was found.

    Args:
        name: on the card.
        printed: the words of the source.
        test: says whether they hold, and what was found.
        sort: as printed, where one counterexample makes the words false;
            measured; or background (a theorem, a corrected version), which is
            shown and never counted.
    """

    name: str
    printed: str
    test: Callable[[], tuple[bool, str]]
    sort: str = PRINTED


@dataclass(frozen=True, kw_only=True, repr=False)
class Claim(ABC):
    """What all kinds carry.

    Args:
        number: as in the register, such as ``C12``.
        hypothesis: the claim restated so that it can fail.
        rule: what decides, in words, fixed before the first scored run.
        literature: what is known.
        expects: verdicts that the literature leads one to expect.
        cuts: what was cut of the register's design before that run.
        mode: ``live`` or ``recorded``.
        replica: the page's small version; returns runs of some of the cells.
        here: how it differs.
        judge: maps the runs' scored arrays to outcomes, where the kind's own
            way does not do.
        conclude: maps outcomes to the headline, where `assemble` does not
            do.
    """

    number: str
    title: str
    sources: tuple[Source, ...]
    hypothesis: str
    rule: str
    literature: str
    expects: tuple[str, ...]
    cuts: str = ""
    mode: str = "recorded"
    replica: Callable[[], dict[str, dict]] | None = None
    here: str = ""
    judge: Callable[[dict], tuple[Outcome, ...]] | None = None
    conclude: Callable[[Sequence[Outcome]], Headline] | None = None

    @abstractmethod
    def units(self) -> tuple[str, ...]:
        """Names of the pieces of work, run one by one or side by side."""

    @abstractmethod
    def run(self, unit: str) -> dict[str, Any]:
        """Do one piece of work; scored values lie under ``scored``.

        Args:
            unit: a name among `units`.
        """

    def plan(self) -> dict[str, Any]:
        """What is fixed before the first scored run, for the hash."""
        return {
            "text": self.rule,
            "hypothesis": self.hypothesis,
            "cuts": self.cuts,
            "expects": list(self.expects),
        }

    def seeds_of(self, unit: str) -> list[int] | None:
        """The scored seeds of a piece of work; None where nothing is random.

        Args:
            unit: a name among `units`.
        """
        return None

    @abstractmethod
    def outcomes(self, runs: Mapping[str, dict]) -> tuple[Outcome, ...]:
        """Decide every cell that the runs given allow to decide.

        Args:
            runs: what `run` returned, by unit; some may be missing.
        """

    def verdict(self, outcomes: Sequence[Outcome]) -> Headline:
        """Put the cells together.

        Args:
            outcomes: of all cells.
        """
        return (self.conclude or assemble)(outcomes)

    def card(self) -> Any:
        """Show the claim with its recorded result."""
        from dlf.experiments.cards import card

        return card(self)

    def replicate(self) -> Any:
        """Run the small version here and compare it with the record."""
        from dlf.experiments.replicas import live

        return live(self)

    def __repr__(self) -> str:
        return f"{self.number} · {self.title}"


@dataclass(frozen=True, kw_only=True, repr=False)
class Exact(Claim):
    """True or false, part by part; nothing random, nothing trained."""

    parts: tuple[Part, ...]
    mode: str = "live"

    def units(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.parts)

    def run(self, unit: str) -> dict[str, Any]:
        """Test a part.

        Args:
            unit: its name.
        """
        part = {p.name: p for p in self.parts}[unit]
        holds, found = part.test()
        return {"printed": part.printed, "holds": holds, "found": found}

    def plan(self) -> dict[str, Any]:
        return super().plan() | {
            "parts": [[p.name, p.printed, p.sort] for p in self.parts]
        }

    def outcomes(self, runs: Mapping[str, dict]) -> tuple[Outcome, ...]:
        """Give each part's word: supported or false.

        Args:
            runs: what `run` returned, by part.
        """
        return tuple(
            Outcome(
                p.name,
                SUPPORTED if runs[p.name]["holds"] else FALSE,
                note=runs[p.name]["found"],
                counted=p.sort != BACKGROUND,
                printed=p.sort == PRINTED,
            )
            for p in self.parts
            if p.name in runs
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Measured(Claim):
    """Cells measured by a function of their own and judged by another.

    Args:
        cells: name to settings.
        measure: maps a cell and the seeds to scored values, arrays whose axis
            0 is the seed (``data``, if among them, describes the data set and
            ``found`` holds what has no seeds).
        judge: maps the runs' scored arrays to outcomes.
        seeds: how many, from 100, where the cell does not say.
    """

    cells: Mapping[str, Cell]
    measure: Callable[[Any, list[int]], dict[str, Any]]
    judge: Callable[[dict], tuple[Outcome, ...]]  # pyright: ignore[reportGeneralTypeIssues]
    seeds: int = 10

    def units(self) -> tuple[str, ...]:
        return tuple(self.cells)

    def run(self, unit: str) -> dict[str, Any]:
        """Measure a cell.

        Args:
            unit: its name.
        """
        return self.measured(self.cells[unit])

    def measured(self, cell: Cell) -> dict[str, Any]:
        """Measure a cell, of which a replica may `replace` some settings.

        Args:
            cell: of the claim, or like one of its cells.
        """
        seeds = cell.scored_seeds(self.seeds)
        scored = dict(self.measure(cell, seeds))
        apart = {k: scored.pop(k) for k in ("data", "found") if k in scored}
        return apart | {"seeds": seeds, "scored": scored}

    def plan(self) -> dict[str, Any]:
        cells = {name: stated(cell) for name, cell in self.cells.items()}
        return super().plan() | {"cells": cells, "seeds": self.seeds}

    def seeds_of(self, unit: str) -> list[int] | None:
        """Give the scored seeds of a cell.

        Args:
            unit: its name.
        """
        return self.cells[unit].scored_seeds(self.seeds)

    def outcomes(self, runs: Mapping[str, dict]) -> tuple[Outcome, ...]:
        """Leave the decision to ``judge``.

        Args:
            runs: what `run` returned, by cell.
        """
        return tuple(self.judge(arrays(runs)))


@dataclass(frozen=True, kw_only=True, repr=False)
class Untested(Claim):
    """A claim that is listed with what the literature says, and not tested.

    Its ``rule`` says in a sentence why it is not tested here.
    """

    expects: tuple[str, ...] = (UNTESTED,)

    def units(self) -> tuple[str, ...]:
        return ()

    def run(self, unit: str) -> dict[str, Any]:
        """Refuse: there is nothing to run.

        Args:
            unit: of any name.

        Raises:
            KeyError: always.
        """
        raise KeyError(f"run: {self.number} is not tested here; it has no cell")

    def outcomes(self, runs: Mapping[str, dict]) -> tuple[Outcome, ...]:
        """Give no cell.

        Args:
            runs: empty.
        """
        return ()

    def verdict(self, outcomes: Sequence[Outcome]) -> Headline:
        """Say that it is not tested here, and why.

        Args:
            outcomes: empty.
        """
        return Headline(UNTESTED, self.rule.rstrip("."), None, None)
