"""Runs: on processes, on a Dask cluster, killed and resumed, refused."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from dlf.experiments import __main__ as command
from dlf.experiments import provenance, run, store

TOY = "tests.experiments.toy:C901"


@pytest.fixture
def apart(tmp_path, monkeypatch):
    """Keep results and finished cells in a folder of the test's own."""
    monkeypatch.setattr(store, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(run, "CACHE", tmp_path / "cache")
    return tmp_path


def quiet(line: str) -> None:
    """Say nothing."""


def values(record: dict) -> tuple:
    """Give what must not depend on where cells were run."""
    return record["digest"], record["verdict"], record["cells"]


def test_processes_give_what_one_process_gives(apart):
    one = run.run(TOY, None, apart / "one", quiet)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        two = run.run(TOY, pool, apart / "two", quiet)
    assert values(one) == values(two)
    assert one["env"]["threads"] == 1


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_gives_what_one_process_gives(apart):
    from distributed import LocalCluster

    one = run.run(TOY, None, apart / "one", quiet)
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
    ) as cluster:
        line = ["run", TOY, "--scheduler", cluster.scheduler_address]
        assert command.main(line) == 0
    assert values(
        json.loads(store.path("C901").read_text(encoding="utf-8"))
    ) == values(one)


def test_finished_cells_are_not_run_again(apart):
    said: list[str] = []
    first = run.run(TOY, None, apart / "c", said.append)
    again = run.run(TOY, None, apart / "c", said.append)
    assert [line.endswith("kept") for line in said] == [False] * 3 + [True] * 3
    assert values(first) == values(again)


def test_a_killed_run_goes_on_where_it_stopped(tmp_path):
    trace = tmp_path / "trace"
    code = (
        "import sys, pathlib;"
        "from dlf.experiments import __main__ as m, run, store;"
        f"p = pathlib.Path({str(tmp_path)!r});"
        "store.RESULTS, run.CACHE = p / 'results', p / 'cache';"
        f"sys.exit(m.main(['run', {TOY!r}]))"
    )

    def start(dies_in: str) -> int:
        env = os.environ | {"TOY_TRACE": str(trace), "TOY_DIES_IN": dies_in}
        line = [sys.executable, "-c", code]
        return subprocess.run(
            line, env=env, cwd=provenance.ROOT, stdout=subprocess.DEVNULL
        ).returncode

    assert start(dies_in="b") == -signal.SIGKILL
    done = trace.read_text(encoding="utf-8").split()
    assert set(done) == {"a", "b"}
    assert not (tmp_path / "results").exists()
    assert start(dies_in="nowhere") == 0
    after = trace.read_text(encoding="utf-8").split()[len(done) :]
    assert set(after) == {"b", "c"}
    assert json.loads(
        (tmp_path / "results/C901.json").read_text(encoding="utf-8")
    )


def test_an_uncommitted_rule_is_not_run(apart, monkeypatch, capsys):
    monkeypatch.setattr(provenance, "changes", lambda address: " M toy.py")
    assert command.main(["run", TOY, "--check"]) == 1
    assert "rule comes before the result" in capsys.readouterr().err
    assert not store.path("C901").exists()


def test_changes_are_those_of_the_files_a_claim_runs(monkeypatch):
    asked: list[tuple[str, ...]] = []

    def git(*args: str) -> str:
        asked.append(args)
        return " M x.py"

    monkeypatch.setattr(provenance, "git", git)
    assert provenance.commit(TOY) == " M x.py+changes"
    names = [Path(name).name for name in asked[-1][3:]]
    assert names == ["cells.py", "seeds.py", "toy.py"]


def test_the_command_lists_and_verifies(apart, capsys):
    assert command.main(["list"]) == 0
    assert "C12" in capsys.readouterr().out
    assert command.main(["verify"]) == 0
    assert command.main(["stale"]) == 0


def test_cells_of_another_machine_are_joined(apart):
    """They are taken as they are, with where they ran; the rest is run."""
    file = apart / "b.json"
    assert command.main(["export", TOY, "b", "--into", str(file)]) == 0
    assert command.main(["join", str(file)]) == 0
    told = []
    joined = run.run(TOY, None, tell=told.append)
    assert [line for line in told if "kept" in line] == ["C901 b: kept"]
    assert joined["runs"]["b"]["env"] == provenance.environment()
    whole = run.run(TOY, None, apart / "other", quiet)
    assert joined["cells"] == whole["cells"]


@pytest.mark.parametrize("what", ["source", "rule"])
def test_cells_of_other_code_are_not_joined(apart, what):
    exported = run.export(TOY, ["a"])
    with pytest.raises(ValueError, match=f"the {what} of C901"):
        run.join(exported | {f"{what}_sha256": "0" * 64})


def test_a_cell_that_the_claim_lacks_is_refused(apart):
    with pytest.raises(KeyError, match="has the cells a, b, c; got 'd'"):
        run.export(TOY, ["d"])
