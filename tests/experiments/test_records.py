"""Records: the committed ones are in order, cards show them, runs make them."""

import json
import os
import re

import pytest

from dlf.book import evidence_claims
from dlf.experiments import registry, store, verification
from dlf.experiments import run as experiments_run
from dlf.stacked import datasets
from tests.experiments import toy

TOY = "tests.experiments.toy:C901"
RECORDED = [n for n in registry.addresses() if store.path(n).exists()]


@pytest.mark.parametrize("number", RECORDED)
def test_a_committed_record_is_in_order(number):
    address = registry.address(number)
    claim, record = registry.find(address), store.load(number)
    assert verification.verify(claim, address, record) == []
    assert set(record) >= verification.SCHEMA
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
    for note in (*record["remarks"], *record["rule"]["amendments"]):
        assert note["date"] in text
        assert (note.get("why") or note["text"]) in text
    assert f">{record['verdict']}" in text.partition("<details>")[0]
    assert f"data/results/{number}.json" in text
    assert not re.search(r"\bnan\b|<[a-z]+ object|/tmp/|/home/", text)


def test_k_of_n_stands_in_every_record():
    for number in RECORDED:
        record = store.load(number)
        counted = [c for c in record["cells"] if c["counted"]]
        if number in ("C6", "C123", "C124"):
            assert record["verdict"] == "untestable as stated"
            assert record["k"] is record["n"] is None
        elif record["kind"] == "untested":
            assert record["verdict"] == "not tested here"
            assert record["k"] is record["n"] is None
            assert record["cells"] == []
            continue
        else:
            words = [c["cell_verdict"] for c in counted]
            assert record["k"] == words.count("supported")
            assert record["n"] == len(words)
        assert {c["sort"] == "background" for c in counted} == {False}


@pytest.mark.parametrize("number", ["C12", "C14"])
def test_recorded_data_are_those_that_are_loaded_now(number):
    for run in store.load(number)["runs"].values():
        known = run["data"]
        if known["name"] == "FM" and not os.environ.get("DLF_DATA_HOME"):
            continue
        sets = datasets.load(known["name"], tuple(run["seeds"]))
        assert sets.describe() == known


def test_a_record_survives_its_file(made, tmp_path):
    file = tmp_path / "results" / "C901.json"
    store.write(file, json.loads(made))
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(made)
    assert list(file.parent.iterdir()) == [file]  # no part is left
    assert max(map(len, file.read_text(encoding="utf-8").splitlines())) < 400


def test_a_new_run_names_the_old_one(made, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    old = json.loads(made)
    store.write(store.path("C901"), old)
    old["rule"]["amendments"] = [{"date": "2026-01-01"}]
    new = experiments_run.run(TOY, None, tmp_path / "c", lambda line: None)
    assert new["rule"]["amendments"] == []
    assert new["supersedes"] == {
        "digest": old["digest"],
        "verdict": "supported",
        "created": old["created"],
        "commit": old["code"]["commit"],
        "rule": old["rule"]["text"],
        "supersedes": None,
    }
    store.write(store.path("C901"), new)
    third = experiments_run.run(TOY, None, tmp_path / "c", lambda line: None)
    assert third["supersedes"]["supersedes"] == new["supersedes"]


def test_the_replica_is_set_beside_the_record(made, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    record = json.loads(made)
    store.write(store.path("C901"), record)
    card = toy.C901.replicate()
    assert card.agrees
    assert repr(card) == repr(toy.C901.replicate())
    assert card.text == toy.C901.replicate().text
    assert "10 points [10, 10]" in card.text
    record["cells"][0]["cell_verdict"] = "opposite"
    store.write(store.path("C901"), record)
    card = toy.C901.replicate()
    assert not card.agrees
    assert "contradicts" in repr(card)
    record["cells"][0]["cell_verdict"] = "unclear"
    store.write(store.path("C901"), record)
    assert "too small to tell" in repr(toy.C901.replicate())


def test_a_claim_without_a_record_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    with pytest.raises(FileNotFoundError, match="run C901"):
        toy.C901.card()


def test_a_claim_that_is_not_tested_says_why(
    tmp_path, monkeypatch, without_history
):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    address = "tests.experiments.toy:C904"
    record = experiments_run.run(address, None, tmp_path, lambda line: None)
    assert record["verdict"] == "not tested here"
    assert record["reason"] == "It would take a larger toy"
    record["code"]["commit"] = record["rule"]["commit"] = "0" * 40
    record["rule"]["fixed_on"] = "2026-01-01"
    assert verification.verify(toy.C904, address, record) == []
    store.write(store.path("C904"), record)
    card = toy.C904.card()
    assert repr(card) == "C904: not tested here"
    assert ">not tested here</span>" in card.text
    assert "**Why no test.** It would take a larger toy." in card.text
    assert "| cell |" not in card.text
    entry = evidence_claims.entry(record, "optimization/optimizers")
    assert 'class="cells"' not in entry
    with pytest.raises(KeyError, match="not tested"):
        toy.C904.run("a cell")
