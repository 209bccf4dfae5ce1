import math

import numpy as np
import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence

from dlf.nn.generative import adversarial as nn_adversarial
from dlf.nn.generative import diffusion as nn_diffusion
from dlf.nn.generative import variational as nn_variational
from dlf.scratch.generative import (
    adversarial,
    autoencoders,
    diffusion,
    distances,
    flows,
    variational,
)

from . import Concept


def drawn(*shapes):
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)


def linear_autoencoder(x, w, v):
    return (F.linear(F.linear(x, w), v) - x).square().sum(1).mean()


def bernoulli_kl(a, rho=0.05):
    mean = torch.distributions.Bernoulli(probs=a.mean(0))
    aim = torch.distributions.Bernoulli(probs=torch.full_like(a[0], rho))
    return kl_divergence(aim, mean).sum()


def torch_kl(mean, log_var):
    q = Normal(mean, (log_var / 2).exp())
    p = Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return kl_divergence(q, p).sum(1).mean()


def torch_elbo(decoded, mean, log_var, x, scale=1.0):
    log_p = Normal(decoded, torch.full_like(decoded, scale)).log_prob(x)
    return torch_kl(mean, log_var) - log_p.sum(1).mean()


def torch_discriminator(real, fake):
    bce = F.binary_cross_entropy_with_logits
    return bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))


def torch_generator(fake):
    return F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))


def torch_penalty(x, w, b, v):
    """Of that critic, by PyTorch's own second derivatives."""
    x = x if x.requires_grad else x.clone().requires_grad_()
    f = torch.tanh(F.linear(x, w, b)) @ v
    (g,) = torch.autograd.grad(f.sum(), x, create_graph=True)
    return (g.norm(dim=1) - 1).square().mean()


def diffuse(x0, noise, alpha_bar):
    c = alpha_bar[:, None]
    return c.sqrt() * x0 + (1 - c).sqrt() * noise


def torch_posterior(x0, xt, alpha_bar_t=0.5, alpha_bar_s=0.8):
    """By precisions: of the earlier state, and of the step from it."""
    alpha = alpha_bar_t / alpha_bar_s
    earlier, step = 1 / (1 - alpha_bar_s), alpha / (1 - alpha)
    at = earlier * math.sqrt(alpha_bar_s) * x0 + step * xt / math.sqrt(alpha)
    return at / (earlier + step)


def sliced(x, y, u):
    a, b = (torch.sort(z @ u.T, dim=0).values for z in (x, y))
    return (a - b).abs().mean()


def flow(z, log_det):
    zero = torch.zeros_like(z)
    log_p = Normal(zero, zero + 1).log_prob(z).sum(1)
    return -(log_p + log_det).mean()


def activations(rng):
    return (rng.uniform(0.01, 0.6, size=(7, 3)),)


def with_times(rng):
    return (*drawn((5, 2), (5, 2))(rng), rng.uniform(size=5))


