"""The bench: what it times, refuses, counts and writes down."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlf.bench import __main__ as command
from dlf.bench import (
    ceilings,
    dense,
    fused,
    gather_scatter,
    launches,
    report,
    sequences,
    sweeps,
    timing,
    transfers,
)
from dlf.bench.benchmark import Case, Row, read, run
from dlf.bench.device import Absent, Place, measure, peak_bytes
from dlf.nn import gpu

PLACE = Place("cpu", rounds=5, budget_s=0.01)
ROOF = ceilings.Ceilings(
    flops={"float32": 100.0, "float64": 50.0},
    bandwidth={8: 40.0, 64: 80.0, 512: 10.0},
    call_s=0.0,
    absent={},
)
no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="for CPUs")
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")


def test_the_floor_is_the_slower_of_bytes_and_operations():
    assert ROOF.floor(1000.0, 1.0) == 10.0
    assert ROOF.floor(1000.0, 1.0, "float64") == 20.0
    assert ROOF.floor(1.0, 640.0) == 64.0
    assert ROOF.floor(1.0, 8.0) == 0.1  # from a cache
    assert ROOF.floor(1.0, 8.0, cold=True) == 0.8  # from the memory


def test_a_working_set_moves_no_faster_than_a_copy_of_its_size_or_more():
    assert [ROOF.copying(b) for b in (1, 8, 9, 65, 9999)] == [
        80,
        80,
        80,
        10,
        10,
    ]


def test_turns_rotate_and_leave_the_collector_as_it_was():
    import gc

    order = []
    timers = [lambda n=n: order.append(n) or float(n) for n in range(3)]
    seconds = timing.turns(timers, rounds=4)
    assert order == [0, 1, 2, 1, 2, 0, 2, 0, 1, 0, 1, 2]
    np.testing.assert_array_equal(seconds, np.tile([0.0, 1.0, 2.0], (4, 1)))
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


class Clock:
    """Stands in for `time`: it goes on only as it is told, or is read."""

    def __init__(self, by_reading):
        self.now, self.by_reading = 0.0, by_reading

    def perf_counter(self):
        self.now += self.by_reading
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """Every reading is 2^-13 s after the one before."""
    clock = Clock(2.0**-13)
    monkeypatch.setattr("dlf.bench.device.time", clock)
    return clock


def test_measure_warms_up_and_divides_by_its_calls(clock):
    clock.by_reading = 0.0
    takes, count = {"a": 2.0**-15, "b": 2.0**-10}, {"a": 0, "b": 0}

    def call(name):
        count[name] += 1
        clock.now += takes[name]

    found = measure(PLACE, {n: lambda n=n: call(n) for n in count})
    for name, seconds in found.items():
        assert seconds.tolist() == [takes[name]] * 5
    warm_up, tried, planned = 3, 3, 1
    assert count["b"] == warm_up + tried + planned + 5
    repeated = 7  # times 2^-15 s is 0.2 ms and more
    assert count["a"] == warm_up + tried + repeated * (planned + 5)


def test_peak_bytes_counts_what_is_held_at_once():
    def call():
        a = torch.ones(1000)
        b = a + 1
        del a
        return b + 1

    assert 8000 <= peak_bytes(PLACE, call) < 9000


def a_case(**contenders):
    return Case(suite="s", name="c", contenders=contenders, flops=200.0)


def test_what_cannot_run_is_kept_with_its_reason(clock):
    def lacking():
        raise Absent("it lacks a wheel")

    def failing():
        raise NotImplementedError("no such kernel\nand more")

    good, a, b = run(
        PLACE, ROOF, [a_case(x=lambda: lambda: None, y=lacking, z=failing)]
    )
    assert good.median == 2.0**-14  # two calls between two readings
    assert good.floor == 2.0
    assert a.absent == "it lacks a wheel"
    assert b.absent == "NotImplementedError: no such kernel"
    assert a.median is None
    assert np.isnan(a.fraction)
    assert "it lacks a wheel" in report.table([good, a])


def test_contenders_that_disagree_are_not_timed():
    one, two = torch.ones(3), torch.full((3,), 1.1)
    with pytest.raises(AssertionError, match="y computes something else"):
        run(PLACE, ROOF, [a_case(x=lambda: lambda: one, y=lambda: lambda: two)])
    nan = torch.full((3,), float("nan"))
    with pytest.raises(AssertionError, match="computes something else"):
        run(PLACE, ROOF, [a_case(x=lambda: lambda: one, y=lambda: lambda: nan)])


def test_an_error_in_a_contender_is_not_taken_for_absence():
    def broken():
        raise KeyError("a slip of ours")

    with pytest.raises(KeyError):
        run(PLACE, ROOF, [a_case(x=broken)])


ROW = Row(
    suite="s",
    case="c",
    name="n",
    device="cpu",
    size=3,
    flops=2.0,
    bytes=4.0,
    dtype="float32",
    amount=6.0,
    unit="examples",
    floor=0.5,
    median=2.0,
    low=1.0,
    high=3.0,
)


def test_a_row_says_its_rate_and_its_fraction_of_the_floor():
    assert (ROW.rate, ROW.fraction) == (3.0, 0.25)
    assert read(ROW.plain()) == ROW
    gone = replace(ROW, median=None, low=None, high=None, absent="no GPU")
    assert "fraction" not in gone.plain()
    assert read(gone.plain()) == gone


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


SUITES = {
    "layer": lambda p, c: dense.layer(p, c, (8,)),
    "batch": lambda p, c: sweeps.by_batch(p, c, (1, 2)),
    "width": lambda p, c: sweeps.by_width(p, c, (8,)),
    "precision": lambda p, c: sweeps.by_precision(p, c, 8),
    "attention": lambda p, c: sequences.attention(p, c, (5,)),
    "sequence": lambda p, c: sequences.recurrence(p, c, (3,)),
    "gather": lambda p, c: gather_scatter.gathering(p, c, ((6, 20),)),
    "transfer": lambda p, c: transfers.to_device(p, c, (1,)),
    "loading": lambda p, c: transfers.loading(p, c, (0,)),
}


@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_runs(suite):
    rows = SUITES[suite](PLACE, ROOF)
    assert {r.suite for r in rows} == {suite}
    assert any(r.median for r in rows)
    for r in rows:
        assert r.absent or r.low <= r.median <= r.high
        assert r.unit == "bytes" or r.amount > 0
    absent = {r.name for r in rows if r.absent}
    if suite == "transfer":
        assert len(absent) == 5
    elif suite != "precision":
        assert not absent


@no_gpu
def test_precisions_that_this_cpu_lacks_say_so():
    rows = sweeps.by_precision(PLACE, ROOF, 8)
    assert {r.dtype for r in rows if r.absent} == {"tf32", "float8"}


def test_graphs_and_triton_are_absent_without_a_gpu(monkeypatch):
    """And `torch.compile` where there is no compiler."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    rows = launches.launches(PLACE, ROOF, (2,))
    rows += fused.fused(PLACE, ROOF, ((3, 4),))
    why = {r.name: r.absent for r in rows if r.absent}
    assert why == {
        "compiled": "torch.compile needs a C++ compiler, and found none",
        "CUDA graph": "a CUDA graph needs a GPU",
        "Triton": "Triton compiles for GPUs; here it could only interpret",
    }


