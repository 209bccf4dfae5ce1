"""What an answer is told: open, or the first input on which it is wrong."""

import numpy as np

from dlf.exercises.core import Exercise

DOUBLE = Exercise(
    "toy-1",
    lambda x: 2 * x,
    draw=lambda rng: (rng.normal(size=3),),
    edges=((np.array([0.5, 1.0]),),),
)


def said(answer):
    return DOUBLE.grade(answer, 0).removeprefix("toy-1: not yet: ")


def test_nothing_for_some_inputs_is_no_open_answer():
    def positive_only(x):
        return 2 * x if x.min() > 0 else None

    def negative_only(x):
        return 2 * x if x.min() < 0 else None

    assert said(positive_only).startswith("you returned nothing for [")
    assert said(negative_only) == "you returned nothing for [0.5, 1]"
    assert DOUBLE.grade(lambda x: None) == "toy-1: still open"


def test_the_message_names_the_first_wrong_input():
    assert said(lambda x: x) == (
        "for [0.5, 1] you returned [0.5, 1], expected [1, 2]"
    )


def test_cases_are_fresh_unless_a_seed_is_given():
    seen = []
    for seed in (1, 1, None, None):
        inputs = []
        DOUBLE.grade(lambda x, log=inputs: log.append(x) or 2 * x, seed)
        seen.append(np.concatenate(inputs).tolist())
    assert seen[0] == seen[1]
    assert seen[2] != seen[3]


def test_a_number_that_looks_right_is_printed_until_it_does_not():
    sixteen = Exercise("toy-2", 16)
    assert sixteen.grade(16 + 2**-30) == (
        "toy-2: not yet: 16.0000000009 is not the value asked for"
    )


def test_a_case_that_is_a_function_is_named():
    def ramp(x):
        return x

    at_two = Exercise(
        "toy-3", lambda f: f(2.0), lambda rng: (ramp,), edges=((np.tanh,),)
    )
    assert at_two.grade(lambda f: 2.0, 0) == (
        "toy-3: not yet: for the function tanh you returned 2, expected "
        "0.964028"
    )
    assert "the function ramp" in at_two.grade(
        lambda f: f(2.0) if f is np.tanh else 0.0, 0
    )
    assert "a function" in Exercise("toy-4", 1.0).grade(lambda: 1.0)
