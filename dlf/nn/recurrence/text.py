"""A character model: it reads a text in chunks, and writes on.

The text is cut into as many streams as a batch has rows. Each step reads the
next chunk of every stream and hands the state on, detached: truncated
backpropagation through time.

Source: Karpathy (2015), char-rnn; Williams & Peng (1990), for truncation.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

State = tuple[Tensor, Tensor] | None


class CharacterModel(nn.Module):
    """Embedding, LSTM and a linear layer over the alphabet.

    Args:
        symbols: of the alphabet.
        units: of the hidden state.
        seed: of the weights.
        forget: added to the bias of the forget gate.
    """

    def __init__(
        self, symbols: int, units: int, seed: int = 0, forget: float = 1.0
    ) -> None:
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.embed = nn.Embedding(symbols, 32)
            self.lstm = nn.LSTM(32, units, batch_first=True)
            self.output = nn.Linear(units, symbols)
        with torch.no_grad():  # one of the two biases: both would make 2
            self.lstm.bias_ih_l0[units : 2 * units] += forget
        self.double()

    def forward(self, x: Tensor, state: State = None) -> tuple[Tensor, State]:
        """Give logits of each next character, and the state at the end.

        Args:
            x: character numbers, B T.
            state: hidden and cell state before the first; zeros if None.
        """
        y, state = self.lstm(self.embed(x), state)
        return self.output(y), state


def train(
    model: CharacterModel,
    codes: np.ndarray,
    steps: int,
    lr: float = 0.01,
    batch: int = 16,
    chunk: int = 25,
    clip: float = 1.0,
) -> np.ndarray:
    """Train by Adam on successive chunks, the state handed on.

    Args:
        model: changed in place.
        codes: the text, as character numbers.
        steps: how many.
        lr: learning rate.
        batch: streams read side by side.
        chunk: characters of each that a step reads.
        clip: largest norm of the gradient.

    Returns:
        Nats a character of each step.
    """
    rows = torch.tensor(codes[: len(codes) // batch * batch]).view(batch, -1)
    optimizer = torch.optim.Adam(model.parameters(), lr)
    state: State = None
    losses, at = [], 0
    for _ in range(steps):
        if at + chunk + 1 > rows.shape[1]:
            state, at = None, 0
        x = rows[:, at : at + chunk]
        y = rows[:, at + 1 : at + chunk + 1]
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        state = (state[0].detach(), state[1].detach())
        losses.append(loss.item())
        at += chunk
    return np.array(losses)


@torch.no_grad()
def nats(model: CharacterModel, codes: np.ndarray, context: int = 0) -> float:
    """Give the loss a character of a text, in nats.

    Args:
        model: left as it is.
        codes: the text, as character numbers.
        context: characters after which the state is reset to zeros; 0 for
            never.
    """
    x, y = torch.tensor(codes[:-1]), torch.tensor(codes[1:])
    if context:
        whole = len(x) // context * context
        x, y = x[:whole].view(-1, context), y[:whole].view(-1, context)
    else:
        x, y = x[None], y[None]
    logits, _ = model(x)
    return F.cross_entropy(logits.flatten(0, 1), y.flatten()).item()


@torch.no_grad()
def write(
    model: CharacterModel,
    start: np.ndarray,
    length: int,
    temperature: float = 1.0,
    seed: int = 0,
) -> list[int]:
    """Continue a text, one drawn character after the other.

    Args:
        model: left as it is.
        start: character numbers to read first.
        length: characters to write.
        temperature: divides the logits; 0 for the most probable character.
        seed: of the draws.

    Returns:
        The characters written, as numbers.
    """
    rng = np.random.default_rng(seed)
    logits, state = model(torch.tensor(start)[None])
    written = []
    for _ in range(length):
        z = logits[0, -1].numpy()
        if temperature == 0:
            code = int(z.argmax())
        else:
            p = np.exp((z - z.max()) / temperature)
            code = int(np.searchsorted(np.cumsum(p / p.sum()), rng.random()))
            code = min(code, len(p) - 1)
        written.append(code)
        logits, state = model(torch.tensor([[code]]), state)
    return written


def bits(nats: float) -> float:
    """Convert nats to bits.

    Args:
        nats: natural logarithms.

    >>> bits(math.log(2))
    1.0
    """
    return nats / math.log(2)
