"""No test reads a clock, and none draws without a seed."""

import ast
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent
FILES = sorted(TESTS.rglob("*.py"))
CLOCKS = {"perf_counter", "process_time", "monotonic", "time"}
CLOCKS |= {f"{name}_ns" for name in CLOCKS} | {"timeit", "Timer", "thread_time"}
UNSEEDED = {"default_rng", "Generator", "Random", "RandomState", "SeedSequence"}


def luck(source: str) -> list[int]:
    """Lines that call a clock, or make a generator of no seed."""
    return [
        call.lineno
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and (
            (call.func.attr in CLOCKS and _of(call, "time", "timeit"))
            or (
                call.func.attr in UNSEEDED
                and _of(call, "random")
                and not call.args + call.keywords
            )
        )
    ]


def _of(call: ast.Call, *modules: str) -> bool:
    """Whether the function is of one of the modules, by their last names."""
    of = call.func.value
    return getattr(of, "attr", getattr(of, "id", None)) in modules


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(TESTS)))
def test_reads_no_clock_and_draws_by_a_seed(file):
    assert luck(file.read_text(encoding="utf-8")) == []


def test_the_search_finds_what_it_should():
    for line in (
        "time.perf_counter()",
        "np.random.default_rng()",
        "random.Random()",
    ):
        assert luck(line) == [1]
    for line in ("np.random.default_rng(0)", "rng.time()", "time.sleep(1)"):
        assert luck(line) == []


def test_hypothesis_draws_the_same_in_every_run():
    assert settings.default.derandomize
    assert settings.default.deadline is None
