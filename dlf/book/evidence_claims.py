"""The list of all claims: one entry each, in HTML that needs no script.

A script of the page adds filters by verdict, chapter and source; without it
the list stands as it is.
"""

from collections import Counter
from collections.abc import Sequence
from html import escape

from dlf.book.page import address
from dlf.experiments.cards import anchor, badge, rule_commit
from dlf.experiments.findings import sentence
from dlf.experiments.forest import row


def listed(found: Sequence[tuple[dict, str]]) -> str:
    """Write the list.

    Args:
        found: each record with the chapter that carries its claim.
    """
    entries = "\n".join(entry(record, chapter) for record, chapter in found)
    return f'<ol class="claims">\n{entries}\n</ol>'


def entry(record: dict, chapter: str) -> str:
    """Write one claim: title and verdict, what was found, cells, record.

    Args:
        record: of the claim.
        chapter: that carries it, a key of `contents.CHAPTERS`.
    """
    number, verdict = record["claim"], record["verdict"]
    sources = " ".join(sorted({s["id"] for s in record["sources"]}))
    lines = [
        f'<li data-verdict="{verdict}" data-chapter="{slug(chapter)}" '
        f'data-source="{sources}">',
        f'<p><a href="{card(number, chapter)}"><strong>{number}</strong> '
        f"{escape(record['title'])}</a> {badge(record)}</p>",
        f"<p>{escape(sentence(record))}</p>",
        strip(record),
        effect(record),
        made(record, chapter, sources),
        "</li>",
    ]
    return "\n".join(line for line in lines if line)


def slug(chapter: str) -> str:
    """Name a chapter as its page does.

    Args:
        chapter: a key of `contents.CHAPTERS`.
    """
    return chapter.rpartition("/")[2]


def card(number: str, chapter: str) -> str:
    """Where a claim's card is.

    Args:
        number: of the claim, such as ``C12``.
        chapter: that carries it, a key of `contents.CHAPTERS`.
    """
    return f"{address('Book')}/chapters/{chapter}.html#{anchor(number)}"


def chip(record: dict, chapter: str) -> str:
    """Write a claim as a small link in the color of its verdict.

    Args:
        record: of the claim.
        chapter: that carries it, a key of `contents.CHAPTERS`.
    """
    number, verdict = record["claim"], record["verdict"]
    return (
        f'<a class="verdict {verdict.replace(" ", "-")}" title="{verdict}" '
        f'href="{card(number, chapter)}">{number}</a>'
    )


def strip(record: dict) -> str:
    """Draw a square for each counted cell, in the order of the card.

    Args:
        record: of the claim.
    """
    words = [c["cell_verdict"] for c in record["cells"] if c["counted"]]
    if not words:
        return ""
    said = ", ".join(f"{n} {word}" for word, n in Counter(words).items())
    squares = "".join(f'<i class="{w.replace(" ", "-")}"></i>' for w in words)
    return (
        f'<p class="cells"><span role="img" aria-label="Cells: {said}">'
        f"{squares}</span> {said}</p>"
    )


def effect(record: dict) -> str:
    """Write the effect in the middle of those with the commonest unit.

    Args:
        record: of the claim.
    """
    cells = [c for c in record["cells"] if c["counted"] and c["effect"]]
    if not cells:
        return ""
    (unit, _), *_ = Counter(c["effect"]["unit"] for c in cells).most_common()
    same = sorted(
        (c for c in cells if c["effect"]["unit"] == unit),
        key=lambda c: c["effect"]["mean"],
    )
    middle = same[(len(same) - 1) // 2]
    shown = row(middle, record)
    which = "" if len(same) == 1 else f" (the middle one of {len(same)})"
    return f'<p class="effect">{escape(shown.label)}: {shown.shown}{which}</p>'


def made(record: dict, chapter: str, sources: str) -> str:
    """Fold where a claim comes from: chapter, rule, record, command.

    Args:
        record: of the claim.
        chapter: that carries it, a key of `contents.CHAPTERS`.
        sources: their ids, such as ``S0 S3``.
    """
    number, fixed = record["claim"], record["rule"]
    site = address("Repository")
    commit = rule_commit(record)
    return (
        f"<details><summary>Rule and record of {number}</summary>"
        f"<p>Chapter {slug(chapter)}; sources {sources}. Rule of "
        f'{fixed["fixed_on"]}, commit <a href="{site}/commit/{commit}">'
        f"<code>{commit[:8]}</code></a>; "
        f'<a href="{site}/blob/main/data/results/{number}.json">record</a> of '
        f"{record['created'][:10]}; repeat it with "
        f"<code>{escape(record['code']['entry'])}</code>.</p></details>"
    )
