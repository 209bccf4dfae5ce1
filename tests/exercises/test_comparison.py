"""Answers are told apart strictly, and never by numbers that look alike."""

import numpy as np
import pytest
import torch

from dlf.exercises.comparison import apart, difference


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (0.1 + 0.2, 0.3),
        (1.0000001, 1.0),
        ([1.0, 2.00000001], [1.0, 2.0]),
        (np.array([1e9 + 0.25]), np.array([1e9])),
    ],
)
def test_unequal_numbers_never_look_alike(got, want):
    mine, due = apart(got, want)
    assert mine != due


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (np.nan, 1.0),
        (1.0, np.nan),
        (np.inf, 1.0),
        (-np.inf, np.inf),
        (True, 1.0),
        (True, 1),
        (1, True),
        (1.0, True),
        ("1", 1.0),
        ("True", True),
        (1 + 0j, 1.0),
        (2.0000001, 2),
        ([1.0], 1.0),
        (np.array([1.1]), 1.0),
        (np.array([1.0]), True),
        (np.array(["1"]), 1.0),
        (np.ones(2), 1.0),
        (np.ones(0), 1.0),
        (1.0, np.ones(1)),
        (np.ones((1, 2)), np.ones(2)),
        (np.ones(2), np.ones(2, bool)),
        (np.array(["1", "2"]), np.array([1.0, 2.0])),
        (np.array(["1", "2"], object), np.array([1.0, 2.0])),
        ([1.0, None], np.ones(2)),
        ([[1.0], [1.0, 2.0]], np.ones((2, 2))),
        ({1.0}, np.ones(1)),
        ((1.0,), (1.0, 2.0)),
        (3.0, (1.0, 2.0)),
        ({"a": 1.0, "b": 1.0}, {"a": 1.0}),
        (1.1, 1.0),
    ],
)
def test_what_differs_is_told_apart(got, want):
    assert difference(got, want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (np.nan, np.nan),
        (np.inf, np.inf),
        (2.0, 2),
        (2, 2.0),
        (np.float32(1.1), 1.1),
        (np.array(1.5), 1.5),
        (np.array([1.5]), 1.5),
        (np.array([[2.0]]), 2),
        (torch.ones(1, requires_grad=True), 1.0),
        (np.array([True]), True),
        ((np.array([1.0]), 2.0), (1.0, 2.0)),
        (torch.ones(2), np.ones(2)),
        ([1, 2], np.array([1.0, 2.0])),
        ((1, 2), np.array([1.0, 2.0])),
        (np.array([1.0, 2.0]), (1.0, 2.0)),
        (np.bool_(True), True),
        ([True, False], np.array([True, False])),
        ([], np.zeros(0, int)),
        ({"b": 2.0, "a": [1]}, {"a": np.ones(1), "b": 2}),
        ("one", "one"),
    ],
)
def test_what_is_the_same_is_accepted(got, want):
    assert difference(got, want, rtol=1e-5, atol=1e-6) == ""
