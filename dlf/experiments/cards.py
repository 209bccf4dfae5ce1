"""Cards: a claim with its result, in plain Markdown that reads on a phone."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from dlf.experiments import forest, store
from dlf.experiments.display import (
    PLOT,
    Card,
    Plot,
    anchor,
    fold,
    lasting,
    urls,
)
from dlf.experiments.findings import Finding, finding, sentence
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import FALSE, SUPPORTED, UNCLEAR


def card(claim: Any) -> Card:
    """Show a claim as recorded: what was found and how sure; then the rest.

    Args:
        claim: a `Claim` that has a record.
    """
    record = store.load(claim.number)
    return whole(claim, record, "")


def whole(claim: Any, record: dict, between: str, **facts: Any) -> Card:
    """Put a card together.

    Args:
        claim: the claim, for what the record does not hold.
        record: its record.
        between: what stands between the plot and the fold, in Markdown.
        facts: what a check on the page asks of the card.
    """
    number, verdict = claim.number, record["verdict"]
    first = (
        f'<span id="{anchor(number)}"></span>**{number} · {claim.title}** '
        f"{badge(record)}"
    )
    fragile = " Fragile: leaving out one seed changes the verdict."
    found = sentence(record) + fragile * record["fragile"]
    parts = [first, found, strip(record["cells"]), PLOT, between]
    parts += [fold("Sources, rule, all cells and record", *rest(claim, record))]
    text = "\n\n".join(p for p in parts if p)
    plot = Plot(record) if forest.panels(record) else None
    facts.setdefault("summary", f"{number}: {verdict}")
    return Card(
        text=text,
        plot=plot,
        **{"verdict": verdict, "k": record["k"], "n": record["n"], **facts},
    )


def rest(claim: Any, record: dict) -> list[str]:
    """Everything about a claim that is folded, a paragraph each.

    Args:
        claim: its sources and literature are read.
        record: its record.
    """
    fixed = record["rule"]
    rule = "Rule, fixed beforehand" if record["cells"] else "Why no test"
    return [
        *map(quoted, claim.sources),
        f"**Hypothesis.** {fixed['hypothesis']}",
        f"**{rule}.** {fixed['text']}",
        table(record),
        legend(record),
        *([f"**What was cut.** {fixed['cuts']}"] if fixed["cuts"] else []),
        f"**Literature.** {claim.literature}",
        provenance(record),
        history(record),
    ]


def history(record: dict) -> str:
    """Fold away what was amended and remarked; nothing, where nothing was.

    Args:
        record: of the claim.
    """
    said = [
        *map(amendment, amended(record)),
        *(f"**Remark, {r['date']}.** {r['text']}" for r in record["remarks"]),
    ]
    count = f"{len(said)} {'entry' if len(said) == 1 else 'entries'}"
    return fold(f"History of this record ({count})", *said) if said else ""


def quoted(source: Any) -> str:
    """Quote a source, with a link to what it is.

    Args:
        source: a `claim.Source`.
    """
    book = urls()["Book"]
    link = f"{book}/chapters/evidence/sources.html#source-{source.id.lower()}"
    return f"> “{source.quote}” ([{source.id}]({link}) {source.place})"


def strip(cells: Sequence[dict]) -> str:
    """List the counted statements without an interval, each with its sign.

    Args:
        cells: of a record.
    """
    parts = [
        f'<li class="{c["cell_verdict"].replace(" ", "-")}">'
        f"{forest.SIGNS[c['cell_verdict']]} {escape(forest.named(c['id']))}"
        "</li>"
        for c in cells
        if c["counted"] and not c["effect"]
    ]
    return f'<ul class="parts">{"".join(parts)}</ul>' if parts else ""


def legend(record: dict) -> str:
    """Spell out the cells' short names; link to what all words mean.

    Args:
        record: of the claim, whose cells are read.
    """
    book = urls()["Book"]
    link = f"{book}/chapters/evidence/claims.html#evidence-claims-legend"
    words = f"[What the words of a card mean]({link})."
    return f"{abbreviations(record)} {words}".strip()


def abbreviations(record: dict) -> str:
    """Spell out the short names of data sets that the cells have.

    Args:
        record: of the claim, whose cells are read.
    """
    ids = " ".join(c["id"] for c in record["cells"])
    said = [
        f"{short}: {name}"
        for short, name in forest.DATA.items()
        if forest.named(short) == name and re.search(rf"\b{short}\b(?!-)", ids)
    ]
    return "; ".join(said) + "." if said else ""


def provenance(record: dict) -> str:
    """Say where the record is, its rule's date, and how to repeat it.

    Args:
        record: of the claim.
    """
    number, fixed, repository = (
        record["claim"],
        record["rule"],
        urls()["Repository"],
    )
    commit = rule_commit(record)
    return (
        f"[Record of {number}]({repository}/blob/main/data/results/"
        f"{number}.json), run on {record['created'][:10]}. Its rule is of "
        f"{fixed['fixed_on']}, commit [`{commit[:8]}`]({repository}/commit/"
        f"{commit}). `{record['code']['entry']}` repeats it, in "
        f"{lasting(record['wall_s'])} on the machine of the record."
    )


def rule_commit(record: dict) -> str:
    """Give the commit of the rule, without what is noted behind it.

    Args:
        record: of the claim.
    """
    return record["rule"]["commit"].partition("-")[0].partition(" ")[0]


def badge(record: dict) -> str:
    """Write the verdict with "k of n", as HTML that Colab shows too.

    Args:
        record: of the claim; ``n`` is None where nothing was counted.
    """
    k, n = record["k"], record["n"]
    return colored(record["verdict"], f" · {k} of {n}" if n else "")


def colored(verdict: str, count: str = "") -> str:
    """Write a verdict in its color, and what is to stand behind it.

    Args:
        verdict: a word of a headline or of a cell.
        count: follows it, such as `` · 3 of 4``.
    """
    kind = verdict.replace(" ", "-")
    return f'<span class="verdict {kind}">{verdict}{count}</span>'


def amended(record: dict) -> list[dict]:
    """Give the amendments, and that of the run before, if it has one.

    Args:
        record: of the claim.
    """
    before = (record["supersedes"] or {}).get("amendment")
    return [*([before] if before else []), *record["rule"]["amendments"]]


def amendment(a: dict) -> str:
    """Write an amendment; of a rule old and new text stand side by side.

    Args:
        a: as `amendments.made` writes it.
    """
    text = f"**Amended {a['date']}.** {a['why']}"
    for field, old in a.get("old", {}).items():
        if isinstance(old, str):
            text += f" {field}, before: “{old}”; after: “{a['new'][field]}”."
    return text


def table(record: dict) -> str:
    """List what each cell came to; nothing, where nothing was tested.

    Args:
        record: of the claim, whose cells are read.
    """
    cells, said = record["cells"], finding(record["claim"])
    if not cells:
        return ""
    rows = ["| cell | found | |", "| --- | --- | --- |"]
    for c in cells:
        verdict: str = c["cell_verdict"]
        word = forest.SPELLED.get(verdict, verdict)
        word += "" if c["counted"] else " (not counted)"
        rows.append(row(c["id"], found(c, said), word))
    return "\n".join(rows)


def row(*entries: str) -> str:
    """Write a row of a table; a bar within an entry is no border.

    Args:
        entries: Markdown, one a column.
    """
    return "| " + " | ".join(e.replace("|", r"\|") for e in entries) + " |"


def found(cell: dict, said: Finding) -> str:
    """Write a cell's effect with its interval, or its note.

    Args:
        cell: of a record.
        said: the claim's `Finding`, which has the bars.
    """
    note = cell["note"]
    if not cell["effect"]:
        return note
    text = forest.shown(cell, said)
    between = " " if note.startswith("of ") else "; "  # “7 % [3, 9] of runs”
    return f"{text}{between}{note}" if note else text


def outcome(cell: str, holds: bool | None, note: str, **rest: Any) -> Outcome:
    """Make an outcome of a statement: true, false or None (unclear).

    Args:
        cell: its name on the card.
        holds: whether the statement is true; None where nobody can tell.
        note: what was found, in words.
        rest: further fields of an `Outcome`.
    """
    word = {True: SUPPORTED, False: FALSE, None: UNCLEAR}[holds]
    return Outcome(cell, word, note=note, **rest)
