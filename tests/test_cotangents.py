"""A pullback is given a cotangent of its result's shape, and no other.

Elementwise functions multiply it by a derivative of each number. There NumPy
stretches what is smaller, and gives a gradient of a wrong value or shape
without a word. Those are listed; whoever mends one takes its name off.
"""

import numpy as np
import pytest

from .concepts import all_concepts

CONCEPTS = all_concepts()
STRETCH = {
    "backpropagation/matmul",
    "gpu/bias_gelu",
    "graphs/gather",
    "graphs/gcn",
    "graphs/segment_softmax",
    "graphs/segment_sum",
    "losses/log_softmax",
    "mathematics/cross_entropy",
    "mathematics/entropy",
    "mathematics/log_sum_exp",
    "mathematics/norm",
    "mathematics/variance",
    "regularization/dropout",
    "regularization/soft_threshold",
} | {c.name for c in CONCEPTS if c.name.startswith("activations/")}


def others(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Shapes that are not this one but that NumPy may stretch, or stack."""
    if not shape:
        return [(3,)]
    found = [(), (1,) * len(shape), shape[1:], (*shape[:-1], 1), (2, *shape)]
    return [other for other in found if other != shape]


@pytest.mark.parametrize("c", CONCEPTS, ids=lambda c: c.name)
def test_a_cotangent_of_another_shape_is_refused(c, as_shipped):
    y, vjp = c.scratch(*c.draw(np.random.default_rng(0)), **c.settings[0])
    taken = []
    for shape in others(np.shape(y)):
        try:
            vjp(np.ones(shape))
        except (ValueError, TypeError, IndexError):
            continue
        taken.append(shape)
    assert bool(taken) == (c.name in STRETCH), taken


def test_only_concepts_are_listed():
    assert {c.name for c in CONCEPTS} >= STRETCH
