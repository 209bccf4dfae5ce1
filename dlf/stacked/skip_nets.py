"""Deep perceptrons side by side, with skips of four kinds or with none.

    plain      h <- W f(N h)
    residual   h <- h + c W2 f(N W1 f(N h))              two layers a block
    highway    h <- T f(W h) + (1 - T) h,  T = sigmoid(V h - 2)
    dense      h <- [h, f(W h)]                          grows by G features

N is batch normalization, or nothing. With ``scaled`` the second layer of each
branch starts smaller by the root of the number of branches. A skip starts as
He's weights do, and so do the others.
Source: He et al. (2016); Srivastava, Greff & Schmidhuber (2015); Huang, Liu,
van der Maaten & Weinberger (2017), fig. 2.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from dlf.stacked import recipes
from dlf.stacked.nets import Stack
from dlf.stacked.recipes import Recipe

KINDS = "plain", "residual", "highway", "dense"


class SkipNet(Stack):
    """K deep perceptrons: stem, layers with or without skips, dense.

    Args:
        inputs: features of an example.
        width: of the stem, and of the layers unless they are dense.
        depth: layers between stem and outputs, even for residual ones.
        seeds, copies, activation, options: see `Stack`.
        kind: of `KINDS`.
        scaled: whether the branches start smaller.
        growth: features that a dense layer adds.
        classes: outputs.

    Raises:
        ValueError: no such kind, or a block would have half its layers.
    """

    def __init__(
        self,
        inputs: int,
        width: int,
        depth: int,
        seeds: Sequence[int],
        copies: int,
        activation: str = "relu",
        *,
        kind: str = "plain",
        scaled: bool = False,
        growth: int = 0,
        classes: int = 10,
        **options: Any,
    ) -> None:
        super().__init__(seeds, copies, activation, **options)
        if kind not in KINDS or (kind == "residual" and depth % 2):
            raise ValueError(
                f"SkipNet: `kind` must be one of {', '.join(KINDS)}, residual "
                f"for an even depth; got {kind!r} and {depth}"
            )
        self.kind, self.depth = kind, depth
        self.layer((inputs, width), inputs, 1.0, 0.0)
        branch = 1 / math.sqrt(depth / 2) if scaled else 1.0
        for i in range(depth):
            if kind == "dense":
                wide = width + i * growth
                self.layer((wide, growth), wide, self.gain, 0.0)
                continue
            last = kind == "residual" and i % 2 == 1
            gain = self.gain * (branch if last else 1.0)
            self.layer((width, width), width, gain, 0.0)
            if kind == "highway":
                self.layer((width, width), width, 1.0, -2.0)
            self.activated(width)
        out = width + depth * growth if kind == "dense" else width
        self.layer((out, classes), out, 1.0, 0.0)

    def dense(self, i: int, h: Float[Tensor, "K B D"]) -> Tensor:
        """Apply dense layer number i.

        Args:
            i: counts all of them, the stem being 0.
            h: features of each net.
        """
        return torch.baddbmm(self.biases[i], h, self.weights[i])

    def forward(
        self,
        x: Float[Tensor, "K B ..."],
        before: list[Tensor] | None = None,
        after: list[Tensor] | None = None,
    ) -> Float[Tensor, "K B C"]:
        """Give logits; keep what goes into each layer or block where asked.

        Args:
            x: inputs of each net, flattened after the batch.
            before: not used.
            after: filled with the stem's features and those behind each layer,
                or behind each block of a residual net.
        """
        h = self.dense(0, x.flatten(2))
        kept = [h]
        if self.kind in ("highway", "dense"):
            h = self.f(h)
        for i in range(0, self.depth, 2 if self.kind == "residual" else 1):
            h = self.step(i, h)
            kept.append(h)
        if after is not None:
            after += kept
        if self.kind in ("plain", "residual"):
            h = self.f(h)
        return self.dense(len(self.weights) - 1, h)

    def step(self, i: int, h: Float[Tensor, "K B D"]) -> Tensor:
        """Apply layer number i, or the block that begins with it.

        Args:
            i: counts the layers between stem and outputs, from 0.
            h: features of each net.
        """
        if self.kind == "dense":
            return torch.cat([h, self.f(self.dense(i + 1, h))], -1)
        if self.kind == "highway":
            gate = torch.sigmoid(self.dense(2 * i + 2, h))
            return h + gate * (self.f(self.dense(2 * i + 1, h)) - h)
        z = self.dense(i + 1, self.activate(i, h))
        if self.kind == "plain":
            return z
        return h + self.dense(i + 2, self.activate(i + 1, z))


@dataclass(frozen=True, kw_only=True)
class Skips(Recipe):
    """A deep perceptron with skips, or without, and its training.

    Args:
        kind: of `KINDS`.
        scaled: whether branches start smaller by the root of their number.
        norm: batch normalization before each activation.
        growth: features that a dense layer adds.
    """

    kind: str = "plain"
    scaled: bool = False
    norm: bool = False
    growth: int = 0

    def net(self, seeds: Sequence[int], copies: int) -> Any:
        """Make the nets, a copy for every setting.

        Args:
            seeds: of their weights.
            copies: one a setting.
        """
        return SkipNet(
            self.widths()[0],
            self.width,
            self.depth,
            seeds,
            copies,
            self.activation,
            kind=self.kind,
            scaled=self.scaled,
            norm=self.norm,
            growth=self.growth,
            classes=self.classes,
            dtype=getattr(torch, self.dtype),
        )


def train(
    cell: Skips, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train a net for every rate and seed; test what a dense one reuses.

    Args:
        cell: net, data and training.
        settings: learning rates.
        seeds: of data, weights and batches.

    Returns:
        What `recipes.train` does and, of scored dense nets, ``reuse``: the
        part of the squared weights that later layers put on features three or
        more layers back; and ``cut``: their test accuracy without those.
    """
    net = cell.net(seeds, len(settings))
    data = cell.examples(seeds)
    out = recipes.train(cell, settings, seeds, net=net, data=data)
    if "test" not in out or cell.kind != "dense":
        return out
    from dlf.stacked import training

    shape = len(settings), len(seeds)
    out["reuse"] = distant(net, cell.width, cell.growth).view(shape).numpy()
    _, right = training.evaluate(net, data, data.test)
    out["cut"] = right.double().mean(1).view(shape).numpy()
    return out


@torch.no_grad()
def distant(net: SkipNet, width: int, growth: int) -> Tensor:
    """Zero what dense layers take from three or more layers back.

    Args:
        net: dense; its weights are changed.
        width: of the stem.
        growth: features that a layer adds.

    Returns:
        The part of the squared weights that these made, averaged over layers.
    """
    parts = []
    for i in range(3, net.depth):
        far = width + (i - 2) * growth
        w = net.weights[i + 1]
        parts.append(w[:, :far].square().sum((1, 2)) / w.square().sum((1, 2)))
        w[:, :far] = 0.0
    return torch.stack(parts).mean(0)
