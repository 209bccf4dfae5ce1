"""Records: `data/results/<claim>.json`, one a claim, written once a run.

An installed dlf carries them beside its modules.

    runs    trained or measured cells: data, arms (grid, tuning scores, choice),
            seeds, scored values
    cells   what each pre-declared cell came to: effect, interval, verdict
    rule    the text fixed beforehand and its hash, with dated amendments
    source  hash of the code that was run (see `dlf.experiments.source_hash`)

All numbers are rounded to four digits before anything is judged, so that the
verdict can be verified from the record alone.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from dlf.experiments import provenance, source_hash
from dlf.experiments.claim import Claim
from dlf.experiments.outcomes import cell, fragile
from dlf.experiments.store import load, path, plain, write

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
        "source_sha256": source_hash.digest(address),
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
        "source": (
            record["code"]["source_sha256"],
            source_hash.digest(address),
        ),
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
    for sha in (rule_hash(claim), source_hash.digest(address)):
        record["rule"]["amendments"].append(
            {"date": today, "why": why, "sha256": sha}
        )
    write(path(claim.number), record)


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
