"""Small convolutional nets side by side, as one grouped convolution a layer.

Net k's channels are the k-th block of C among K C channels, so that one call
with K groups serves all nets of a `dlf.stacked.nets.Stack`.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from dlf.stacked.nets import Activation, Stack


class Cnn(Stack):
    """K small convolutional nets.

    A 3x3 stem of stride 2, 2x2 max pooling, ``depth`` 3x3 convolutions on the
    small maps, mean over positions, linear.

    Args:
        depth: convolutions after the stem.
        seeds, copies, activation, options: see `Stack`.
        channels: of every convolution.
        classes: outputs.
        pool: take the maximum after the stem (leave it out on 8x8 images).
    """

    def __init__(
        self,
        depth: int,
        seeds: Sequence[int],
        copies: int,
        activation: str | Activation,
        *,
        channels: int = 16,
        classes: int = 10,
        pool: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(seeds, copies, activation, **options)
        self.pool = pool
        C, shrink = channels, math.sqrt(depth) if self.residual else 1.0
        self.layer((1, 3, 3, C), 9, self.gain, self.bias)
        self.activated(C)
        for _ in range(depth):
            self.layer((C, 3, 3, C), 9 * C, self.gain / shrink, self.bias)
            self.activated(C)
        self.layer((C, classes), C, 1.0, 0.0)

    def forward(
        self,
        x: Float[Tensor, "K B 1 H W"],
        before: list[Tensor] | None = None,
        after: list[Tensor] | None = None,
    ) -> Float[Tensor, "K B C"]:
        """Give logits; keep maps, as B KC H W, where asked.

        Args:
            x: images of each net, of one channel.
            before: filled with the maps before each activation.
            after: filled with those after it.
        """
        K, B = x.shape[:2]
        h = x.transpose(0, 1).flatten(1, 2)
        for i, w in enumerate(self.weights[:-1]):
            kernel = w.permute(0, 4, 1, 2, 3).flatten(0, 1)
            stride = 1 if i else 2
            b = self.biases[i].flatten()
            z = F.conv2d(h, kernel, b, stride, padding=1, groups=K)
            a = self.maps(i, z)
            if before is not None:
                before.append(z)
            if after is not None:
                after.append(a)
            if self.residual and i:
                a = h + a
            h = F.max_pool2d(a, 2) if self.pool and not i else a
        h = h.mean((2, 3)).view(B, K, -1).transpose(0, 1)
        return torch.baddbmm(self.biases[-1], h, self.weights[-1])

    def maps(self, i: int, z: Float[Tensor, "B KC H W"]) -> Tensor:
        """Apply norm and activation to maps; both act on each channel.

        Args:
            i: counts the convolutions, from 0.
            z: pre-activations, the nets' channels side by side.
        """
        if self.normed:
            n = self.norms[i]
            z = F.batch_norm(
                z,
                n.mean.flatten(),  # pyright: ignore[reportCallIssue]
                n.var.flatten(),  # pyright: ignore[reportCallIssue]
                n.weight.flatten(),  # pyright: ignore[reportCallIssue]
                n.bias.flatten(),  # pyright: ignore[reportCallIssue]
                self.training,
            )
        if self.learned:
            return F.prelu(z, self.slopes[i].flatten())
        return self.f(z)
