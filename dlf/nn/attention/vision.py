"""A vision transformer: patches of an image as a sequence.

Source: Dosovitskiy et al. (2021), section 3.1.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlf.nn.attention.blocks import Block


def patches(images: Tensor, side: int) -> Tensor:
    """Cut images into square patches, a row each, N T (C side side).

    Args:
        images: N C H W.
        side: of a patch; it divides both sizes of the image.
    """
    cut = images.unfold(2, side, side).unfold(3, side, side)
    return cut.permute(0, 2, 3, 1, 4, 5).flatten(3).flatten(1, 2)


class VisionTransformer(nn.Module):
    """Embed patches, add learned positions and a class token, apply blocks.

    Args:
        image: side of the images.
        side: of a patch.
        width: of the stream.
        blocks: how many.
        heads: of attention.
        classes: outputs.
        channels: of the images.
        positions: whether each patch adds a vector of its own.
    """

    def __init__(
        self,
        image: int,
        side: int,
        width: int,
        blocks: int,
        heads: int,
        classes: int,
        channels: int = 1,
        positions: bool = True,
    ) -> None:
        super().__init__()
        count = (image // side) ** 2
        self.side = side
        self.embed = nn.Linear(channels * side**2, width)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        place = 0.02 * torch.randn(count + 1, width)
        self.place = nn.Parameter(place if positions else torch.zeros(1, width))
        self.blocks = nn.Sequential(
            *(Block(width, heads, causal=False) for _ in range(blocks))
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Give logits, read from the class token.

        Args:
            images: N C H W.
        """
        h = self.embed(patches(images, self.side))
        h = torch.cat([self.token.expand(len(h), -1, -1), h], 1) + self.place
        return self.head(self.norm(self.blocks(h)[:, 0]))


def train(
    net: nn.Module, x: Tensor, y: Tensor, steps: int, rate: float = 3e-3
) -> list[float]:
    """Train with Adam on batches of 50; return the losses.

    Args:
        net: maps images to logits.
        x: images.
        y: classes.
        steps: of Adam.
        rate: at the start; it falls linearly to a tenth.
    """
    draw = torch.Generator().manual_seed(0)
    adam, losses = torch.optim.Adam(net.parameters(), rate), []
    for step in range(steps):
        for group in adam.param_groups:
            group["lr"] = rate * (1 - 0.9 * step / steps)
        rows = torch.randint(len(x), (50,), generator=draw)
        loss = F.cross_entropy(net(x[rows]), y[rows])
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def accuracy(net: nn.Module, x: Tensor, y: Tensor) -> float:
    """Give the fraction of images that are classified right.

    Args:
        net: maps images to logits.
        x: images.
        y: classes.
    """
    return (net(x).argmax(1) == y).double().mean().item()
