"""The nets of C91 to C93 are as large as their rules say."""

from dataclasses import replace

import numpy as np
import pytest

from dlf.claims.convolution import C91, C92, C93, grids, pooling, vision
from dlf.stacked.image_nets import parameters
from dlf.stacked.image_recipes import build, multiply_adds


def size(cell) -> int:
    return parameters(build(cell, [0], 1))


@pytest.mark.parametrize(
    ("data", "cnn", "mlp"), [("D8-200", 3706, 3685), ("FM", 9098, 9550)]
)
def test_c91_compares_nets_of_about_one_size(data, cnn, mlp):
    cell = grids.CELLS[data]
    net = replace(cell, size=grids.CHANNELS[data])
    assert size(net) == cnn
    assert size(replace(net, model="mlp", size=grids.UNITS[data])) == mlp
    for count in (cnn, mlp):
        assert f"{count:,}" in C91.rule


def test_c92_compares_nets_of_about_one_cost():
    for data, costs in (
        ("G14", (101_376, 103_680)),
        ("FM", (290_080, 316_736)),
    ):
        cell = pooling.CELLS[data]
        none = replace(cell, shrink="none", size=pooling.NARROW[data])
        assert (multiply_adds(cell), multiply_adds(none)) == costs
        assert all(f"{cost:,}" in C92.rule for cost in costs)
        assert size(replace(cell, shrink="stride")) == size(cell)


def test_c93_compares_nets_of_about_one_size():
    cell = vision.CELLS["FM, 10,000"]
    counts = [size(replace(cell, **arm)) for arm in vision.ARMS.values()]
    assert counts == [9098, 9550, 9478]
    assert all(f"{count:,}" in C93.rule for count in counts)


def test_c91_asks_for_half_of_the_lead():
    accuracies = {"CNN": 0.9, "MLP": 0.8, "CNN, shuffled": 0.83}
    arms = {
        name: {"test": np.array([value])}
        for name, value in (accuracies | {"MLP, shuffled": 0.81}).items()
    }
    assert grids.lead(arms) == pytest.approx(0.1)
    assert grids.halved(arms) == pytest.approx(0.05 - 0.02)
    assert grids.moved(arms) == pytest.approx(-0.01)
