"""Run a claim's cells on any executor and keep each as it comes.

Finished cells lie in `.cache/experiments/<claim>/<source>/`, so that a run that
was killed goes on where it stopped. One thread a worker.
"""

import hashlib
import json
import time
from collections.abc import Callable
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Any

from dlf.experiments import provenance, records, registry

CACHE = provenance.ROOT / ".cache" / "experiments"


def run(
    name: str,
    executor: Executor | None = None,
    cache: Path | None = None,
    tell: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Run the cells that are not finished yet and return the record.

    Args:
        name: number or address of the claim.
        executor: processes, a Dask cluster's ``get_executor()``, or None for
            this process.
        cache: where finished cells are kept, if not in `CACHE`.
        tell: called with a line as each cell finishes.
    """
    start = time.perf_counter()
    address = registry.address(name)
    claim = registry.find(address)
    code = records.code(claim, address)
    short = code["source_sha256"][:8], records.rule_hash(claim)[:8]
    kept = (cache or CACHE) / claim.number / "-".join(short)
    runs: dict[str, dict] = {}
    for unit in claim.units():
        if (file := kept / _file(unit)).exists():
            runs[unit] = json.loads(file.read_text(encoding="utf-8"))
            tell(f"{claim.number} {unit}: kept")
    left = [unit for unit in claim.units() if unit not in runs]

    def keep(unit: str, done: dict) -> None:
        runs[unit] = done
        records.write(kept / _file(unit), done)
        tell(f"{claim.number} {unit}: {done['seconds_cell']:.0f} s")

    if executor is None:
        for unit in left:
            keep(unit, work(address, unit))
    else:
        futures = {executor.submit(work, address, unit): unit for unit in left}
        for future in as_completed(futures):
            keep(futures[future], future.result())
    spent = sum(run["seconds_cell"] for run in runs.values())
    wall = time.perf_counter() - start
    wall = wall if left else spent
    return records.make(claim, address, runs, code, wall)


def work(address: str, unit: str) -> dict[str, Any]:
    """Do one cell in one thread; the result is ready for JSON."""
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    threadpool_limits(1)
    start = time.perf_counter()
    done = registry.find(address).run(unit)
    return records.plain(done | {"seconds_cell": time.perf_counter() - start})


def _file(unit: str) -> str:
    return hashlib.sha256(unit.encode()).hexdigest()[:12] + ".json"
