"""Every way to forge a record that was thought of; each must show."""

import json

import pytest

from dlf.experiments import (
    amendments,
    records,
    registry,
    store,
    verification,
)
from tests.experiments import toy

pytestmark = pytest.mark.usefixtures("without_history")
TOY = "tests.experiments.toy:C901"


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
