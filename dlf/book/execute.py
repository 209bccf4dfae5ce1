"""Run the pages whose code, or what it depends on, has changed.

Outputs are kept by jupyter-cache, keyed by the code cells, where Sphinx finds
them; beside them stands a digest of everything else each page depends on.
"""

import json
import multiprocessing
import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import jupytext
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode

from dlf.book import dependencies
from dlf.book.paths import BUILD, CACHE, pages

TIMEOUT_S = 300
PATIENCE_S = 3.0  # for a page to end its kernel when it is interrupted
COLORS = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True)
class Run:
    """What came of one page: its notebook, or the failure to report."""

    page: Path
    seconds: float
    notebook: NotebookNode | None
    failure: str = ""


def execute(root: Path, workers: int = 2, force: bool = False) -> list[Run]:
    """Run what has changed, in parallel; return the runs that failed.

    Args:
        root: the checkout.
        workers: pages that run at the same time, one thread each.
        force: run every page, changed or not.
    """
    cache = get_cache(root / CACHE)
    due = pages(root) if force else outdated(root)
    ledger = _ledger(root)
    digest = {page: dependencies.digest(page, root) for page in due}
    failed = []
    with _stoppable(workers) as pool:
        runs = [pool.submit(run, page) for page in due]
        for n, done in enumerate(as_completed(runs), 1):
            r = done.result()
            name = r.page.relative_to(root).with_suffix("").as_posix()
            print(
                f"[{n}/{len(due)}] {name}: "
                f"{'FAILED after ' if r.failure else ''}{r.seconds:.0f} s",
                flush=True,
            )
            _forget_doctree(root, name)
            if r.failure or r.notebook is None:
                failed.append(r)
                continue
            cache.cache_notebook_bundle(
                CacheBundleIn(
                    r.notebook,
                    str(r.page),
                    data={"execution_seconds": r.seconds},
                ),
                check_validity=False,
                overwrite=True,
            )
            digests = (
                json.loads(ledger.read_text(encoding="utf-8"))
                if ledger.exists()
                else {}
            )
            digests[name] = digest[r.page]
            _write(ledger, json.dumps(digests, indent=1, sort_keys=True))
    return failed


@contextmanager
def _stoppable(count: int) -> Iterator[ProcessPoolExecutor]:
    """Open a pool that ends at once, queue dropped, when interrupted."""
    pool = ProcessPoolExecutor(count)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        workers = multiprocessing.active_children()
        for worker in workers:
            if worker.pid is not None:  # it then ends its kernel
                with suppress(ProcessLookupError):  # or has ended itself
                    os.kill(worker.pid, signal.SIGINT)
        for worker in workers:
            worker.join(PATIENCE_S)
            worker.terminate()
        raise
    pool.shutdown()


def outdated(root: Path) -> list[Path]:
    """Pages without outputs for their present code and dependencies.

    Args:
        root: folder of the checkout.
    """
    ledger = _ledger(root)
    digests = (
        json.loads(ledger.read_text(encoding="utf-8"))
        if ledger.exists()
        else {}
    )
    return [
        page
        for page in pages(root)
        if executed(page, root) is None
        or digests.get(page.relative_to(root).with_suffix("").as_posix())
        != dependencies.digest(page, root)
    ]


def executed(page: Path, root: Path) -> NotebookNode | None:
    """Give the page as a notebook with the outputs of its last run, if any.

    Args:
        page: a Markdown page with code.
        root: folder of the checkout, which holds the cache.
    """
    try:
        _, notebook = get_cache(root / CACHE).merge_match_into_notebook(
            jupytext.read(page)
        )
    except KeyError:
        return None
    return notebook


def run(page: Path) -> Run:
    """Execute one page in its own folder, on one thread.

    Args:
        page: a Markdown page with code.
    """
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    notebook = jupytext.read(page)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT_S,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=40"],
        resources={"metadata": {"path": str(page.parent)}},
    )
    start = time.perf_counter()
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError) as error:
        seconds = time.perf_counter() - start
        return Run(page, seconds, None, _report(page, notebook, error))
    seconds = time.perf_counter() - start
    return Run(page, seconds, notebook, _complaint(page, notebook))


def _complaint(page: Path, notebook: NotebookNode) -> str:
    """Read what the page wrote to stderr: a warning no reader should see."""
    for n, cell in enumerate(
        (c for c in notebook.cells if c.cell_type == "code"), 1
    ):
        for output in cell.outputs:
            if output.get("name") == "stderr":
                return f"{page}, code cell {n} warns:\n\n{output.text}"
    return ""


def _report(page: Path, notebook: NotebookNode, error: Exception) -> str:
    """Return the chapter, the cell and the error, for a reader of a log."""
    code = [c for c in notebook.cells if c.cell_type == "code"]
    n, cell = next(
        (
            (n, c)
            for n, c in enumerate(code, 1)
            if any(o.output_type == "error" for o in c.outputs)
        ),
        (0, None),
    )
    if cell is None:
        return f"{page}\n{COLORS.sub('', str(error))}"
    raised = next(o for o in cell.outputs if o.output_type == "error")
    trace = COLORS.sub("", "\n".join(raised.traceback[-3:]))
    return (
        f"{page}, code cell {n} of {len(code)}:\n\n{cell.source}\n\n{trace}\n"
        if raised.ename in trace
        else f"{page}, code cell {n} of {len(code)}:\n\n{cell.source}\n\n"
        f"{trace}\n{raised.ename}: {raised.evalue}\n"
    )


def _ledger(root: Path) -> Path:
    return root / CACHE / "dependencies.json"


def _forget_doctree(root: Path, name: str) -> None:
    """Sphinx does not see new outputs behind an unchanged page."""
    (root / BUILD / ".doctrees" / f"{name}.doctree").unlink(missing_ok=True)


def _write(file: Path, text: str) -> None:
    part = file.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
