"""Ours in PyTorch against the assembled Hessian, and against scratch."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from dlf.nn.second_order import hvp_backward, hvp_forward
from dlf.scratch.mlp import init
from dlf.scratch.second_order.hessian_products import tanh_hvp


def case():
    rng = np.random.default_rng(0)
    params = init((3, 4, 2), rng)
    x, y = rng.normal(size=(6, 3)), rng.integers(2, size=6)
    v = {k: rng.normal(size=w.shape) for k, w in params.items()}

    def loss(p):
        h = torch.tanh(
            torch.tensor(x) @ p["layers.0.weight"].T + p["layers.0.bias"]
        )
        z = h @ p["layers.1.weight"].T + p["layers.1.bias"]
        return F.cross_entropy(z, torch.tensor(y))

    tensors = {k: torch.tensor(w) for k, w in params.items()}
    way = {k: torch.tensor(a) for k, a in v.items()}
    return loss, tensors, way, tanh_hvp(params, x, y, v)[2]


@pytest.mark.parametrize("hvp", [hvp_backward, hvp_forward])
def test_products_are_those_of_scratch(hvp):
    loss, params, v, ours = case()
    theirs = hvp(loss, params, dict(reversed(v.items())))
    assert list(theirs) == list(params)
    for k, a in ours.items():
        np.testing.assert_allclose(a, theirs[k], rtol=1e-10, atol=1e-14)
    assert not any(w.requires_grad for w in params.values())


@pytest.mark.parametrize("hvp", [hvp_backward, hvp_forward])
def test_products_are_those_of_the_hessian(hvp):
    w = {"w": torch.tensor([0.3, -0.5], dtype=torch.float64)}
    v = {"w": torch.tensor([1.0, 2.0], dtype=torch.float64)}

    def loss(p):
        return (p["w"] ** 4).sum() + p["w"].prod()

    h = torch.autograd.functional.hessian(lambda a: loss({"w": a}), w["w"])
    np.testing.assert_allclose(hvp(loss, w, v)["w"], h @ v["w"])


@pytest.mark.parametrize("hvp", [hvp_backward, hvp_forward])
def test_a_direction_of_another_shape_is_refused(hvp):
    loss, params, v, _ = case()
    with pytest.raises(ValueError, match=r"must hold layers.0.bias of shape"):
        hvp(loss, params, v | {"layers.0.bias": torch.zeros(1)})
    with pytest.raises(ValueError, match="got nothing"):
        hvp(loss, params, {})
