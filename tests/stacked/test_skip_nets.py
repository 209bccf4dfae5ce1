"""Nets with skips: net k alone, its gradients, and what a dense one reuses."""

from dataclasses import replace

import pytest
import torch

from dlf.stacked import skip_nets
from dlf.stacked.skip_nets import SkipNet, Skips

SEEDS = [3, 4]
X = torch.randn(
    4, 5, 40, generator=torch.Generator().manual_seed(0), dtype=torch.float64
)


def net(kind, depth=4, **options):
    options = {"growth": 3, "dtype": torch.float64} | options
    return SkipNet(40, 6, depth, SEEDS, 2, kind=kind, **options)


def alone(net, k):
    pairs = zip(net.weights, net.biases, strict=True)
    return [(w[k], b[k, 0]) for w, b in pairs]


def by_hand(net, k, x):
    layers = alone(net, k)
    (w, b), (v, c) = layers[0], layers[-1]
    h, middle = x @ w + b, layers[1:-1]
    if net.kind in ("plain", "residual"):
        for i in range(0, net.depth, 2):
            (w1, b1), (w2, b2) = middle[i : i + 2]
            z = (h.relu() @ w1 + b1).relu() @ w2 + b2
            h = h + z if net.kind == "residual" else z
        return h.relu() @ v + c
    h = h.relu()
    if net.kind == "dense":
        for w1, b1 in middle:
            h = torch.cat([h, (h @ w1 + b1).relu()], -1)
        return h @ v + c
    for i in range(0, 2 * net.depth, 2):
        (w1, b1), (w2, b2) = middle[i : i + 2]
        t = torch.sigmoid(h @ w2 + b2)
        h = t * (h @ w1 + b1).relu() + (1 - t) * h
    return h @ v + c


@pytest.mark.parametrize("kind", skip_nets.KINDS)
def test_net_k_is_the_net_alone(kind):
    nets = net(kind)
    for k in range(4):
        assert torch.allclose(nets(X)[k], by_hand(nets, k, X[k]))


def test_kept_features_reach_from_stem_to_the_last_block():
    for kind, count in (("plain", 5), ("residual", 3), ("highway", 5)):
        after = []
        net(kind)(X, after=after)
        assert len(after) == count
        assert all(h.shape == (4, 5, 6) for h in after)


def test_scaled_branches_start_smaller_in_their_second_layer_alone():
    one, other = net("residual"), net("residual", scaled=True)
    ratios = [
        (b.std() / a.std()).item()
        for a, b in zip(one.weights, other.weights, strict=True)
    ]
    assert ratios == pytest.approx([1, 1, 2**-0.5, 1, 2**-0.5, 1])


def test_norm_stands_before_each_activation():
    nets = net("residual", norm=True)
    assert len(nets.norms) == 4
    y = nets(3 * X)
    assert torch.isfinite(y).all()
    with torch.no_grad():
        for norm in nets.norms:
            norm.weight.zero_()
    assert torch.allclose(nets(X)[0], nets.eval()(X)[0])


@pytest.mark.parametrize("bad", [{"kind": "ring"}, {"depth": 3}])
def test_it_refuses_what_it_does_not_know(bad):
    with pytest.raises(ValueError, match="SkipNet: `kind` must be one of"):
        net(**({"kind": "residual"} | bad))


@pytest.mark.parametrize("kind", skip_nets.KINDS)
def test_each_learns_and_seeds_do_not_mix(kind):
    cell = Skips(data="D8-200", depth=4, width=8, growth=3, kind=kind)
    cell = replace(cell, steps=30, dtype="float64")
    out = skip_nets.train(cell, [0.01, 0.03], [0, 1])
    assert (out["loss"] < out["initial"]).all()
    lone = skip_nets.train(cell, [0.03], [1])
    assert lone["loss"][0, 0] == pytest.approx(out["loss"][1, 1], rel=1e-9)


def test_cutting_leaves_a_dense_net_three_layers_of_memory():
    nets = net("dense", depth=5)
    assert skip_nets.distant(nets, 6, 3).min() > 0
    assert skip_nets.distant(nets, 6, 3) == pytest.approx(0)
    layers = nets.weights[1:-1]
    kept = [int((w[0].abs().sum(1) > 0).sum()) for w in layers]
    assert kept == [6, 9, 12, 6, 6]


def test_only_scored_dense_nets_tell_what_they_reuse():
    cell = Skips(data="D8-200", depth=4, width=8, growth=3, steps=5)
    assert "reuse" not in skip_nets.train(cell, [0.01], [100])
    dense = replace(cell, kind="dense")
    assert "reuse" not in skip_nets.train(dense, [0.01], [0])
    out = skip_nets.train(dense, [0.01], [100, 101])
    assert out["reuse"].shape == out["cut"].shape == (1, 2)
