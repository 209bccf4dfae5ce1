"""Convolutional nets as a PyTorch user writes them, and their training.

Source: LeCun et al. (1998), figure 2, with ReLU and max pooling; Howard et al.
(2017), section 3.1; R. Zhang (2019), section 3, for the blur before a stride.
"""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

CHANNELS, HIDDEN = (6, 16), 84


class LeNet(nn.Module):
    """LeNet-style: (5x5 convolution, ReLU, 2x2 max)², dense, ReLU, dense.

    Args:
        side: of the square images of one channel, divisible by 4.
        classes: outputs.
    """

    def __init__(self, side: int = 28, classes: int = 10) -> None:
        super().__init__()
        first, second = CHANNELS
        self.conv1 = nn.Conv2d(1, first, 5, padding=2)
        self.conv2 = nn.Conv2d(first, second, 5, padding=2)
        self.dense1 = nn.Linear(second * (side // 4) ** 2, HIDDEN)
        self.dense2 = nn.Linear(HIDDEN, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Give logits.

        Args:
            x: images, N 1 H W.
        """
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.dense2(F.relu(self.dense1(x.flatten(1))))


class DepthwiseSeparable(nn.Module):
    """Depthwise-separable convolution: within channels, then across.

    Args:
        channels: of the input.
        outputs: channels of the output.
        kernel_size: of the first step, odd.
        stride: of the first step.
    """

    def __init__(
        self, channels: int, outputs: int, kernel_size: int = 3, stride: int = 1
    ) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(
            channels,
            channels,
            kernel_size,
            stride,
            padding=kernel_size // 2,
            groups=channels,
            bias=False,
        )
        self.pointwise = nn.Conv2d(channels, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Filter each channel, then mix them at every position.

        Args:
            x: images, N C H W.
        """
        return self.pointwise(self.depthwise(x))


class BlurPool(nn.Module):
    """Blur each channel with (1, 2, 1)/4 both ways, then take a stride of 2.

    It takes the place of a stride. In max pooling it stands behind the
    maximum: ``nn.Sequential(nn.MaxPool2d(2, 1), BlurPool(channels))``.

    Args:
        channels: of the input.
        padding_mode: what the blur sees beyond the border, in `nn.Conv2d`'s
            words: ``reflect``, ``replicate``, ``zeros`` or ``circular``.

    Raises:
        ValueError: no such mode.
    """

    kernel: Tensor

    def __init__(self, channels: int, padding_mode: str = "reflect") -> None:
        super().__init__()
        modes = {"zeros": "constant"}
        modes |= {m: m for m in ("reflect", "replicate", "circular")}
        if padding_mode not in modes:
            raise ValueError(
                f"BlurPool: `padding_mode` must be one of {sorted(modes)}; "
                f"got {padding_mode!r}"
            )
        self.padding_mode = modes[padding_mode]
        row = torch.tensor([1.0, 2.0, 1.0]) / 4
        kernel = torch.outer(row, row).expand(channels, 1, 3, 3).clone()
        self.register_buffer("kernel", kernel)

    def forward(self, x: Tensor) -> Tensor:
        """Blur, and keep every other row and column.

        Args:
            x: images, N C H W.
        """
        x = F.pad(x, (1, 1, 1, 1), self.padding_mode)
        return F.conv2d(x, self.kernel, stride=2, groups=x.shape[1])


def classifier(
    channels: int,
    classes: int = 10,
    layer: Callable[[int, int], nn.Module] | None = None,
    pool: Callable[[int], nn.Module] | None = None,
    head: str = "max",
) -> nn.Sequential:
    """Build a net of three 3x3 convolutions for images of one channel.

    Args:
        channels: of the first; the others have twice as many.
        classes: outputs.
        layer: maps channels in and out to the second and third convolution;
            plain ones if None.
        pool: maps channels to what halves the maps, twice; max pooling if None.
        head: ``max`` or ``mean`` of each map, before the dense layer.

    Raises:
        ValueError: no such head.
    """
    heads = {"max": nn.AdaptiveMaxPool2d, "mean": nn.AdaptiveAvgPool2d}
    if head not in heads:
        raise ValueError(
            f"classifier: `head` must be 'max' or 'mean'; got {head!r}"
        )
    layer = layer or (lambda c, o: nn.Conv2d(c, o, 3, padding=1))
    pool = pool or (lambda c: nn.MaxPool2d(2))
    C = 2 * channels
    return nn.Sequential(
        nn.Conv2d(1, channels, 3, padding=1),
        nn.ReLU(),
        pool(channels),
        layer(channels, C),
        nn.ReLU(),
        pool(C),
        layer(C, C),
        nn.ReLU(),
        heads[head](1),
        nn.Flatten(),
        nn.Linear(C, classes),
    )


def parameters(net: nn.Module) -> int:
    """Count what is learned.

    Args:
        net: any module.
    """
    return sum(p.numel() for p in net.parameters() if p.requires_grad)


def train(
    net: nn.Module,
    x: Tensor,
    y: Tensor,
    steps: int,
    rate: float = 3e-3,
    batch: int = 50,
    change: Callable[[Tensor, np.random.Generator], Tensor] | None = None,
) -> list[float]:
    """Train a classifier by Adam on random batches, the same for all nets.

    Args:
        net: changed in place.
        x: images.
        y: labels.
        steps: how many.
        rate: of Adam.
        batch: images a step.
        change: maps a batch and a generator to what the net is shown instead.

    Returns:
        The loss at each step.
    """
    rng, losses = np.random.default_rng(1), []
    optimizer = torch.optim.Adam(net.parameters(), rate)
    for _ in range(steps):
        i = torch.tensor(rng.integers(len(x), size=batch))
        shown = x[i] if change is None else change(x[i], rng)
        loss = F.cross_entropy(net(shown), y[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def shift(x: Tensor, down: int, right: int) -> Tensor:
    """Move images; what leaves is lost and zeros come in.

    Args:
        x: images, on the last two axes.
        down: pixels, up if negative.
        right: pixels, to the left if negative.
    """
    n = max(abs(down), abs(right))
    H, W = x.shape[-2:]
    wide = F.pad(x, (n, n, n, n))
    return wide[..., n - down : n - down + H, n - right : n - right + W]


@torch.no_grad()
def accuracy(net: nn.Module, x: Tensor, y: Tensor) -> float:
    """Give the fraction of images that are classified correctly.

    Args:
        net: any classifier.
        x: images.
        y: labels.
    """
    return (net(x).argmax(1) == y).double().mean().item()
