"""Every way to forge a record that was thought of; each must show."""

import json
import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from dlf.experiments import (
    amendments,
    provenance,
    records,
    registry,
    store,
    verification,
)
from tests.experiments import toy

TOY = "tests.experiments.toy:C901"


@pytest.fixture(autouse=True)
def without_history(monkeypatch):
    """Let the toy's commits be made up; history has tests of its own."""
    monkeypatch.setattr(provenance, "history", lambda: False)


def verdict(record):
    record["verdict"] = "not supported"


def count(record):
    record["k"] -= 1


def steady(record):
    record["fragile"] = not record["fragile"]


def value(record):
    record["runs"]["a"]["scored"]["new"]["val"][0] += 0.01


def effect(record):
    record["cells"][0]["effect"]["mean"] += 0.01


def effect_and_digest(record):
    record["runs"]["a"]["scored"]["new"]["test"][0] -= 9.0
    record["digest"] = records.values_hash(record["runs"])


def judged_cell(record):
    del record["cells"][0]


def sort(record):
    record["cells"][0] |= {"sort": "background", "counted": False}


def run(record):
    del record["runs"]["b"]


def schema(record):
    del record["env"]


def tuning_seed(record):
    record["runs"]["a"]["seeds"][0] = 10


def fewer_seeds(record):
    record["runs"]["a"]["seeds"].pop()


def arm(record):
    del record["runs"]["a"]["arms"][0]


def setting(record):
    record["runs"]["a"]["arms"][0]["chosen"] = 1.0


def edge(record):
    record["runs"]["a"]["arms"][0]["at_edge"] = True


def rule_text(record):
    record["rule"]["text"] = "R(0.001)."


def rule_and_hash(record):
    rule_text(record)
    record["rule"]["sha256"] = amendments.sha(records.fixed(record))


def hypothesis(record):
    record["hypothesis"] = "Old beats new."


def both_hypotheses(record):
    hypothesis(record)
    record["rule"]["hypothesis"] = "Old beats new."


def cuts(record):
    record["cuts"] = "Nothing."


def cuts_of_the_rule(record):
    record["cuts"] = record["rule"]["cuts"] = "Nothing."


def grid(record):
    record["rule"]["grid"].append(10.0)


def expectation(record):
    record["rule"]["expects"] = ["mixed"]


def threshold(record):
    record["rule"]["effects"][0][3] = 0.5


def rule_hash(record):
    record["rule"]["sha256"] = "0" * 64


def source(record):
    record["code"]["source_sha256"] = "0" * 64


def quote(record):
    record["sources"][0]["quote"] = "toys are worse"


def mode(record):
    record["mode"] = "live"


def dirty(record):
    record["code"]["commit"] += "+changes"


def no_commit(record):
    record["code"]["commit"] = None


def no_commit_of_the_rule(record):
    record["rule"]["commit"] = "last week"


def predecessor(record):
    record["supersedes"] = {"digest": "0" * 64, "verdict": "supported"}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (verdict, "its values give verdict 'supported'"),
        (count, "its values give k 3"),
        (steady, "its values give fragile"),
        (value, "digest"),
        (effect, "other effects"),
        (effect_and_digest, "its values give"),
        (judged_cell, "lacks the cells cell a"),
        (sort, "other effects"),
        (run, "other cells"),
        (schema, "lacks env"),
        (tuning_seed, "scored on seeds below 100"),
        (fewer_seeds, "other seeds than the rule"),
        (arm, "other arms"),
        (setting, "not at its best setting"),
        (edge, "hides an edge"),
        (rule_text, "the hash of its rule is not that"),
        (rule_and_hash, "rule changed"),
        (hypothesis, "hypothesis is not that"),
        (both_hypotheses, "the hash of its rule is not that"),
        (cuts, "cuts is not that"),
        (cuts_of_the_rule, "the hash of its rule is not that"),
        (grid, "the hash of its rule is not that"),
        (expectation, "the hash of its rule is not that"),
        (threshold, "the hash of its rule is not that"),
        (rule_hash, "the hash of its rule is not that"),
        (source, "source changed"),
        (quote, "sources is not that"),
        (mode, "mode is not that"),
        (dirty, "not clean"),
        (no_commit, "commit of its run is none"),
        (no_commit_of_the_rule, "commit of its rule is none"),
        (predecessor, "supersedes a record without"),
    ],
)
def test_a_forged_record_shows(made, fault, said):
    record = json.loads(made)
    assert verification.verify(toy.C901, TOY, record) == []
    fault(record)
    assert said in "; ".join(verification.verify(toy.C901, TOY, record))


