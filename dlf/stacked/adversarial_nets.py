"""Generators and critics trained side by side: GAN and Wasserstein losses.

    GAN, critic: softplus(-f(x)) + softplus(f(g(z)));  generator: softplus(-f)
    Wasserstein, critic: f(g(z)) - f(x);               generator: -f(g(z))
    clipping: weights of the critic kept in [-clip, clip]
    penalty: 0.1 (|grad f(u x + (1 - u) g(z))| - 1)^2 on the critic's loss,
        with either loss

A net a rate and seed, as in `dlf.stacked.nets`; generator and critic share the
rate. Source: Goodfellow et al. (2014), section 3; Arjovsky, Chintala & Bottou
(2017), Algorithm 1; Gulrajani et al. (2017), Algorithm 1, with the weight that
their program has for two-dimensional data; Fedus et al. (2018) for the penalty
on the GAN's loss.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from dlf.experiments.cells import Cell
from dlf.stacked import training
from dlf.stacked.nets import Mlp

PENALTY, CLIP, BETAS = 0.1, 0.1, (0.5, 0.9)
RADIUS = 2  # standard deviations from a mean within which a sample is good
Draw = Callable[[int], Float[Tensor, "K B D"]]


@dataclass(frozen=True, kw_only=True)
class Duel(Cell):
    """A mixture of Gaussians, and the nets that learn it.

    Args:
        data: ``ring`` of 8 or ``grid`` of 9.
        steps: of the generator.
        width: of the two hidden layers of both nets.
        batch: real examples a step, and as many generated.
        latent: numbers that a generator starts from.
        drawn: samples by which it is judged.
    """

    data: str
    steps: int = 2_000
    width: int = 64
    batch: int = 128
    latent: int = 4
    drawn: int = 2_000


@dataclass(frozen=True)
class Game:
    """What is played.

    Args:
        loss: ``gan`` or ``wasserstein``.
        critic_steps: before each step of the generator.
        hold: what holds the critic's slope: ``clip``, ``penalty`` or nothing.
    """

    loss: str
    critic_steps: int
    hold: str = ""


class Pair:
    """Generators and critics of all seeds and rates.

    Args:
        cell: their sizes.
        game: the losses.
        rates: learning rates, one a copy.
        seeds: one pair each.
        features: of an example.
        output: of the generators, behind their last layer.
    """

    def __init__(
        self,
        cell: Duel,
        game: Game,
        rates: Sequence[float],
        seeds: Sequence[int],
        features: int = 2,
        output: Callable[[Tensor], Tensor] = lambda x: x,
    ) -> None:
        dtype = getattr(torch, cell.dtype)
        hidden, S = [cell.width] * 2, len(rates)
        self.game, self.output = game, output
        how: dict[str, Any] = {"dtype": dtype}
        self.generator = Mlp(
            [cell.latent, *hidden, features], seeds, S, "relu", **how
        )
        other = [seed + 500 for seed in seeds]
        self.critic = Mlp([features, *hidden, 1], other, S, "relu", **how)
        speeds = torch.tensor(list(rates), dtype=dtype)
        speeds = speeds.repeat_interleave(len(seeds))
        self.weights = list(self.generator.parameters())
        self.scores = list(self.critic.parameters())
        self.learn = training.adam(self.weights, speeds, *BETAS)
        self.judge = training.adam(self.scores, speeds, *BETAS)

    def generate(self, z: Tensor) -> Float[Tensor, "K B D"]:
        """Generate examples.

        Args:
            z: what the generators start from.
        """
        return self.output(self.generator(z))

    def critic_step(self, x: Tensor, z: Tensor, u: Tensor) -> None:
        """Improve the critics once.

        Args:
            x: real examples, K B D.
            z: what the generators start from.
            u: where between real and generated the penalty looks, K B 1.
        """
        with torch.no_grad():
            y = self.generate(z)
        real, fake = self.critic(torch.cat([x, y], 1)).split(x.shape[1], 1)
        if self.game.loss == "gan":
            loss = F.softplus(-real).mean(1) + F.softplus(fake).mean(1)
        else:
            loss = fake.mean(1) - real.mean(1)
        if self.game.hold == "penalty":
            loss = loss + PENALTY * self.penalty(u * x + (1 - u) * y)
        self.judge(torch.autograd.grad(loss.sum(), self.scores))
        if self.game.hold == "clip":
            with torch.no_grad():
                for p in self.scores:
                    p.clamp_(-CLIP, CLIP)

    def penalty(self, x: Tensor) -> Tensor:
        """Average (|gradient| - 1)^2 of the critics, K 1.

        Args:
            x: where it is taken, K B D.
        """
        x = x.requires_grad_()
        (g,) = torch.autograd.grad(self.critic(x).sum(), x, create_graph=True)
        return (g.norm(dim=2) - 1).square().mean(1, keepdim=True)

    def generator_step(self, z: Tensor) -> None:
        """Improve the generators once.

        Args:
            z: what they start from.
        """
        fake = self.critic(self.generate(z))
        loss = F.softplus(-fake) if self.game.loss == "gan" else -fake
        self.learn(torch.autograd.grad(loss.mean(1).sum(), self.weights))

    def step(self, real: Draw, noise: Draw, uniform: Draw, batch: int) -> None:
        """Play a round: the critic's steps, then one of the generator.

        Args:
            real: gives real examples.
            noise: gives what generators start from.
            uniform: gives places in [0, 1].
            batch: how many of each.
        """
        for _ in range(self.game.critic_steps):
            self.critic_step(real(batch), noise(batch), uniform(batch))
        self.generator_step(noise(batch))


def draws(
    generators: Sequence[torch.Generator], copies: int, dtype: torch.dtype
) -> Callable[..., Tensor]:
    """Draw normals per seed, the same for every rate.

    Args:
        generators: one a seed.
        copies: rates.
        dtype: of the numbers.
    """

    def normal(count: int, features: int, uniform: bool = False) -> Tensor:
        f = torch.rand if uniform else torch.randn
        rows = [f(count, features, generator=g) for g in generators]
        return torch.stack(rows).to(dtype).repeat(copies, 1, 1)

    return normal


def centers(data: str) -> Float[np.ndarray, "M 2"]:
    """Give the means of a mixture.

    Args:
        data: ``ring``, 8 at radius 2, or ``grid``, 3 x 3, two units apart.
    """
    if data == "ring":
        angle = np.arange(8) * np.pi / 4
        return 2 * np.stack([np.cos(angle), np.sin(angle)], 1)
    at = np.array([-2.0, 0.0, 2.0])
    return np.stack(np.meshgrid(at, at), -1).reshape(-1, 2)


SPREAD = {"ring": 0.1, "grid": 0.1}


def mixture(
    data: str, generators: Sequence[torch.Generator], copies: int, dtype: Any
) -> Draw:
    """Draw from a mixture, per seed, the same for every rate.

    Args:
        data: its name.
        generators: one a seed.
        copies: rates.
        dtype: of the numbers.
    """
    means = torch.tensor(centers(data))

    def real(count: int) -> Tensor:
        rows = []
        for g in generators:
            at = torch.randint(len(means), (count,), generator=g)
            noise = torch.randn(count, 2, generator=g, dtype=means.dtype)
            rows.append(means[at] + SPREAD[data] * noise)
        return torch.stack(rows).to(dtype).repeat(copies, 1, 1)

    return real


def covered(x: Float[np.ndarray, "N 2"], data: str) -> tuple[int, float]:
    """Count the modes that get a third of their due; give the good fraction.

    Args:
        x: samples; those within two standard deviations of a mean are good,
            which of samples of the mixture itself are 86 %.
        data: name of the mixture, whose modes are equally frequent.
    """
    means = centers(data)
    gap = np.linalg.norm(x[:, None] - means, axis=2)
    near = gap.argmin(1)[gap.min(1) <= RADIUS * SPREAD[data]]
    counts = np.bincount(near, minlength=len(means))
    due = len(x) / len(means)
    return int((counts >= due / 3).sum()), len(near) / len(x)


def train(
    cell: Duel, game: Game, rates: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train, draw samples, and count.

    Args:
        cell: data and sizes.
        game: the losses.
        rates: learning rates.
        seeds: of nets and data.

    Returns:
        ``modes`` and ``good``, ``score`` (their sum) to choose by, and the
        ``loss`` and ``initial`` that tell a NaN; axes setting and seed.
    """
    pair, S = Pair(cell, game, rates, seeds), len(rates)
    dtype, shape = getattr(torch, cell.dtype), (S, len(seeds))
    generators = [torch.Generator().manual_seed(7 + 1_000 * s) for s in seeds]
    normal = draws(generators, S, dtype)
    real = mixture(cell.data, generators, S, dtype)
    for _ in range(cell.steps):
        pair.step(
            real,
            lambda n: normal(n, cell.latent),
            lambda n: normal(n, 1, True),
            cell.batch,
        )
    generators = [torch.Generator().manual_seed(9 + 1_000 * s) for s in seeds]
    z = draws(generators, S, dtype)(cell.drawn, cell.latent)
    with torch.no_grad():
        x = pair.generate(z).double().numpy()
    finite = np.isfinite(x).all((1, 2))
    found = [covered(np.nan_to_num(s, nan=1e9), cell.data) for s in x]
    modes, good = (
        np.array(v, float).reshape(shape) for v in zip(*found, strict=True)
    )
    return {
        "modes": modes,
        "good": good,
        "score": modes + good,
        "loss": np.where(finite, 0.0, np.nan).reshape(shape),
        "initial": np.ones(shape),
    }