def test_ceilings_are_measured(clock):
    roof = ceilings.ceilings(PLACE, (16, 32), (1 << 10, 1 << 12), ("float32",))
    assert roof.flops == {"float32": 2 * 32**3 * 2**14}
    assert roof.bandwidth == {1 << n: 2.0 ** (n + 14) for n in (10, 12)}
    assert roof.call_s == 2.0**-14


@pytest.mark.parametrize("block", [1, 3, 7, 100])
def test_tiled_attention_is_attention(block):
    q, k, v = torch.randn(3, 2, 7, 4, dtype=torch.float64) * 10
    wanted = F.scaled_dot_product_attention(q, k, v)
    torch.testing.assert_close(gpu.attention_tiled(q, k, v, block), wanted)
    torch.testing.assert_close(gpu.attention_explicit(q, k, v), wanted)


def test_tiled_attention_adds_up_in_float32():
    q, k, v = torch.randn(3, 1, 2000, 8).bfloat16()
    wanted = F.scaled_dot_product_attention(q.float(), k.float(), v.float())
    ours = gpu.attention_tiled(q, k, v, 16)
    assert ours.dtype == torch.bfloat16
    assert (ours.float() - wanted).abs().max() < 0.02 * wanted.abs().max()


def test_tiled_attention_survives_large_scores_and_other_lengths():
    q, k, v = 1e3 * torch.ones(3, 4), torch.ones(5, 4), torch.randn(5, 4)
    k[2] = 1e3
    wanted = v[2].expand(3, 4)
    torch.testing.assert_close(gpu.attention_tiled(q, k, v, 2), wanted)
    with pytest.raises(ValueError, match="`block` must be 1 or more"):
        gpu.attention_tiled(q, k, v, 0)


@no_gpu
def test_capture_says_that_it_needs_a_gpu():
    with pytest.raises(RuntimeError, match="needs a GPU"):
        gpu.capture(lambda: None)


@needs_gpu
def test_a_captured_call_replays():
    x = torch.ones(4, device="cuda")
    replay = gpu.capture(lambda: x * 2)
    x.fill_(3.0)
    torch.testing.assert_close(replay(), torch.full_like(x, 6.0))


@needs_gpu
def test_every_suite_runs_on_the_gpu():
    place = Place("cuda", rounds=5, budget_s=0.01)
    roof = ceilings.ceilings(place, (256,), (1 << 20,))
    for suite in SUITES.values():
        assert any(r.median for r in suite(place, roof))
    rows = launches.launches(place, roof, (2,))
    rows += fused.fused(place, roof, ((64, 128),))
    assert {"CUDA graph", "eager", "chain"} <= {
        r.name for r in rows if r.median
    }


def test_the_command_runs_one_suite():
    line = [sys.executable, "-m", "dlf.bench", "--only", "gather"]
    done = subprocess.run(
        [*line, "--rounds", "5", "--seconds", "0.01"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "gather: 20" in done.stdout or "gather: 200" in done.stdout
    assert "the record lacks sweeps: not asked for" in done.stdout


def test_a_case_that_fails_costs_itself_alone():
    def broken():
        raise KeyError("a slip")

    kept, lost = [], []
    place = replace(
        PLACE,
        finished=kept.extend,
        failed=lambda name, error: lost.append((name, repr(error))),
    )
    good = a_case(x=lambda: lambda: None)
    rows = run(place, ROOF, [good, a_case(x=broken), good])
    assert [r.name for r in rows] == [r.name for r in kept] == ["x", "x"]
    assert lost == [("s, c", "KeyError('a slip')")]


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
