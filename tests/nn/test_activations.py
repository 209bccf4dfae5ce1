"""The modules of `dlf.nn.activations` against the functions they wrap."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlf.exercises.activations import swish_beta_gradient
from dlf.nn.activations import GatedMLP, Swish
from dlf.scratch.activations import elementwise as scratch
from dlf.scratch.activations import gated as activations_gated


def test_swish_learns_its_beta():
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 5, 4))
    swish = Swish(1.5).double()
    y = swish(torch.from_numpy(x))
    y.backward(torch.from_numpy(dy))
    np.testing.assert_allclose(
        y.detach(), activations_gated.swish(x, 1.5)[0], 1e-12
    )
    want = swish_beta_gradient(x, 1.5, dy)
    np.testing.assert_allclose(swish.beta.grad, want, 1e-10)


@pytest.mark.parametrize(
    ("f", "ours"),
    [
        (F.silu, activations_gated.swish),
        (F.gelu, activations_gated.gelu),
        (torch.sigmoid, scratch.sigmoid),
    ],
)
def test_gated_block_is_two_products_and_a_gate(f, ours):
    torch.manual_seed(0)
    block = GatedMLP(6, 5, f).double()
    x = np.random.default_rng(0).normal(size=(2, 3, 6))
    value, gate, out = (
        getattr(block, name).weight.detach().numpy()
        for name in ("value", "gate", "out")
    )
    want = activations_gated.glu(x @ value.T, x @ gate.T, ours)[0] @ out.T
    got = block(torch.from_numpy(x)).detach()
    np.testing.assert_allclose(got, want, 1e-12, 1e-14)


def test_gated_block_at_two_thirds_has_as_many_weights():
    gated = sum(p.numel() for p in GatedMLP(96, 256).parameters())
    assert gated == 2 * 96 * 384
