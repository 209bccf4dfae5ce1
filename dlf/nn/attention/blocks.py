"""Multi-head attention and the transformer block as modules.

Source: Vaswani et al. (2017), section 3; Xiong et al. (2020), figure 1;
Ainslie et al. (2023) for heads that share keys.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlf.nn.attention.functional import causal_mask, rope


class MultiHeadAttention(nn.Module):
    """Attend in several heads, to one's own rows or to others'.

    Args:
        width: of the rows that ask, and of the result.
        heads: of queries.
        head: width of a head; width / heads if None.
        groups: heads of keys and values; as many as of queries if None.
        asked: width of the rows that are asked; ``width`` if None.
        rotary: rotate queries and keys by their places.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        head: int | None = None,
        groups: int | None = None,
        asked: int | None = None,
        rotary: bool = False,
    ) -> None:
        super().__init__()
        head, groups = head or width // heads, groups or heads
        asked = asked or width
        self.heads, self.groups, self.rotary = heads, groups, rotary
        self.q = nn.Linear(width, heads * head, bias=False)
        self.k = nn.Linear(asked, groups * head, bias=False)
        self.v = nn.Linear(asked, groups * head, bias=False)
        self.out = nn.Linear(heads * head, width, bias=False)

    def forward(
        self, x: Tensor, z: Tensor | None = None, mask: Tensor | None = None
    ) -> Tensor:
        """Give what was found, mixed.

        Args:
            x: rows that ask, N T D.
            z: rows that are asked; ``x`` if None.
            mask: True where a query may look.
        """
        y, _ = self.cached(x, x if z is None else z, mask, None)
        return y

    def cached(
        self,
        x: Tensor,
        z: Tensor,
        mask: Tensor | None,
        past: tuple[Tensor, Tensor] | None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Attend to rows of earlier calls too; give all keys and values.

        Args:
            x: rows that ask.
            z: new rows that are asked.
            mask: True where a query may look.
            past: keys and values of earlier calls.
        """
        q = self.q(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        k = self.k(z).unflatten(-1, (self.groups, -1)).transpose(1, 2)
        v = self.v(z).unflatten(-1, (self.groups, -1)).transpose(1, 2)
        before = 0 if past is None else past[0].shape[2]
        if self.rotary:
            S, T = before + k.shape[2], q.shape[2]
            places = torch.arange(S, dtype=torch.float64, device=x.device)
            q = rope(q, places[S - T :])
            k = rope(k, places[before:])
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        shared = self.groups != self.heads
        y = F.scaled_dot_product_attention(
            q, k, v, attn_mask=mask, enable_gqa=shared
        )
        return self.out(y.transpose(1, 2).flatten(2)), (k, v)


class Block(nn.Module):
    """Attention, then a perceptron at each place, with skips and norms.

    Args:
        width: of the stream.
        heads: of attention.
        causal: see earlier places only.
        rotary: rotate queries and keys by their places.
        pre: norm before each part; behind each sum otherwise.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        causal: bool = True,
        rotary: bool = False,
        pre: bool = True,
    ) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = MultiHeadAttention(width, heads, rotary=rotary)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.causal, self.pre = causal, pre

    def forward(self, x: Tensor) -> Tensor:
        """Give the stream behind the block.

        Args:
            x: the stream, N T D.
        """
        return self.cached(x, None)[0]

    def cached(
        self, x: Tensor, past: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Give the stream, and the keys and values of all places so far.

        Args:
            x: the stream at new places.
            past: keys and values of earlier ones.
        """
        T = x.shape[1]
        S = T if past is None else T + past[0].shape[2]
        mask = causal_mask(T, S).to(x.device) if self.causal else None
        a = self.norm1(x) if self.pre else x
        mixed, kept = self.attention.cached(a, a, mask, past)
        h = x + mixed if self.pre else self.norm1(x + mixed)
        c = self.norm2(h) if self.pre else h
        changed = self.down(F.gelu(self.up(c)))
        y = h + changed if self.pre else self.norm2(h + changed)
        return y, kept
