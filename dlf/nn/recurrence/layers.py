"""Recurrent cells as one writes them, and a layer that walks with any of them.

Weights have the names and the layout of `torch.nn.RNNCell`, `LSTMCell` and
`GRUCell`, so that a state dictionary of theirs loads as it is.

Source: Hochreiter & Schmidhuber (1997); Cho et al. (2014).
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def rnn_cell(
    x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> Tensor:
    """Take one step of a tanh network.

    Args:
        x: inputs, B D.
        h: hidden states, B H.
        w_ih: weights from input to hidden.
        w_hh: weights from hidden to hidden.
        b_ih: the first bias.
        b_hh: the second.
    """
    return torch.tanh(F.linear(x, w_ih, b_ih) + F.linear(h, w_hh, b_hh))


def lstm_cell(
    x: Tensor,
    h: Tensor,
    c: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor,
    b_hh: Tensor,
) -> Tensor:
    """Take one step of an LSTM; hidden and cell states come in one tensor.

    Args:
        x: inputs, B D.
        h: hidden states, B H.
        c: cell states, B H.
        w_ih: weights from input to the gates i, f, g, o.
        w_hh: weights from hidden state to the gates.
        b_ih: the first bias.
        b_hh: the second.
    """
    i, f, g, o = (F.linear(x, w_ih, b_ih) + F.linear(h, w_hh, b_hh)).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.stack([torch.sigmoid(o) * torch.tanh(c), c])


def gru_cell(
    x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> Tensor:
    """Take one step of a GRU whose reset gate acts behind the product.

    Args:
        x: inputs, B D.
        h: hidden states, B H.
        w_ih: weights from input to the gates r, z, n.
        w_hh: weights from hidden state to the gates.
        b_ih: the first bias.
        b_hh: the second.
    """
    read = F.linear(x, w_ih, b_ih).chunk(3, 1)
    held = F.linear(h, w_hh, b_hh).chunk(3, 1)
    r, z = torch.sigmoid(read[0] + held[0]), torch.sigmoid(read[1] + held[1])
    n = torch.tanh(read[2] + r * held[2])
    return torch.lerp(n, h, z)


class Recurrent(nn.Module):
    """One recurrent layer of a kind, started as PyTorch starts its own.

    Args:
        inputs: features of a step.
        units: of the hidden state.
        kind: a key of `GATES`.
        forget: what is added to the first bias of an LSTM's forget gate.
    """

    def __init__(
        self, inputs: int, units: int, kind: str = "rnn", forget: float = 0.0
    ) -> None:
        super().__init__()
        self.kind, self.units, bound = kind, units, 1 / math.sqrt(units)
        G = GATES[kind] * units

        def uniform(*shape: int) -> nn.Parameter:
            return nn.Parameter(torch.empty(shape).uniform_(-bound, bound))

        self.weight_ih, self.weight_hh = uniform(G, inputs), uniform(G, units)
        self.bias_ih, self.bias_hh = uniform(G), uniform(G)
        if kind == "lstm":
            with torch.no_grad():
                self.bias_ih[units : 2 * units] += forget

    def first(self, x: Tensor) -> Tensor:
        """Give states of zeros; an LSTM's hidden and cell states in one.

        Args:
            x: sequences, B T D.
        """
        shape = (2, len(x)) if self.kind == "lstm" else (len(x),)
        return x.new_zeros(*shape, self.units)

    def forward(
        self, x: Tensor, state: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Give the hidden states of all steps, and the state at the end.

        Args:
            x: sequences, B T D.
            state: before the first step; zeros if None.
        """
        weights = self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh
        cells: dict[str, Callable] = {"rnn": rnn_cell, "gru": gru_cell}
        state = self.first(x) if state is None else state
        found = []
        for z in x.unbind(1):
            if self.kind == "lstm":
                state = lstm_cell(z, *state, *weights)
                found.append(state[0])
            else:
                state = cells[self.kind](z, state, *weights)
                found.append(state)
        return torch.stack(found, 1), state
