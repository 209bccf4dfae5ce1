"""Cards: a claim with its result, in plain Markdown that reads on a phone."""

from collections.abc import Sequence
from importlib.metadata import metadata
from typing import Any

from dlf.experiments import outcomes, store
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import FALSE, SUPPORTED, UNCLEAR, Estimate


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
    """Show a claim as recorded: verdict and quotes; the rest is folded."""
    record = store.load(claim.number)
    verdict = record["verdict"]
    fixed = record["rule"]
    parts = [
        f"**{claim.number} · {claim.title}** {badge(record)}",
        f"{record['reason']}."
        + (" Fragile: leaving out one seed changes it." * record["fragile"]),
        *(f"> “{s.quote}” ({s.id} {s.place})" for s in claim.sources),
        "<details><summary>Hypothesis, rule, cells and record</summary>",
        f"**Hypothesis.** {fixed['hypothesis']}",
        f"**Rule, fixed beforehand.** {fixed['text']}",
        table(record["cells"]),
        *map(amendment, amended(record)),
        *(f"**Remark, {r['date']}.** {r['text']}" for r in record["remarks"]),
        f"**Literature.** {claim.literature}",
        *([f"**What was cut.** {fixed['cuts']}"] if fixed["cuts"] else []),
        f"[Record of {claim.number}]({address()}/blob/main/data/results/"
        f"{claim.number}.json), run on {record['created'][:10]}, its rule of "
        f"{fixed['fixed_on']}; `{record['code']['entry']}` repeats it.",
        "</details>",
    ]
    text = "\n\n".join(parts).replace("\n\n> ", "\n>\n> ")
    text = text.replace("\n>\n> ", "\n\n> ", 1)
    return Card(f"{claim.number}: {verdict}", text, verdict=verdict)


def badge(record: dict) -> str:
    """Write the verdict with "k of n", as HTML that Colab shows too."""
    k, n, verdict = record["k"], record["n"], record["verdict"]
    count = f" · {k} of {n}" if n else ""
    kind = verdict.replace(" ", "-")
    return f'<span class="verdict {kind}">{verdict}{count}</span>'


def amended(record: dict) -> list[dict]:
    """Give the amendments, and that of the run before, if it has one."""
    before = (record["supersedes"] or {}).get("amendment")
    return [*([before] if before else []), *record["rule"]["amendments"]]


def amendment(a: dict) -> str:
    """Write an amendment; of a rule old and new text stand side by side."""
    text = f"**Amended {a['date']}.** {a['why']}"
    for field, old in a.get("old", {}).items():
        if isinstance(old, str):
            text += f" {field}, before: “{old}”; after: “{a['new'][field]}”."
    return text


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
        UNCLEAR not in pair and len({w == SUPPORTED for w in pair}) == 2
        for pair in said
    )
    same = sum(UNCLEAR not in pair for pair in said) - against
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
    return Card(summary, text, agrees=agrees, against=against, runs=runs)


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
        rows.append(row(c["id"], found(c), word))
    return "\n".join(rows)


def row(*entries: str) -> str:
    """Write a row of a table; a bar within an entry is no border."""
    return "| " + " | ".join(e.replace("|", r"\|") for e in entries) + " |"


def found(cell: dict) -> str:
    """Write a cell's effect with its interval, or its note."""
    e = cell["effect"]
    if not e:
        return cell["note"]
    known = Estimate(e["mean"], *e["ci95"], e["n"], e["method"])  # pyright: ignore[reportCallIssue]
    text = outcomes.shown(known, e["unit"])
    return f"{text}; {cell['note']}" if cell["note"] else text


def address() -> str:
    """Address of the repository, from the project's metadata."""
    urls = metadata("dlf").get_all("Project-URL") or ()
    return dict(url.split(", ", 1) for url in urls)["Repository"]


def outcome(cell: str, holds: bool | None, note: str, **rest: Any) -> Outcome:
    """Make an outcome of a statement: true, false or None (unclear)."""
    word = {True: SUPPORTED, False: FALSE, None: UNCLEAR}[holds]
    return Outcome(cell, word, note=note, **rest)