@pytest.mark.parametrize("number", ["C24", "C103", "C8", "C20"])
@pytest.mark.parametrize(
    "field", ["text", "hypothesis", "cuts", "expects", "cells", "seeds"]
)
def test_no_field_of_a_committed_rule_can_be_replaced(number, field):
    address = registry.address(number)
    claim, record = registry.find(address), store.load(number)
    record["rule"][field] = "other"
    said = verification.stale(claim, address, record)
    assert "the hash of its rule is not that of what the rule says" in said
    record["rule"]["sha256"] = amendments.sha(records.fixed(record))
    said = verification.stale(claim, address, record)
    assert any("rule changed after the run" in s for s in said)


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
    source(record)
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


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Make a history: rule, run, and a commit on another branch."""
    if not shutil.which("git"):
        pytest.skip("there is no git here")
    monkeypatch.undo()  # history is asked for here
    monkeypatch.setattr(provenance, "ROOT", tmp_path)

    def git(*args, at=0):
        date = f"2026-01-0{1 + at}T00:00:00Z"
        return subprocess.run(
            ["git", "-C", str(tmp_path), "-c", "user.name=n",
             "-c", "user.email=e", *args],
            check=True,
            capture_output=True,
            text=True,
            env={"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date,
                 "PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path)},
        ).stdout.strip()  # fmt: skip

    git("init", "-q", "-b", "main")
    results = tmp_path / "data" / "results"
    results.mkdir(parents=True)
    commits = []
    for at in range(3):
        (results / "C1.json").write_text(str(at), encoding="utf-8")
        git("add", "-A")
        git("commit", "-qm", str(at), at=at)
        commits.append(git("rev-parse", "HEAD"))
    git("checkout", "-qb", "side", commits[0])
    (tmp_path / "x").write_text("x", encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "side", at=1)
    side = git("rev-parse", "HEAD")
    git("checkout", "-q", "main")
    return (*commits, side)


def test_the_rule_comes_before_the_run(repository):
    first, second, third, side = repository
    assert provenance.wrong_order(first, second) == ""
    assert provenance.wrong_order(second, second) == ""
    assert "come before" in provenance.wrong_order(third, second)
    assert "come before" in provenance.wrong_order(side, third)
    assert "lacks" in provenance.wrong_order(first, "a" * 40)
    assert "lacks" in provenance.wrong_order("a" * 40, third)
    assert "not clean" in provenance.wrong_order(first, f"{third}+changes")
    assert "none" in provenance.wrong_order(None, third)


def stands(rule, module):
    """Say whether a text stands in a module, its string pieces joined.

    Where the module formats the text, it must stand up to the first field.
    """
    joined = " ".join(re.sub(r"[\"']\s+f?[\"']", "", module).split())
    rule = " ".join(rule.split())
    rest = joined[joined.find(rule[:30]) :]
    pairs = enumerate(zip(rule, rest, strict=False))
    same = next((i for i, (a, b) in pairs if a != b), len(rule))
    return same == len(rule) or (same > 30 and rest[same] == "{")


def test_every_rule_stood_in_the_commit_of_its_run(monkeypatch):
    """Where the history is there: the text of each rule is in the module."""
    monkeypatch.undo()
    if not provenance.history():
        pytest.skip("the history is not here")
    checked = 0
    for number in registry.addresses():
        record = store.load(number)
        run = record["code"]["commit"]
        assert provenance.wrong_order(record["rule"]["commit"], run) == ""
        names = f'"{number}"'
        found = provenance.git("grep", "-l", names, run, "--", "dlf") or ""
        rule = record["rule"]["text"]
        texts = [
            provenance.git("show", line.replace(":", ":./", 1))
            for line in found.splitlines()
        ]
        assert any(stands(rule, text) for text in texts), number
        checked += 1
    assert checked >= 45
