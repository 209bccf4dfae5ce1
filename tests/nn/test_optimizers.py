"""Our PyTorch optimizer walks the path of the one from scratch, and resumes."""

import io

import numpy as np
import pytest
import torch

from dlf.derive.optimizers import errata
from dlf.nn.optimizers import Lion
from dlf.scratch.optimizers import lion, pairs


def leaf() -> torch.Tensor:
    w = np.random.default_rng(0).normal(size=(3, 4))
    return torch.tensor(w, requires_grad=True)


def gradients(steps: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(steps, 3, 4))


def step(optimizer, w, g) -> None:
    w.grad = torch.tensor(g)
    optimizer.step()


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_lion_is_the_one_from_scratch(decay):
    init, update = pairs.decoupled(lion.lion(0.01, 0.8, 0.95), 0.01, decay)
    w = leaf()
    params = {"w": w.detach().numpy().copy()}
    optimizer = Lion([w], 0.01, (0.8, 0.95), decay)
    state = init(params)
    for g in gradients(200):
        params, state = update(params, {"w": g}, state)
        step(optimizer, w, g)
    np.testing.assert_allclose(w.detach(), params["w"], atol=1e-13)


def test_it_resumes_from_its_state():
    w, other = leaf(), leaf()
    optimizer = Lion([w], 0.01)
    for g in gradients(5):
        step(optimizer, w, g)
    file = io.BytesIO()
    torch.save(optimizer.state_dict(), file)
    file.seek(0)
    other.data.copy_(w)
    resumed = Lion([other], 0.5)
    resumed.load_state_dict(torch.load(file, weights_only=True))
    for g in gradients(5, seed=2):
        step(optimizer, w, g)
        step(resumed, other, g)
    assert torch.equal(w, other)


def test_groups_closures_and_parameters_without_gradient():
    w, fixed = leaf(), leaf()
    before = fixed.detach().clone()
    optimizer = Lion([{"params": [w], "lr": 0.1}, {"params": [fixed]}])

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    first = optimizer.step(closure)
    assert (w * w).sum() < first
    assert torch.equal(fixed, before)


@pytest.mark.usefixtures("as_shipped")  # or annotations would refuse some
@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"lr": 0.0}, "lr"),
        ({"lr": float("nan")}, "lr"),
        ({"betas": (0.9, 1.0)}, "betas"),
        ({"betas": (-0.1, 0.5)}, "betas"),
        ({"weight_decay": -1.0}, "weight_decay"),
        ({"lr": float("inf")}, "lr"),
        ({"weight_decay": float("inf")}, "weight_decay"),
        ({"betas": (0.9,)}, "betas"),
        ({"betas": 0.9}, "betas"),
        ({"betas": (float("nan"), 0.9)}, "betas"),
    ],
)
def test_settings_out_of_range_are_refused(settings, named):
    with pytest.raises(ValueError, match=f"Lion: `.*{named}"):
        Lion([leaf()], **settings)
    with pytest.raises(ValueError, match=f"Lion: `.*{named}"):
        Lion([{"params": [leaf()]} | settings])
    with pytest.raises(ValueError, match=f"Lion: `.*{named}"):
        Lion([leaf()]).add_param_group({"params": [leaf()]} | settings)


def test_a_gradient_that_is_nan_reaches_the_weight_as_from_scratch():
    g = gradients(1)[0]
    g[0, 0] = np.nan
    w = leaf()
    params = {"w": w.detach().numpy().copy()}
    init, update = lion.lion(0.01)
    params, _ = update(params, {"w": g}, init(params))
    step(Lion([w], 0.01), w, g)
    assert w.isnan().nonzero().tolist() == [[0, 0]]
    np.testing.assert_allclose(w.detach(), params["w"], atol=1e-13)


def test_errata_call_right_what_pytorch_does():
    w = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.AdamW([w], 1e-3, weight_decay=0.01)
    for _ in range(1000):
        step(optimizer, w, np.zeros(1))
    np.testing.assert_allclose(errata.E35.verify()[2], w.detach(), rtol=1e-12)
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.RMSprop([w], 1.0, 0.9, 1e-8)
    step(optimizer, w, np.array([1e-6, 1.0]))
    np.testing.assert_allclose(errata.E37.verify()[2], -w.detach(), rtol=1e-12)
