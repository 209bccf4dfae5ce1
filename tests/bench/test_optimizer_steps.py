"""The bench of Adam's step times equal work, and its process reports it."""

import sys

import numpy as np
import pytest

from dlf.bench import optimizer_steps


def test_all_contenders_make_the_same_step():
    made = optimizer_steps.contenders()
    ours = made.pop("scratch")
    first = {k: w.copy() for k, w in ours().items()}
    second = ours()
    for name, step in made.items():
        leaves = step.__self__.param_groups[0]["params"]
        for wanted in (first, second):
            step()
            for w, leaf in zip(wanted.values(), leaves, strict=True):
                np.testing.assert_allclose(
                    leaf.detach(), w, atol=2e-6, err_msg=name
                )


def test_a_process_of_its_own_reports_every_contender():
    rows = optimizer_steps.apart(rounds=2)
    assert [*rows] == [*optimizer_steps.WAYS, "scratch"]
    assert all(seconds > 0 for seconds in rows.values())


@pytest.mark.usefixtures("as_shipped")  # or annotations would refuse some
@pytest.mark.parametrize("time", ["fastest", "apart"])
@pytest.mark.parametrize("rounds", [0, -1, "x", 1.5])
def test_what_is_no_number_of_rounds_is_refused(time, rounds):
    with pytest.raises(ValueError, match="`rounds` must be a positive integer"):
        getattr(optimizer_steps, time)(rounds)


def test_a_process_that_fails_says_why(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/cat")  # which reads no "-m"
    with pytest.raises(RuntimeError, match=r"apart: .*cat"):
        optimizer_steps.apart(1)
