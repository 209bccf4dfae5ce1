"""Run claims, and verify their records.

python -m dlf.experiments list
python -m dlf.experiments run C12 [--workers 2 | --scheduler ADDRESS]
python -m dlf.experiments stale
python -m dlf.experiments verify [C12 …]
python -m dlf.experiments amend C12 --why "…" [--typo]
python -m dlf.experiments remark C12 "…"
python -m dlf.experiments export C133 CELL … --into FILE
python -m dlf.experiments join FILE
"""

import argparse
import json
import multiprocessing
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from dlf.experiments import (
    provenance,
    records,
    registry,
    store,
    verification,
)
from dlf.experiments import run as experiments_run


def main(argv: list[str] | None = None) -> int:
    """Do what the command line says; return its exit status.

    Args:
        argv: words of the command line; None for those of this process.
    """
    given = parser().parse_args(argv)
    try:
        return given.do(given)
    except KeyError as unknown:
        print(unknown.args[0], file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped; finished cells are kept", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = argparse.ArgumentParser("python -m dlf.experiments")
    commands = top.add_subparsers(required=True)
    add = commands.add_parser("list", help="all claims and their verdicts")
    add.set_defaults(do=show)
    add = commands.add_parser("run", help="run claims and record them")
    add.add_argument("claims", nargs="+")
    add.add_argument("--workers", type=int, default=0)
    add.add_argument("--scheduler", help="address of a Dask scheduler")
    add.add_argument(
        "--check",
        action="store_true",
        help="refuse while what the claim runs has uncommitted changes",
    )
    add.set_defaults(do=run)
    add = commands.add_parser("stale", help="records older than their code")
    add.set_defaults(do=stale)
    add = commands.add_parser("verify", help="check records from their values")
    add.add_argument("claims", nargs="*")
    add.set_defaults(do=verify)
    add = commands.add_parser("export", help="run cells to be joined elsewhere")
    add.add_argument("claim")
    add.add_argument("cells", nargs="+", metavar="CELL")
    add.add_argument("--into", type=Path, required=True)
    add.set_defaults(do=export)
    add = commands.add_parser("join", help="file cells run on another machine")
    add.add_argument("file", type=Path)
    add.set_defaults(do=join)
    add = commands.add_parser("amend", help="say why a change changes nothing")
    add.add_argument("claim")
    add.add_argument("--why", required=True)
    add.add_argument(
        "--typo",
        action="store_true",
        help="a misprint of the rule was put right; both texts are kept",
    )
    add.set_defaults(do=amend)
    add = commands.add_parser("remark", help="note what changes nothing")
    add.add_argument("claim")
    add.add_argument("text")
    add.set_defaults(do=remark)
    return top


def show(_: argparse.Namespace) -> int:
    """List claims with their verdicts, from the records alone.

    Args:
        _: no options are read.
    """
    for number in registry.addresses():
        if not store.path(number).exists():
            print(f"{number:5} {'':9} not run yet")
            continue
        r = store.load(number)
        count = "" if r["n"] is None else f"{r['k']} of {r['n']}"
        word = f"{r['verdict']:20} {count:9}"
        print(f"{number:5} {r['kind']:9} {word} {r['title']}")
    return 0


def run(given: argparse.Namespace) -> int:
    """Run claims one after the other, each with its cells side by side.

    Args:
        given: ``claims``, ``check`` and what `workers` reads.
    """
    for name in given.claims:
        address = registry.address(name)
        if given.check and (changed := provenance.changes(address)):
            print(
                f"run: {name} must be committed before it is run, because the "
                f"rule comes before the result; uncommitted:\n{changed}",
                file=sys.stderr,
            )
            return 1
        with workers(given) as executor:
            record = experiments_run.run(address, executor, tell=tell)
        store.write(store.path(record["claim"]), record)
        tell(f"{record['claim']}: {record['verdict']}: {record['reason']}")
    return 0


def tell(line: str) -> None:
    """Print at once, also into a file.

    Args:
        line: what to print.
    """
    print(line, flush=True)


@contextmanager
def workers(given: argparse.Namespace) -> Iterator[Executor | None]:
    """Open what the cells run on: this process, processes, or a cluster.

    Args:
        given: ``scheduler``, the address of a Dask scheduler, or else
            ``workers``, how many processes; 0 for this one.
    """
    if given.scheduler:
        from distributed import Client

        with Client(given.scheduler) as client:
            yield client.get_executor(pure=False)
    elif given.workers:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(given.workers, mp_context=spawn) as pool:
            yield pool
    else:
        yield None


def recorded() -> list[str]:
    """Claims that have a record."""
    return [n for n in registry.addresses() if store.path(n).exists()]


def stale(_: argparse.Namespace) -> int:
    """Report records older than their rule or code.

    Args:
        _: no options are read.
    """
    return report(recorded(), verification.stale)


def verify(given: argparse.Namespace) -> int:
    """Report records that their own values, rule or code contradict.

    Args:
        given: ``claims``, of which none means all that have a record.
    """
    return report(given.claims or recorded(), verification.verify)


def report(names: list[str], judge: Callable) -> int:
    """Print what is wrong with each record; 1 if anything is.

    Args:
        names: claim numbers.
        judge: maps a claim, its address and its record to what is wrong.
    """
    wrong = 0
    for name in names:
        address = registry.address(name)
        said = judge(registry.find(address), address, store.load(name))
        wrong += len(said)
        print(f"{name}: {'; '.join(said) or 'in order'}")
    return int(wrong > 0)


def export(given: argparse.Namespace) -> int:
    """Run cells here and write them to a file.

    Args:
        given: ``claim``, its ``cells`` by name, and ``into``, the file to
            write.
    """
    done = experiments_run.export(given.claim, given.cells)
    store.write(given.into, done)
    print(f"{given.claim}: {', '.join(done['cells'])} in {given.into}")
    return 0


def join(given: argparse.Namespace) -> int:
    """File another machine's cells; `run` then does the rest and judges.

    Args:
        given: ``file``, as `export` wrote it.
    """
    exported = json.loads(given.file.read_text(encoding="utf-8"))
    experiments_run.join(exported)
    claim = exported["claim"]
    print(f"{claim}: joined; python -m dlf.experiments run {claim} judges")
    return 0


def amend(given: argparse.Namespace) -> int:
    """Amend a record.

    Args:
        given: ``claim``, ``why``, and ``typo``, whether a rule's misprint was
            put right.
    """
    address = registry.address(given.claim)
    claim = registry.find(address)
    try:
        records.amend(claim, address, given.why, given.typo)
    except ValueError as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def remark(given: argparse.Namespace) -> int:
    """Add a remark to a record.

    Args:
        given: ``claim`` and ``text``.
    """
    records.remark(registry.find(given.claim), given.text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
