"""Generative models in PyTorch: they learn, and their parts fit together."""

import numpy as np
import pytest
import torch
from torch import nn

from dlf.nn.generative import adversarial, diffusion, flows, variational
from dlf.scratch.generative import adversarial as scratch

pytestmark = pytest.mark.usefixtures("in_float64")


@pytest.fixture
def in_float64():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    yield
    torch.set_default_dtype(torch.float32)


X = torch.linspace(0, 2, 40, dtype=torch.float64).view(20, 2)


def blob(count):
    return torch.randn(count, 2) * torch.tensor([0.5, 0.1]) + 1


@pytest.mark.parametrize(
    "model",
    [
        variational.VAE(2, 16, 2, 0.2),
        diffusion.Diffusion(2, 16, 20),
        flows.FlowMatching(2, 16),
        flows.CouplingFlow(2, 8, 4),
    ],
    ids=lambda m: type(m).__name__,
)
def test_models_learn_where_the_data_are(model):
    model = model.double()
    losses = flows.train(model, blob, 400, 0.01, batch=64)
    assert np.mean(losses[-50:]) < np.mean(losses[:20])
    x = model.sample(500)
    assert x.shape == (500, 2)
    assert x.mean(0).tolist() == pytest.approx([1, 1], abs=0.2)


def test_autoencoders_reconstruct():
    for noise in (0.0, 0.3):
        model = variational.Autoencoder(2, 16, 2, noise)
        losses = flows.train(model, blob, 300, 0.01)
        assert np.mean(losses[-20:]) < 0.2
        assert model(blob(5)).shape == (5, 2)


@pytest.mark.parametrize("penalty", [0.0, 10.0])
def test_a_gan_finds_a_blob_and_a_penalty_holds_the_critic(penalty):
    gan, seen = adversarial.GAN(2, 16, 2), []
    losses = adversarial.train_gan(
        gan,
        blob,
        150,
        0.005,
        penalty=penalty,
        critic_steps=5,
        watch=seen.append,
    )
    assert seen == list(range(150))
    assert np.isfinite(losses).all()
    before = adversarial.gradient_penalty(adversarial.GAN(2, 16, 2).critic, X)
    after = adversarial.gradient_penalty(gan.critic, X)
    if penalty:
        assert after < before / 4
    else:
        at = gan.sample(500).mean(0).tolist()
        assert at == pytest.approx([1, 1], abs=0.5)


def test_the_penalty_is_that_of_scratch_for_its_critic():
    critic = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 1))
    x = blob(7)
    ours = adversarial.gradient_penalty(critic, x)
    ours.backward()
    w, b, v = (p.detach().numpy() for p in list(critic.parameters())[:3])
    theirs, vjp = scratch.gradient_penalty(x.numpy(), w, b, v[0])
    assert ours.item() == pytest.approx(theirs, rel=1e-12)
    _, dw, *_ = vjp()
    assert critic[0].weight.grad.numpy() == pytest.approx(dw, rel=1e-10)
    linear = nn.Linear(2, 1)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[0.6, 0.8]]))
    assert adversarial.gradient_penalty(linear, x).item() < 1e-20


def test_a_flow_is_undone_and_its_density_is_one_in_all():
    flow = flows.CouplingFlow(2, 8, 4)
    x = blob(6)
    z = x
    for layer in flow.layers:
        z, _ = layer(z)
    for layer in reversed(flow.layers):
        z = layer.inverse(z)
    assert torch.allclose(z, x)
    jacobian = torch.autograd.functional.jacobian(
        lambda p: flow.layers[0](p[None])[0][0], x[0]
    )
    _, log_det = flow.layers[0](x[:1])
    assert jacobian.det().log().item() == pytest.approx(log_det.item())
    at = torch.linspace(-8, 8, 161)
    total = flow.log_prob(torch.cartesian_prod(at, at)).exp().sum() * 0.01
    assert total.item() == pytest.approx(1, abs=0.01)


def test_the_cosine_schedule_falls_from_one_to_nearly_nothing():
    bars = diffusion.cosine_alpha_bars(50)
    assert bars[0] == 1
    assert (bars.diff() < 0).all()
    assert bars[-1].item() == pytest.approx(0.004)


def test_samplers_can_be_watched_and_skip_steps():
    model, seen = diffusion.Diffusion(2, 8, 20), []
    x = model.sample(
        3, steps=5, eta=0.0, watch=lambda x: seen.append(x.clone())
    )
    assert len(seen) == 6
    assert torch.equal(seen[-1], x)
    torch.manual_seed(1)
    first = model.sample(3, eta=0.0)
    torch.manual_seed(1)
    assert torch.equal(first, model.sample(3, eta=0.0))
    seen.clear()
    _ = flows.FlowMatching(2, 8).sample(3, 4, watch=seen.append)
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: diffusion.Diffusion(2, 4, 10).sample(2, steps=0), "1 to 10"),
        (lambda: diffusion.Diffusion(2, 4, 10).sample(2, steps=25), "1 to 10"),
        (lambda: flows.FlowMatching(2, 4).sample(2, steps=-3), "got -3"),
        (lambda: flows.CouplingFlow(1, 4, 2), "2 or more"),
        (lambda: diffusion.ddim_step(X, X, X, 0.8, 0.5), "below"),
        (lambda: diffusion.ddim_step(X, X, X, eta=3.0), "`eta` in"),
        (
            lambda: adversarial.train_gan(
                adversarial.GAN(2, 4, 2), blob, 1, 0.1, critic_steps=0
            ),
            "`critic_steps` must be positive",
        ),
        (
            lambda: adversarial.train_gan(
                adversarial.GAN(2, 4, 2), blob, 1, 0.1, penalty=-1.0
            ),
            "`penalty` not negative",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
