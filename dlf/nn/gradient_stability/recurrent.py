"""A recurrent net that must remember, and the gradients it learns by.

The first number of a sequence is +1 or -1, what follows is noise; at the end
the net is asked for the first. So every gradient that matters has come a long
way.
Source: Hochreiter (1991) and Bengio, Simard & Frasconi (1994) for such tasks.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


class RecurrentNet(nn.Module):
    """Tanh recurrence with orthogonal weights, and a linear output.

    Args:
        units: of the hidden state.
        scale: of the recurrent weights; 1 keeps every length.
        seed: of the weights.
    """

    def __init__(
        self, units: int = 32, scale: float = 1.0, seed: int = 0
    ) -> None:
        super().__init__()
        draw, kind = torch.Generator().manual_seed(seed), torch.float64

        def normal(*shape: int) -> nn.Parameter:
            return nn.Parameter(torch.randn(*shape, generator=draw, dtype=kind))

        w = torch.empty(units, units, dtype=kind)
        nn.init.orthogonal_(w, generator=draw)
        self.recurrent, self.input = nn.Parameter(scale * w), normal(units, 1)
        self.bias = nn.Parameter(torch.zeros(units, dtype=kind))
        self.output = normal(2, units)
        self.last = nn.Parameter(torch.zeros(2, dtype=kind))
        with torch.no_grad():
            self.output.div_(math.sqrt(units))

    def states(self, x: Tensor) -> list[Tensor]:
        """Give the hidden state after each step.

        Args:
            x: sequences of numbers, one a row.
        """
        h = x.new_zeros(len(x), len(self.recurrent))
        found = []
        for t in range(x.shape[1]):
            read = x[:, t, None] @ self.input.T + self.bias
            h = torch.tanh(h @ self.recurrent.T + read)
            found.append(h)
        return found

    def forward(self, x: Tensor) -> Tensor:
        """Give the logits at the end of each sequence.

        Args:
            x: sequences of numbers, one a row.
        """
        return self.states(x)[-1] @ self.output.T + self.last


def sequences(
    rng: np.random.Generator, rows: int, length: int
) -> tuple[Tensor, Tensor]:
    """Draw sequences, and whether each began with +1.

    Args:
        rng: the generator.
        rows: how many.
        length: of each.
    """
    x = 0.3 * rng.normal(size=(rows, length))
    y = rng.integers(2, size=rows)
    x[:, 0] = 2 * y - 1
    return torch.tensor(x), torch.tensor(y)


def train(
    net: RecurrentNet,
    steps: int,
    lr: float = 0.1,
    clip: float = math.inf,
    length: int = 40,
    seed: int = 3,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Train by gradient descent.

    Args:
        net: changed in place.
        steps: how many.
        lr: learning rate.
        clip: largest norm of the gradient.
        length: of a sequence.
        seed: of the sequences.

    Returns:
        At every step the loss, the norm of the gradient before clipping, and
        the spectral norm of the recurrent matrix after the step.
    """
    rng, optimizer = (
        np.random.default_rng(seed),
        torch.optim.SGD(net.parameters(), lr),
    )
    losses, norms, sizes = [], [], []
    for _ in range(steps):
        x, y = sequences(rng, 32, length)
        loss = F.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(net.parameters(), clip)
        optimizer.step()
        losses.append(loss.item())
        norms.append(norm.item())
        with torch.no_grad():
            sizes.append(torch.linalg.matrix_norm(net.recurrent, 2).item())
    return np.array(losses), np.array(norms), np.array(sizes)
