"""What is timed as attention computes the same gradients."""

import numpy as np
import pytest

from dlf.bench import attention
from dlf.bench.timing import same_gradients


def test_contenders_agree_before_they_are_timed():
    same_gradients(attention.contenders(8))


def test_a_contender_that_differs_is_not_timed():
    named = attention.contenders(8)
    ours = named["scratch"]
    off = {
        "PyTorch": named["PyTorch"],
        "off": lambda: (*ours()[:2], np.ones((8, 4, 8, 32))),
    }
    with pytest.raises(AssertionError, match="off"):
        same_gradients(off)


def test_ours_is_timed_against_pytorch():
    reference, kernel, ours, *_ = attention.heads(rounds=1, calls=1)
    assert (reference.name, reference.ratio) == ("PyTorch", 1.0)
    assert (kernel.name, ours.name) == ("one kernel (SDPA)", "scratch")
