"""Records: the committed ones are in order, and each fault would show."""

import json
import os
import re
from dataclasses import replace

import pytest

from dlf.experiments import records, registry, store
from dlf.experiments import run as experiments_run
from dlf.stacked import datasets
from tests.experiments import toy

TOY = "tests.experiments.toy:C901"
RECORDED = [n for n in registry.addresses() if store.path(n).exists()]


@pytest.mark.parametrize("number", RECORDED)
def test_a_committed_record_is_in_order(number):
    address = registry.address(number)
    claim, record = registry.find(address), store.load(number)
    assert records.verify(claim, address, record) == []
    assert set(record) >= records.SCHEMA
    assert re.fullmatch(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}Z", record["created"])


@pytest.mark.parametrize("number", RECORDED)
def test_a_card_shows_the_record(number):
    claim, record = registry.find(number), store.load(number)
    card = claim.card()
    text = card._repr_markdown_()
    assert repr(card) == f"{number}: {record['verdict']}"
    for part in (claim.hypothesis, claim.rule, claim.literature, claim.cuts):
        assert part in text
    for s in claim.sources:
        assert s.quote in text
    assert f"Verdict: {record['verdict']}." in text
    assert f"data/results/{number}.json" in text
    assert not re.search(r"\bnan\b|<[a-z]+ object|/tmp/|/home/", text)


@pytest.mark.parametrize("number", ["C12", "C14"])
def test_recorded_data_are_those_that_are_loaded_now(number):
    for run in store.load(number)["runs"].values():
        known = run["data"]
        if known["name"] == "FM" and not os.environ.get("DLF_DATA_HOME"):
            continue
        sets = datasets.load(known["name"], tuple(run["seeds"]))
        assert sets.describe() == known


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make the toy's record."""
    cache = tmp_path_factory.mktemp("cache")
    record = experiments_run.run(TOY, None, cache, lambda line: None)
    record["code"]["commit"] = "0" * 40
    return json.dumps(record)


def test_a_record_survives_its_file(made, tmp_path):
    file = tmp_path / "results" / "C901.json"
    store.write(file, json.loads(made))
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(made)
    assert list(file.parent.iterdir()) == [file]  # no part is left
    assert max(map(len, file.read_text(encoding="utf-8").splitlines())) < 400


def better(record):
    record["verdict"] = "does not hold"


def value(record):
    record["runs"]["a"]["scored"]["new"]["val"][0] += 0.01


def effect(record):
    record["cells"][0]["effect"]["mean"] += 0.01


def seeds(record):
    record["runs"]["a"]["scored"]["new"]["test"][0] -= 9.0


def rule(record):
    record["rule"]["sha256"] = "0" * 64


def code(record):
    record["code"]["source_sha256"] = "0" * 64


def dirty(record):
    record["code"]["commit"] += "+changes"


def cell(record):
    del record["runs"]["b"]


def schema(record):
    del record["env"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (better, "its values give 'holds'"),
        (value, "digest"),
        (effect, "other effects"),
        (seeds, "its values give"),
        (rule, "rule changed"),
        (code, "source changed"),
        (dirty, "uncommitted"),
        (cell, "other cells"),
        (schema, "lacks env"),
    ],
)
def test_every_fault_of_a_record_shows(made, fault, said):
    record = json.loads(made)
    assert records.verify(toy.C901, TOY, record) == []
    fault(record)
    assert said in "; ".join(records.verify(toy.C901, TOY, record))


def test_an_amendment_says_why_and_excuses(made, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    record = json.loads(made)
    rule(record)
    store.write(store.path("C901"), record)
    records.amend(toy.C901, TOY, "A word was put right.")
    amended = store.load("C901")
    assert records.stale(toy.C901, TOY, amended) == []
    assert "A word was put right." in toy.C901.card().text
    changed = replace(toy.C901, rule="R(0.5).")
    assert records.stale(changed, TOY, amended) != []


def test_a_new_run_names_the_old_one(made, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    old = json.loads(made)
    store.write(store.path("C901"), old)
    new = experiments_run.run(TOY, None, tmp_path / "c", lambda line: None)
    assert new["supersedes"] == {"digest": old["digest"], "verdict": "holds"}


def test_the_replica_is_set_beside_the_record(made, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    record = json.loads(made)
    store.write(store.path("C901"), record)
    card = toy.C901.replicate()
    assert card.agrees
    assert repr(card) == repr(toy.C901.replicate())
    assert card.text == toy.C901.replicate().text
    assert "10 points [10, 10]" in card.text
    record["cells"][0]["cell_verdict"] = "refuted"
    store.write(store.path("C901"), record)
    card = toy.C901.replicate()
    assert not card.agrees
    assert "contradicts" in repr(card)
    record["cells"][0]["cell_verdict"] = "undecided"
    store.write(store.path("C901"), record)
    assert "too small to tell" in repr(toy.C901.replicate())


def test_a_claim_without_a_record_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    with pytest.raises(FileNotFoundError, match="run C901"):
        toy.C901.card()
