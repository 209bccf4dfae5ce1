"""Nothing an answer does gets through to the reader who has it graded."""

import dataclasses
import random
import signal
import sys
import threading
import time
import warnings

import numpy as np
import pytest
import torch

from dlf.exercises.comparison import text
from dlf.exercises.core import Exercise

pytestmark = pytest.mark.usefixtures("as_shipped")


def double(x):
    return 2 * x


DOUBLE = Exercise(
    "toy-1",
    double,
    draw=lambda rng: (rng.normal(size=3),),
    edges=((np.array([0.5, 1.0]),),),
    seconds=20.0,
)
HASTY = dataclasses.replace(DOUBLE, seconds=0.1)


def said(answer, exercise=DOUBLE):
    line = exercise.grade(answer, 0)
    assert line.startswith("toy-1: not yet: ")
    assert "\n" not in line
    return line.removeprefix("toy-1: not yet: ")


class SilentError(Exception):
    def __str__(self):
        raise RuntimeError

    __repr__ = __str__


def raising(error):
    def answer(x):
        raise error

    return answer


def test_whatever_it_raises_is_named():
    assert said(raising(ValueError("no"))) == "it raised ValueError: no"
    assert said(raising(SilentError())) == "it raised SilentError"
    assert said(raising(KeyboardInterrupt())) == "it raised KeyboardInterrupt"
    assert said(raising(SystemExit(3))) == "it raised SystemExit: 3"
    assert said(raising(BaseException())) == "it raised BaseException"
    assert said(lambda x: sys.exit()) == "it raised SystemExit"
    assert said(lambda x: exec("raise GeneratorExit")).endswith("GeneratorExit")
    assert said(raising(ValueError("a\nb"))) == "it raised ValueError: a b"


def test_endless_recursion_ends():
    def answer(x):
        return answer(x)

    assert said(answer).startswith("it raised RecursionError")


def loops(x):
    while True:
        pass


def swallows(x):
    while True:
        try:
            x = x + 1
        except BaseException:
            continue


def sleeps(x):
    time.sleep(3)


@pytest.mark.parametrize("answer", [loops, swallows, sleeps])
def test_an_endless_loop_is_stopped(answer):
    before = threading.active_count()
    expected = "no answer within 0.1 seconds for [0.5, 1]"
    assert said(answer, HASTY) == expected
    # a sleeping thread is left to wake up
    assert answer is sleeps or threading.active_count() == before


def test_an_endless_loop_is_stopped_in_another_thread_too():
    lines = []
    thread = threading.Thread(target=lambda: lines.append(said(loops, HASTY)))
    thread.start()
    thread.join()
    assert lines[0].startswith("no answer within")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such timer")
def test_the_reader_may_interrupt():
    def interrupt(*_):
        raise KeyboardInterrupt

    before, handler = threading.active_count(), signal.getsignal(signal.SIGALRM)
    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt):
            DOUBLE.grade(loops)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
    assert threading.active_count() == before


def test_loops_in_what_it_returns_are_stopped():
    class Endless:
        def __array__(self, *_, **__):
            loops(0)

    assert said(lambda x: Endless(), HASTY).startswith("no answer within")


def test_a_flood_of_printing_is_cut(capsys):
    def answer(x):
        for _ in range(10_000):
            print("here", file=sys.stderr)
            print("and here")
        return 2 * x

    assert DOUBLE.grade(answer) == "toy-1: right"
    out, err = capsys.readouterr()
    assert out.startswith("here\nand here\n")
    assert out.endswith("\n… and more, not shown\n")
    assert len(out) < 1100
    assert not err


def test_a_little_printing_is_shown(capsys):
    answer = lambda x: print("len", len(x)) or 3 * x  # noqa: E731
    DOUBLE.grade(answer)
    assert capsys.readouterr().out == "len 2\n"


def test_it_cannot_wait_for_input():
    assert "it raised" in said(lambda x: sys.stdin.readline() or input())


def changes_everything(x):
    np.seterr(all="raise")
    np.random.seed(0)  # noqa: NPY002
    np.set_printoptions(precision=1)
    random.seed(0)
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    warnings.simplefilter("error")
    sys.setrecursionlimit(5000)
    sys.stdout = sys.stderr
    return 2 * x


