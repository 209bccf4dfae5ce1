"""Deep perceptrons with skips and without; how to train and to look at them.

Source: He et al. (2016b), figure 4(e), for the block; Veit, Wilber & Belongie
(2016), section 4, for cutting branches.
"""

import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlf.nn.residual.blocks import PreActivationBlock


class DeepNet(nn.Module):
    """Stem, blocks of two layers with a skip or without, head.

    Args:
        inputs: features of an example.
        width: of the stream.
        blocks: of two layers each.
        classes: outputs.
        skips: whether blocks add their input to their output.
        norm: makes a norm before each activation; none if None.
        scaled: second layers start smaller by the root of the blocks.
    """

    def __init__(
        self,
        inputs: int,
        width: int,
        blocks: int,
        classes: int,
        *,
        skips: bool = True,
        norm: type[nn.Module] | None = None,
        scaled: bool = True,
    ) -> None:
        super().__init__()
        self.skips = skips
        self.stem = nn.Linear(inputs, width)
        made = [PreActivationBlock(width, norm) for _ in range(blocks)]
        self.blocks = nn.ModuleList(made)
        self.head = nn.Linear(width, classes)
        smaller = 1 / math.sqrt(blocks) if scaled and skips else 1.0
        with torch.no_grad():
            for p in self.parameters():
                if p.ndim == 2:
                    p.normal_(0, 1 / math.sqrt(p.shape[1]))
            for block in made:
                block.first.weight *= math.sqrt(2)
                block.second.weight *= math.sqrt(2) * smaller
            for name, p in self.named_parameters():
                if name.endswith("bias"):
                    p.zero_()

    def stream(self, x: Tensor, cut: Sequence[int] = ()) -> list[Tensor]:
        """Give the features behind the stem and behind each block.

        Args:
            x: examples, one a row.
            cut: numbers of blocks that pass their input on, branch left out;
                from 0.

        Raises:
            ValueError: there is no such block.
        """
        if not set(cut) <= set(range(len(self.blocks))):
            raise ValueError(
                "stream: `cut` must name blocks from 0 to "
                f"{len(self.blocks) - 1}; got {tuple(cut)}"
            )
        h = self.stem(x)
        kept = [h]
        for k, block in enumerate(self.blocks):
            y = block(h)
            y = y if self.skips else y - h
            h = h if k in cut else y
            kept.append(h)
        return kept

    def forward(self, x: Tensor, cut: Sequence[int] = ()) -> Tensor:
        """Give logits.

        Args:
            x: examples, one a row.
            cut: as for `stream`.
        """
        return self.head(F.relu(self.stream(x, cut)[-1]))


class SingleLayerSkips(nn.Module):
    """Skips around one layer each, relu(norm(W x)) or W relu(norm(x)).

    Args:
        inputs: features of an example.
        width: of the stream.
        layers: how many, each with a skip; their weights start smaller by the
            root of this.
        classes: outputs.
        norm: whether batch norm stands before each ReLU.
        relu_last: whether a branch ends in ReLU, so that it never subtracts.
    """

    def __init__(
        self,
        inputs: int,
        width: int,
        layers: int,
        classes: int,
        norm: bool,
        relu_last: bool,
    ) -> None:
        super().__init__()
        make = nn.BatchNorm1d if norm else nn.Identity
        self.relu_last = relu_last
        self.stem, self.head = (
            nn.Linear(inputs, width),
            nn.Linear(width, classes),
        )
        made = [nn.Linear(width, width) for _ in range(layers)]
        for layer in made:
            nn.init.normal_(layer.weight, 0, math.sqrt(2 / width / layers))
            nn.init.zeros_(layer.bias)
        self.layers = nn.ModuleList(made)
        self.norms = nn.ModuleList(make(width) for _ in range(layers))

    def stream(self, x: Tensor) -> Tensor:
        """Give the features behind the last layer.

        Args:
            x: examples, one a row.
        """
        h = F.relu(self.stem(x))
        for layer, norm in zip(self.layers, self.norms, strict=True):
            if self.relu_last:
                h = h + F.relu(norm(layer(h)))
            else:
                h = h + layer(F.relu(norm(h)))
        return h

    def forward(self, x: Tensor) -> Tensor:
        """Give logits.

        Args:
            x: examples, one a row.
        """
        h = self.stream(x)
        return self.head(h if self.relu_last else F.relu(h))


def gradient_norms(net: DeepNet, x: Tensor, y: Tensor) -> list[float]:
    """Give the norm of the loss's gradient behind the stem and each block.

    Args:
        net: whose gradients are wanted.
        x: a batch.
        y: its classes.
    """
    stream = net.stream(x)
    loss = F.cross_entropy(net.head(F.relu(stream[-1])), y)
    grads = torch.autograd.grad(loss, stream)
    return [g.norm().item() for g in grads]


def train(
    net: nn.Module,
    x: Tensor,
    y: Tensor,
    steps: int,
    rate: float,
    *,
    batch: int = 100,
    watch: Callable[[int], None] | None = None,
) -> list[float]:
    """Train with momentum 0.9, and give the loss of each batch.

    Args:
        net: trained in place.
        x: examples, one a row.
        y: their classes.
        steps: how many.
        rate: learning rate.
        batch: examples a step, drawn by one seed.
        watch: called with the step before it is made.
    """
    draw = torch.Generator().manual_seed(0)
    optimizer = torch.optim.SGD(net.parameters(), rate, momentum=0.9)
    losses = []
    for step in range(steps):
        if watch:
            watch(step)
        rows = torch.randint(len(x), (batch,), generator=draw)
        loss = F.cross_entropy(net(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def loss_of(
    net: nn.Module, x: Tensor, y: Tensor, **how: Sequence[int]
) -> float:
    """Give the mean cross-entropy on all examples.

    Args:
        net: in evaluation mode meanwhile.
        x: examples, one a row.
        y: their classes.
        how: handed to the net, such as ``cut``.
    """
    was = net.training
    net.eval()
    loss = F.cross_entropy(net(x, **how), y).item()
    net.train(was)
    return loss


def parameters(net: nn.Module) -> int:
    """Count a net's parameters.

    Args:
        net: any module.
    """
    return sum(p.numel() for p in net.parameters())
