"""Small transformers that predict the next character of English (CH).

    h <- h + attention(norm h),  h <- h + W2 relu(W1 norm h)      per layer

Sixteen characters are read and the seventeenth is predicted, from the state of
the last. All nets see the same prose; each seed trains on 8,000 windows of its
own from the first three quarters, validates on the next part and is tested on
the last.
Source: Vaswani et al. (2017); Xiong et al. (2020), norm before each part.
"""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from dlf.stacked.datasets import Sets
from dlf.stacked.nets import Stack

WINDOW, TRAIN, HELD = 16, 8_000, 2_000


@cache
def characters(seeds: tuple[int, ...]) -> Sets:
    """Give each seed windows of the book's own prose, and what follows.

    Args:
        seeds: one choice of windows each.
    """
    from dlf.data import corpus

    codes, _ = corpus.encode(corpus.load(1))
    text = torch.tensor(codes)
    x = text.unfold(0, WINDOW, 1)[:-1]
    y = text[WINDOW:]
    N = len(x)
    ends = [0, int(0.75 * N), int(0.85 * N), N]
    parts = []
    for i, size in enumerate((TRAIN, HELD, HELD)):
        drawn = [
            np.random.default_rng([seed, i]).permutation(
                np.arange(ends[i] + WINDOW * (i > 0), ends[i + 1])
            )[:size]
            for seed in seeds
        ]
        parts.append(torch.tensor(np.stack(drawn)))
    return Sets("CH", x, y, *parts)


def symbols() -> int:
    """Count the characters of the alphabet."""
    from dlf.data import corpus

    return len(corpus.encode(corpus.load(1))[1])


class Transformer(Stack):
    """K transformers side by side.

    Args:
        layers: of attention and two-layer perceptron.
        width: of the states.
        heads: of attention.
        seeds: see `Stack`.
        copies: see `Stack`.
        dtype: see `Stack`.
    """

    def __init__(
        self,
        layers: int,
        width: int,
        heads: int,
        seeds: Sequence[int],
        copies: int,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(seeds, copies, "relu", dtype=dtype)
        self.heads, self.depth = heads, layers
        V, D = symbols(), width
        self.layer((V, D), D, 1.0, 0.0)
        self.layer((WINDOW, D), D, 1.0, 0.0)
        for _ in range(layers):
            self.layer((D, 3 * D), D, 1.0, 0.0)
            self.layer((D, D), D, 1 / math.sqrt(2 * layers), 0.0)
            self.layer((D, 4 * D), D, math.sqrt(2), 0.0)
            self.layer((4 * D, D), 4 * D, 1 / math.sqrt(2 * layers), 0.0)
        self.layer((D, V), D, 1.0, 0.0)

    def forward(
        self, x: Int[Tensor, "K B T"], after: list[Tensor] | None = None
    ) -> Float[Tensor, "K B V"]:
        """Give logits of the next character.

        Args:
            x: character numbers.
            after: not kept; there for the sake of `training.fit`.
        """
        K, B, T = x.shape
        D = self.weights[0].shape[-1]
        rows = x.reshape(K, B * T, 1).expand(-1, -1, D)
        h = self.weights[0].gather(1, rows).view(K, B, T, D)
        place = self.weights[1] + self.biases[0] + self.biases[1]
        h = (h + place[:, None]).view(K, B * T, D)
        for i in range(2, 2 + 4 * self.depth, 4):
            mixed = self.attention(i, F.layer_norm(h, (D,)), (B, T))
            if i == 4 * self.depth - 2:  # of the last, only the last state
                mixed, h = (t.view(K, B, T, D)[:, :, -1] for t in (mixed, h))
            h = h + self.affine(i + 1, mixed)
            a = F.relu(self.affine(i + 2, F.layer_norm(h, (D,))))
            h = h + self.affine(i + 3, a)
        return self.affine(-1, F.layer_norm(h, (D,)))

    def affine(self, i: int, h: Float[Tensor, "K N D"]) -> Tensor:
        """Apply weights and biases number i.

        Args:
            i: of the layer.
            h: its inputs.
        """
        return torch.baddbmm(self.biases[i], h, self.weights[i])

    def attention(
        self, i: int, h: Float[Tensor, "K N D"], shape: tuple[int, int]
    ) -> Float[Tensor, "K N D"]:
        """Attend to what was read so far, in every head.

        Args:
            i: of the layer's first weights.
            h: normalized states.
            shape: windows and their length.
        """
        (K, _, D), (B, T) = h.shape, shape
        qkv = self.affine(i, h).view(K * B, T, 3, self.heads, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return mixed.transpose(1, 2).reshape(K, B * T, D)