def state():
    return [
        np.geterr(),
        np.random.get_state()[1].tolist(),  # noqa: NPY002
        np.get_printoptions(),
        random.getstate(),
        torch.get_rng_state().tolist(),
        torch.get_default_dtype(),
        torch.is_grad_enabled(),
        [*warnings.filters],
        sys.getrecursionlimit(),
        sys.stdout,
        sys.stderr,
        sys.stdin,
        threading.stack_size(),
    ]


def test_what_it_changes_of_the_process_is_put_back():
    before = state()
    assert DOUBLE.grade(changes_everything) == "toy-1: right"
    assert state() == before


def test_what_it_changes_does_not_reach_the_solution():
    exercise = dataclasses.replace(
        DOUBLE, solution=lambda x: 2 * x + 0 * np.exp(-999 * abs(x) - 999)
    )
    assert exercise.grade(changes_everything) == "toy-1: right"


def test_warnings_stay_inside(recwarn):
    DOUBLE.grade(lambda x: np.log(x - 10) + warnings.warn("hot", stacklevel=1))
    assert not recwarn


class Vicious:
    """Raises whatever is asked of it."""

    def refuse(self, *_, **__):
        raise KeyboardInterrupt

    __eq__ = __array__ = __len__ = __iter__ = __repr__ = __str__ = refuse
    __bool__ = __float__ = __hash__ = __getitem__ = __instancecheck__ = refuse


class EqualToAll:
    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize("wanted", [1.0, "one", True, (1.0, 2.0), {"a": 1}])
@pytest.mark.parametrize("came", [Vicious(), EqualToAll()])
def test_vicious_objects_are_refused(wanted, came):
    value = Exercise("toy-1", wanted)
    assert value.grade(came).startswith("toy-1: not yet: ")
    function = Exercise("toy-1", lambda: wanted, draw=lambda rng: ())
    assert function.grade(lambda: came).startswith("toy-1: not yet: ")


def test_containers_that_hold_vicious_objects_are_refused():
    want = {"a": np.zeros(2)}
    exercise = Exercise("toy-1", lambda: want, draw=lambda rng: ())
    for came in ({"a": Vicious()}, {"a": [Vicious()] * 2}, [Vicious()], {}):
        assert exercise.grade(lambda came=came: came).startswith("toy-1: not")


def test_huge_and_endless_answers_are_refused():
    huge = np.broadcast_to(1.0, (10**6, 10**6))
    assert "(1000000, 1000000)" in said(lambda x: huge)
    assert said(lambda x: [0.0] * 10**6).endswith("of shape (2,)")
    assert "a huge number" in said(lambda x: 10**5000)
    assert "a generator" in said(
        lambda x: iter(lambda: 0, 1) and (y for y in x)
    )
    deep: list = []
    deep.append(deep)
    assert said(lambda x: deep)


def test_answers_get_copies_of_everything():
    layers = [(np.ones((2, 2)), {"b": np.ones(2)})], torch.nn.Linear(2, 2)
    weights = layers[1].weight.clone()

    def answer(pairs, net):
        pairs[0][1]["b"][:] = 0.0
        pairs.pop(0)
        torch.nn.init.zeros_(net.weight)
        return 1.0

    exercise = Exercise(
        "toy-1", lambda pairs, net: float(len(pairs)), lambda rng: layers
    )
    assert exercise.grade(answer) == "toy-1: right"
    assert layers[0][0][1]["b"].tolist() == [1.0, 1.0]
    assert torch.equal(layers[1].weight, weights)


def test_any_value_is_printed_in_one_short_line():
    values = [Vicious(), "x" * 999, [0] * 999, {"a": {"b": [[[[1]]]]}}, ...]
    values += [np.arange(99.0), np.array(None), float, np.zeros((3, 0)), 1e300]
    for value in values:
        assert len(text(value)) < 170
        assert "\n" not in text(value)
    assert text(np.arange(10.0)) == "[0, 1, 2, 3, 4, 5, …, 9]"
