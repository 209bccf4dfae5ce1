"""Amendments: without a gap, and never of a rule but for a misprint."""

import json
from dataclasses import replace

import pytest

from dlf.experiments import (
    amendments,
    records,
    store,
    verification,
)
from tests.experiments import toy

pytestmark = pytest.mark.usefixtures("without_history")
TOY = "tests.experiments.toy:C901"


def link(kind="source", start="0" * 64, end="1" * 64, **rest):
    """Write an amendment that names no fault but its place in the chain."""
    made = amendments.made(kind, "Nothing changed.", start, end)
    return made | rest


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (lambda h: [link("source", h, "1" * 64)], "source changed"),
        (lambda h: [link("source", "2" * 64, h)], "leave a gap"),
        (
            lambda h: [
                link(start=h, end="1" * 64),
                link(start="2" * 64, end=h),
            ],
            "leave a gap",
        ),
        (lambda h: [link("source", h, h)], "leave a gap"),
        (lambda h: [{"date": "2026-11-27", "why": "So.", "to": h}], "lacks"),
        (lambda h: [link(kind="cell")], "of the source or the rule"),
        (lambda h: [link(why=" ")], "says why"),
        (lambda h: [link(date="yesterday")], "no date"),
        (lambda h: [link(date="2001-01-01")], "follow the run"),
    ],
)
def test_a_gap_in_the_chain_of_amendments_shows(made, listed, said):
    record = json.loads(made)
    record["rule"]["amendments"] = listed(record["code"]["source_sha256"])
    assert said in "; ".join(verification.verify(toy.C901, TOY, record))


def test_a_chain_without_a_gap_is_in_order(made):
    record = json.loads(made)
    now, record["code"]["source_sha256"] = (
        record["code"]["source_sha256"],
        "0" * 64,
    )
    chain = [link(end="1" * 64), link(start="1" * 64, end=now)]
    record["rule"]["amendments"] = chain
    assert verification.verify(toy.C901, TOY, record) == []
    record["rule"]["amendments"] = chain[::-1]
    assert verification.verify(toy.C901, TOY, record) != []


def rewritten(record, field, before):
    """Say of a rule that was rewritten that a comma was moved."""
    now = records.fixed(record)
    then = now | {field: before}
    record["rule"] |= then | {"sha256": amendments.sha(then)}
    if field in record:
        record[field] = before
    record["rule"]["amendments"] = [
        amendments.made(
            "rule",
            "A comma was moved.",
            amendments.sha(then),
            amendments.sha(now),
            old={field: before},
            new={field: now[field]},
        )
    ]
    return record


@pytest.mark.parametrize(
    ("field", "before"),
    [
        ("text", "R(0.5)."),
        ("text", "The interval lies below 0."),
        ("hypothesis", "Old beats new."),
        ("cuts", "Half of the cells."),
        ("grid", [0.1]),
        ("arms", ["old", "new"]),
        ("seeds", 3),
        ("expects", ["mixed"]),
        ("effects", []),
        ("cells", {}),
    ],
)
def test_a_rule_rewritten_as_a_comma_was_moved_shows(made, field, before):
    record = rewritten(json.loads(made), field, before)
    said = "; ".join(verification.verify(toy.C901, TOY, record))
    assert f"a changed {field} asks for a new run" in said


def test_a_misprint_is_amended_with_both_texts(made, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    record = json.loads(made)
    store.write(store.path("C901"), record)
    claim = replace(toy.C901, hypothesis="New baets old.")
    with pytest.raises(ValueError, match="asks for a new run"):
        records.amend(claim, TOY, "Two letters were swapped.")
    records.amend(claim, TOY, "Two letters were swapped.", typo=True)
    amended = store.load("C901")
    assert verification.verify(claim, TOY, amended) == []
    text = claim.card().text
    assert "**Hypothesis.** New beats old." in text  # as it was fixed
    assert "before: “New beats old.”; after: “New baets old.”" in text
    assert text.index("fixed beforehand") < text.index("Amended")
    assert verification.verify(toy.C901, TOY, amended) != []


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "R(0.5)."},
        {"rule": "R(0.01), or not."},
        {"hypothesis": "New beats all."},
        {"cuts": "Half of the cells."},
        {"grid": (0.1, 1.0)},
        {"seeds": 12},
        {"expects": ("mixed",)},
        {"effects": toy.C901.effects[:2]},
    ],
)
def test_a_changed_rule_is_never_amended(made, tmp_path, monkeypatch, change):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    store.write(store.path("C901"), json.loads(made))
    before = store.path("C901").read_bytes()
    with pytest.raises(ValueError, match="asks for a new run"):
        records.amend(
            replace(toy.C901, **change), TOY, "A comma was moved.", typo=True
        )
    assert store.path("C901").read_bytes() == before


def test_an_amendment_of_the_source_says_why(made, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    record = json.loads(made)
    store.write(store.path("C901"), record)
    with pytest.raises(ValueError, match="must have changed"):
        records.amend(toy.C901, TOY, "A word was put right.")
    record["code"]["source_sha256"] = "0" * 64
    store.write(store.path("C901"), record)
    records.amend(toy.C901, TOY, "A word was put right.")
    assert verification.stale(toy.C901, TOY, store.load("C901")) == []
    assert "A word was put right." in toy.C901.card().text
    records.remark(toy.C901, "It is a toy.")
    assert verification.verify(toy.C901, TOY, store.load("C901")) == []
    assert "It is a toy." in toy.C901.card().text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("R(1 point) on M1", "R(1 point), on M1"),
        ("at least a tenht", "at least a tenth"),
        ("on M1 and D8", "on M1 and d8"),
    ],
)
def test_misprints_are_told(old, new):
    assert amendments.is_typo(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("R(1 point)", "R(2 points)"),
        ("at least 5 %", "at most 5 %"),
        ("lies above 0", "lies below 0"),
        ("0.05", "0.5"),
        ("η ≤ 1", "η ≥ 1"),
        ("if it does", "if it does not"),
        ("in any net", "in an net"),
        ("three words like these", "thee wordss lake these"),
        ("the same", "the same"),
    ],
)
def test_what_changes_a_rule_is_no_misprint(old, new):
    assert not amendments.is_typo(old, new)
