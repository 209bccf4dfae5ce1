"""From scored values to a verdict: effects, cells, and what they add up to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.experiments import statistics
from dlf.experiments.statistics import (
    REFUTED,
    SUPPORTED,
    UNDECIDED,
    Estimate,
    Rule,
)

HOLDS, PART, FAILS, OPEN, UNTESTABLE = (
    "holds",
    "holds in part",
    "does not hold",
    "undecided at this budget",
    "untestable as stated",
)


@dataclass(frozen=True)
class Outcome:
    """What one cell came to.

    Args:
        cell: its name on the card.
        verdict: supported, refuted or undecided.
        estimate: effect and interval, where it is a number.
        unit: ``points`` (shares shown × 100), ``ratio`` (logarithms shown as
            ratios) or any other word, shown as it is.
        rule: kind and δ, where one of the common rules decided.
        note: what was found, in words.
        counted: false for controls, which are shown and not counted.
    """

    cell: str
    verdict: str
    estimate: Estimate | None = None
    unit: str = ""
    rule: Rule | None = None
    note: str = ""
    counted: bool = True


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
        counted: false for controls.
    """

    cell: str
    runs: tuple[str, ...]
    of: Callable[..., np.ndarray]
    rule: Rule
    unit: str = "points"
    counted: bool = True


def decide(
    effects: Sequence[Effect], view: Mapping[str, dict]
) -> tuple[Outcome, ...]:
    """Judge every effect whose trained cells are there.

    An effect without any number was not measured (times are not, on a page).
    """
    values = {
        e: np.asarray(e.of(*(view[run] for run in e.runs)), float)
        for e in effects
        if set(e.runs) <= set(view)
    }
    values = {e: v for e, v in values.items() if not np.isnan(v).all()}
    level = statistics.family(sum(e.counted for e in values))
    found = [(e, statistics.estimate(v, level)) for e, v in values.items()]
    return tuple(
        Outcome(e.cell, e.rule(s), s, e.unit, e.rule, counted=e.counted)
        for e, s in found
    )


def assemble(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    """Combine cells into a verdict, with the count as its reason.

    >>> assemble([Outcome("a", "supported"), Outcome("b", "undecided")])
    ('holds in part', '1 of 2 cells supported, 1 undecided')
    """
    verdicts = [o.verdict for o in outcomes if o.counted]
    n = len(verdicts)
    count = {v: verdicts.count(v) for v in (SUPPORTED, REFUTED, UNDECIDED)}
    said = [f"{k} {v}" for v, k in count.items() if k]
    said[0] = said[0].replace(" ", f" of {n} cells ", 1)
    if count[SUPPORTED] == n:
        verdict = HOLDS
    elif count[SUPPORTED]:
        verdict = PART
    else:
        verdict = FAILS if 2 * count[REFUTED] >= n else OPEN
    return verdict, ", ".join(said)


def without(run: dict, seed: int) -> dict:
    """Drop one seed from a run's scored values."""
    if seed not in run.get("seeds", ()):
        return run
    at = run["seeds"].index(seed)

    def drop(tree: Any) -> Any:
        if isinstance(tree, dict) and "bits" not in tree:
            return {k: drop(v) for k, v in tree.items()}
        return np.delete(array(tree), at, axis=0)

    seeds = [s for s in run["seeds"] if s != seed]
    return run | {"seeds": seeds, "scored": drop(run["scored"])}


def arrays(runs: Mapping[str, dict]) -> dict[str, dict]:
    """Read the scored values of every run as arrays.

    What was ``found`` besides is added under that name, and to each arm its
    best mean score in tuning, as ``tuned``.
    """

    def read(tree: Any) -> Any:
        if isinstance(tree, dict) and "bits" not in tree:
            return {k: read(v) for k, v in tree.items()}
        return array(tree)

    view = {}
    for name, run in runs.items():
        view[name] = read(run["scored"])
        if "found" in run:
            view[name]["found"] = run["found"]
        for arm in run.get("arms", ()):
            if "tuning" in arm:
                view[name][arm["name"]]["tuned"] = max(arm["tuning"])
    return view


def array(stored: Any) -> np.ndarray:
    """Read one stored array; null is not a number, bits are right or wrong."""
    if isinstance(stored, dict):
        S, N = stored["shape"]
        packed = np.frombuffer(bytes.fromhex(stored["bits"]), np.uint8)
        right = np.unpackbits(packed, count=S * N).reshape(S, N).astype(float)
        right[np.array(stored["failed"], bool)] = stored["chance"]
        return right
    return np.asarray(stored, dtype=float)


def reversed_(e: Estimate) -> str:
    """Say of a refuted effect: reversed, or too small."""
    return "reversed" if e.high < 0 else "too small" if e.low > 0 else ""


def fragile(claim: Any, runs: Mapping[str, dict]) -> bool:
    """Tell whether leaving any one seed out changes the verdict."""
    seeds = {s for run in runs.values() for s in run.get("seeds", ())}
    if len(seeds) < 3:
        return False
    verdict, _ = claim.verdict(claim.outcomes(runs))
    for s in seeds:
        rest = {name: without(run, s) for name, run in runs.items()}
        if claim.verdict(claim.outcomes(rest))[0] != verdict:
            return True
    return False


def cell(o: Outcome) -> dict[str, Any]:
    """Write an outcome as the record holds it."""
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
        "counted": o.counted,
        "cell_verdict": o.verdict,
    }
