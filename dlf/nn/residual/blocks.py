"""Residual blocks and their relatives as modules.

Source: He et al. (2016a), figures 2 and 5; He et al. (2016b), figure 4; Huang
et al. (2017), equation 2; Srivastava, Greff & Schmidhuber (2015), equation 3.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class PreActivationBlock(nn.Module):
    """Pre-activation block, x + W2 f(norm(W1 f(norm(x)))).

    Args:
        width: of the stream.
        norm: makes a norm for this width, such as `torch.nn.BatchNorm1d`; none
            if None.
    """

    def __init__(self, width: int, norm: type[nn.Module] | None = None) -> None:
        super().__init__()
        make = norm or nn.Identity
        self.norm1, self.norm2 = make(width), make(width)
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Add the branch to the stream.

        Args:
            x: the stream, N D.
        """
        h = self.first(F.relu(self.norm1(x)))
        return x + self.second(F.relu(self.norm2(h)))


class ResidualBlock(nn.Module):
    """Original block, relu(x + W2 relu(W1 x)); projects if widths differ.

    Args:
        width: of the stream.
        outputs: of the stream behind the block; as before if None.
    """

    def __init__(self, width: int, outputs: int | None = None) -> None:
        super().__init__()
        outputs = outputs or width
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, outputs)
        self.skip: nn.Module = nn.Identity()
        if outputs != width:
            self.skip = nn.Linear(width, outputs, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Add the branch, then apply ReLU.

        Args:
            x: the stream, N D.
        """
        return F.relu(self.skip(x) + self.second(F.relu(self.first(x))))


class Bottleneck(nn.Module):
    """Bottleneck block with batch norm: 1x1, 3x3, 1x1, with its skip.

    Args:
        channels: of the input.
        narrow: channels of the 3x3 convolution.
        outputs: channels of the result; as before if None.
        stride: of the 3x3 convolution, and of the skip.
    """

    def __init__(
        self,
        channels: int,
        narrow: int,
        outputs: int | None = None,
        stride: int = 1,
    ) -> None:
        super().__init__()
        outputs = outputs or channels
        self.branch = nn.Sequential(
            nn.Conv2d(channels, narrow, 1, bias=False),
            nn.BatchNorm2d(narrow),
            nn.ReLU(),
            nn.Conv2d(narrow, narrow, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(narrow),
            nn.ReLU(),
            nn.Conv2d(narrow, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.skip: nn.Module = nn.Identity()
        if stride != 1 or outputs != channels:
            self.skip = nn.Sequential(
                nn.Conv2d(channels, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x: Tensor) -> Tensor:
        """Add the branch, then apply ReLU.

        Args:
            x: images, N C H W.
        """
        return F.relu(self.skip(x) + self.branch(x))


class Highway(nn.Module):
    """Highway layer, T relu(W x) + (1 - T) x with a gate T.

    Args:
        width: of the stream.
        bias: the gate's at the start.
    """

    def __init__(self, width: int, bias: float = -2.0) -> None:
        super().__init__()
        self.layer, self.gate = nn.Linear(width, width), nn.Linear(width, width)
        nn.init.constant_(self.gate.bias, bias)

    def forward(self, x: Tensor) -> Tensor:
        """Mix the layer with its input.

        Args:
            x: the stream, N D.
        """
        return torch.lerp(x, F.relu(self.layer(x)), torch.sigmoid(self.gate(x)))


class DenseBlock(nn.Module):
    """Dense block: each layer reads all features before it and adds some.

    Args:
        width: of the input.
        growth: features that a layer adds.
        layers: how many.
    """

    def __init__(self, width: int, growth: int, layers: int) -> None:
        super().__init__()
        sizes = [width + k * growth for k in range(layers)]
        self.layers = nn.ModuleList(nn.Linear(n, growth) for n in sizes)

    def forward(self, x: Tensor) -> Tensor:
        """Give all features, old and new.

        Args:
            x: features, N D.
        """
        for layer in self.layers:
            x = torch.cat([x, F.relu(layer(x))], 1)
        return x
