"""What is timed as a convolution computes the same gradients."""

import numpy as np
import pytest

from dlf.bench import convolution


def test_contenders_agree_before_they_are_timed():
    convolution.check(8)


def test_a_contender_that_differs_is_not_timed(monkeypatch):
    theirs, ours, *_ = convolution.contenders(8).values()
    monkeypatch.setattr(
        convolution,
        "contenders",
        lambda side: {
            "PyTorch": theirs,
            "off": lambda: (*ours()[:2], np.ones(32)),
        },
    )
    with pytest.raises(AssertionError, match="off"):
        convolution.check(8)


def test_ours_is_timed_against_pytorch():
    reference, ours, *_ = convolution.layer(rounds=1, calls=1)
    assert (reference.name, reference.ratio) == ("PyTorch", 1.0)
    assert ours.name == "scratch"
