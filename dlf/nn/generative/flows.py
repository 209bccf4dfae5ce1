"""Flow matching and a coupling flow in PyTorch, and a loop to train either.

Flow matching regresses the velocities of straight lines (generative.20); the
coupling flow maximizes an exact likelihood (generative.22), (generative.23).
Source: Lipman et al. (2023), equation 23; Dinh, Sohl-Dickstein & Bengio (2017),
section 3.
"""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributions import Normal

from dlf.nn.generative.diffusion import TimedNet
from dlf.nn.generative.variational import perceptron


class FlowMatching(nn.Module):
    """A velocity that carries noise at time 0 to examples at time 1.

    Args:
        inputs: features of an example.
        width: of the net's hidden layers.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.net, self.inputs = TimedNet(inputs, width), inputs

    def loss(self, x: Tensor) -> Tensor:
        """Give the squared error of the velocity, at a random time each.

        Args:
            x: examples.
        """
        noise, t = torch.randn_like(x), torch.rand(len(x), dtype=x.dtype)
        at = torch.lerp(noise, x, t[:, None])
        return F.mse_loss(self.net(at, t), x - noise)

    @torch.no_grad()
    def sample(
        self,
        count: int,
        steps: int = 20,
        watch: Callable[[Tensor], None] | None = None,
    ) -> Tensor:
        """Follow the velocity from noise, by Euler's method.

        Args:
            count: how many examples.
            steps: of equal length.
            watch: called with the examples before each step, and at the end.

        Raises:
            ValueError: ``steps`` is below 1.
        """
        if steps < 1:
            raise ValueError(
                "sample: `steps` must be positive, because without one noise "
                f"stays noise; got {steps}"
            )
        like = next(self.parameters())
        x = torch.randn(count, self.inputs, dtype=like.dtype)
        for n in range(steps):
            if watch:
                watch(x)
            t = x.new_full((count,), n / steps)
            x = x + self.net(x, t) / steps
        if watch:
            watch(x)
        return x


class Coupling(nn.Module):
    """Scale and shift some features by what the others say (generative.23).

    Args:
        mask: true for the features that pass unchanged.
        width: of the net's hidden layers.
    """

    def __init__(self, mask: Tensor, width: int) -> None:
        super().__init__()
        self.register_buffer("mask", mask)
        kept = int(mask.sum())
        self.net = perceptron(kept, width, 2 * (len(mask) - kept))

    def _settings(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Give the logarithms of factors, which stay within 2, and shifts."""
        s, t = self.net(x[:, self.mask]).chunk(2, dim=1)
        return 2 * torch.tanh(s / 2), t

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Map examples toward noise; give the log-determinant of each as well.

        Args:
            x: one row an example.
        """
        s, t = self._settings(x)
        y = x.clone()
        y[:, ~self.mask] = x[:, ~self.mask] * s.exp() + t
        return y, s.sum(1)

    def inverse(self, y: Tensor) -> Tensor:
        """Undo it.

        Args:
            y: what `forward` gave.
        """
        s, t = self._settings(y)
        x = y.clone()
        x[:, ~self.mask] = (y[:, ~self.mask] - t) * (-s).exp()
        return x


class CouplingFlow(nn.Module):
    """Normalizing flow of coupling layers, which take turns.

    Args:
        inputs: features of an example, two or more.
        width: of each layer's net.
        layers: how many.

    Raises:
        ValueError: ``inputs`` is below 2.
    """

    def __init__(self, inputs: int, width: int, layers: int) -> None:
        super().__init__()
        if inputs < 2:
            raise ValueError(
                "CouplingFlow: `inputs` must be 2 or more, because one feature "
                f"has no other to be changed by; got {inputs}"
            )
        masks = [torch.arange(inputs) % 2 == k % 2 for k in range(layers)]
        self.layers = nn.ModuleList(Coupling(m, width) for m in masks)
        self.inputs = inputs

    def log_prob(self, x: Tensor) -> Tensor:
        """Give the logarithm of the density at each example, exactly.

        Args:
            x: one row an example.
        """
        log_det = x.new_zeros(len(x))
        for layer in self.layers:
            x, d = layer(x)
            log_det = log_det + d
        return Normal(0.0, 1.0).log_prob(x).sum(1) + log_det

    def loss(self, x: Tensor) -> Tensor:
        """Give the negative log-likelihood.

        Args:
            x: examples.
        """
        return -self.log_prob(x).mean()

    @torch.no_grad()
    def sample(self, count: int) -> Tensor:
        """Draw noise and go backward through all layers.

        Args:
            count: how many examples.
        """
        like = next(self.parameters())
        x = torch.randn(count, self.inputs, dtype=like.dtype)
        for layer in reversed(self.layers):
            x = layer.inverse(x)  # pyright: ignore[reportCallIssue]
        return x


def train(
    model: Any,
    draw: Callable[[int], Tensor],
    steps: int,
    rate: float,
    batch: int = 128,
) -> list[float]:
    """Train a model that has a loss, by Adam; return the losses.

    The rate falls to zero along a half cosine.

    Args:
        model: a module with a method ``loss`` of a batch.
        draw: gives examples, as many as asked for.
        steps: how many.
        rate: at the start.
        batch: examples a step.
    """
    adam = torch.optim.Adam(model.parameters(), rate)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(adam, steps)
    losses = []
    for _ in range(steps):
        adam.zero_grad()
        loss = model.loss(draw(batch))
        loss.backward()
        adam.step()
        fall.step()
        losses.append(loss.item())
    return losses
