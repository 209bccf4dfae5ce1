"""The parts of the exact claims on regularization come out as they must."""

import numpy as np
import pytest

from dlf.claims.regularization import C80, C81, C84, C85, C89, masks, penalties


@pytest.mark.parametrize(
    ("claim", "part", "holds", "found"),
    [
        (C80, "(a) shrinks", True, "falls from"),
        (C80, "(b) zeros", True, "0 of 50"),
        (C80, "(c) copies", True, "equal weights"),
        (C80, "(c) no overlap", False, "of ten take part"),
        (C80, "(d) condition", True, "falls from"),
        (C80, "(e) error", True, "smaller error"),
        (C81, "SGD", False, "0 % of the weights"),
        (C81, "proximal step", True, "exactly 0"),
        (C84, "(a) softmax", True, "256"),
        (C84, "(a) linear", True, "64"),
        (C84, "(a) ReLU", False, "one pass gives"),
        (C84, "(b) copies", True, "both copies"),
        (C85, "S1", False, "9, 4, 1 times"),
        (C85, "S4", False, "0.111, 0.25, 1 times"),
        (C85, "S0", True, "1, 1, 1 times"),
        (C89, "(a) bounded", True, "150"),
        (C89, "(b) no farther", True, "none"),
        (C89, "(c) settles", False, "between ±1"),
    ],
)
def test_parts(claim, part, holds, found):
    got = claim.run(part)
    assert got["holds"] is holds
    assert found in got["found"]


def test_all_masks_are_listed_with_their_probabilities():
    kept, odds = masks.masks(3, 0.2)
    assert kept.shape == (8, 3)
    assert odds.sum() == pytest.approx(1)
    assert odds @ kept == pytest.approx([0.8] * 3)


def test_ridge_is_where_its_gradient_is_zero():
    x, y = penalties.problem()
    w = penalties.ridge(x, y, 3.0)
    assert x.T @ (x @ w - y) + 3.0 * w == pytest.approx(np.zeros(10), abs=1e-9)


def test_participation_counts_equal_weights():
    assert penalties.participation(np.array([1.0, 1, 0, -1])) == 3
