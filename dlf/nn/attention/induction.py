"""Nets of attention alone on repeated sequences: an induction head forms.

A sequence of random tokens is followed by itself. What comes next can be read
off only by finding the token's first occurrence and looking one place further:
[A] [B] … [A] → [B]. Repeats begin at random places, so that no fixed distance
tells.

Source: Elhage et al. (2021); Olsson et al. (2022), In-context Learning and
Induction Heads.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlf.nn.attention.functional import attention_weights, causal_mask


class AttentionOnly(nn.Module):
    """Blocks of one-headed attention alone, learned positions, no norms.

    Args:
        symbols: different tokens.
        width: of the stream.
        blocks: how many.
        length: of the sequences, at most.
    """

    def __init__(
        self, symbols: int, width: int, blocks: int, length: int
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(symbols, width)
        self.place = nn.Parameter(torch.randn(length, width) / math.sqrt(width))
        nn.init.normal_(self.embed.weight, std=1 / math.sqrt(width))
        self.blocks = nn.ModuleList(
            nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(4))
            for _ in range(blocks)
        )
        self.head = nn.Linear(width, symbols, bias=False)

    def forward(
        self, tokens: Tensor, maps: list[Tensor] | None = None
    ) -> Tensor:
        """Give the logits of the next token at every place.

        Args:
            tokens: N T.
            maps: gets each block's weights of attention, if given.
        """
        T = tokens.shape[1]
        h = self.embed(tokens) + self.place[:T]
        for block in self.blocks:
            q, k, v, out = block  # pyright: ignore[reportGeneralTypeIssues]
            weights = attention_weights(q(h), k(h), causal_mask(T))
            if maps is not None:
                maps.append(weights.detach())
            h = h + out(weights @ v(h))
        return self.head(h)


def repeated(
    count: int,
    length: int,
    symbols: int,
    draw: torch.Generator,
    periods: tuple[int, int] | None = None,
) -> tuple[Tensor, Tensor]:
    """Draw sequences whose second part repeats their first.

    Args:
        count: of sequences.
        length: of each.
        symbols: different tokens; a part has none of them twice.
        draw: source of the draws.
        periods: shortest and longest part that repeats; a third of the length
            and a half if None.

    Returns:
        Tokens, and how long the part is that repeats.
    """
    first = torch.rand(count, symbols, generator=draw).argsort(1)
    low, high = periods or (length // 3, length // 2)
    drawn = torch.randint(low, high + 1, (count, 1), generator=draw)
    places = torch.arange(length) % drawn
    return first.gather(1, places), drawn


def scores(
    net: AttentionOnly, tokens: Tensor, periods: Tensor
) -> tuple[float, list[float], list[float]]:
    """Give accuracy on the repeat, and what each block's heads look at.

    Args:
        net: of any number of blocks.
        tokens: as `repeated` draws them.
        periods: likewise.

    Returns:
        The fraction of the next tokens that are right in the repeat; of each
        block, the mean weight on the token before, over the places that no
        sequence has left its first part at, and on the token behind the first
        occurrence of this one.
    """
    maps: list[Tensor] = []
    with torch.no_grad():
        guess = net(tokens[:, :-1], maps).argmax(-1)
    places = torch.arange(tokens.shape[1] - 1)
    inside = places >= periods  # this token has occurred before
    right = (guess == tokens[:, 1:])[inside].double().mean().item()
    before, behind = [], []
    first = int(periods.min())
    for w in maps:
        before.append(w.diagonal(-1, 1, 2)[:, : first - 1].mean().item())
        target = (places - periods + 1).clamp(min=0)[..., None]
        looked = w.gather(2, target)[..., 0]
        behind.append(looked[inside].mean().item())
    return right, before, behind


def train(
    net: AttentionOnly,
    length: int,
    symbols: int,
    steps: int,
    every: int,
    rate: float = 3e-3,
    periods: tuple[int, int] | None = None,
) -> list[tuple]:
    """Train on fresh sequences; return step, loss and scores as it goes.

    Args:
        net: of any number of blocks.
        length: of the sequences.
        symbols: different tokens.
        steps: of Adam, 64 sequences each.
        every: steps between two looks.
        rate: of learning.
        periods: see `repeated`.
    """
    draw = torch.Generator().manual_seed(1)
    other = torch.Generator().manual_seed(2)
    test = repeated(100, length, symbols, other, periods)
    adam, log = torch.optim.Adam(net.parameters(), rate), []
    for step in range(steps + 1):
        tokens, parts = repeated(64, length, symbols, draw, periods)
        logits = net(tokens[:, :-1])
        each = F.cross_entropy(
            logits.transpose(1, 2), tokens[:, 1:], reduction="none"
        )
        inside = torch.arange(length - 1) >= parts
        loss = each[inside].mean()
        if step % every == 0:
            log.append((step, loss.item(), *scores(net, *test)))
        adam.zero_grad()
        loss.backward()
        adam.step()
    return log
