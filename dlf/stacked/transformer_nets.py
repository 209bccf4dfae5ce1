"""Nets that read sequences: transformer, LSTM, and a linear model of a window.

    h <- h + attention(norm h),  h <- h + W2 gelu(W1 norm h)      per layer

All take tokens or numbers, N T, and answer at every place, at the last, or
once, from the mean over places.
Source: Vaswani et al. (2017); Radford et al. (2019), norm before each part and
one matrix for reading and writing tokens; Karpathy (2022), nanoGPT.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

START = 0.02  # standard deviation of weights
FACTORS: dict[str, Callable[[int], float]] = {
    "× d": lambda d: float(d),
    "× 1": lambda d: 1.0,
    "/ root d": lambda d: 1 / math.sqrt(d),
    "/ d": lambda d: 1 / d,
}


@dataclass(frozen=True)
class Kind:
    """What a net reads and what it answers.

    Args:
        symbols: different tokens; 0 for numbers.
        outputs: of each answer.
        length: of the sequences, at most.
        answers: ``each`` place, the ``last`` or the ``mean``.
    """

    symbols: int
    outputs: int
    length: int
    answers: str = "each"


def answered(h: Tensor, kind: Kind) -> Tensor:
    """Keep the places that answer.

    Args:
        h: states, N T D.
        kind: of the task.
    """
    if kind.answers == "mean":
        return h.mean(1)
    return h if kind.answers == "each" else h[:, -1]


def reader(kind: Kind, width: int) -> nn.Module:
    """Make the first layer.

    Args:
        kind: of the task.
        width: of the states.
    """
    if kind.symbols:
        return nn.Embedding(kind.symbols, width)
    return nn.Sequential(nn.Unflatten(-1, (-1, 1)), nn.Linear(1, width))


class Layer(nn.Module):
    """Attention and a two-layer perceptron, with a norm before each.

    Args:
        width: of the states.
        heads: of attention.
        factor: of the scores, by the width of a head.
        causal: look at earlier places only.
    """

    def __init__(
        self, width: int, heads: int, factor: str, causal: bool
    ) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, bias=False)
        self.norm2 = nn.LayerNorm(width, bias=False)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(4 * width, width, bias=False)
        self.heads, self.causal = heads, causal
        self.factor = FACTORS[factor](width // heads)

    def forward(self, x: Tensor) -> Tensor:
        """Add both parts to the stream.

        Args:
            x: states, N T D.
        """
        N, T, D = x.shape
        qkv = self.qkv(self.norm1(x)).view(N, T, 3, self.heads, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(
            q, k, v, is_causal=self.causal, scale=self.factor
        )
        x = x + self.out(mixed.transpose(1, 2).reshape(N, T, D))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    """A transformer with learned positions.

    Args:
        kind: of the task.
        width: of the states.
        layers: how many.
        heads: of attention.
        factor: of the scores, a key of `FACTORS`.
        positions: whether each place adds a vector of its own.
    """

    def __init__(
        self,
        kind: Kind,
        width: int,
        layers: int,
        heads: int,
        factor: str = "/ root d",
        positions: bool = True,
    ) -> None:
        super().__init__()
        self.kind = kind
        self.read = reader(kind, width)
        self.place = nn.Parameter(torch.empty(kind.length, width))
        self.place.requires_grad_(positions)
        causal = kind.answers != "mean"
        self.layers = nn.ModuleList(
            Layer(width, heads, factor, causal) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width, bias=False)
        self.write = nn.Linear(width, kind.outputs, bias=False)
        for name, p in self.named_parameters():
            if p.ndim > 1:
                last = name.endswith(("out.weight", "down.weight"))
                shrunk = math.sqrt(2 * layers) if last else 1
                nn.init.normal_(p, std=START / shrunk)
        if not positions:
            nn.init.zeros_(self.place)
        if isinstance(self.read, nn.Embedding) and (
            kind.symbols == kind.outputs
        ):
            self.write.weight = self.read.weight

    def forward(self, x: Tensor) -> Tensor:
        """Give the answers.

        Args:
            x: tokens or numbers, N T.
        """
        h = self.read(x) + self.place[: x.shape[1]]
        for layer in self.layers:
            h = layer(h)
        return self.write(answered(self.norm(h), self.kind))


class Recurrent(nn.Module):
    """An LSTM of one layer, its forget gates open at the start.

    Args:
        kind: of the task.
        width: of what it reads.
        hidden: of its state.
    """

    def __init__(self, kind: Kind, width: int, hidden: int) -> None:
        super().__init__()
        self.kind = kind
        self.read = reader(kind, width)
        self.lstm = nn.LSTM(width, hidden, batch_first=True)
        self.write = nn.Linear(hidden, kind.outputs)
        for bias in (self.lstm.bias_ih_l0, self.lstm.bias_hh_l0):
            nn.init.zeros_(bias)  # pyright: ignore[reportArgumentType]
            nn.init.constant_(bias[hidden : 2 * hidden], 0.5)  # pyright: ignore[reportIndexIssue]

    def forward(self, x: Tensor) -> Tensor:
        """Give the answers.

        Args:
            x: tokens or numbers, N T.
        """
        h, _ = self.lstm(self.read(x))
        return self.write(answered(h, self.kind))


class Linear(nn.Module):
    """A linear model of the last few places; of the mean, of all alike.

    Args:
        kind: of the task.
        window: places that an answer reads.
    """

    def __init__(self, kind: Kind, window: int) -> None:
        super().__init__()
        self.kind = kind
        self.window = 1 if kind.answers == "mean" else window
        inputs = max(kind.symbols, 1)
        self.write = nn.Conv1d(inputs, kind.outputs, self.window)
        nn.init.zeros_(self.write.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Give the answers.

        Args:
            x: tokens or numbers, N T.
        """
        S = self.kind.symbols
        rows = F.one_hot(x, S).to(self.write.weight) if S else x[..., None]
        rows = F.pad(rows.transpose(1, 2), (self.window - 1, 0))
        return answered(self.write(rows).transpose(1, 2), self.kind)
