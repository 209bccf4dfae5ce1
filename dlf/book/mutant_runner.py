"""Run every mutant in a fork of one pytest session.

    cd mutants; python mutant_runner.py FOUND WORKERS SAMPLE [TEST …]

Collecting all tests takes a minute, running those of a mutant a fraction of a
second. So they are collected once, without a mutant, and each mutant is a fork
in which the tests that reach its function run, the fast ones first, until one
fails. (So what a test module makes while it is imported, it makes without the
mutant: tests should make within themselves what they test.)
SAMPLE mutants are tried, chosen at random from a fixed seed; 0 stands for all.
FOUND becomes a mapping of the mutant's name to ``killed``, ``timeout``,
``survived`` or ``no tests``. A run that is stopped goes on where it was. When
something has changed since, what survived runs again, and so do all mutants of
a module that has changed; a mutant that was killed in a module that has not is
taken to be killed still.

mutmut has made the mutants, chooses the one that runs by an environment
variable, and knows the tests of each function and how long they take.
"""

import hashlib
import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

UNDER_TEST = "MUTANT_UNDER_TEST"
STATISTICS = Path("mutmut-stats.json")
SLOWER, LEAST_S, SAVED_S = 15, 5, 20
KILLED = "killed", "timeout"
LIMITED = signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM  # by `limit`


class Runner:
    """A pytest plugin that runs mutants where pytest would run the tests.

    Args:
        found: file of what came out, written anew every few seconds.
        workers: forks at a time.
        sample: how many mutants to try; 0 for all.
    """

    def __init__(self, found: Path, workers: int, sample: int = 0) -> None:
        self.found, self.workers, self.sample = found, workers, sample
        self.sources = fingerprints(Path())
        self.outcomes = outcomes(found, self.sources)
        self.running: dict[int, str] = {}
        self.saved = time.monotonic()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all mutants that are not done, those with fast tests first.

        Args:
            session: has collected the tests.
        """
        if session.testsfailed:
            return False  # pytest says what could not be collected
        statistics = json.loads(STATISTICS.read_text("utf-8"))
        seconds = statistics["duration_by_test"]
        reach = statistics["tests_by_mangled_function_name"]
        items = {item.nodeid: item for item in session.items}
        waiting = []
        for name in chosen(mutants(Path()), self.sample):
            if name in self.outcomes:
                continue
            tests = [t for t in reach.get(function(name), ()) if t in items]
            tests.sort(key=lambda t: seconds.get(t, 0.0))
            waiting.append(
                (sum(seconds.get(t, 0.0) for t in tests), name, tests)
            )
        for expected, name, tests in sorted(waiting):
            if not tests:
                self.outcomes[name] = "no tests"
                continue
            while len(self.running) >= self.workers:
                self.reap()
            pid = os.fork()
            if not pid:
                limit(SLOWER * expected + LEAST_S)
                run(session, name, [items[t] for t in tests])
            self.running[pid] = name
        while self.running:
            self.reap()
        self.save()
        return True

    def reap(self) -> None:
        """Wait for a fork to end, and note what its end says."""
        pid, status, _ = os.wait4(-1, 0)
        code = os.waitstatus_to_exitcode(status)
        slow = dict.fromkeys((-s for s in LIMITED), "timeout")
        said = ({0: "survived"} | slow).get(code, "killed")
        self.outcomes[self.running.pop(pid)] = said
        if time.monotonic() - self.saved > SAVED_S:
            self.save()

    def save(self) -> None:
        """Write what came out so far, whole or not at all."""
        self.saved = time.monotonic()
        draft = self.found.with_suffix(".draft")
        kept = {"sources": self.sources, "outcomes": self.outcomes}
        draft.write_text(json.dumps(kept), encoding="utf-8")
        os.replace(draft, self.found)


def fingerprints(root: Path) -> dict[str, str]:
    """Hash the modules with their mutants, the tests, and all else they read.

    Args:
        root: the folder that mutmut has made.
    """
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(
            file.read_bytes()
        ).hexdigest()
        for file in sorted(root.rglob("*.py"))
    }


def outcomes(found: Path, sources: dict[str, str]) -> dict[str, str]:
    """Read what came out of an earlier run, as far as it still holds.

    Args:
        found: the file that `Runner` writes.
        sources: fingerprints of the modules and tests as they are now.
    """
    kept = json.loads(found.read_text("utf-8")) if found.exists() else {}
    before = kept.get("sources", {})
    home = mutants(Path())
    return {
        name: said
        for name, said in kept.get("outcomes", {}).items()
        if before == sources
        or (
            said in KILLED
            and name in home
            and before.get(home[name]) == sources[home[name]]
        )
    }


def mutants(root: Path) -> dict[str, str]:
    """Give the names of all mutants, each with the module that it is in.

    Args:
        root: the folder that mutmut has made.
    """
    return {
        name: file.relative_to(root).with_suffix("").as_posix()
        for file in sorted(root.rglob("*.meta"))
        for name in json.loads(file.read_text("utf-8"))["exit_code_by_key"]
    }


def chosen(names: Iterable[str], sample: int) -> list[str]:
    """Choose mutants at random, always the same ones of the same names.

    Args:
        names: of all.
        sample: how many; 0, or as many as there are, for all.

    >>> chosen(["a", "b", "c"], 2)
    ['b', 'c']
    """
    known = sorted(names)
    if not 0 < sample < len(known):
        return known
    return sorted(random.Random(0).sample(known, sample))


def function(mutant: str) -> str:
    """Give the function of a mutant, as mutmut's statistics name it.

    Args:
        mutant: its name.

    >>> function("dlf.scratch.mlp.x_mlp__mutmut_7")
    'dlf.scratch.mlp.x_mlp'
    """
    return mutant.replace("__init__.", "").partition("__mutmut_")[0]


def limit(seconds: float) -> None:
    """End this process after so many seconds of work, or four times as many.

    Args:
        seconds: of the processor; by the clock it is four times that.
    """
    cpu = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    signal.alarm(4 * cpu)


def run(
    session: pytest.Session, name: str, tests: Sequence[pytest.Item]
) -> None:
    """Run tests against a mutant until one fails; the exit status says it.

    Args:
        session: of pytest.
        name: of the mutant.
        tests: in the order in which they are to run.
    """
    code = 1
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        os.environ[UNDER_TEST] = name
        for test in tests:
            session.config.hook.pytest_runtest_protocol(
                item=test, nextitem=None
            )
            if session.testsfailed:
                break
        else:
            code = 0
    finally:
        os._exit(code)


def main() -> int:
    """Do what the command line says; return pytest's exit status."""
    found, workers, sample, *tests = sys.argv[1:]
    os.environ[UNDER_TEST] = ""
    sys.path[0] = os.getcwd()  # where the mutants are, and not this file
    quiet = ["--rootdir=.", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return pytest.main(
        [*quiet, *tests],
        plugins=[Runner(Path(found).resolve(), int(workers), int(sample))],
    )


if __name__ == "__main__":
    sys.exit(main())
