"""A transformer as the chapter's decoder has it, for tokens or numbers.

    h <- h + attention(norm h),  h <- h + W2 gelu(W1 norm h)      per block

Queries and keys are rotated by their places. Weights have variance 1/fan-in,
those that write into the stream 1/(2 blocks fan-in): matrices keep the size of
what they read at any width, which a fixed 0.02 does at one.
Source: Radford et al. (2019) for the blocks and what shrinks; Su et al. (2021)
for rotary places; LeCun et al. (1998), section 4.6, for the variance.
"""

import math
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from dlf.nn.attention.blocks import Block
from dlf.stacked.transformer_nets import Kind, answered, reader
from dlf.stacked.transformer_recipes import Sequences


class RotaryTransformer(nn.Module):
    """Embedding, blocks with rotary places, norm, answers.

    Args:
        kind: of the task.
        width: of the stream.
        layers: how many blocks.
        heads: of attention.
    """

    def __init__(self, kind: Kind, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.kind = kind
        self.read = reader(kind, width)
        causal = kind.answers != "mean"
        self.blocks = nn.ModuleList(
            Block(width, heads, causal, rotary=True) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.write = nn.Linear(width, kind.outputs, bias=False)
        for name, p in self.named_parameters():
            if p.ndim > 1:
                adds = name.endswith(("out.weight", "down.weight"))
                gain = 1 / math.sqrt(2 * layers) if adds else 1.0
                nn.init.normal_(p, std=gain / math.sqrt(p.shape[1]))
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def forward(self, x: Tensor) -> Tensor:
        """Give the answers.

        Args:
            x: tokens or numbers, N T.
        """
        h = self.read(x)
        for block in self.blocks:
            h = block(h)
        return self.write(answered(self.norm(h), self.kind))


@dataclass(frozen=True, kw_only=True)
class RotarySequences(Sequences):
    """A net that reads sequences, whose transformer has rotary places."""

    def make(self, kind: Any) -> Any:
        """Make the net.

        Args:
            kind: of the task.
        """
        if self.net != "transformer":
            return super().make(kind)
        return RotaryTransformer(kind, self.width, self.layers, self.heads)
