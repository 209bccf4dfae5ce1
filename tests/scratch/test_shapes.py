"""Shape errors say the operation, the argument, what, why, and what came."""

import re

import numpy as np
import pytest
from jaxtyping import Float

from dlf.scratch.mlp import linear
from dlf.scratch.shapes import sizes

Array = np.ndarray


def mixed(
    x: Float[Array, "*B D"], w: Float[Array, "D 3"], b: Float[Array, " 3"]
) -> None:
    """Leading axes, a named size and a number."""


def says(f, *shapes):
    with pytest.raises(ValueError) as error:
        sizes(f, *map(np.zeros, shapes))
    return str(error.value)


@pytest.mark.parametrize("lead", [(), (2,), (2, 7)])
def test_named_sizes_in_order_leading_axes_left_out(lead):
    shapes = (*lead, 5), (5, 3), (3,)
    assert sizes(mixed, *map(np.zeros, shapes)) == (5,)
    assert sizes(linear, *map(np.zeros, ((5, 3), (2, 3), (2,)))) == (5, 3, 2)


def test_fewer_arrays_than_annotations_are_checked_as_far_as_they_go():
    assert sizes(linear, np.zeros((5, 3))) == (5, 3)
    assert sizes(linear, *map(np.zeros, ((5, 3), (2, 3), (2,), (9, 9)))) == (
        5,
        3,
        2,
    )


def test_a_size_that_another_argument_has_fixed():
    assert says(linear, (5, 3), (2, 4), (2,)) == (
        "linear: `w` must have shape (2, 3), because of x (5, 3) and b (2,); "
        "got (2, 4)"
    )
    assert says(linear, (5, 3), (2, 3), (4,)) == (
        "linear: `b` must have shape (2,), because of x (5, 3) and w (2, 3); "
        "got (4,)"
    )


def test_a_number_of_axes_with_nothing_beside_it():
    assert says(linear, (5,)) == "linear: `x` must have shape (N, I); got (5,)"
    assert says(mixed, ()) == "mixed: `x` must have shape (*B, D); got ()"


def test_a_size_that_is_a_number():
    assert says(mixed, (5,), (5, 4)) == (
        "mixed: `w` must have shape (5, 3), because of x (5,); got (5, 4)"
    )


def test_leading_axes_must_agree():
    def both(x: Float[Array, "*B D"], y: Float[Array, "*B D"]) -> None: ...

    assert sizes(both, np.zeros((2, 3)), np.zeros((2, 3))) == (3,)
    assert re.fullmatch(
        r"both: `y` must have shape .*, because of x \(2, 3\); got \(3,\)",
        says(both, (2, 3), (3,)),
    )
