"""Records: `data/results/<claim>.json`, one a claim, written once a run.

An installed dlf carries them beside its modules.

    runs    trained or measured cells: data, arms (grid, tuning scores, choice),
            seeds, scored values
    cells   what each pre-declared cell came to: effect, interval, verdict
    rule    all that was fixed beforehand (text, hypothesis, cuts, cells, arms,
            grid, seeds, what is expected), its hash, its commit and date, and
            dated amendments
    code    commit that was run, and the hash of what was run
    remarks what was noticed later and changes nothing, with dates

All numbers are rounded to four digits before anything is judged, so that the
verdict can be verified from the record alone.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from dlf.experiments import amendments, provenance, source_hash
from dlf.experiments.amendments import sha
from dlf.experiments.claim import Claim
from dlf.experiments.headline import expected
from dlf.experiments.outcomes import cell, fragile
from dlf.experiments.store import load, path, plain, write

BESIDE = {"sha256", "fixed_on", "commit", "amendments"}  # of the rule, not it


def make(
    claim: Claim,
    address: str,
    runs: Mapping[str, dict],
    code: dict[str, Any],
    wall_s: float,
) -> dict[str, Any]:
    """Put a record together from the runs of all cells.

    It starts without amendments; of an earlier record it keeps what that found,
    when, from which commit and by which rule.

    Args:
        claim: that was run.
        address: where it stands, ``module:NAME``.
        runs: what each unit returned, fit for JSON.
        code: what `code` said before the run.
        wall_s: seconds that the whole run took by the clock.
    """
    runs = {unit: runs[unit] for unit in claim.units()}
    commit, date = provenance.fixed(address)
    fixed = {"sha256": rule_hash(claim), "fixed_on": date, "commit": commit}
    known = path(claim.number).exists()
    return plain(
        {
            "claim": claim.number,
            "title": claim.title,
            "sources": [vars(s) for s in claim.sources],
            "kind": type(claim).__name__.lower(),
            "hypothesis": claim.hypothesis,
            "rule": claim.plan() | fixed | {"amendments": []},
            "mode": claim.mode,
            "cuts": claim.cuts,
            "remarks": [],
            "runs": runs,
            **judgment(claim, runs),
            "env": provenance.environment(),
            "code": code,
            "wall_s": wall_s,
            "created": f"{datetime.datetime.now(datetime.UTC):%FT%TZ}",
            "digest": values_hash(runs),
            "supersedes": earlier(load(claim.number)) if known else None,
        }
    )


def judgment(claim: Claim, runs: Mapping[str, dict]) -> dict[str, Any]:
    """Work out from the values what a record says of them.

    Args:
        claim: that decides cells and headline.
        runs: as recorded, by cell.
    """
    outcomes = claim.outcomes(runs)
    head = claim.verdict(outcomes)
    moved, cells = fragile(claim, runs)
    return {
        "cells": [cell(o, cells[o.cell]) for o in outcomes],
        **head._asdict(),
        "fragile": moved,
        "literature_agrees": expected(head.verdict, claim.expects),
    }


def earlier(record: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of a record what its successor names.

    Args:
        record: that is to be replaced.
    """
    return {
        "digest": record["digest"],
        "verdict": record["verdict"],
        "created": record["created"],
        "commit": record["code"]["commit"],
        "rule": record["rule"]["text"],
        "supersedes": record["supersedes"],
    }


def code(claim: Claim, address: str) -> dict[str, Any]:
    """Say what is about to be run: ask before the run, not after it.

    Args:
        claim: to be run.
        address: where it stands, ``module:NAME``.
    """
    return {
        "commit": provenance.commit(address),
        "entry": f"python -m dlf.experiments run {claim.number}",
        "source_sha256": source_hash.digest(address),
    }


def fixed(record: Mapping[str, Any]) -> dict[str, Any]:
    """Give the rule of a record as it was fixed before the run.

    Args:
        record: of a claim; what was noted beside the rule is left out.
    """
    return {k: v for k, v in record["rule"].items() if k not in BESIDE}


def amend(claim: Claim, address: str, why: str, typo: bool = False) -> None:
    """Note in the record, with today's date, why a change changes nothing.

    Args:
        claim: as it stands.
        address: of the claim.
        why: what changed, and why the values are the same.
        typo: a misprint of the rule was put right; both texts are kept.

    Raises:
        ValueError: the rule changed otherwise, or nothing changed at all.
    """
    record = load(claim.number)
    listed = record["rule"]["amendments"]
    before, after = amendments.amended(fixed(record), listed)[0], claim.plan()
    after = plain(after)
    changed = [k for k in before | after if before.get(k) != after.get(k)]
    old, new = ({k: p.get(k) for k in changed} for p in (before, after))
    if any(
        not typo or not amendments.allowed(k, old[k], new[k]) for k in changed
    ):
        raise ValueError(
            f"amend: the rule of {claim.number} must be the one that was fixed "
            "before its run, because a changed rule asks for a new run on new "
            f"seeds (for a misprint give --typo); changed: {', '.join(changed)}"
        )
    count = len(listed)
    if changed:
        texts = {"old": old, "new": new}
        listed.append(
            amendments.made("rule", why, sha(before), sha(after), **texts)
        )
    code = record["code"]["source_sha256"]
    reached = amendments.end(listed, "source", code)
    today = source_hash.digest(address)
    if reached != today:
        listed.append(amendments.made("source", why, reached or code, today))
    if len(listed) == count:
        raise ValueError(
            f"amend: something must have changed since {claim.number} was run, "
            "because an amendment leads from one hash to another; for what was "
            "noticed later use `remark`"
        )
    write(path(claim.number), record)


def remark(claim: Claim, text: str) -> None:
    """Note in the record, with today's date, what changes nothing.

    Args:
        claim: that has a record.
        text: Markdown, a paragraph.
    """
    record = load(claim.number)
    today = f"{datetime.datetime.now(datetime.UTC):%F}"
    record["remarks"].append({"date": today, "text": text})
    write(path(claim.number), record)


def rule_hash(claim: Claim) -> str:
    """Hash what was fixed before the run.

    Args:
        claim: whose `plan` is hashed.
    """
    return sha(claim.plan())


def values_hash(runs: Mapping[str, dict]) -> str:
    """Hash the values of all runs, times left out.

    Args:
        runs: by cell; names that begin with ``seconds`` are times.
    """

    def timeless(tree: Any) -> Any:
        if isinstance(tree, dict):
            kept = (k for k in tree if not k.startswith("seconds"))
            return {k: timeless(tree[k]) for k in kept}
        if isinstance(tree, list):
            return [timeless(t) for t in tree]
        return tree

    return sha(timeless(plain(dict(runs))))
