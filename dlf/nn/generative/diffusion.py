"""Diffusion in PyTorch: a denoiser, its loss, and DDIM's and DDPM's samplers.

The loss is that of (generative.17) with all weights 1, the step back is
(generative.18). Times are given by ``alpha_bar``, so that steps may be skipped.
Source: Ho, Jain & Abbeel (2020), Algorithms 1 and 2; Song, Meng & Ermon (2021),
equation 12; Nichol & Dhariwal (2021), equation 17, for the schedule.
"""

import math
from collections.abc import Callable
from itertools import pairwise

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dlf.nn.generative.variational import perceptron
from dlf.nn.shapes import sizes

Examples = Float[Tensor, "N D"]


def cosine_alpha_bars(steps: int, least: float = 0.004) -> Tensor:
    """Fraction of variance left, by a cosine; index 0 is the clean example.

    Args:
        steps: T.
        least: what is left at the end: the guess at the clean example divides
            by its root, and so does every error of that guess.
    """
    at = torch.linspace(0, 1, steps + 1, dtype=torch.float64)
    f = ((at + 0.008) / 1.008 * math.pi / 2).cos().square()
    return least + (1 - least) * f / f[0]


def ddim_step(
    x: Examples,
    eps: Examples,
    noise: Examples,
    alpha_bar_t: float = 0.5,
    alpha_bar_s: float = 0.8,
    eta: float = 0.0,
) -> Examples:
    """One step back in time, from noisy to less noisy (generative.18).

    Args:
        x: noisy examples.
        eps: the noise that a net believes to be in them.
        noise: fresh standard normal numbers.
        alpha_bar_t: at their time.
        alpha_bar_s: at the time to go to, above it.
        eta: in [0, 1]: 0 adds no noise, 1 as much as DDPM.

    Raises:
        ValueError: the times are not in order, or ``eta`` outside [0, 1].
    """
    sizes(ddim_step, x, eps, noise)
    if not (0 < alpha_bar_t < alpha_bar_s <= 1 and 0 <= eta <= 1):
        raise ValueError(
            "ddim_step: `alpha_bar_t` must be positive and below "
            "`alpha_bar_s`, at most 1, and `eta` in [0, 1], because no more "
            "noise can be added than was taken away; got "
            f"{alpha_bar_t}, {alpha_bar_s} and {eta}"
        )
    beta = 1 - alpha_bar_t / alpha_bar_s
    variance = eta**2 * beta * (1 - alpha_bar_s) / (1 - alpha_bar_t)
    x0 = (x - math.sqrt(1 - alpha_bar_t) * eps) / math.sqrt(alpha_bar_t)
    back = math.sqrt(max(1 - alpha_bar_s - variance, 0.0))
    return (
        math.sqrt(alpha_bar_s) * x0 + back * eps + math.sqrt(variance) * noise
    )


class TimedNet(nn.Module):
    """A perceptron that is told the time, by sines and cosines of it.

    Args:
        inputs: features of an example, of which as many come out.
        width: of the hidden layers.
        frequencies: 1, 2, 4, ... half turns over the whole time.
    """

    def __init__(self, inputs: int, width: int, frequencies: int = 4) -> None:
        super().__init__()
        self.net = perceptron(inputs + 2 * frequencies, width, inputs)
        turns = math.pi * 2.0 ** torch.arange(frequencies)
        self.register_buffer("turns", turns)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """Give a vector for each example.

        Args:
            x: examples, one a row.
            t: their times, in [0, 1].
        """
        a = t[:, None] * self.turns
        return self.net(torch.cat([x, a.sin(), a.cos()], dim=1))


class Diffusion(nn.Module):
    """Denoising diffusion of vectors.

    Args:
        inputs: features of an example.
        width: of the denoiser's hidden layers.
        steps: T.
    """

    def __init__(self, inputs: int, width: int, steps: int = 100) -> None:
        super().__init__()
        self.net = TimedNet(inputs, width)
        self.inputs, self.steps = inputs, steps
        self.register_buffer("alpha_bars", cosine_alpha_bars(steps))

    def eps(self, x: Tensor, step: int) -> Tensor:
        """Predict the noise in examples of one step.

        Args:
            x: noisy examples.
            step: its number, 1 to T.
        """
        return self.net(x, x.new_full((len(x),), step / self.steps))

    def loss(self, x: Tensor) -> Tensor:
        """Give the squared error of the noise, at a random step each.

        Args:
            x: clean examples.
        """
        step = torch.randint(1, self.steps + 1, (len(x),))
        c = self.alpha_bars[step].to(x.dtype)[:, None]
        noise = torch.randn_like(x)
        noisy = c.sqrt() * x + (1 - c).sqrt() * noise
        return F.mse_loss(self.net(noisy, step / self.steps), noise)

    @torch.no_grad()
    def sample(
        self,
        count: int,
        steps: int | None = None,
        eta: float = 1.0,
        watch: Callable[[Tensor], None] | None = None,
    ) -> Tensor:
        """Walk back from noise.

        Args:
            count: how many examples.
            steps: how many of the T steps are taken, evenly spaced; all if
                None.
            eta: 1 for DDPM's sampler, 0 for DDIM's.
            watch: called with the examples before each step, and at the end.

        Raises:
            ValueError: ``steps`` is not one of 1 to T.
        """
        steps = self.steps if steps is None else steps
        if not 1 <= steps <= self.steps:
            raise ValueError(
                f"sample: `steps` must lie in 1 to {self.steps}, because only "
                f"steps that were learned can be taken; got {steps}"
            )
        like = next(self.parameters())
        x = torch.randn(count, self.inputs, dtype=like.dtype)
        taken = torch.linspace(self.steps, 0, steps + 1)
        for t, s in pairwise(taken.round().long().tolist()):
            if watch:
                watch(x)
            c_t, c_s = (self.alpha_bars[n].item() for n in (t, s))
            eps = self.eps(x, t)
            x = ddim_step(x, eps, torch.randn_like(x), c_t, c_s, eta)
        if watch:
            watch(x)
        return x
