"""Recipes for small nets on images: convolutions, an MLP, a transformer.

    multiply-adds of a convolution = outputs x taps x inputs a group

Images have one channel and are 8 x 8 (D8), 16 x 16 (G14: printed characters of
14 x 14 with a border of zeros) or 28 x 28 (MN, FM).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell

SIDES = {"D8": 8, "D8-200": 8, "G14": 16, "MN": 28, "FM": 28}


@dataclass(frozen=True, kw_only=True)
class Images(Cell):
    """Settings of a net on images, and of its training.

    Args:
        data: D8, D8-200, G14 (then ``classes`` says how many), MN or FM.
        model: ``conv``, ``mlp`` (one hidden layer) or ``vit`` (two blocks).
        size: channels of the first convolution, units, or a patch's features.
        shrink: what halves maps, see `image_nets.ConvNet`.
        shuffled: put the pixels into an order that was drawn once.
        keep: training examples, the first of each seed; all if None.
        steps: of training, batches of 100.
        optimizer: ``sgd``, with momentum, or ``adam``.
    """

    data: str
    model: str = "conv"
    size: int = 8
    shrink: str = "max"
    shuffled: bool = False
    keep: int | None = None
    steps: int = 600
    optimizer: str = "sgd"


def examples(cell: Images, seeds: Sequence[int]) -> Any:
    """Load the data of a cell as images.

    Args:
        cell: its data, ``shuffled`` and ``keep`` are read.
        seeds: one split, or one drawing, each.
    """
    few = tuple(seeds)
    data = images(cell.data, cell.classes, few, cell.dtype, cell.shuffled)
    return replace(data, train=data.train[:, : cell.keep])


@cache
def images(
    name: str, classes: int, seeds: tuple[int, ...], dtype: str, shuffled: bool
) -> Any:
    """Load images of one channel.

    Args:
        name: of the data.
        classes: of printed characters.
        seeds: one split, or one drawing, each.
        dtype: of the pixels.
        shuffled: put the pixels into an order that was drawn once.
    """
    import torch.nn.functional as F

    from dlf.stacked import datasets, glyph_nets

    if name == "G14":
        data = glyph_nets.glyphs(seeds, classes, dtype)
        x = F.pad(data.x.view(-1, 1, 14, 14), (1, 1, 1, 1))
    else:
        data = datasets.load(name, seeds, dtype)
        side = SIDES[name]
        x = data.x.view(-1, 1, side, side)
    if shuffled:
        flat = x.flatten(1)
        order = np.random.default_rng(0).permutation(flat.shape[1])
        x = flat[:, order].view(x.shape)
    return replace(data, x=x)


def build(cell: Images, seeds: Sequence[int], copies: int) -> Any:
    """Make the nets of a cell, a copy for every setting.

    Args:
        cell: model, size and what else it needs.
        seeds: of the initial weights.
        copies: one a setting.
    """
    import torch

    from dlf.stacked import nets
    from dlf.stacked.image_nets import ConvNet, VisionTransformer

    side, size = SIDES[cell.data], cell.size
    how: dict[str, Any] = {"dtype": getattr(torch, cell.dtype)}
    if cell.model == "mlp":
        widths = [side**2, size, cell.classes]
        return nets.Mlp(widths, seeds, copies, "relu", **how)
    how["classes"] = cell.classes
    if cell.model == "vit":
        return VisionTransformer(side, size, 2, seeds, copies, **how)
    return ConvNet(side, size, seeds, copies, shrink=cell.shrink, **how)


def train(
    cell: Images, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train a net for every rate and seed; see how scored ones take a shift.

    Args:
        cell: net, data and training.
        settings: learning rates.
        seeds: of data, weights and batches.

    Returns:
        What `training.fit` does and, for scored seeds, ``agreement``: the
        fraction of test images that are classified as before once they are
        moved by one pixel, over four directions.
    """
    from dlf.stacked import training

    net, data = build(cell, seeds, len(settings)), examples(cell, seeds)
    out = training.fit(
        net, data, settings, steps=cell.steps, optimizer=cell.optimizer
    )
    if "test" in out and cell.model == "conv" and not cell.shuffled:
        same = agreement(net, data)
        out["agreement"] = same.view(len(settings), len(seeds)).numpy()
    return out


def agreement(net: Any, data: Any, first: int = 1_000) -> Any:
    """Give the fraction of test images whose class survives a shift.

    Args:
        net: of images.
        data: of the net's seeds.
        first: test images that are looked at.
    """
    import torch

    from dlf.stacked import training

    x, _ = training.take(net, data, data.test[:, :first])
    ways = (1, 0), (-1, 0), (0, 1), (0, -1)
    with torch.no_grad():
        before = net(x).argmax(-1)
        moved = [net(shifted(x, *way)).argmax(-1) for way in ways]
    same = [(after == before).double().mean(1) for after in moved]
    return torch.stack(same).mean(0)


def shifted(x: Any, down: int, right: int) -> Any:
    """Move images; what leaves is lost and zeros come in.

    Args:
        x: images on the last two axes.
        down: pixels, up if negative.
        right: pixels, to the left if negative.
    """
    import torch.nn.functional as F

    n = max(abs(down), abs(right))
    H, W = x.shape[-2:]
    wide = F.pad(x, (n, n, n, n))
    return wide[..., n - down : n - down + H, n - right : n - right + W]


def multiply_adds(cell: Images) -> int:
    """Count the multiply-adds of one image's forward pass.

    Args:
        cell: a `ConvNet`, or an MLP.

    Raises:
        ValueError: it is another model.
    """
    side, C = SIDES[cell.data], cell.size
    if cell.model == "mlp":
        return side**2 * C + C * cell.classes
    if cell.model != "conv":
        raise ValueError(
            "multiply_adds: `cell` must be a convolutional net or an MLP, "
            f"which are counted here; got {cell.model!r}"
        )
    halves = {"none": (1, 1, 1), "stride": (2, 4, 4)}
    first, second, last = halves.get(cell.shrink, (1, 2, 4))
    return (
        (side // first) ** 2 * 9 * C
        + (side // second) ** 2 * 9 * C * 2 * C
        + math.prod((side // last, side // last, 2 * C, cell.classes))
    )
