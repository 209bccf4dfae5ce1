"""Numbers at the rims: the last that is allowed, and the first that is not."""

import inspect
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from ...refusals import shouted
from . import Range, explanations, layers, steps

#: function: the one that it is made of, which refuses
MADE_OF = {
    "adamw": {"adam", "decoupled"},
    "batch_norm2d": {"batch_norm"},
    "concept_vector": {"fit"},
    "conv1d": {"conv2d"},
    "conv_transpose1d": {"conv_transpose2d"},
    "convolve2d": {"conv2d"},
    "depthwise_separable": {"conv2d"},
    "exact_shapley": {"coalitions"},
    "hutchinson_diagonal": {"signs"},
    "fixed_point": {"variance_map"},
    "instance_norm": {"group_norm"},
    "tiles": {"matmul"},
    "traffic": {"matmul"},
}
pytestmark = pytest.mark.usefixtures("as_shipped")


def function(call: Callable) -> Callable:
    return call.func if isinstance(call, partial) else call


CASES = [
    pytest.param(
        call, argument, rim, id=f"{function(call).__name__}-{argument}"
    )
    for call, ranges in [*layers.ROWS, *steps.ROWS, *explanations.ROWS]
    for argument, rim in ranges.items()
]


def called(call: Callable, argument: str, value: float) -> None:
    """Call with one argument, given or not, set to a value."""
    f = function(call)
    given = {}
    if isinstance(call, partial):
        names = inspect.signature(f).parameters
        given = dict(zip(names, call.args)) | call.keywords  # noqa: B905
    with np.errstate(all="ignore"):
        f(**given | {argument: value})


@pytest.mark.parametrize(("call", "argument", "rim"), CASES)
def test_the_rim_of_a_range(call: Callable, argument: str, rim: Range):
    name = function(call).__name__
    for value in rim.taken:
        called(call, argument, value)
    for value in rim.refused:
        with pytest.raises(ValueError) as error:
            called(call, argument, value)
        operation, _, said = str(error.value).partition(": ")
        assert operation in {name} | MADE_OF.get(name, set())
        assert f"`{rim.named or argument}`" in said
        assert shouted(said) == []
