"""Amendments: what changed since a run, and why that changes nothing.

An amendment leads from one hash to the next, and they must lead, without a
gap, from what was recorded to what stands today. Of the source it says why the
values are the same. Of a rule it keeps old and new text side by side, and can
only put right a misprint, or sort the parts of an exact claim; whatever else
changes in a rule asks for a new run.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dlf.experiments.store import plain

FIELDS = {"date", "kind", "why", "from", "to"}
TEXTS = {"text", "hypothesis", "cuts"}  # of a rule, where a typo may stand
WORDS = 2  # that a typo may touch


def sha(content: Any) -> str:
    """Hash what JSON can hold.

    Args:
        content: numbers are hashed as `store.plain` rounds them.
    """
    said = json.dumps(plain(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def made(
    kind: str, why: str, before: str, after: str, **texts: Any
) -> dict[str, Any]:
    """Write an amendment with today's date.

    Args:
        kind: ``source`` or ``rule``.
        why: the reason, a sentence.
        before: the hash that is left, in hexadecimal.
        after: the hash that is reached.
        texts: of a rule, ``old`` and ``new``: its fields by name.
    """
    today = f"{datetime.datetime.now(datetime.UTC):%F}"
    start = {"date": today, "kind": kind, "why": why}
    return start | {"from": before, "to": after} | texts


def gaps(amendments: Sequence[Mapping[str, Any]], created: str) -> list[str]:
    """Say what is wrong with the form of amendments, whatever their kind.

    Args:
        amendments: in the order of the record.
        created: date of the run, ISO 8601.
    """
    for a in amendments:
        if missing := FIELDS - set(a):
            return [f"an amendment lacks {', '.join(sorted(missing))}"]
        if a["kind"] not in ("source", "rule") or not a["why"].strip():
            return ["an amendment is of the source or the rule, and says why"]
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", a["date"]):
            return [f"an amendment has no date: {a['date']!r}"]
    dates = [created[:10], *(a["date"] for a in amendments)]
    if any(later < earlier for earlier, later in pairwise(dates)):
        return ["amendments must follow the run and one another by date"]
    return []


def end(
    amendments: Sequence[Mapping[str, Any]], kind: str, start: str
) -> str | None:
    """Follow the amendments of a kind from a hash; None if there is a gap.

    Args:
        amendments: of both kinds, in the order of the record.
        kind: ``source`` or ``rule``; those of the other are passed over.
        start: the hash that was recorded.
    """
    at = start
    for a in amendments:
        if a["kind"] == kind:
            if a["from"] != at or a["to"] == at:
                return None
            at = a["to"]
    return at


def amended(
    plan: Mapping[str, Any], amendments: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Apply the amendments of a rule; give it as it stands, and what is wrong.

    Args:
        plan: the rule as it was fixed.
        amendments: of all kinds.
    """
    now, wrong = dict(plan), []
    for a in amendments:
        if a["kind"] != "rule":
            continue
        old, new = a.get("old", {}), a.get("new", {})
        if not old or set(old) != set(new):
            wrong.append(
                "an amendment of a rule keeps old and new side by side"
            )
            break
        if any(now.get(field) != text for field, text in old.items()):
            wrong.append("an amendment's old text is not that of the rule")
        if a["from"] != sha(now):
            wrong.append("an amendment does not start from the rule's hash")
        wrong += [
            f"a changed {field} asks for a new run, not for an amendment"
            for field in old
            if not allowed(field, old[field], new[field])
        ]
        now |= new
        if a["to"] != sha(now):
            wrong.append("an amendment does not end at the new rule's hash")
    return now, wrong


def allowed(field: str, old: Any, new: Any) -> bool:
    """Whether a field of a rule may be amended so.

    Args:
        field: its name in the rule.
        old: what it held.
        new: what it holds.
    """
    if field in TEXTS:
        return isinstance(old, str) and is_typo(old, str(new))
    if field == "parts":  # name and words stay, each is sorted
        return [p[:2] for p in new] == [p[:2] for p in old]
    return False


def is_typo(old: str, new: str) -> bool:
    """Whether two texts differ by misprints alone.

    They have the same numbers and as many words, of which at most two differ,
    each by a letter; or they differ in punctuation and capitals.

    Args:
        old: the text before.
        new: the text after.

    >>> is_typo("at least a tenht, 5 points", "At least a tenth 5 points")
    True
    >>> is_typo("at least 5 points", "at most 5 points")
    False
    >>> is_typo("at least 5 points", "at least 8 points")
    False
    """
    a, b = (
        re.findall(r"\d+(?:[.,]\d+)*|\w+|[<>≤≥=±×−]", t.lower())
        for t in (old, new)
    )
    if len(a) != len(b) or old == new:
        return False
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(pairs) <= WORDS and all(
        x.isalpha() and y.isalpha() and min(len(x), len(y)) > 3 and near(x, y)
        for x, y in pairs
    )


def near(a: str, b: str) -> bool:
    """Whether a letter was left out, put in, replaced or swapped with the next.

    Args:
        a: a word in lower case.
        b: another.

    >>> near("tenht", "tenth"), near("mean", "means"), near("above", "below")
    (True, True, False)
    """
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    if len(a) < len(b):
        return any(b[:i] + b[i + 1 :] == a for i in range(len(b)))
    at = [i for i in range(len(a)) if a[i] != b[i]]
    swapped = len(at) == 2 and at[1] == at[0] + 1
    swapped = swapped and (a[at[0]], a[at[1]]) == (b[at[1]], b[at[0]])
    return len(at) == 1 or swapped
