"""The small version of a claim, run on its page and set beside the record."""

from typing import Any

from dlf.experiments import outcomes, store
from dlf.experiments.cards import found, row, whole
from dlf.experiments.display import Card, fold
from dlf.experiments.findings import finding
from dlf.experiments.statistics import SUPPORTED, UNCLEAR


def live(claim: Any) -> Card:
    """Run the small version and set it beside the record.

    Args:
        claim: a `Claim` that has a record and a small version.
    """
    record = store.load(claim.number)
    runs = small(claim)
    here = [store.plain(outcomes.cell(o)) for o in claim.outcomes(runs)]
    then = {c["id"]: c for c in record["cells"]}
    rows = ["| cell | here | on record |", "| --- | --- | --- |"]
    bars, said = finding(claim.number), []
    for c in here:
        old = then.get(c["id"])
        recorded = found(old, bars) if old else "no such cell"
        rows.append(row(c["id"], found(c, bars), recorded))
        if old and c["counted"]:
            said.append((c["cell_verdict"], old["cell_verdict"]))
    against = sum(
        UNCLEAR not in pair and len({w == SUPPORTED for w in pair}) == 2
        for pair in said
    )
    same = sum(UNCLEAR not in pair for pair in said) - against
    agrees = same > 0 and not against
    if agrees:
        word = "agrees with the record"
    else:
        word = "contradicts the record" if against else "is too small to tell"
    rest = len(said) - same - against
    count = f"{same} of {len(said)} cells come out alike, {against} against, "
    count += f"{rest} unclear here or there"
    end = f"Run here, small, it **{word}**: {count}."
    end += f" {claim.here}" if claim.here else ""
    folded = fold("The small run, cell by cell", "\n".join(rows))
    return whole(
        claim,
        record,
        f"{end}\n\n{folded}",
        summary=f"{claim.number} run here: {word} ({count})",
        agrees=agrees,
        against=against,
        runs=runs,
    )


def small(claim: Any) -> dict[str, dict]:
    """Run what the page runs: the replica, or all of an exact claim.

    Args:
        claim: with a ``replica``, or an `Exact` one.

    Raises:
        ValueError: the claim has no version small enough for a page.
    """
    if claim.replica:
        return claim.replica()
    if hasattr(claim, "parts"):
        return {unit: claim.run(unit) for unit in claim.units()}
    raise ValueError(f"replicate: {claim.number} is recorded only; show card()")
