"""C94 to C96: their nets are what their rules say, and so are their parts."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from dlf.claims.residual import C96, depth, gradients, near, relatives


@pytest.mark.parametrize(
    ("arm", "counts"),
    [
        ("plain", (10834, 11410)),
        ("residual", (10834, 11410)),
        ("highway", (10669, 11077)),
        ("dense", (10871, 11423)),
        ("near", (10876, 11380)),
    ],
)
def test_c96_compares_nets_of_about_one_size(arm, counts):
    for (name, cell), count in zip(
        relatives.CELLS.items(), counts, strict=True
    ):
        net = replace(cell, **relatives.ARMS[arm]).net([0], 1)
        layers = [*net.weights, *net.biases]
        assert sum(p.numel() for p in layers) == count, name
        assert f"{count:,}" in C96.rule


def test_c96_lets_no_layer_read_further_back_than_its_reach():
    cell = replace(relatives.CELLS["M1"], **relatives.ARMS["near"])
    net = cell.net([0, 1], 1)
    parts = [torch.randn(2, 3, n) for n in (21, *[15] * 15)]
    new = net.step(15, torch.cat(parts, -1))[..., -15:]
    for k in range(14):
        parts[k] = torch.randn_like(parts[k])
    h = torch.cat(parts, -1)
    assert torch.equal(net.step(15, h)[..., -15:], new)
    assert torch.equal(net.step(15, h)[..., :-15], h)
    parts[14] = torch.randn_like(parts[14])
    assert not torch.equal(net.step(15, torch.cat(parts, -1))[..., -15:], new)


def test_c96_nets_of_full_reach_are_dense_nets():
    dense = replace(relatives.CELLS["M1"], **relatives.ARMS["dense"])
    whole = replace(dense, reach=17)
    x = torch.randn(2, 5, 40)
    assert torch.equal(whole.net([0, 1], 1)(x), dense.net([0, 1], 1)(x))


def test_c96_compares_the_weights_with_those_before_training():
    cell = replace(
        relatives.CELLS["M1"], **relatives.ARMS["dense"], steps=3, keep=100
    )
    out = near.train(cell, [0.01], [300, 301])
    assert out["before"].shape == out["reuse"].shape == (1, 2)
    assert (np.abs(out["before"] - 0.82) < 0.03).all()
    arms = {"dense": {k: out[k][0] for k in ("reuse", "before")}}
    assert relatives.gained(arms) == pytest.approx(0, abs=0.02)
    assert (relatives.gained(arms) != 0).all()


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
