"""A record of the toy, made once."""

import json

import pytest

from dlf.experiments import provenance
from dlf.experiments import run as experiments_run

TOY = "tests.experiments.toy:C901"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Make the toy's record, as text, from commits that are clean."""
    cache = tmp_path_factory.mktemp("cache")
    record = experiments_run.run(TOY, None, cache, lambda line: None)
    record["code"]["commit"] = record["rule"]["commit"] = "0" * 40
    record["rule"]["fixed_on"] = "2026-01-01"
    return json.dumps(record)


@pytest.fixture
def without_history(monkeypatch):
    """Let the toy's commits be made up; history has tests of its own."""
    monkeypatch.setattr(provenance, "history", lambda: False)
