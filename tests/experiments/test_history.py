"""The rule of a claim was committed before its run."""

import re
import shutil
import subprocess

import pytest

from dlf.experiments import (
    provenance,
    registry,
    store,
)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Make a history: rule, run, and a commit on another branch."""
    if not shutil.which("git"):
        pytest.skip("there is no git here")
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
    assert "lacks" in provenance.wrong_order(first, side)
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


def test_every_rule_stood_in_the_commit_of_its_run():
    """Where the history is there: the text of each rule is in the module."""
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
