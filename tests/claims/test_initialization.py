"""The parts of C57 come out as the mathematics says."""

import pytest
import torch

from dlf.claims.initialization import C57, C58, exact, fixed_scale


@pytest.mark.parametrize(
    ("part", "holds", "found"),
    [
        ("(a) ReLU", False, "still exactly 0"),
        ("(a) tanh", False, "still exactly 0"),
        ("(a) sigmoid", True, "equal but for rounding"),
        ("(a) constant 0.1", True, "equal units"),
        ("(b) sigmoid learns", False, "still equal"),
        ("(c) output layer", False, "hidden units differ"),
        ("(c) residual", False, "units differ"),
        ("(c) no hidden layer", False, "softmax regression"),
    ],
)
def test_a_start_at_zero(part, holds, found):
    got = C57.run(part)
    assert got["holds"] == holds
    assert found in got["found"]


def test_spread_is_the_largest_difference_from_the_first_row():
    assert exact.spread(torch.tensor([[1.0, 2], [1, 5], [0, 2]])) == 3.0
    assert exact.spread(torch.ones(3, 2)) == 0.0


def test_descent_lowers_the_loss_of_a_random_start():
    losses = exact.train(exact.start(None, None), exact.one_hidden("relu"), 5)
    assert losses[-1] < losses[0]
    assert exact.by_frequency() < 2.3026


@pytest.mark.parametrize("part", C58.units())
def test_a_fixed_scale_is_right_at_one_width(part):
    assert C58.run(part)["holds"]


def test_size_is_that_of_the_recursion_where_nets_are_wide():
    assert fixed_scale.size_after(0.0, 4) == 0.0
    got = fixed_scale.size_after(0.125, 512, 2)
    assert got == pytest.approx(512 * 0.125**2 / 2, rel=0.1)