HUGE = np.array([1e4, -1e4, 800.0, -800.0])
EMPTY = np.zeros((0, 2))
NOTHING = "must have an entry"
ORDER = "`alpha_bar_t` must be positive and below `alpha_bar_s`"
EXPONENTIAL = {
    "large float16": "the exponential of a large log-variance overflows"
}
CONCEPTS = [
    Concept(
        "generative/linear_autoencoder",
        autoencoders.linear_autoencoder,
        drawn((6, 4), (2, 4), (4, 2)),
        (linear_autoencoder,),
        wrt=3,
        refuses=(((EMPTY, np.ones((1, 2)), np.ones((2, 1))), NOTHING),),
        excused={"large float16": "a product of six factors leaves its range"},
    ),
    Concept(
        "generative/sparsity_penalty",
        autoencoders.sparsity_penalty,
        activations,
        (bernoulli_kl,),
        refuses=(
            ((EMPTY,), NOTHING),
            ((np.full((2, 1), 0.5), {"rho": 1.0}), "`rho` must lie in (0, 1)"),
            ((np.zeros((2, 1)),), "`a` must lie in (0, 1)"),
            ((np.array([[0.2], [1.5]]),), "`a` must lie in (0, 1)"),
        ),
        settings=({}, {"rho": 0.2}),
        excused={
            "scale": "activations lie in (0, 1)",
            "large float16": "activations lie in (0, 1)",
        },
    ),
    Concept(
        "generative/gaussian_kl",
        variational.gaussian_kl,
        drawn((5, 3), (5, 3)),
        (nn_variational.gaussian_kl, torch_kl),
        wrt=2,
        hostile=((np.full((1, 1), 1e4), np.full((1, 1), -50.0)),),
        refuses=(((EMPTY, EMPTY), NOTHING),),
        excused=EXPONENTIAL,
    ),
    Concept(
        "generative/reparametrize",
        variational.reparametrize,
        drawn((5, 3), (5, 3), (5, 3)),
        (nn_variational.reparametrize,),
        wrt=2,
        hostile=((EMPTY, EMPTY, EMPTY),),
        excused=EXPONENTIAL,
    ),
    Concept(
        "generative/negative_elbo",
        variational.negative_elbo,
        drawn((5, 4), (5, 2), (5, 2), (5, 4)),
        (nn_variational.negative_elbo, torch_elbo),
        wrt=3,
        refuses=(
            ((EMPTY, EMPTY, EMPTY, EMPTY), NOTHING),
            (
                (*(np.ones((1, 1)),) * 4, {"scale": 0.0}),
                "`scale` must be positive",
            ),
        ),
        settings=({}, {"scale": 0.3}),
        excused=EXPONENTIAL,
    ),
    Concept(
        "generative/discriminator_loss",
        adversarial.discriminator_loss,
        drawn((5,), (4,)),
        (nn_adversarial.discriminator_loss, torch_discriminator),
        wrt=2,
        hostile=((HUGE, HUGE), (np.zeros(1), np.zeros(1))),
        refuses=(
            ((np.zeros(0), HUGE), NOTHING),
            ((HUGE, np.zeros(0)), NOTHING),
        ),
    ),
    Concept(
        "generative/generator_loss",
        adversarial.generator_loss,
        drawn((5,)),
        (nn_adversarial.generator_loss, torch_generator),
        hostile=((HUGE,),),
        refuses=(((np.zeros(0),), NOTHING),),
    ),
    Concept(
        "generative/gradient_penalty",
        adversarial.gradient_penalty,
        drawn((6, 3), (4, 3), (4,), (4,)),
        (torch_penalty,),
        wrt=4,
        refuses=(((EMPTY, np.ones((3, 2)), np.ones(3), np.ones(3)), NOTHING),),
        excused={
            "large float16": "tanh is flat there, its derivative rounds to 0"
        },
    ),
    Concept(
        "generative/diffuse",
        diffusion.diffuse,
        with_times,
        (diffuse,),
        wrt=2,
        hostile=((np.ones((2, 1)), np.ones((2, 1)), np.array([0.0, 1.0])),),
        refuses=(
            (
                (np.ones((1, 1)), np.ones((1, 1)), np.array([1.5])),
                "`alpha_bar` must lie in [0, 1]",
            ),
        ),
        excused={
            "scale": "fractions of a variance lie in [0, 1]",
            "large float16": "fractions of a variance lie in [0, 1]",
        },
    ),
    Concept(
        "generative/posterior_mean",
        diffusion.posterior_mean,
        drawn((5, 3), (5, 3)),
        (torch_posterior,),
        wrt=2,
        refuses=(
            (
                (*(np.ones((1, 1)),) * 2, {"alpha_bar_t": 0.9}),
                ORDER,
            ),
        ),
        settings=({}, {"alpha_bar_t": 0.36, "alpha_bar_s": 0.64}),
    ),
    Concept(
        "generative/ddim_step",
        diffusion.ddim_step,
        drawn((5, 3), (5, 3), (5, 3)),
        (nn_diffusion.ddim_step,),
        wrt=2,
        hostile=((EMPTY, EMPTY, EMPTY),),
        refuses=(
            ((*(np.ones((1, 1)),) * 3, {"eta": 1.5}), "`eta` must lie in"),
            ((*(np.ones((1, 1)),) * 3, {"alpha_bar_s": 0.4}), ORDER),
        ),
        settings=(
            {},
            {"eta": 1.0},
            {"alpha_bar_t": 0.01, "alpha_bar_s": 1.0, "eta": 0.3},
        ),
    ),
    Concept(
        "generative/interpolate",
        flows.interpolate,
        with_times,
        (lambda noise, x, t: torch.lerp(noise, x, t[:, None]),),
        wrt=2,
        excused={
            "scale": "times lie in [0, 1], from noise to data",
            "large float16": "times lie in [0, 1], from noise to data",
        },
    ),
    Concept(
        "generative/coupling",
        flows.coupling,
        drawn((5, 3), (5, 3), (5, 3)),
        (lambda x, s, t: torch.addcmul(t, x, s.exp()),),
        wrt=3,
        excused=EXPONENTIAL,
    ),
    Concept(
        "generative/inverse_coupling",
        flows.inverse_coupling,
        drawn((5, 3), (5, 3), (5, 3)),
        (lambda y, s, t: (y - t) / s.exp(),),
        wrt=3,
        excused=EXPONENTIAL,
    ),
    Concept(
        "generative/flow_nll",
        flows.flow_nll,
        drawn((5, 3), (5,)),
        (flow,),
        wrt=2,
        refuses=(((EMPTY, np.zeros(0)), NOTHING),),
    ),
    Concept(
        "generative/sliced_wasserstein",
        distances.sliced_wasserstein,
        lambda rng: (
            *drawn((6, 3), (6, 3))(rng),
            distances.directions(5, 3, 1),
        ),
        (sliced,),
        refuses=(
            ((EMPTY, EMPTY, np.ones((1, 2))), NOTHING),
            ((np.ones((1, 2)), np.ones((1, 2)), EMPTY), NOTHING),
            (
                (np.ones((1, 2)), np.ones((1, 2)), 5 * np.eye(2)),
                "`u` must hold directions of length 1",
            ),
        ),
        excused={"large float16": "projections round to equal numbers"},
    ),
]
