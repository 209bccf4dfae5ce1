"""An exercise on generative models: what a log says about the model behind it.

Two VAEs and three GANs learn a ring of eight Gaussians for some hundred steps.
"""

import numpy as np
import torch
from torch import nn

from dlf.exercises.matching import match_exercise
from dlf.nn.generative.adversarial import GAN, generator_loss, train_gan
from dlf.nn.generative.flows import train
from dlf.nn.generative.variational import VAE, gaussian_kl
from dlf.scratch.generative.distances import coverage

STEPS, DRAWN = 400, 1000
#: what each model is: 1 VAE, decoder's noise 0.2, 800 steps; 2 VAE, decoder's
#: noise 2, 400 steps; 3 GAN, one critic step, 800 steps at a rate of 0.003; 4
#: GAN whose generator is frozen at small weights, 400 steps; 5 GAN initialized
#: by He's rule, five critic steps, 300 steps at a rate of 0.01
MODELS = {"A": 5, "B": 1, "C": 4, "D": 2, "E": 3}
CAUSES = "".join(str(cause) for cause in MODELS.values())
ANGLES = np.arange(8) * np.pi / 4
CENTERS = 2 * np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)


def ring(count: int) -> torch.Tensor:
    """Draw from eight Gaussians of spread 0.1 on a circle of radius 2."""
    means = torch.tensor(CENTERS)[torch.randint(8, (count,))]
    return means + 0.1 * torch.randn(count, 2, dtype=torch.float64)


def encoded(scale: float) -> tuple[float, float, torch.Tensor]:
    """Train a VAE; give its squared error, its divergence, and samples."""
    vae = VAE(2, 64, 2, scale)
    train(vae, ring, 2 * STEPS if scale < 1 else STEPS, 0.005)
    with torch.no_grad():
        x = ring(DRAWN)
        decoded, mean, log_var = vae(x)
        error = (decoded - x).square().sum(1).mean().item()
    return error, gaussian_kl(mean, log_var).item(), vae.sample(DRAWN)


def started(layer: nn.Module) -> None:
    """Start a layer as He et al. do."""
    if isinstance(layer, nn.Linear):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)


def against_frozen(gan: GAN) -> list[tuple[float, float]]:
    """Train the critic of a GAN only; give both losses of each step."""
    judge, losses = torch.optim.Adam(gan.critic.parameters(), 0.003), []
    for _ in range(STEPS):
        judge.zero_grad()
        cost = gan.critic_loss(ring(128), 0.0)
        cost.backward()
        judge.step()
        fake = gan.critic(gan.sample(128))[:, 0]
        losses.append((cost.item(), generator_loss(fake).item()))
    return losses


def contested(cause: int) -> tuple[float, float, torch.Tensor]:
    """Train a GAN; give its mean losses of the last 50 steps, and samples."""
    gan = GAN(2, 64, 4)
    if cause == 4:
        with torch.no_grad():
            for p in gan.generator.parameters():
                p.mul_(0.3)
        losses = against_frozen(gan)
    elif cause == 3:
        losses = train_gan(gan, ring, 2 * STEPS, 0.003)
    else:
        gan.apply(started)
        losses = train_gan(gan, ring, 3 * STEPS // 4, 0.01, critic_steps=5)
    critic, generator = np.mean(losses[-50:], axis=0)
    return float(critic), float(generator), gan.sample(DRAWN)


def log(cause: int) -> tuple[float, float, int, float]:
    """Train such a model.

    Returns:
        Of a VAE squared error and divergence, of a GAN the losses of critic
        and generator; modes found of eight; the standard deviation of samples.
    """
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            scale = {1: 0.2, 2: 2.0}.get(cause)
            first, second, x = encoded(scale) if scale else contested(cause)
    finally:
        torch.set_default_dtype(before)
    modes, _ = coverage(x.numpy(), CENTERS, 0.2)
    return first, second, modes, x.std().item()


def print_models() -> None:
    """Print a line for each of the five models."""
    print("  first number   second number   modes of 8   spread (data: 1.4)")
    for name, cause in MODELS.items():
        first, second, modes, spread = log(cause)
        print(f"{name}{first:14.2g}{second:16.2g}{modes:13}{spread:21.1f}")


MATCH = match_exercise(
    "generative-13", CAUSES, ("12345", "54321", "51432", 41523, 514)
)
