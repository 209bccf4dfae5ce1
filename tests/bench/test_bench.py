"""The bench: what it times, refuses and counts."""

import subprocess
import sys
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from dlf.bench import (
    ceilings,
    convolution,
    dense,
    fused,
    gather_scatter,
    launches,
    sequences,
    sweeps,
    transfers,
)
from dlf.bench.benchmark import read
from dlf.bench.device import Place
from dlf.nn import gpu
from tests.bench.samples import ROOF, ROW

PLACE = Place("cpu", rounds=5, budget_s=0.01)


no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="for CPUs")


needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")


def test_a_row_says_its_rate_and_its_fraction_of_the_floor():
    assert (ROW.rate, ROW.fraction) == (3.0, 0.25)
    assert read(ROW.plain()) == ROW
    gone = replace(ROW, median=None, low=None, high=None, absent="no GPU")
    assert "fraction" not in gone.plain()
    assert read(gone.plain()) == gone


SUITES = {
    "layer": lambda p, c: dense.layer(p, c, (8,)),
    "batch": lambda p, c: sweeps.by_batch(p, c, (1, 2)),
    "width": lambda p, c: sweeps.by_width(p, c, (8,)),
    "precision": lambda p, c: sweeps.by_precision(p, c, 8),
    "attention": lambda p, c: sequences.attention(p, c, (5,)),
    "sequence": lambda p, c: sequences.recurrence(p, c, (3,)),
    "gather": lambda p, c: gather_scatter.gathering(p, c, ((6, 20),)),
    "convolution": lambda p, c: convolution.convolution(p, c, (4,)),
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
