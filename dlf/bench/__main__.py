"""Time this machine, `dlf` and PyTorch on it; print tables, keep the record.

Suites: dense (training steps, tape, scalars, the budgets), layer, sweeps,
launches, attention, recurrence, gather, fused, transfers, graphs. They run on
the GPU if there is one, but for dense and layer, which run on the CPU too.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from typing import Any

from dlf.bench.timing import Timing, pin_heap

#: largest ratios that we allow ourselves: (comparison, contender) to ratio
BUDGET = {
    ("batch 128", "scratch"): 1.0,
    ("batch 128", "tape"): 1.1,
    ("batch 1", "scratch"): 1.5,
}
OVERHEAD_S = 3e-6
DENSE, GRAPHS = "dense", "graphs"


def main() -> int:
    """Run the suites asked for; the exit status says whether budgets held."""
    args = parser().parse_args()
    pin_heap("dlf.bench")
    started = time.perf_counter()

    import torch

    from dlf.bench import report
    from dlf.bench.ceilings import ceilings
    from dlf.bench.place import Place
    from dlf.bench.timing import provenance

    torch.set_num_threads(1)
    where = provenance()
    print("\n".join(f"{key:16}{value}" for key, value in where.items()))
    plain: dict[str, Any] = {"machine": where, "ceilings": {}, "rows": []}
    over: list[str] = []
    suites = _suites()
    wanted = args.only or [DENSE, *suites, GRAPHS]

    if DENSE in wanted:
        found, over = dense_suite(args.rounds)
        plain |= found
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    for device in devices:
        due = [s for s in suites if s in wanted]
        if device != devices[-1]:
            due = [s for s in due if s == "layer"]
        if not due:
            continue
        place = Place(device, args.rounds, args.seconds)
        roof = ceilings(place)
        plain["ceilings"][device] = report.plain(roof)
        print(f"\nceilings of {device}: {_said(roof)}")
        for suite in due:
            rows = suites[suite](place, roof)
            print(f"\n{report.table(rows)}", flush=True)
            plain["rows"] += [r.plain() for r in rows]
    if GRAPHS in wanted:
        plain["graph_layers"] = graph_suite(args.rounds)

    plain["seconds"] = round(time.perf_counter() - started)
    print(f"\n{plain['seconds']} s; {'; '.join(over) or 'all within budget'}")
    if args.record:
        if args.only:
            print("not recorded: a record has all suites, so leave out --only")
        else:
            file = report.write(plain)
            print(f"recorded in data/benchmarks/{file.name}")
    return bool(over)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = argparse.ArgumentParser(
        "python -m dlf.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--record", action="store_true", help="write the JSON")
    top.add_argument("--rounds", type=int, default=25)
    top.add_argument(
        "--seconds", type=float, default=2.0, help="for the timings of a case"
    )
    top.add_argument(
        "--only",
        nargs="+",
        metavar="SUITE",
        choices=[DENSE, *_suites(), GRAPHS],
        help="these suites alone",
    )
    return top


def _suites() -> dict[str, Callable]:
    """Name to entry: each takes a place and its ceilings and gives rows."""

    def entry(module: str, name: str) -> Callable:
        def call(*args: Any) -> list:
            from importlib import import_module

            return getattr(import_module(f"dlf.bench.{module}"), name)(*args)

        return call

    return {
        "layer": entry("dense", "layer"),
        "sweeps": entry("sweeps", "sweeps"),
        "launches": entry("launches", "launches"),
        "attention": entry("sequences", "attention"),
        "recurrence": entry("sequences", "recurrence"),
        "gather": entry("gathering", "gathering"),
        "fused": entry("fused", "fused"),
        "transfers": entry("transfers", "transfers"),
    }


def dense_suite(rounds: int) -> tuple[dict[str, Any], list[str]]:
    """Training steps against PyTorch, and what is over its budget."""
    from dlf.bench import dense, report

    tables = {f"batch {b}": dense.dense(b, rounds) for b in (128, 1)}
    print("\ntraining step of 784-128-128-10, float32, one thread")
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
    found = {
        "dense": _plain(tables),
        "scalar_engine_s": scalar,
        "tape_overhead_s": extra,
    }
    return found, over


def graph_suite(rounds: int) -> dict[str, Any]:
    """Layers of graph networks against PyTorch Geometric's, if it is there."""
    from dlf.bench import report

    if find_spec("torch_geometric") is None:
        print("\ngraphs: PyTorch Geometric is not installed")
        return {}
    from dlf.bench import graphs

    tables = graphs.layers(rounds)
    print("\nlayers of graph networks")
    for title, timings in tables.items():
        print(report.ratios(title, timings))
    return _plain(tables)


def _plain(tables: dict[str, list[Timing]]) -> dict[str, list[dict]]:
    return {k: [asdict(t) for t in v] for k, v in tables.items()}


def _said(roof: Any) -> str:
    flops = ", ".join(f"{t} {v / 1e9:.3g}" for t, v in roof.flops.items())
    widest = roof.bandwidth[max(roof.bandwidth)]
    fastest = max(roof.bandwidth.values())
    return (
        f"Gflop/s {flops}; copies {widest / 1e9:.3g} GB/s from memory, "
        f"{fastest / 1e9:.3g} from a cache; {roof.call_s * 1e6:.1f} µs a call"
    )


if __name__ == "__main__":
    sys.exit(main())
