"""Recipes with other initial weights, norms, dropout, smoothing or mixup."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe


@dataclass(frozen=True, kw_only=True)
class Regularized(Recipe):
    """A perceptron that is initialized, normalized or regularized otherwise.

    Args:
        init: ``he``, ``xavier``, or nothing for the activation's usual gain.
        factor: of the initial weights, beside that.
        norm: ``batch``, ``layer`` or nothing.
        after: normalize what the activations give, and not what they take.
        residual: add each hidden layer's input to its output.
        dropout: the fraction of hidden units that is dropped.
        smoothing: the probability that a label leaves to all classes.
        mixup: a of the Beta distribution; 0 for none.
    """

    init: str = ""
    factor: float = 1.0
    norm: str = ""
    after: bool = False
    residual: bool = False
    dropout: float = 0.0
    smoothing: float = 0.0
    mixup: float = 0.0

    def net(self, seeds: Sequence[int], copies: int) -> Any:
        """Make the nets, a copy for every setting.

        Args:
            seeds: of their weights.
            copies: one a setting.
        """
        import torch

        from dlf.stacked import nets
        from dlf.stacked.regularized_nets import RegularizedMlp

        usual = {"he": math.sqrt(2), "xavier": 1.0}
        gain = usual.get(self.init, nets.gain(self.activation))
        return RegularizedMlp(
            self.widths(),
            seeds,
            copies,
            self.activation,
            norm=self.norm,
            after=self.after,
            residual=self.residual,
            dropout=self.dropout,
            mixup=self.mixup,
            gain=gain * self.factor,
            dtype=getattr(torch, self.dtype),
        )


def train(
    cell: Regularized,
    settings: Sequence[float],
    seeds: Sequence[int],
    **how: Any,
) -> dict[str, Any]:
    """Train as `recipes.train` does, with the loss that the cell asks for.

    Args:
        cell: net, data and training.
        settings: learning rates.
        seeds: of data, weights, batches and masks.
        how: passed on to `training.fit`; among it may be a ``net``.
    """
    from dlf.stacked.regularized_nets import training_loss

    net = how.pop("net", None) or cell.net(seeds, len(settings))
    if cell.smoothing or cell.mixup:
        how["loss"] = training_loss(net, cell.smoothing)
    return recipes.train(cell, settings, seeds, net=net, **how)
