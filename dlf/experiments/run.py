"""Run a claim's cells on any executor and keep each as it comes.

Finished cells lie in `.cache/experiments/<claim>/<source>/`, so that a run that
was killed goes on where it stopped. One thread a worker.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Any

from dlf.experiments import provenance, records, registry, store
from dlf.experiments.claim import Claim

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
    kept = _folder(claim, code["source_sha256"], cache)
    runs: dict[str, dict] = {}
    for unit in claim.units():
        if (file := kept / _file(unit)).exists():
            runs[unit] = json.loads(file.read_text(encoding="utf-8"))
            tell(f"{claim.number} {unit}: kept")
    left = [unit for unit in claim.units() if unit not in runs]

    def keep(unit: str, done: dict) -> None:
        runs[unit] = done
        store.write(kept / _file(unit), done)
        tell(f"{claim.number} {unit}: {done['seconds_cell']:.0f} s")

    if executor is None:
        for unit in left:
            keep(unit, work(address, unit))
    else:
        futures = {executor.submit(work, address, unit): unit for unit in left}
        for future in as_completed(futures):
            keep(futures[future], future.result())
    spent = sum((run["seconds_cell"] for run in runs.values()), 0.0)
    wall = time.perf_counter() - start
    wall = wall if left else spent
    return records.make(claim, address, runs, code, wall)


def export(name: str, units: Sequence[str]) -> dict[str, Any]:
    """Run some cells here, to be joined on another machine.

    Args:
        name: number or address of the claim.
        units: names of its cells.

    Raises:
        KeyError: the claim has no such cell.
    """
    address = registry.address(name)
    claim = registry.find(address)
    for unit in units:
        if unit not in claim.units():
            raise KeyError(
                f"export: {claim.number} has the cells "
                f"{', '.join(claim.units())}; got {unit!r}"
            )
    where = provenance.environment()
    return {
        "claim": claim.number,
        "address": address,
        "source_sha256": records.code(claim, address)["source_sha256"],
        "rule_sha256": records.rule_hash(claim),
        "cells": {u: work(address, u) | {"env": where} for u in units},
    }


def join(exported: dict[str, Any], cache: Path | None = None) -> list[Path]:
    """File the cells of another machine among the finished ones.

    The next run of the claim takes them as they are and does the rest.

    Args:
        exported: what `export` returned.
        cache: folder of the finished cells; None for ``.cache/experiments``.

    Raises:
        ValueError: they were run from another source or under another rule.
    """
    address = exported["address"]
    claim = registry.find(address)
    source = records.code(claim, address)["source_sha256"]
    rule = records.rule_hash(claim)
    for what, then, now in (
        ("source", exported["source_sha256"], source),
        ("rule", exported["rule_sha256"], rule),
    ):
        if then != now:
            raise ValueError(
                f"join: the {what} of {claim.number} must be the one that the "
                f"cells were run from; got {then[:8]}, here it is {now[:8]}"
            )
    kept = _folder(claim, source, cache)
    files = []
    for unit, done in exported["cells"].items():
        files.append(kept / _file(unit))
        store.write(files[-1], done)
    return files


def _folder(claim: Claim, source_sha256: str, cache: Path | None) -> Path:
    short = source_sha256[:8], records.rule_hash(claim)[:8]
    return (cache or CACHE) / claim.number / "-".join(short)


def work(address: str, unit: str) -> dict[str, Any]:
    """Do one cell in one thread; the result is ready for JSON.

    Args:
        address: of the claim, ``module:NAME``.
        unit: name of the cell.
    """
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    threadpool_limits(1)
    start = time.perf_counter()
    done = registry.find(address).run(unit)
    return store.plain(done | {"seconds_cell": time.perf_counter() - start})


def _file(unit: str) -> str:
    return hashlib.sha256(unit.encode()).hexdigest()[:12] + ".json"
