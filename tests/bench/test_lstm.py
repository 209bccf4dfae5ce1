"""What is timed as an LSTM computes the same gradients."""

import numpy as np
import pytest

from dlf.bench import lstm


def test_contenders_agree_before_they_are_timed():
    lstm.check(lstm.step_contenders(3, 5))
    lstm.check(lstm.layer_contenders(4, 5))


def test_a_contender_that_differs_is_not_timed():
    theirs, ours, *_ = lstm.step_contenders(3, 5).values()
    off = {"PyTorch": theirs, "off": lambda: (*ours()[:6], np.ones(20))}
    with pytest.raises(AssertionError, match="off"):
        lstm.check(off)


@pytest.mark.parametrize("timed", [lstm.step, lstm.layer])
def test_ours_is_timed_against_pytorch(timed):
    reference, ours, *_ = timed(rounds=1, calls=1)
    assert (reference.name, reference.ratio) == ("PyTorch", 1.0)
    assert ours.name == "scratch"
