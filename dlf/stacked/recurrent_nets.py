"""Recurrent nets side by side: plain, LSTM and GRU, at three kinds of start.

    plain   h <- f(W x + U h + b)
    LSTM    i, f, o gates, g candidate:  c <- f c + i g,  h <- o tanh c
    GRU     r, z gates:  n = tanh(W x + r (U h + d) + b),  h <- (1 - z) n + z h

Each has two biases, b and d, as PyTorch's have. One layer, and a linear output
at the last step, or at every step. Inputs are characters, whose rows of W are
looked up, or numbers. Weights are normal with the variance of PyTorch's own
start, 1/(3 H), times the square of a gain; U may be orthogonal or the identity.
Source: Hochreiter & Schmidhuber (1997); Gers, Schmidhuber & Cummins (2000);
Cho et al. (2014); Le, Jaitly & Hinton (2015).
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from dlf.stacked.nets import Stack

GATES = {"plain": 1, "lstm": 4, "gru": 3}
STARTS = "normal", "orthogonal", "identity"


class RecurrentNet(Stack):
    """K recurrent nets of one layer.

    Args:
        inputs: features of a step, or characters of the alphabet.
        units: of the hidden state.
        outputs: of the linear layer.
        seeds: see `Stack`.
        copies: see `Stack`.
        kind: a key of `GATES`.
        activation: of a plain one.
        start: of U, one of `STARTS`.
        gain: of W and U; 1 has the variance of PyTorch's start.
        forget: initial bias of an LSTM's forget gate.
        everywhere: whether every step has an output, or the last alone.
        dtype: see `Stack`.

    Raises:
        ValueError: no such kind or start.
    """

    def __init__(
        self,
        inputs: int,
        units: int,
        outputs: int,
        seeds: Sequence[int],
        copies: int,
        *,
        kind: str = "plain",
        activation: str = "tanh",
        start: str = "normal",
        gain: float = 1.0,
        forget: float = 0.0,
        everywhere: bool = False,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(seeds, copies, activation, dtype=dtype)
        if kind not in GATES or start not in STARTS:
            raise ValueError(
                f"RecurrentNet: `kind` must be one of {', '.join(GATES)} and "
                f"`start` one of {', '.join(STARTS)}; got {kind!r}, {start!r}"
            )
        self.kind, self.units, self.everywhere = kind, units, everywhere
        G, usual = GATES[kind], gain / math.sqrt(3)
        self.layer((inputs, G * units), units, usual, 0.0)
        self.layer((units, G * units), units, usual, 0.0)
        self.layer((units, outputs), units, 1 / math.sqrt(3), 0.0)
        with torch.no_grad():
            if start != "normal":
                self.weights[1].copy_(self.square(start))
            if kind == "lstm":
                self.biases[0][..., units : 2 * units] = forget

    def square(self, start: str) -> Float[Tensor, "K H G"]:
        """Give orthogonal recurrent weights, or the identity, for each gate.

        Args:
            start: ``orthogonal`` or ``identity``.
        """
        drawn = self.weights[1].detach().double()
        parts = drawn.split(self.units, dim=-1)
        if start == "identity":
            eye = torch.eye(self.units, dtype=torch.float64)
            return torch.cat([eye.expand_as(p) for p in parts], -1)
        return torch.cat([torch.linalg.qr(p)[0] for p in parts], -1)

    def read(self, x: Shaped[Tensor, "K B T ..."]) -> Float[Tensor, "T K B G"]:
        """Give what every step gets from its input.

        Args:
            x: characters, or features with an axis of their own.
        """
        w, b = self.weights[0], self.biases[0]
        if self.kind != "gru":  # whose second bias stands behind the gate r
            b = b + self.biases[1]
        K, B, T = x.shape[:3]
        if x.is_floating_point():
            z = torch.baddbmm(b, x.flatten(1, 2), w)
        else:
            rows = x.reshape(K, B * T, 1).expand(-1, -1, w.shape[-1])
            z = w.gather(1, rows) + b
        return z.view(K, B, T, -1).permute(2, 0, 1, 3)

    def forward(
        self,
        x: Shaped[Tensor, "K B T ..."],
        after: list[Tensor] | None = None,
    ) -> Float[Tensor, "K B ..."]:
        """Give the outputs, of the last step or of all.

        Args:
            x: characters, or features with an axis of their own.
            after: filled with the hidden state after every step.
        """
        read = self.read(x)
        T, K, B, _ = read.shape
        h = c = read.new_zeros(K, B, self.units)
        states = []
        for z in read.unbind():
            h, c = self.step(z, h, c)
            states.append(h)
        if after is not None:
            after += states
        if self.everywhere:
            h = torch.stack(states, 2).view(K, B * T, -1)
        y = torch.baddbmm(self.biases[2], h, self.weights[2])
        return y.view(K, B, T, -1) if self.everywhere else y

    def step(
        self, z: Float[Tensor, "K B G"], h: Tensor, c: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Take one step in time.

        Args:
            z: what the input gives.
            h: hidden state.
            c: cell state of an LSTM.
        """
        H, u = self.units, self.weights[1]
        if self.kind == "plain":
            return self.f(torch.baddbmm(z, h, u)), c
        if self.kind == "lstm":
            z = torch.baddbmm(z, h, u)
            i, f = torch.sigmoid(z[..., : 2 * H]).split(H, -1)
            g, o = z[..., 2 * H : 3 * H].tanh(), z[..., 3 * H :].sigmoid()
            c = torch.addcmul(f * c, i, g)
            return o * c.tanh(), c
        v = torch.baddbmm(self.biases[1], h, u)
        gates = torch.sigmoid(z[..., : 2 * H] + v[..., : 2 * H])
        r, keep = gates.split(H, -1)
        n = torch.addcmul(z[..., 2 * H :], r, v[..., 2 * H :]).tanh()
        return torch.lerp(n, h, keep), c


def parameters(kind: str, inputs: int, units: int) -> int:
    """Count weights and biases of the recurrent layer, with both biases.

    Args:
        kind: a key of `GATES`.
        inputs: features of a step, or characters.
        units: of the hidden state.
    """
    return GATES[kind] * units * (inputs + units + 2)
