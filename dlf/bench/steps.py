"""One step of the bench, in a process of its own.

    python -m dlf.bench.steps NAME FOLDER [--rounds N] [--seconds S]

writes FOLDER/NAME.json anew after every case, so that whatever ends the process
costs the case at hand and no other. `dlf.bench` runs the steps one by one and
joins what they wrote.
"""

import argparse
import json
import os
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from dlf.bench import report
from dlf.bench.ceilings import Ceilings, ceilings
from dlf.bench.device import Place, exact_float32
from dlf.bench.timing import Timing, provenance

#: suite to the module that has it
SUITES = {
    "fused": "fused",
    "sweeps": "sweeps",
    "attention": "sequences",
    "launches": "launches",
    "gather": "gather_scatter",
    "convolution": "convolution",
    "layer": "dense",
    "recurrence": "sequences",
    "transfers": "transfers",
    "loading": "transfers",
}
ENTRY = {"gather": "gathering"}
#: largest ratios that we allow ourselves: (comparison, contender) to ratio
BUDGET = {
    ("batch 128", "scratch"): 1.0,
    ("batch 128", "tape"): 1.0,
    ("batch 1", "scratch"): 1.5,
    ("convolution", "scratch"): 2.6,
    ("LSTM step", "scratch"): 0.8,
    ("LSTM layer", "scratch"): 2.5,
}
GRAPH_BUDGET = 1.5  # of every layer of a graph network
OVERHEAD_S = 3e-6  # of the tape, an operation


def run(name: str, folder: Path, rounds: int, seconds: float) -> dict[str, Any]:
    """Do one step and return what it found.

    Args:
        name: ``machine``, ``ceilings``, ``cpu``, ``dense``, ``graphs`` or a
            suite.
        folder: where the steps before it left their results.
        rounds: timings a contender.
        seconds: for the timings of a case.
    """
    torch.set_num_threads(1)
    exact_float32()
    if name == "machine":
        return {"machine": provenance()}
    if name == "dense":
        return dense_suite(rounds)
    if name == "graphs":
        return graph_suite(rounds)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    device = "cpu" if name == "cpu" else device
    found: dict[str, Any] = {"ceilings": {}, "rows": [], "failed": []}

    def finished(rows: list) -> None:
        found["rows"] += [r.plain() for r in rows]
        keep(folder / f"{name}.json", found)

    def failed(case: str, error: Exception) -> None:
        said = str(error).strip().partition("\n")[0][:300]
        found["failed"].append(f"{case}: {type(error).__name__}: {said}")
        print(f"failed: {found['failed'][-1]}", flush=True)

    place = Place(device, rounds, seconds, finished, failed)
    if name in ("ceilings", "cpu"):
        roof = ceilings(place)
        found["ceilings"][device] = report.plain(roof)
        print(f"ceilings of {device}: {_said(roof)}", flush=True)
        keep(folder / f"{name}.json", found)
    else:
        stored = json.loads((folder / "ceilings.json").read_text("utf-8"))
        roof = report.ceilings_of(stored["ceilings"][device])
    suites = {"ceilings": (), "cpu": ("layer", "loading")}.get(name, (name,))
    for suite in suites:
        module = import_module(f"dlf.bench.{SUITES[suite]}")
        entry = ENTRY[suite] if suite in ENTRY else suite  # noqa: SIM401
        rows = getattr(module, entry)(place, roof)
        print(report.table(rows), flush=True)
    return found


def dense_suite(rounds: int) -> dict[str, Any]:
    """Training steps, a convolution and an LSTM against PyTorch.

    Args:
        rounds: timings a contender.
    """
    from dlf.bench import convolution, dense, lstm

    tables = {f"batch {b}": dense.dense(b, rounds) for b in (128, 1)}
    tables["convolution"] = convolution.layer(rounds)
    tables["LSTM step"] = lstm.step(rounds)
    tables["LSTM layer"] = lstm.layer(rounds)
    print("training step of 784-128-128-10, float32, one thread")
    for title, timings in tables.items():
        print(report.ratios(title, timings))
    scalar = dense.scalars()
    one = tables["batch 1"][0].median
    print(
        f"engine of scalars, one example: {scalar:.2f} s, {scalar / one:.0f}×"
    )
    plain, taped = dense.overhead(rounds=rounds)
    extra = taped.median - plain.median
    print(f"tape overhead: {extra * 1e6:.2f} µs an operation, both ways")
    over = [
        f"{title}, {t.name}: {t.ratio:.2f} is over {BUDGET[title, t.name]}"
        for title, timings in tables.items()
        for t in timings
        if t.ratio > BUDGET.get((title, t.name), float("inf"))
    ]
    if extra > OVERHEAD_S:
        over.append(f"tape overhead is over {OVERHEAD_S * 1e6:.0f} µs")
    return {
        "dense": _plain(tables),
        "scalar_engine_s": scalar,
        "tape_overhead_s": extra,
        "over": over,
    }


def graph_suite(rounds: int) -> dict[str, Any]:
    """Layers of graph networks against PyTorch Geometric's, if it is there.

    Args:
        rounds: timings a contender.
    """
    if find_spec("torch_geometric") is None:
        print("graphs: PyTorch Geometric is not installed")
        return {"failed": ["graphs: PyTorch Geometric is not installed"]}
    from dlf.bench import graphs

    tables = graphs.layers(rounds)
    print("layers of graph networks")
    for title, timings in tables.items():
        print(report.ratios(title, timings))
    over = [
        f"{title}: {t.ratio:.2f} is over {GRAPH_BUDGET}"
        for title, timings in tables.items()
        for t in timings
        if t.ratio > GRAPH_BUDGET
    ]
    return {"graph_layers": _plain(tables), "over": over}


def keep(file: Path, found: dict[str, Any]) -> None:
    """Write what was found, whole or not at all.

    Args:
        file: to be written.
        found: fit for JSON.
    """
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(found), encoding="utf-8")
    os.replace(draft, file)


def _plain(tables: dict[str, list[Timing]]) -> dict[str, list[dict]]:
    return {k: [asdict(t) for t in v] for k, v in tables.items()}


def _said(roof: Ceilings) -> str:
    flops = ", ".join(f"{t} {v / 1e9:.3g}" for t, v in roof.flops.items())
    fastest = max(roof.bandwidth.values())
    return (
        f"Gflop/s {flops}; copies {roof.memory / 1e9:.3g} GB/s from memory, "
        f"{fastest / 1e9:.3g} from a cache; {roof.call_s * 1e6:.1f} µs a call"
    )


def main() -> None:
    """Do the step that the command line names."""
    top = argparse.ArgumentParser("python -m dlf.bench.steps")
    top.add_argument("name")
    top.add_argument("folder", type=Path)
    top.add_argument("--rounds", type=int, default=25)
    top.add_argument("--seconds", type=float, default=2.0)
    given = top.parse_args()
    found = run(given.name, given.folder, given.rounds, given.seconds)
    keep(given.folder / f"{given.name}.json", found)


if __name__ == "__main__":
    main()
