"""C94 to C96: their nets are what their rules say, and so are their parts."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dlf.claims.residual import C96, depth, gradients, relatives


def middle(cell) -> int:
    """Parameters between stem and outputs."""
    net = cell.net([0], 1)
    pairs = list(zip(net.weights, net.biases, strict=True))[1:-1]
    return sum(w.numel() + b.numel() for w, b in pairs)


@pytest.mark.parametrize(
    ("arm", "count"),
    [("plain", 9600), ("residual", 9600), ("highway", 9792), ("dense", 8680)],
)
def test_c96_compares_nets_of_about_one_size(arm, count):
    cell = replace(relatives.CELLS["M1"], **relatives.ARMS[arm])
    assert middle(cell) == count
    assert f"{count:,}" in C96.rule


def test_c94_counts_a_failure_as_a_guess():
    guess = np.full(3, math.log(10))
    arm = {"loss": np.array([1.0, np.nan, 9.0]), "constant": guess}
    arms = {"plain": arm}
    expected = [0, np.log(math.log(10)), np.log(math.log(10))]
    assert depth.height(arms, "plain") == pytest.approx(expected)
    shallow = {"plain": arm | {"loss": np.full(3, 0.5)}}
    deep = {"plain": arm | {"loss": np.full(3, 1.0)}}
    assert depth.raised(shallow, deep) == pytest.approx(math.log(2))
    less = depth.lowered("plain")(shallow, deep)
    assert less == pytest.approx(-math.log(2))


@pytest.mark.parametrize("seeds", [(0, 1, 2), (5, 6, 7)])
def test_c95_sees_vanishing_and_shattering_where_they_are(monkeypatch, seeds):
    monkeypatch.setattr(gradients, "SEEDS", seeds)
    plain = gradients.skip_net("sigmoid", "plain", False)
    assert gradients.factor(plain) < 0.5
    assert gradients.shattered()[0]
    assert not gradients.as_printed()[0]
