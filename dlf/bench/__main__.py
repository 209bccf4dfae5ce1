"""Time this machine, `dlf` and PyTorch on it; print tables, keep the record.

    python -m dlf.bench                      everything, some minutes
    python -m dlf.bench --only dense graphs  these steps
    python -m dlf.bench --record             data/benchmarks/<machine>.json
    python -m dlf.bench --budget 400         seconds in all

Every step runs in a process of its own, the most wanted first. One that fails,
or runs out of its time, costs its own rows and no others; the record then says
what it lacks. The suites run on the GPU if there is one; `cpu` is what the host
does besides.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dlf.bench.timing import pin_heap

#: step to the seconds that it may take under a budget; most wanted first
LIMITS = {
    "machine": 150,  # loads the libraries from a cold disk
    "ceilings": 120,
    "fused": 90,
    "sweeps": 90,
    "attention": 60,
    "launches": 120,
    "gather": 45,
    "convolution": 45,
    "layer": 45,
    "recurrence": 45,
    "transfers": 60,
    "dense": 60,
    "cpu": 75,
    "graphs": 75,
}
NEEDED = ("machine", "ceilings")  # by the other steps
SCALARS = ("dense", "scalar_engine_s", "tape_overhead_s", "graph_layers")


def main() -> int:
    """Run the steps asked for; the exit status says whether budgets held."""
    args = parser().parse_args()
    pin_heap("dlf.bench")
    from dlf.bench import report

    started = time.monotonic()
    wanted = [s for s in LIMITS if not args.only or s in {*args.only, *NEEDED}]
    if not _gpu() and not args.only:
        wanted.remove("cpu")  # its suites are those of the machine
    lacks = {s: "not reached" for s in steps_of_a_record()}
    lacks |= {s: "not asked for" for s in lacks if s not in wanted}
    with tempfile.TemporaryDirectory(prefix="dlf-bench-") as made:
        folder = Path(made)
        for step in wanted:
            left = args.budget - (time.monotonic() - started)
            why = _step(step, folder, args, left)
            lacks.pop(step, None)
            if why:
                lacks[step] = why
                print(f"{step}: {why}", flush=True)
            whole = joined(folder, lacks)
            whole["seconds"] = round(time.monotonic() - started)
            if args.record and whole["machine"]:
                file = report.write(whole)
    over = whole.pop("over")
    print(f"\n{whole['seconds']} s; {'; '.join(over) or 'all within budget'}")
    if args.record and whole["machine"]:
        print(f"recorded in data/benchmarks/{file.name}")
    for step, why in whole["lacks"].items():
        print(f"the record lacks {step}: {why}")
    failed = set(lacks.values()) - {"not asked for"}
    return bool(over or failed)


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
        "--budget",
        type=float,
        default=float("inf"),
        metavar="SECONDS",
        help="for all steps together; each is then held to a limit of its own",
    )
    top.add_argument(
        "--only",
        nargs="+",
        metavar="STEP",
        choices=list(LIMITS),
        help=f"these steps alone, of {', '.join(LIMITS)}",
    )
    return top


def steps_of_a_record() -> list[str]:
    """Return the steps that a whole record has on this machine."""
    return [s for s in LIMITS if s != "cpu" or _gpu()]


def joined(folder: Path, lacks: dict[str, str]) -> dict[str, Any]:
    """Join what the steps have written so far, as the record has it.

    Args:
        folder: of the steps' results.
        lacks: step to the reason why it is missing or not whole.
    """
    whole: dict[str, Any] = {"machine": {}, "ceilings": {}, "rows": []}
    whole |= {"over": [], "lacks": dict(lacks)}
    for step in LIMITS:
        file = folder / f"{step}.json"
        if not file.exists():
            continue
        part = json.loads(file.read_text(encoding="utf-8"))
        whole["machine"] |= part.get("machine", {})
        whole["ceilings"] |= part.get("ceilings", {})
        whole["rows"] += part.get("rows", [])
        whole["over"] += part.get("over", [])
        whole |= {k: part[k] for k in SCALARS if k in part}
        if part.get("failed"):
            whole["lacks"][step] = "; ".join(part["failed"])
    return whole


def _step(step: str, folder: Path, args: Any, left: float) -> str:
    """Run one step in a process of its own; say why it is not whole, or ""."""
    if left < 10:
        return "no time was left"
    command = [sys.executable, "-m", "dlf.bench.steps", step, str(folder)]
    command += ["--rounds", str(args.rounds), "--seconds", str(args.seconds)]
    limit = None if left == float("inf") else min(LIMITS[step], left)
    print(f"\n{step}", flush=True)
    try:
        done = subprocess.run(command, timeout=limit)
    except subprocess.TimeoutExpired:
        return f"stopped after {limit or 0:.0f} s"
    return f"ended with status {done.returncode}" if done.returncode else ""


def _gpu() -> bool:
    import torch

    return torch.cuda.is_available()


if __name__ == "__main__":
    sys.exit(main())
