"""Tasks that need memory, small nets for them, and how far gradients reach.

    adding   numbers in [0, 1], two of them marked; what is their sum?
    parity   bits; is the number of ones so far odd?

A net without memory answers 1 to the first; its squared error is 1/6.
Source: Hochreiter & Schmidhuber (1997), experiment 4.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlf.nn.recurrence.layers import Recurrent


def adding(
    rng: np.random.Generator, rows: int, length: int
) -> tuple[Tensor, Tensor]:
    """Draw sequences of numbers with two marks, one in each half.

    Args:
        rng: the generator.
        rows: how many.
        length: of each, 2 or more.

    Returns:
        Sequences of pairs, number and mark, and the sums asked for.
    """
    x = np.zeros((rows, length, 2))
    x[..., 0] = rng.uniform(size=(rows, length))
    each, half = np.arange(rows), length // 2
    x[each, rng.integers(half, size=rows), 1] = 1.0
    x[each, rng.integers(half, length, size=rows), 1] = 1.0
    return torch.tensor(x), torch.tensor(x.prod(-1).sum(1))


class Rememberer(nn.Module):
    """A recurrent layer, and a linear output at the end of the sequence.

    Args:
        inputs: features of a step.
        units: of the hidden state.
        kind: rnn, lstm or gru.
        forget: added to the bias of an LSTM's forget gate.
        seed: of the weights.
    """

    def __init__(
        self,
        inputs: int,
        units: int,
        kind: str,
        forget: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.layer = Recurrent(inputs, units, kind, forget)
            self.output = nn.Linear(units, 1)
        self.double()

    def forward(self, x: Tensor) -> Tensor:
        """Give one number a sequence.

        Args:
            x: sequences, B T D.
        """
        y, _ = self.layer(x)
        return self.output(y[:, -1])[:, 0]


def train(
    net: nn.Module,
    steps: int,
    lr: float,
    length: int,
    clip: float = 1.0,
    batch: int = 20,
    seed: int = 0,
) -> np.ndarray:
    """Train on fresh sequences of the adding task by Adam, clipped.

    Args:
        net: changed in place.
        steps: how many.
        lr: learning rate.
        length: of the sequences.
        clip: largest norm of the gradient.
        batch: sequences a step.
        seed: of the sequences.

    Returns:
        The squared error of each step's batch.
    """
    rng = np.random.default_rng(seed)
    optimizer = torch.optim.Adam(net.parameters(), lr)
    losses = []
    for _ in range(steps):
        x, y = adding(rng, batch, length)
        loss = F.mse_loss(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), clip)
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


@torch.no_grad()
def fresh_error(net: nn.Module, length: int, rows: int = 500) -> float:
    """Give the squared error on sequences that no training has seen.

    Args:
        net: left as it is.
        length: of the sequences.
        rows: how many.
    """
    x, y = adding(np.random.default_rng(12_345), rows, length)
    return F.mse_loss(net(x), y).item()


def reach(layer: Recurrent, x: Tensor) -> np.ndarray:
    """Measure how much of a gradient is left after each step back.

    A random gradient arrives at the last hidden state.

    Args:
        layer: of any kind.
        x: sequences, B T D.

    Returns:
        Norms of the gradients of the states, an LSTM's cell state included,
        from the last step to the first, over the first of them.
    """
    state = layer.first(x).requires_grad_()
    states = [state]
    for z in x.split(1, 1):
        _, state = layer(z, state)
        states.append(state)
    last = state[0] if layer.kind == "lstm" else state
    generator = torch.Generator().manual_seed(0)
    v = torch.randn(last.shape, generator=generator, dtype=last.dtype)
    grads = torch.autograd.grad((last * v).sum(), states)
    norms = np.array([g.norm().item() for g in reversed(grads)])
    return norms / norms[0]
