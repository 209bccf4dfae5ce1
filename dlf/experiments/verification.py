"""Records against their claims: whatever was changed by hand must show.

What a record says of its values is worked out anew from them. Its rule must be
the claim's, or lead there by amendments without a gap; its seeds must be scored
ones and its settings those that tuning chose; its commit must be clean, and,
where the history is there, come after that of the rule.
"""

from collections.abc import Mapping
from typing import Any

from dlf.experiments import amendments, provenance, records, source_hash
from dlf.experiments.amendments import sha
from dlf.experiments.claim import Claim
from dlf.experiments.seeds import SCORED
from dlf.experiments.store import plain

BEFORE = {"digest", "verdict", "created", "commit", "rule"}
SCHEMA = {
    "claim",
    "title",
    "sources",
    "kind",
    "hypothesis",
    "rule",
    "mode",
    "cuts",
    "remarks",
    "runs",
    "cells",
    "verdict",
    "reason",
    "k",
    "n",
    "fragile",
    "literature_agrees",
    "env",
    "code",
    "wall_s",
    "created",
    "digest",
    "supersedes",
}


def verify(claim: Claim, address: str, record: dict[str, Any]) -> list[str]:
    """Check a record against its claim; return what is wrong with it.

    The verdict is worked out anew from the recorded values; rule, source and
    digest must be those of the code as it stands, or be amended.

    Args:
        claim: as it stands in the code.
        address: of the claim, ``module:NAME``.
        record: of the claim.
    """
    if missing := SCHEMA - set(record):
        return [f"lacks {', '.join(sorted(missing))}"]
    if set(record["runs"]) != set(claim.units()):
        return ["holds other cells than the claim declares"]
    if wrong := unsound(claim, record["runs"]):
        return wrong
    said = plain(records.judgment(claim, record["runs"]))
    declared = {e.cell for e in getattr(claim, "effects", ())}
    if lost := declared - {c["id"] for c in record["cells"]}:
        wrong.append(f"lacks the cells {', '.join(sorted(lost))}")
    for name in ("verdict", "reason", "k", "n", "fragile", "literature_agrees"):
        if record[name] != said[name]:
            wrong.append(f"its values give {name} {said[name]!r}")
    if said["cells"] != record["cells"]:
        wrong.append("its values give other effects")
    if records.values_hash(record["runs"]) != record["digest"]:
        wrong.append("its digest is not that of its values")
    before = record["supersedes"]
    if before is not None and (missing := BEFORE - set(before)):
        wrong.append(f"supersedes a record without {', '.join(missing)}")
    for name, text in (
        ("claim", claim.number),
        ("title", claim.title),
        ("sources", [vars(s) for s in claim.sources]),
        ("kind", type(claim).__name__.lower()),
        ("mode", claim.mode),
        ("hypothesis", record["rule"].get("hypothesis")),
        ("cuts", record["rule"].get("cuts")),
    ):
        if record[name] != text:
            wrong.append(f"its {name} is not that of the claim and its rule")
    run = record["code"]["commit"]
    if order := provenance.wrong_order(record["rule"].get("commit"), run):
        wrong.append(order)
    return wrong + stale(claim, address, record)


def unsound(claim: Claim, runs: Mapping[str, dict]) -> list[str]:
    """Say what is wrong with seeds and choices of the runs.

    Args:
        claim: as it stands in the code.
        runs: as recorded, by cell.
    """
    wrong = []
    for unit, run in runs.items():
        seeds = run.get("seeds")
        if seeds != claim.seeds_of(unit):
            wrong.append(f"{unit} has other seeds than the rule")
        if seeds and min(seeds) < SCORED:
            wrong.append(f"{unit} is scored on seeds below {SCORED}")
        arms = run.get("arms", [])
        declared = list(getattr(claim, "arms", ()))
        if arms and [a["name"] for a in arms] != declared:
            wrong.append(f"{unit} has other arms than the rule")
        for arm in arms:
            tried = dict(zip(arm["grid"], arm["tuning"], strict=False))
            if tried.get(arm["chosen"]) != max(tried.values()):
                wrong.append(
                    f"{unit}: {arm['name']} is not at its best setting"
                )
            edge = arm["chosen"] in (min(tried), max(tried))
            if edge != arm["at_edge"]:
                wrong.append(f"{unit}: {arm['name']} hides an edge of its grid")
    return wrong


def stale(claim: Claim, address: str, record: dict[str, Any]) -> list[str]:
    """Tell whether rule or code changed since, without a fitting amendment.

    Args:
        claim: as it stands in the code.
        address: of the claim, ``module:NAME``.
        record: of the claim.
    """
    listed = record["rule"]["amendments"]
    if wrong := amendments.gaps(listed, record["created"]):
        return wrong
    plan = records.fixed(record)
    if sha(plan) != record["rule"]["sha256"]:
        wrong.append("the hash of its rule is not that of what the rule says")
    today, faults = amendments.amended(plan, listed)
    wrong += faults
    if amendments.end(listed, "rule", record["rule"]["sha256"]) is None:
        wrong.append("its amendments of the rule leave a gap")
    if today != plain(claim.plan()):
        wrong.append(
            f"rule changed after the run: run {claim.number} anew, on other "
            "seeds"
        )
    code = record["code"]["source_sha256"]
    reached = amendments.end(listed, "source", code)
    if reached is None:
        wrong.append("its amendments of the source leave a gap")
    elif reached != source_hash.digest(address):
        wrong.append(
            "source changed after the run: run it again, or say why nothing "
            f"changed with `amend {claim.number} --why …`"
        )
    return wrong
