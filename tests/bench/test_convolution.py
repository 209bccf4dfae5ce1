"""What is timed as a convolution computes the same gradients."""

import numpy as np
import pytest

from dlf.bench import convolution
from dlf.bench.timing import same_gradients


def test_contenders_agree_before_they_are_timed():
    same_gradients(convolution.contenders(8))


def test_a_contender_that_differs_is_not_timed():
    theirs, ours, *_ = convolution.contenders(8).values()
    off = {"PyTorch": theirs, "off": lambda: (*ours()[:2], np.ones(32))}
    with pytest.raises(AssertionError, match="off"):
        same_gradients(off)


def test_ours_is_timed_against_pytorch():
    reference, ours, *_ = convolution.layer(rounds=1, calls=1)
    assert (reference.name, reference.ratio) == ("PyTorch", 1.0)
    assert ours.name == "scratch"
