"""Dense nets whose layers read only what the last few layers found.

    h <- [h, f(W h')],  h' = the last R of stem and layers

With R as large as the net is deep they are dense nets. The outputs read all
features either way, so that what differs is what layers can use again.

Source: Huang, Liu, van der Maaten & Weinberger (2017), equation 2, for the net
whose layers read all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from dlf.stacked import skip_nets
from dlf.stacked.nets import Stack
from dlf.stacked.skip_nets import SkipNet, Skips


class NearNet(SkipNet):
    """K dense nets of limited reach.

    Args:
        inputs: features of an example.
        width: of the stem.
        depth: layers between stem and outputs.
        seeds, copies, activation, options: see `Stack`.
        reach: how many layers before it a layer reads, the stem being one.
        growth: features that a layer adds.
        classes: outputs.
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
        reach: int,
        growth: int,
        classes: int = 10,
        **options: Any,
    ) -> None:
        Stack.__init__(self, seeds, copies, activation, **options)
        self.kind, self.depth = "dense", depth
        found = [width, *[growth] * depth]
        self.layer((inputs, width), inputs, 1.0, 0.0)
        for i in range(depth):
            read = sum(found[max(0, i + 1 - reach) : i + 1])
            self.layer((read, growth), read, self.gain, 0.0)
        self.layer((sum(found), classes), sum(found), 1.0, 0.0)

    def step(self, i: int, h: Float[Tensor, "K B D"]) -> Tensor:
        """Add the features of layer number i, which reads the nearest.

        Args:
            i: counts the layers between stem and outputs, from 0.
            h: all features so far of each net.
        """
        read = self.weights[i + 1].shape[1]
        return torch.cat([h, self.f(self.dense(i + 1, h[..., -read:]))], -1)


@dataclass(frozen=True, kw_only=True)
class Reach(Skips):
    """A net as `Skips` makes it or, where a reach is given, of limited reach.

    Args:
        reach: how many layers a dense layer reads; 0 for all.
    """

    reach: int = 0

    def net(self, seeds: Sequence[int], copies: int) -> Any:
        """Make the nets, a copy for every setting.

        Args:
            seeds: of their weights.
            copies: one a setting.
        """
        if not self.reach:
            return super().net(seeds, copies)
        return NearNet(
            self.widths()[0],
            self.width,
            self.depth,
            seeds,
            copies,
            self.activation,
            reach=self.reach,
            growth=self.growth,
            classes=self.classes,
            dtype=getattr(torch, self.dtype),
        )


def train(
    cell: Reach, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train, and say where a dense net's weights lay before and lie after.

    Args:
        cell: net, data and training.
        settings: learning rates.
        seeds: of data, weights and batches.

    Returns:
        What `recipes.train` does and, of scored dense nets that read all,
        ``reuse`` and ``cut`` as `skip_nets.train` does, and ``before``: the
        ``reuse`` of the same nets untrained.
    """
    if cell.reach:
        from dlf.stacked import recipes

        return recipes.train(cell, settings, seeds)
    out = skip_nets.train(cell, settings, seeds)
    if "reuse" in out:
        net = cell.net(seeds, len(settings))
        start = skip_nets.distant(net, cell.width, cell.growth)
        out["before"] = start.view(len(settings), len(seeds)).numpy()
    return out
