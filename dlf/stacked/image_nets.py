"""Nets on images side by side: convolutions that shrink, and a small ViT.

A `ConvNet` has two 3x3 convolutions and a dense layer. Behind each convolution
maps are halved by pooling or by the convolution's stride, or not at all. A
`VisionTransformer` cuts an image into 16 patches and lets them attend to each
other in pre-norm blocks, whose layer norms have no weights of their own, since
the dense layers behind them do as well.

Source: LeCun et al. (1998), fig. 2, for the former; Dosovitskiy et al. (2021),
eq. 1 to 4, for the latter, with a mean over patches in place of a class token.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dlf.stacked.nets import Stack, normal

CHUNK = 100  # images of a net at a time
SIDE = 4  # patches along a side


class ConvNet(Stack):
    """K nets: convolution C, halve, ReLU, the same with 2C, dense.

    Args:
        side: of the square images, divisible by 4.
        channels: C of the first convolution.
        seeds, copies, options: see `Stack`.
        shrink: ``max``, ``stride`` or ``none``.
        classes: outputs.
    """

    def __init__(
        self,
        side: int,
        channels: int,
        seeds: Sequence[int],
        copies: int,
        *,
        shrink: str = "max",
        classes: int = 10,
        **options: Any,
    ) -> None:
        super().__init__(seeds, copies, "relu", **options)
        self.shrink, C = shrink, channels
        last = side if shrink == "none" else side // 4
        self.layer((1, 3, 3, C), 9, self.gain, 0.0)
        self.layer((C, 3, 3, 2 * C), 9 * C, self.gain, 0.0)
        features = 2 * C * last**2
        self.layer((features, classes), features, 1.0, 0.0)

    def forward(
        self,
        x: Float[Tensor, "K B 1 H W"],
        before: list[Tensor] | None = None,
        after: list[Tensor] | None = None,
    ) -> Float[Tensor, "K B C"]:
        """Give logits, a hundred images of each net at a time.

        Args:
            x: images of each net, of one channel.
            before: not used.
            after: not used.
        """
        return torch.cat([self.part(p) for p in x.split(CHUNK, 1)], 1)

    def part(self, x: Float[Tensor, "K B 1 H W"]) -> Float[Tensor, "K B C"]:
        """Give the logits of some images.

        Args:
            x: images of each net, of one channel.
        """
        features = [
            self.maps(k, images).flatten(1) for k, images in enumerate(x)
        ]
        h = torch.stack(features)
        return torch.baddbmm(self.biases[-1], h, self.weights[-1])

    def maps(self, k: int, h: Float[Tensor, "B 1 H W"]) -> Tensor:
        """Give the last maps of net k, alone: faster than K groups at once.

        Args:
            k: its number.
            h: its images.
        """
        stride = 2 if self.shrink == "stride" else 1
        for w, b in zip(self.weights[:2], self.biases, strict=False):
            kernel = w[k].permute(3, 0, 1, 2)
            h = F.conv2d(h, kernel, b[k, 0], stride, padding=1)
            if self.shrink == "max":
                h = F.max_pool2d(h, 2)
            h = F.relu(h)
        return h


class VisionTransformer(Stack):
    """K transformers on 16 patches of an image.

    Args:
        side: of the square images, divisible by 4.
        width: of a patch's row.
        depth: blocks.
        seeds, copies, options: see `Stack`.
        heads: of the attention; they divide the width.
        classes: outputs.
    """

    def __init__(
        self,
        side: int,
        width: int,
        depth: int,
        seeds: Sequence[int],
        copies: int,
        *,
        heads: int = 3,
        classes: int = 10,
        **options: Any,
    ) -> None:
        super().__init__(seeds, copies, "gelu", **options)
        self.heads, D = heads, width
        pixels, last = (side // SIDE) ** 2, 1 / math.sqrt(2 * depth)
        self.layer((pixels, D), pixels, 1.0, 0.0)
        place = normal(self.seeds, copies, (SIDE**2, D), 999) / 10
        self.places = nn.Parameter(place.to(self.dtype))
        for _ in range(depth):
            self.layer((D, 3 * D), D, 1.0, 0.0)
            self.layer((D, D), D, last, 0.0)
            self.layer((D, 4 * D), D, self.gain, 0.0)
            self.layer((4 * D, D), 4 * D, last, 0.0)
        self.layer((D, classes), D, 1.0, 0.0)

    def dense(self, i: int, h: Float[Tensor, "K B T D"]) -> Tensor:
        """Apply dense layer number i to every patch of every image.

        Args:
            i: counts the layers, from 0.
            h: rows of features.
        """
        K, B, T, _ = h.shape
        y = torch.baddbmm(self.biases[i], h.flatten(1, 2), self.weights[i])
        return y.view(K, B, T, -1)

    def attend(self, i: int, h: Float[Tensor, "K B T D"]) -> Tensor:
        """Apply multi-head attention with the weights of layers i and i + 1.

        Args:
            i: counts the layers, from 0.
            h: rows of features.
        """
        K, B, T, D = h.shape
        parts = self.dense(i, h).view(K * B, T, 3, self.heads, -1)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.dense(i + 1, y.transpose(1, 2).reshape(K, B, T, D))

    def forward(
        self,
        x: Float[Tensor, "K B 1 H W"],
        before: list[Tensor] | None = None,
        after: list[Tensor] | None = None,
    ) -> Float[Tensor, "K B C"]:
        """Give logits, a hundred images of each net at a time.

        Args:
            x: images of each net, of one channel.
            before: not used.
            after: not used.
        """
        return torch.cat([self.part(p) for p in x.split(CHUNK, 1)], 1)

    def part(self, x: Float[Tensor, "K B 1 H W"]) -> Float[Tensor, "K B C"]:
        """Give the logits of some images.

        Args:
            x: images of each net, of one channel.
        """
        K, B, _, H, _ = x.shape
        n = H // SIDE
        cut = x.reshape(K, B, SIDE, n, SIDE, n).transpose(3, 4)
        h = self.dense(0, cut.reshape(K, B, SIDE**2, n * n))
        h = h + self.places[:, None]
        for i in range(1, len(self.weights) - 1, 4):
            h = h + self.attend(i, F.layer_norm(h, h.shape[-1:]))
            z = self.dense(i + 2, F.layer_norm(h, h.shape[-1:]))
            h = h + self.dense(i + 3, self.f(z))
        h = F.layer_norm(h, h.shape[-1:]).mean(2)
        return torch.baddbmm(self.biases[-1], h, self.weights[-1])


def parameters(net: Stack) -> int:
    """Count the learned numbers of one net.

    Args:
        net: of K nets side by side.
    """
    return sum(p.numel() for p in net.parameters()) // net.K
