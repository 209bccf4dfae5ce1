"""How calls are timed: turns, warm-up, floors, and contenders that agree."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlf.bench import (
    report,
    timing,
)
from dlf.bench.benchmark import Case, run
from dlf.bench.device import Absent, Place, measure, peak_bytes
from tests.bench.samples import ROOF

PLACE = Place("cpu", rounds=5, budget_s=0.01)


def test_the_floor_is_the_slower_of_bytes_and_operations():
    assert ROOF.floor(1000.0, 1.0) == 10.0
    assert ROOF.floor(1000.0, 1.0, "float64") == 20.0
    assert ROOF.floor(1.0, 640.0) == 64.0
    assert ROOF.floor(1.0, 8.0) == 0.1  # from a cache
    assert ROOF.floor(1.0, 8.0, cold=True) == 0.8  # from the memory


def test_a_working_set_moves_no_faster_than_a_copy_of_its_size_or_more():
    assert [ROOF.copying(b) for b in (1, 8, 9, 65, 9999)] == [
        80,
        80,
        80,
        10,
        10,
    ]


def test_turns_rotate_and_leave_the_collector_as_it_was():
    import gc

    order = []
    timers = [lambda n=n: order.append(n) or float(n) for n in range(3)]
    seconds = timing.turns(timers, rounds=4)
    assert order == [0, 1, 2, 1, 2, 0, 2, 0, 1, 0, 1, 2]
    np.testing.assert_array_equal(seconds, np.tile([0.0, 1.0, 2.0], (4, 1)))
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_measure_warms_up_and_divides_by_its_calls(clock):
    clock.by_reading = 0.0
    takes, count = {"a": 2.0**-15, "b": 2.0**-10}, {"a": 0, "b": 0}

    def call(name):
        count[name] += 1
        clock.now += takes[name]

    found = measure(PLACE, {n: lambda n=n: call(n) for n in count})
    for name, seconds in found.items():
        assert seconds.tolist() == [takes[name]] * 5
    warm_up, tried, planned = 3, 3, 1
    assert count["b"] == warm_up + tried + planned + 5
    repeated = 7  # times 2^-15 s is 0.2 ms and more
    assert count["a"] == warm_up + tried + repeated * (planned + 5)


def test_peak_bytes_counts_what_is_held_at_once():
    def call():
        a = torch.ones(1000)
        b = a + 1
        del a
        return b + 1

    assert 8000 <= peak_bytes(PLACE, call) < 9000


def a_case(**contenders):
    return Case(suite="s", name="c", contenders=contenders, flops=200.0)


def test_what_cannot_run_is_kept_with_its_reason(clock):
    def lacking():
        raise Absent("it lacks a wheel")

    def failing():
        raise RuntimeError("no such kernel\nand more")

    good, a, b = run(
        PLACE, ROOF, [a_case(x=lambda: lambda: None, y=lacking, z=failing)]
    )
    assert good.median == 2.0**-14  # two calls between two readings
    assert good.floor == 2.0
    assert a.absent == "it lacks a wheel"
    assert b.absent == "RuntimeError: no such kernel"
    assert a.median is None
    assert np.isnan(a.fraction)
    assert "it lacks a wheel" in report.table([good, a])


def test_contenders_that_disagree_are_not_timed():
    one, two = torch.ones(3), torch.full((3,), 1.1)
    with pytest.raises(AssertionError, match="y computes something else"):
        run(PLACE, ROOF, [a_case(x=lambda: lambda: one, y=lambda: lambda: two)])
    nan = torch.full((3,), float("nan"))
    with pytest.raises(AssertionError, match="computes something else"):
        run(PLACE, ROOF, [a_case(x=lambda: lambda: one, y=lambda: lambda: nan)])


def test_an_error_in_a_contender_is_not_taken_for_absence():
    def broken():
        raise KeyError("a slip of ours")

    with pytest.raises(KeyError):
        run(PLACE, ROOF, [a_case(x=broken)])


def test_a_case_that_fails_costs_itself_alone():
    def broken():
        raise KeyError("a slip")

    kept, lost = [], []
    place = replace(
        PLACE,
        finished=kept.extend,
        failed=lambda name, error: lost.append((name, repr(error))),
    )
    good = a_case(x=lambda: lambda: None)
    rows = run(place, ROOF, [good, a_case(x=broken), good])
    assert [r.name for r in rows] == [r.name for r in kept] == ["x", "x"]
    assert lost == [("s, c", "KeyError('a slip')")]
