"""Records of the bench: written whole, read back, and what they lack."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from dlf.bench import __main__ as command
from dlf.bench import (
    report,
)
from tests.bench.samples import ROOF, ROW


def test_a_record_is_written_whole_and_read_back(tmp_path):
    machine = {"cpu": "Some CPU (R)", "cores": "2"}
    plain = {
        "machine": machine,
        "ceilings": {"cpu": report.plain(ROOF)},
        "rows": [ROW.plain()],
    }
    file = report.write(plain, tmp_path)
    assert file.name == "some-cpu-r-2.json"
    assert json.loads(file.read_text(encoding="utf-8")) == plain
    report.write(
        plain | {"machine": machine | {"gpu": "NVIDIA H200"}}, tmp_path
    )
    assert sorted(f.name for f in tmp_path.iterdir()) == [
        "nvidia-h200.json",
        "some-cpu-r-2.json",
    ]
    cpu, accelerated = report.recorded(tmp_path)
    assert (cpu.name, cpu.device) == ("Some CPU (R), one thread", "cpu")
    assert (accelerated.name, accelerated.device) == ("NVIDIA H200", "cuda")
    assert cpu.ceilings["cpu"] == ROOF
    assert cpu.of("s", "n") == [ROW]
    assert cpu.of("s", "m") == cpu.of("t") == []


def test_machines_stand_beside_each_other():
    slow = replace(ROW, median=4e-3, floor=1e-3)
    fast = replace(ROW, case="smaller", size=2, median=2e-6, floor=1e-6)
    gone = replace(ROW, median=None, low=None, high=None, absent="no GPU")
    none = replace(gone, name="m")
    again = replace(none, case="smaller", size=2)
    of = {"a": [slow, fast, none, again], "b": [gone], "c": []}
    assert report.beside("s", of).split("\n") == [
        "|  | a | b | c |",
        "| --- | --- | --- | --- |",
        "| *smaller* |  |  |  |",
        "| n | 2 µs (50%) |  |  |",
        "| m | no GPU |  |  |",
        "| *c* |  |  |  |",
        "| n | 4 ms (25%) | no GPU |  |",
    ]


def test_every_committed_record_reads():
    for record in report.recorded():
        assert record.rows
        assert record.device in record.ceilings
        assert all(r.floor > 0 for r in record.rows)
        assert all(r.fraction < 2 for r in record.rows if not r.absent)


def a_bench(monkeypatch, folder, does, *line):
    """Run the command with steps that do not run but are said to."""
    monkeypatch.setattr(command, "pin_heap", lambda module: None)
    monkeypatch.setattr(command, "_gpu", lambda: False)
    monkeypatch.setattr(report, "BENCHMARKS", folder)
    monkeypatch.setattr(command.subprocess, "run", does)
    monkeypatch.setattr(sys, "argv", ["bench", "--record", *line])
    return command.main()


def a_step(line, timeout):
    """Write what a step would have found."""
    name, folder = line[3], Path(line[4])
    if name == "launches":
        raise subprocess.TimeoutExpired(line, timeout or 0)
    found = {"rows": [ROW.plain() | {"suite": name}]}
    found |= {
        "machine": {"machine": {"cpu": "Some CPU", "cores": "2"}},
        "gather": found | {"failed": ["gather, c: out of memory"]},
        "dense": {"over": ["batch 128, tape: 1.2 is over 1.0"]},
    }.get(name, {})
    (folder / f"{name}.json").write_text(json.dumps(found), encoding="utf-8")
    return subprocess.CompletedProcess(line, int(name == "fused"))


def test_a_record_says_what_it_lacks(tmp_path, monkeypatch, capsys):
    assert a_bench(monkeypatch, tmp_path, a_step) == 1
    record = json.loads((tmp_path / "some-cpu-2.json").read_text("utf-8"))
    assert record["lacks"] == {
        "fused": "ended with status 1",
        "launches": "stopped after 0 s",
        "gather": "gather, c: out of memory",
    }
    suites = {r["suite"] for r in record["rows"]}
    assert {"fused", "sweeps", "gather", "graphs"} <= suites
    assert "batch 128, tape: 1.2 is over 1.0" in capsys.readouterr().out


def test_a_record_with_less_does_not_replace_one_with_more(
    tmp_path, monkeypatch
):
    a_bench(monkeypatch, tmp_path, a_step)
    whole = (tmp_path / "some-cpu-2.json").read_text("utf-8")
    a_bench(monkeypatch, tmp_path, a_step, "--only", "gather")
    assert (tmp_path / "some-cpu-2.json").read_text("utf-8") == whole
    less = json.loads((tmp_path / "some-cpu-2.partial.json").read_text("utf-8"))
    assert less["lacks"]["sweeps"] == "not asked for"


def test_without_time_left_nothing_is_begun(tmp_path, monkeypatch):
    def never(line, timeout):
        raise AssertionError("begun")

    assert a_bench(monkeypatch, tmp_path, never, "--budget", "5") == 1
    assert not list(tmp_path.iterdir())
