"""From scored values to cells: effects, judged with and without failed runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.experiments import statistics
from dlf.experiments.scored_values import without
from dlf.experiments.statistics import UNCLEAR, Estimate, Rule

#: what is printed, what is measured of it, and what is shown and never counted
PRINTED, MEASURED, BACKGROUND = "as printed", "measured", "background"
FEWEST = 3  # seeds without a failed run that can decide
#: how far the entropy of labels lies below that of equally many of each class
UNBALANCED = 0.02


@dataclass(frozen=True)
class Outcome:
    """What one cell came to.

    Args:
        cell: its name on the card.
        verdict: supported, opposite, too small or unclear; of a statement
            without an interval supported or false.
        estimate: effect and interval, where it is a number.
        unit: ``points`` (shares shown × 100), ``ratio`` (logarithms shown as
            ratios) or any other word, shown as it is.
        rule: kind and δ, where one of the common rules decided.
        note: what was found, in words.
        counted: false for background, which is shown and not counted.
        printed: it is a sentence as printed, which one counterexample makes
            false.
    """

    cell: str
    verdict: str
    estimate: Estimate | None = None
    unit: str = ""
    rule: Rule | None = None
    note: str = ""
    counted: bool = True
    printed: bool = False

    @property
    def sort(self) -> str:
        """As printed, measured or background."""
        if not self.counted:
            return BACKGROUND
        return PRINTED if self.printed else MEASURED


@dataclass(frozen=True)
class Effect:
    """A contrast that decides a cell.

    Args:
        cell: its name on the card.
        runs: the trained cells it draws on.
        of: maps their arms, ``{arm: {name: one row a seed}}``, one argument a
            trained cell, to one value a seed, positive as the source says.
        rule: from `statistics`: larger, ratio, equivalent, not_worse.
        unit: see `Outcome`.
        counted: false for background.
        words: which words of the quotation it tests.
        how: maps these values and a level to an estimate.
    """

    cell: str
    runs: tuple[str, ...]
    of: Callable[..., np.ndarray]
    rule: Rule
    unit: str = "points"
    counted: bool = True
    words: str = ""
    how: Callable[[np.ndarray, float], Estimate] = statistics.estimate

    def plan(self) -> list[Any]:
        """What of it is fixed beforehand, for the hash."""
        rule = [self.rule.kind, self.rule.delta]
        said = [self.words] if self.words else []
        return [self.cell, list(self.runs), *rule, self.counted, *said]


def decide(
    effects: Sequence[Effect], view: Mapping[str, dict]
) -> tuple[Outcome, ...]:
    """Judge every effect whose trained cells are there.

    An effect without any number was not measured (times are not, on a page).

    Args:
        effects: of the claim.
        view: scored arrays by cell, arm and name, axis 0 the seed.
    """
    values = {
        e: np.asarray(e.of(*(view[run] for run in e.runs)), float)
        for e in effects
        if set(e.runs) <= set(view)
    }
    there = [e for e, v in values.items() if not np.isnan(v).all()]
    level = statistics.family(sum(e.counted for e in there))
    return tuple(judged(e, view, level) for e in there)


def judged(effect: Effect, view: Mapping[str, dict], level: float) -> Outcome:
    """Judge an effect on all seeds, then again without failed runs.

    If the two disagree, or too few seeds are left to tell, failures decide,
    and the cell is unclear.

    Args:
        effect: whose cells are all in the view.
        view: scored arrays by cell, arm and name, axis 0 the seed.
        level: coverage of the interval, in (0, 1).
    """
    arms = [view[run] for run in effect.runs]
    values = np.asarray(effect.of(*arms), float)
    found = effect.how(values, level)
    word, note = effect.rule(found), ""
    rest = np.asarray(effect.of(*map(without_failures, arms)), float)
    kept: Any = np.isfinite(rest).reshape(len(rest), -1).all(axis=1)
    same: Any = (rest == values).reshape(len(rest), -1).all(axis=1)
    if not same.all() and kept.sum() < FEWEST:
        word = UNCLEAR
        note = f"failed runs in {(~kept).sum()} of {len(kept)} seeds decide"
    elif not same.all():
        other = effect.how(rest[kept], level)
        note = f"without failed runs ({(~same).sum()} of {len(same)} seeds) "
        note += shown(other, effect.unit)
        if effect.rule(other) != word:
            word, note = UNCLEAR, f"{note}, {effect.rule(other)}"
    return Outcome(
        effect.cell,
        word,
        found,
        effect.unit,
        effect.rule,
        note,
        effect.counted,
    )


def dull(arm: Mapping[str, np.ndarray], level: float) -> np.ndarray:
    """Mark the runs whose loss is no better than a constant prediction's.

    Args:
        arm: its arrays by name; ``loss`` has a value a seed, in nats.
        level: loss of the best constant prediction, in nats.
    """
    return arm["loss"] >= (1 - UNBALANCED) * level


def without_failures(arms: dict) -> dict:
    """Put NaN for every value of a failed run, arm by arm.

    Args:
        arms: arrays by arm and name; ``failed`` marks seeds.
    """

    def blank(arm: Any) -> Any:
        if not isinstance(arm, dict) or not np.any(arm.get("failed", 0)):
            return arm
        lost = np.asarray(arm["failed"], bool)
        kept = {}
        for name, value in arm.items():
            kept[name] = value
            if name != "failed" and isinstance(value, np.ndarray):
                kept[name] = value.copy()
                kept[name][lost] = np.nan
        return kept

    return {name: blank(arm) for name, arm in arms.items()}


def shown(e: Estimate, unit: str) -> str:
    """Write an effect with its interval.

    Args:
        e: a ratio's is of logarithms, points are fractions of 1.
        unit: see `Outcome`.
    """
    values = e.mean, e.low, e.high
    if unit == "ratio":
        mean, low, high = (f"{v:.3g}" for v in np.exp(values))
        return f"×{mean} [{low}, {high}]"
    if unit == "points":
        mean, low, high = (f"{100 * v:.3g}" for v in values)
        return f"{mean} points [{low}, {high}]"
    mean, low, high = (f"{v:.3g}" for v in values)
    return f"{mean} [{low}, {high}] {unit}".rstrip()


def noted(outcome: Outcome, note: str) -> Outcome:
    """Put a note before what an outcome says already.

    Args:
        outcome: left as it is; a changed copy is returned.
        note: in words.
    """
    said = [note, outcome.note] if outcome.note else [note]
    return replace(outcome, note="; ".join(said))


def fragile(
    claim: Any, runs: Mapping[str, dict]
) -> tuple[bool, dict[str, bool]]:
    """Tell what changes when any one seed is left out.

    Args:
        claim: that decides cells and headline.
        runs: as recorded, by cell.

    Returns:
        Whether the headline does, and of every cell whether its word does.
    """
    outcomes = claim.outcomes(runs)
    verdict = claim.verdict(outcomes).verdict
    head, cells = False, dict.fromkeys((o.cell for o in outcomes), False)
    seeds = {s for run in runs.values() for s in run.get("seeds", ())}
    for s in seeds if len(seeds) >= FEWEST else ():
        rest = {name: without(run, s) for name, run in runs.items()}
        others = claim.outcomes(rest)
        head |= claim.verdict(others).verdict != verdict
        words = {o.cell: o.verdict for o in others}
        for o in outcomes:
            cells[o.cell] |= words.get(o.cell) != o.verdict
    return head, cells


def cell(o: Outcome, fragile: bool = False) -> dict[str, Any]:
    """Write an outcome as the record holds it.

    Args:
        o: the outcome.
        fragile: whether one seed less changes its word.
    """
    effect = None
    if o.estimate:
        e = o.estimate
        effect = {
            "mean": e.mean,
            "ci95": [e.low, e.high],
            "method": e.method,
            "n": e.n,
            "unit": o.unit,
            "rule": vars(o.rule) if o.rule else None,
        }
    return {
        "id": o.cell,
        "effect": effect,
        "note": o.note,
        "sort": o.sort,
        "counted": o.counted,
        "fragile": fragile,
        "cell_verdict": o.verdict,
    }
