"""Records: `data/results/<claim>.json`, one a claim, written once a run.

An installed dlf carries them beside its modules.

    runs    trained or measured cells: data, arms (grid, tuning scores, choice),
            seeds, scored values
    cells   what each pre-declared cell came to: effect, interval, verdict
    rule    the text fixed beforehand and its hash, with dated amendments
    source  hash of the code that was run (see `dlf.experiments.source`)

All numbers are rounded to four digits before anything is judged, so that the
verdict can be verified from the record alone.
"""

import datetime
import hashlib
import json
import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dlf.experiments import provenance, source
from dlf.experiments.core import Claim, Outcome, fragile

INSTALLED = Path(__file__).parents[1] / "records" / "results"
CHECKOUT = provenance.ROOT / "data" / "results"
RESULTS = INSTALLED if INSTALLED.exists() else CHECKOUT
SCHEMA = {
    "claim",
    "title",
    "sources",
    "kind",
    "hypothesis",
    "rule",
    "mode",
    "cuts",
    "runs",
    "cells",
    "verdict",
    "reason",
    "fragile",
    "literature_agrees",
    "env",
    "code",
    "wall_s",
    "created",
    "digest",
    "supersedes",
}


def path(number: str) -> Path:
    """Where the record of a claim lies."""
    return RESULTS / f"{number}.json"


def load(number: str) -> dict[str, Any]:
    """Read a record.

    Raises:
        FileNotFoundError: the claim was not run yet; the message says how.
    """
    if not path(number).exists():
        raise FileNotFoundError(
            f"load: {number} has no record in {RESULTS}; make it with "
            f"`python -m dlf.experiments run {number}`"
        )
    return json.loads(path(number).read_text(encoding="utf-8"))


def chosen(number: str) -> dict[str, dict[str, float]]:
    """Give the recorded choice: cell to arm to setting."""
    return {
        cell: {arm["name"]: arm["chosen"] for arm in run["arms"]}
        for cell, run in load(number)["runs"].items()
    }


def make(
    claim: Claim,
    address: str,
    runs: Mapping[str, dict],
    code: dict[str, Any],
    wall_s: float,
) -> dict[str, Any]:
    """Put a record together from the runs of all cells."""
    runs = {unit: runs[unit] for unit in claim.units()}
    outcomes = claim.outcomes(runs)
    verdict, reason = claim.verdict(outcomes)
    known = path(claim.number).exists()
    old = load(claim.number) if known else None
    return plain(
        {
            "claim": claim.number,
            "title": claim.title,
            "sources": [vars(s) for s in claim.sources],
            "kind": type(claim).__name__.lower(),
            "hypothesis": claim.hypothesis,
            "rule": {
                "text": claim.rule,
                "sha256": rule_hash(claim),
                "fixed_on": provenance.fixed_on(address),
                "amendments": old["rule"]["amendments"] if old else [],
            },
            "mode": claim.mode,
            "cuts": claim.cuts,
            "runs": runs,
            "cells": [cell(o) for o in outcomes],
            "verdict": verdict,
            "reason": reason,
            "fragile": fragile(claim, runs),
            "literature_agrees": verdict in claim.expects,
            "env": provenance.environment(),
            "code": code,
            "wall_s": wall_s,
            "created": f"{datetime.datetime.now(datetime.UTC):%FT%TZ}",
            "digest": values_hash(runs),
            "supersedes": old and {k: old[k] for k in ("digest", "verdict")},
        }
    )


def code(claim: Claim, address: str) -> dict[str, Any]:
    """Say what is about to be run: ask before the run, not after it."""
    return {
        "commit": provenance.commit(address),
        "entry": f"python -m dlf.experiments run {claim.number}",
        "source_sha256": source.digest(address),
    }


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


def verify(claim: Claim, address: str, record: dict[str, Any]) -> list[str]:
    """Check a record against its claim; return what is wrong with it.

    The verdict is worked out anew from the recorded values; rule, source and
    digest must be those of the code as it stands, or be amended.
    """
    wrong = []
    if missing := SCHEMA - set(record):
        return [f"lacks {', '.join(sorted(missing))}"]
    if set(record["runs"]) != set(claim.units()):
        return ["holds other cells than the claim declares"]
    outcomes = claim.outcomes(record["runs"])
    declared = {e.cell for e in getattr(claim, "effects", ())}
    if lost := declared - {o.cell for o in outcomes}:
        wrong.append(f"lacks the cells {', '.join(sorted(lost))}")
    verdict, reason = claim.verdict(outcomes)
    if (verdict, reason) != (record["verdict"], record["reason"]):
        wrong.append(f"its values give {verdict!r} ({reason})")
    if plain([cell(o) for o in outcomes]) != record["cells"]:
        wrong.append("its values give other effects")
    if fragile(claim, record["runs"]) != record["fragile"]:
        wrong.append("`fragile` is not what its values give")
    if values_hash(record["runs"]) != record["digest"]:
        wrong.append("its digest is not that of its values")
    if (record["code"]["commit"] or "").endswith("+changes"):
        wrong.append("it was run from uncommitted changes")
    return wrong + stale(claim, address, record)


def stale(claim: Claim, address: str, record: dict[str, Any]) -> list[str]:
    """Tell whether rule or code changed since, without a dated amendment."""
    now = {
        "rule": (record["rule"]["sha256"], rule_hash(claim)),
        "source": (record["code"]["source_sha256"], source.digest(address)),
    }
    excused = {a["sha256"] for a in record["rule"]["amendments"]}
    return [
        f"{name} changed after the run: run it again, or say why nothing "
        f"changed with `amend {claim.number} --why …`"
        for name, (then, today) in now.items()
        if then != today and today not in excused
    ]


def amend(claim: Claim, address: str, why: str) -> None:
    """Note in the record, with today's date, why a change changes nothing."""
    record = load(claim.number)
    today = f"{datetime.date.today():%F}"
    for sha in (rule_hash(claim), source.digest(address)):
        record["rule"]["amendments"].append(
            {"date": today, "why": why, "sha256": sha}
        )
    write(path(claim.number), record)


def write(file: Path, content: Any) -> None:
    """Write JSON whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    part.write_text(_compact(text) + "\n", encoding="utf-8")
    part.replace(file)


def _compact(text: str) -> str:
    """Put lists of numbers on one line."""
    word = r"(?:[-\d.e+]+|null|true|false)"
    return re.sub(
        rf"\[\s+({word}(?:,\s+{word})*)\s+\]",
        lambda m: "[" + " ".join(m[1].split()) + "]",
        text,
    )


def plain(value: Any) -> Any:
    """Turn arrays into lists and round numbers to four digits, for JSON."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return float(f"{value:.4g}") if math.isfinite(value) else None
    return value


def rule_hash(claim: Claim) -> str:
    """Hash what was fixed before the run."""
    return _sha(plain(claim.plan()))


def values_hash(runs: Mapping[str, dict]) -> str:
    """Hash the values of all runs, times left out."""

    def timeless(tree: Any) -> Any:
        if isinstance(tree, dict):
            kept = (k for k in tree if not k.startswith("seconds"))
            return {k: timeless(tree[k]) for k in kept}
        if isinstance(tree, list):
            return [timeless(t) for t in tree]
        return tree

    return _sha(timeless(plain(dict(runs))))


def _sha(content: Any) -> str:
    said = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()
