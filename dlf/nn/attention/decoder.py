"""A decoder that predicts the next token, trains, and writes with a cache.

Source: Radford et al. (2019); Su et al. (2021) for rotary positions.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlf.nn.attention.blocks import Block

Cache = list[tuple[Tensor, Tensor]]


class Decoder(nn.Module):
    """Embedding, causal blocks with rotary positions, norm, logits.

    Args:
        symbols: different tokens.
        width: of the stream.
        blocks: how many.
        heads: of attention.
    """

    def __init__(
        self, symbols: int, width: int, blocks: int, heads: int
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(symbols, width)
        self.blocks = nn.ModuleList(
            Block(width, heads, rotary=True) for _ in range(blocks)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, symbols, bias=False)
        for name, p in self.named_parameters():
            if p.ndim > 1:
                adds = name.endswith(("out.weight", "down.weight"))
                gain = 1 / math.sqrt(2 * blocks) if adds else 1.0
                nn.init.normal_(p, std=gain / math.sqrt(p.shape[1]))
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def forward(self, tokens: Tensor) -> Tensor:
        """Give the logits of the next token at every place.

        Args:
            tokens: N T.
        """
        return self.cached(tokens, None)[0]

    def cached(
        self, tokens: Tensor, cache: Cache | None
    ) -> tuple[Tensor, Cache]:
        """Give logits at new places, and all keys and values so far.

        Args:
            tokens: new ones.
            cache: what the last call returned; None at the start.
        """
        h, kept = self.embed(tokens), []
        for i, block in enumerate(self.blocks):
            past = cache[i] if cache else None
            h, pair = block.cached(h, past)  # pyright: ignore[reportCallIssue]
            kept.append(pair)
        return self.head(self.norm(h)), kept

    @torch.no_grad()
    def write(self, prompt: Tensor, count: int, cached: bool = True) -> Tensor:
        """Continue a prompt by the likeliest token each time.

        Args:
            prompt: tokens, N T.
            count: how many to write.
            cached: keep keys and values.
        """
        tokens, new, cache = prompt, prompt, None
        for _ in range(count):
            logits, cache = self.cached(new, cache if cached else None)
            last = logits[:, -1:].argmax(-1)
            tokens = torch.cat([tokens, last], 1)
            new = last if cached else tokens
        return tokens


def train(
    net: nn.Module,
    codes: Tensor,
    length: int,
    steps: int,
    rate: float = 3e-3,
    batch: int = 16,
    seed: int = 0,
) -> list[float]:
    """Train on random windows of a text; return the losses, nats a token.

    Args:
        net: maps tokens N T to logits N T V.
        codes: tokens of the text.
        length: of the windows.
        steps: of Adam.
        rate: at the start; it falls linearly to a tenth.
        batch: windows a step.
        seed: of the choice of windows.
    """
    draw = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(net.parameters(), rate)
    windows, losses = codes.unfold(0, length + 1, 1), []
    for step in range(steps):
        for group in adam.param_groups:
            group["lr"] = rate * (1 - 0.9 * step / steps)
        rows = torch.randint(len(windows), (batch,), generator=draw)
        losses.append(update(net, adam, windows[rows]))
    return losses


def update(
    net: nn.Module, adam: torch.optim.Optimizer, windows: Tensor
) -> float:
    """Take one step on windows, gradients clipped to norm 1.

    Args:
        net: maps tokens to logits.
        adam: its optimizer.
        windows: tokens, each to be predicted from those before it.
    """
    loss = next_token_loss(net, windows)
    adam.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    adam.step()
    return loss.item()


def next_token_loss(net: nn.Module, windows: Tensor) -> Tensor:
    """Give the mean cross-entropy of each token from those before it.

    Args:
        net: maps tokens to logits.
        windows: tokens, N by one more than the places that predict.
    """
    logits = net(windows[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())
