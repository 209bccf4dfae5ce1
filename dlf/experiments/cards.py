"""Cards: a claim with its result, in plain Markdown that reads on a phone."""

import math
from collections.abc import Sequence
from importlib.metadata import metadata
from typing import Any

from dlf.experiments import outcomes, store
from dlf.experiments.outcomes import Outcome, reversed_
from dlf.experiments.statistics import REFUTED, UNDECIDED, Estimate


class Card:
    """Text for the page, and what a check asks of it."""

    def __init__(self, summary: str, text: str, **facts: Any) -> None:
        self.summary, self.text = summary, text
        self.__dict__.update(facts)

    def __repr__(self) -> str:
        return self.summary

    def _repr_markdown_(self) -> str:
        return self.text


def card(claim: Any) -> Card:
    """Show a claim as recorded: quote, hypothesis, rule, result, verdict."""
    record = store.load(claim.number)
    verdict = record["verdict"]
    parts = [
        f"**{claim.number} · {claim.title}**",
        *(f"> “{s.quote}” ({s.id} {s.place})" for s in claim.sources),
        f"**Hypothesis.** {claim.hypothesis}",
        f"**Rule, fixed beforehand.** {claim.rule}",
        table(record["cells"]),
        f"**Verdict: {verdict}.** {record['reason']}."
        + (" Fragile: leaving out one seed changes it." * record["fragile"]),
        *(f"**Amended {a['date']}.** {a['why']}" for a in notes(record)),
        f"**Literature.** {claim.literature}",
        *([f"**What was cut.** {claim.cuts}"] if claim.cuts else []),
        f"[Record of {claim.number}]({address()}/blob/main/data/results/"
        f"{claim.number}.json)",
    ]
    text = "\n\n".join(parts).replace("\n\n> ", "\n>\n> ")
    text = text.replace("**\n>\n> ", "**\n\n> ", 1)
    return Card(f"{claim.number}: {verdict}", text, verdict=verdict)


def notes(record: dict) -> list[dict]:
    """Give the amendments, each once."""
    seen = {(a["date"], a["why"]): a for a in record["rule"]["amendments"]}
    return list(seen.values())


def live(claim: Any) -> Card:
    """Run the small version and set it beside the record."""
    record = store.load(claim.number)
    runs = small(claim)
    here = [store.plain(outcomes.cell(o)) for o in claim.outcomes(runs)]
    then = {c["id"]: c for c in record["cells"]}
    rows = ["| cell | here | on record |", "| --- | --- | --- |"]
    said = []
    for c in here:
        old = then.get(c["id"])
        rows.append(
            row(c["id"], found(c), found(old) if old else "no such cell")
        )
        if old and c["counted"]:
            said.append((c["cell_verdict"], old["cell_verdict"]))
    against = sum(
        UNDECIDED not in pair and len(set(pair)) == 2 for pair in said
    )
    same = sum(a == b != UNDECIDED for a, b in said)
    agrees = same > 0 and not against
    if agrees:
        word = "agrees with the record"
    else:
        word = "contradicts the record" if against else "is too small to tell"
    count = f"{same} of {len(said)} cells decided alike, {against} against"
    title = f"**{claim.number} · {claim.title}: run here**"
    end = f"The small run **{word}** ({record['verdict']}): {count}."
    end += f" {claim.here}" if claim.here else ""
    text = "\n\n".join([title, "\n".join(rows), end])
    summary = f"{claim.number} run here: {word} ({count})"
    return Card(summary, text, agrees=agrees, runs=runs)


def small(claim: Any) -> dict[str, dict]:
    """Run what the page runs: the replica, or all of an exact claim.

    Raises:
        ValueError: the claim has no version small enough for a page.
    """
    if claim.replica:
        return claim.replica()
    if hasattr(claim, "parts"):
        return {unit: claim.run(unit) for unit in claim.units()}
    raise ValueError(f"replicate: {claim.number} is recorded only; show card()")


def table(cells: Sequence[dict]) -> str:
    """List what each cell came to."""
    rows = ["| cell | found | |", "| --- | --- | --- |"]
    for c in cells:
        word = c["cell_verdict"] + ("" if c["counted"] else " (not counted)")
        if c["cell_verdict"] == REFUTED and (why := refuted(c)):
            word += f", {why}"
        rows.append(row(c["id"], found(c), word))
    return "\n".join(rows)


def row(*entries: str) -> str:
    """Write a row of a table; a bar within an entry is no border."""
    return "| " + " | ".join(e.replace("|", r"\|") for e in entries) + " |"


def refuted(cell: dict) -> str:
    """Say reversed or too small, of an effect with the rule R(δ)."""
    e = cell["effect"]
    if not e or not e["rule"] or e["rule"]["kind"] != "larger":
        return ""
    return reversed_(Estimate(e["mean"], *e["ci95"], e["n"], e["method"]))


def found(cell: dict) -> str:
    """Write a cell's effect with its interval, or its note."""
    e = cell["effect"]
    if not e:
        return cell["note"]
    values = (e["mean"], *e["ci95"])
    if e["unit"] == "ratio":
        mean, low, high = (f"{math.exp(v):.3g}" for v in values)
        text = f"×{mean} [{low}, {high}]"
    elif e["unit"] == "points":
        mean, low, high = (f"{100 * v:.3g}" for v in values)
        text = f"{mean} points [{low}, {high}]"
    else:
        mean, low, high = (f"{v:.3g}" for v in values)
        text = f"{mean} [{low}, {high}] {e['unit']}".rstrip()
    return f"{text}; {cell['note']}" if cell["note"] else text


def address() -> str:
    """Address of the repository, from the project's metadata."""
    urls = metadata("dlf").get_all("Project-URL")
    return dict(url.split(", ", 1) for url in urls)["Repository"]


def outcome(cell: str, holds: bool | None, note: str, **rest: Any) -> Outcome:
    """Make an outcome from true, false or None (undecided)."""
    word = {True: "supported", False: REFUTED, None: UNDECIDED}[holds]
    return Outcome(cell, word, note=note, **rest)
