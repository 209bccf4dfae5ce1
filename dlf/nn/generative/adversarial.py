"""Adversarial training in PyTorch: the non-saturating GAN and WGAN-GP.

The losses are (generative.9), (generative.11) and, for any critic, the penalty
(generative.14), whose gradient autograd takes through a gradient.
Source: Goodfellow et al. (2014), Algorithm 1; Gulrajani et al. (2017),
Algorithm 1, which has 0 and 0.9 for Adam's betas; here both nets have 0.5 and
0.9, as in its authors' program for two-dimensional data.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dlf.nn.generative.variational import perceptron
from dlf.nn.shapes import sizes


def discriminator_loss(
    real: Float[Tensor, " N"], fake: Float[Tensor, " M"]
) -> Float[Tensor, ""]:
    """Loss of a discriminator: real is 1, generated is 0 (generative.9).

    Args:
        real: logits of real examples.
        fake: logits of generated ones.
    """
    sizes(discriminator_loss, real, fake)
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def generator_loss(fake: Float[Tensor, " N"]) -> Float[Tensor, ""]:
    """Non-saturating loss of a generator, -log D(G(z)) (generative.11).

    Args:
        fake: logits of generated examples.
    """
    sizes(generator_loss, fake)
    return F.softplus(-fake).mean()


def gradient_penalty(critic: nn.Module, x: Tensor) -> Tensor:
    """Penalty on a gradient whose length is not 1 (generative.14).

    Args:
        critic: maps each example to a number, by itself: with batch
            normalization in it the gradient would be that of a whole batch.
        x: where the gradient is taken, one row an example.
    """
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (g.norm(dim=1) - 1).square().mean()


class GAN(nn.Module):
    """Generator and critic, both perceptrons.

    Args:
        inputs: features of an example.
        width: of the hidden layers.
        codes: numbers that the generator starts from.
    """

    def __init__(self, inputs: int, width: int, codes: int) -> None:
        super().__init__()
        self.generator = perceptron(codes, width, inputs)
        self.critic = perceptron(inputs, width, 1)
        self.codes = codes

    def generate(self, count: int) -> Tensor:
        """Generate examples, with gradients.

        Args:
            count: how many.
        """
        like = next(self.parameters())
        return self.generator(torch.randn(count, self.codes, dtype=like.dtype))

    @torch.no_grad()
    def sample(self, count: int) -> Tensor:
        """Generate examples, without.

        Args:
            count: how many.
        """
        return self.generate(count)

    def critic_loss(self, x: Tensor, penalty: float) -> Tensor:
        """Give the discriminator's loss, or the Wasserstein critic's.

        Args:
            x: real examples.
            penalty: weight of the gradient penalty; 0 for a plain GAN.
        """
        y = self.generate(len(x)).detach()
        real, fake = self.critic(x)[:, 0], self.critic(y)[:, 0]
        if not penalty:
            return discriminator_loss(real, fake)
        between = torch.lerp(y, x, torch.rand(len(x), 1, dtype=x.dtype))
        cost = gradient_penalty(self.critic, between)
        return fake.mean() - real.mean() + penalty * cost


def train_gan(
    gan: GAN,
    draw: Callable[[int], Tensor],
    steps: int,
    rate: float,
    *,
    critic_steps: int = 1,
    penalty: float = 0.0,
    batch: int = 128,
    watch: Callable[[int], None] | None = None,
) -> list[tuple[float, float]]:
    """Train generator and critic in turns; return both losses of each step.

    Args:
        gan: both nets.
        draw: gives real examples, as many as asked for.
        steps: of the generator.
        rate: of Adam, for both.
        critic_steps: before each step of the generator.
        penalty: weight of the gradient penalty; 0 for a plain GAN.
        batch: examples a step.
        watch: called with the number of each step, before it.

    Raises:
        ValueError: ``critic_steps`` is below 1 or ``penalty`` below 0.
    """
    if critic_steps < 1 or penalty < 0:
        raise ValueError(
            "train_gan: `critic_steps` must be positive and `penalty` not "
            "negative, because a critic without a step gives no loss and one "
            f"below 0 rewards steep slopes; got {critic_steps} and {penalty}"
        )
    parts = gan.critic, gan.generator
    judge, learn = (
        torch.optim.Adam(p.parameters(), rate, betas=(0.5, 0.9)) for p in parts
    )
    losses = []
    for step in range(steps):
        if watch:
            watch(step)
        for _ in range(critic_steps):
            judge.zero_grad()
            cost = gan.critic_loss(draw(batch), penalty)
            cost.backward()
            judge.step()
        learn.zero_grad()
        fake = gan.critic(gan.generate(batch))[:, 0]
        loss = -fake.mean() if penalty else generator_loss(fake)
        loss.backward()
        learn.step()
        losses.append((cost.item(), loss.item()))
    return losses
