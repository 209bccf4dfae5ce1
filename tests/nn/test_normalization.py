"""Ours is PyTorch's batch norm; folding, jitter and stacks do what they say."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlf.nn import normalization as norms


def drawn(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(shape, generator=generator, dtype=torch.float64)
    return 3 * x + 2


@pytest.mark.parametrize(
    ("theirs", "shape"),
    [(nn.BatchNorm1d, (7, 4)), (nn.BatchNorm2d, (5, 4, 3, 2))],
)
def test_batch_norm_is_torchs_in_both_modes(theirs, shape):
    ours, other = norms.BatchNorm(4, 1e-3, 0.3), theirs(4, 1e-3, 0.3)
    ours.double(), other.double()
    with torch.no_grad():
        for layer in (ours, other):
            layer.weight.copy_(torch.tensor([1.0, -2, 0.5, 3]))
            layer.bias.copy_(torch.tensor([0.0, 1, -1, 2]))
    for seed in range(3):
        x, dy = drawn(*shape, seed=seed), drawn(*shape, seed=9)
        grads = []
        for layer in (ours, other):
            leaf = x.clone().requires_grad_()
            y = layer(leaf)
            found = torch.autograd.grad(
                (y * dy).sum(), (leaf, layer.weight, layer.bias)
            )
            grads.append((y, *found))
        for a, b in zip(*grads, strict=True):
            torch.testing.assert_close(a, b)
    assert ours.num_batches_tracked == other.num_batches_tracked == 3
    norms.BatchNorm(4).load_state_dict(other.state_dict())
    torch.testing.assert_close(ours.running_mean, other.running_mean)
    torch.testing.assert_close(ours.running_var, other.running_var)
    ours.eval(), other.eval()
    one = drawn(*shape)[:1]
    torch.testing.assert_close(ours(one), other(one))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("affine", [True, False])
def test_folding_changes_no_output(bias, affine):
    for layer, norm, x in (
        (nn.Conv2d(3, 4, (3, 2), bias=bias), nn.BatchNorm2d, drawn(5, 3, 6, 5)),
        (nn.Linear(3, 4, bias=bias), nn.BatchNorm1d, drawn(9, 3)),
    ):
        layer, after = layer.double(), norm(4, affine=affine).double()
        after(layer(x))
        if affine:
            nn.init.normal_(after.weight)
            nn.init.normal_(after.bias)
        after.eval()
        before = layer.weight.detach().clone()
        folded = norms.fold_batch_norm(layer, after)
        torch.testing.assert_close(folded(x), after(layer(x)))
        assert torch.equal(layer.weight, before), "the layer is left alone"


def test_one_value_a_feature_is_refused_and_leaves_the_buffers_alone():
    norm = norms.BatchNorm(4).double()
    with pytest.raises(ValueError, match="two values or more"):
        norm(drawn(1, 4))
    assert torch.equal(norm.running_var, torch.ones(4).double())
    assert norm(drawn(1, 4, 2)).shape == (1, 4, 2), "one image has its pixels"


def test_folding_refuses_what_it_would_get_wrong(as_shipped):
    norm = nn.BatchNorm2d(4)
    with pytest.raises(ValueError, match="evaluation mode"):
        norms.fold_batch_norm(nn.Conv2d(4, 4, 3), norm)
    with pytest.raises(ValueError, match="got ConvTranspose2d"):
        norms.fold_batch_norm(nn.ConvTranspose2d(4, 4, 3), norm.eval())


def test_folding_leaves_a_frozen_layer_frozen():
    layer, norm = nn.Linear(3, 4).requires_grad_(False), nn.BatchNorm1d(4)
    folded = norms.fold_batch_norm(layer, norm.eval())
    assert not any(p.requires_grad for p in folded.parameters())


def test_folding_asks_for_running_statistics():
    norm = nn.BatchNorm1d(4, track_running_stats=False)
    with pytest.raises(ValueError, match="must keep running statistics"):
        norms.fold_batch_norm(nn.Linear(3, 4), norm)


def test_jitter_moves_whole_features_anew_each_time():
    layer, x = norms.Jitter((4,), 0.5), drawn(6, 4)
    first, second = layer(x), layer(x)
    assert not torch.allclose(first, second)
    shape = (first - first.mean(0)) / (x - x.mean(0))
    torch.testing.assert_close(shape, shape[:1].expand(6, 4))
    assert (shape > 0).all()
    assert torch.equal(layer.eval()(x), x)


def test_jitter_draws_for_each_net_and_by_its_seed():
    x = torch.zeros(2, 6, 4, dtype=torch.float64)
    one, same, other = (norms.Jitter((2, 1, 4), 0.5, s)(x) for s in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.isclose(one, other).any()
    assert not torch.isclose(one[0], one[1]).any()
    assert torch.equal(one, one[:, :1].expand(2, 6, 4))


def test_the_norm_stands_before_or_after_the_activation():
    for place, kinds in {
        "before": (nn.Linear, nn.LayerNorm, nn.ReLU, nn.Linear),
        "after": (nn.Linear, nn.ReLU, nn.LayerNorm, nn.Linear),
    }.items():
        net = norms.mlp((3, 5, 2), nn.LayerNorm, place)
        assert [type(layer) for layer in net] == list(kinds)
        assert net(drawn(4, 3)).dtype == torch.float64
    assert len(norms.mlp((3, 5, 2))) == 3
    with pytest.raises(ValueError, match="'before' or 'after'"):
        norms.mlp((3, 5, 2), nn.LayerNorm, "between")


@pytest.mark.parametrize("place", ["pre", "post", "none"])
def test_a_residual_stack_is_what_its_place_says(place):
    torch.manual_seed(0)
    stack, x = norms.ResidualStack(2, 6, place), drawn(4, 6)
    want = x
    for branch in stack.branches:
        if place == "pre":
            want = want + branch(F.layer_norm(want, (6,)))
        elif place == "post":
            want = F.layer_norm(want + branch(want), (6,))
        else:
            want = want + branch(want)
    if place == "pre":
        want = F.layer_norm(want, (6,))
    torch.testing.assert_close(stack(x), want)


def test_a_residual_stack_refuses_other_places():
    with pytest.raises(ValueError, match="'pre', 'post' or 'none'"):
        norms.ResidualStack(2, 6, "before")


def test_training_lowers_the_loss_and_repeats():
    x, y = drawn(60, 3), torch.arange(60) % 2
    x[:, 0] += 12 * y
    runs = []
    for _ in range(2):
        torch.manual_seed(0)
        net = norms.mlp((3, 8, 2), nn.BatchNorm1d)
        optimizer = torch.optim.SGD(net.parameters(), 0.1)
        runs.append(norms.train(net, x, y, 60, optimizer, batch=20))
    assert runs[0] == runs[1]
    assert np.mean(runs[0][-10:]) < 0.5 * runs[0][0]


def test_an_order_is_gone_through_in_turn():
    seen = []

    class Spy(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.zeros(2, dtype=torch.float64))

        def forward(self, x):
            seen.append(x[:, 0].tolist())
            return x * self.w

    net, x = Spy(), torch.arange(6.0).double()[:, None].repeat(1, 2)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    order = torch.tensor([5, 4, 3, 2, 1, 0])
    norms.train(net, x, torch.zeros(6).long(), 4, optimizer, 2, order)
    assert seen == [[5, 4], [3, 2], [1, 0], [5, 4]]
