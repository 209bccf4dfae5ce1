"""What to watch while a net trains, read at the optimizer's steps.

    gradient norm |g|,   update-to-weight ratio |w_new - w_old| / |w_old|

for every weight matrix, and the learning rate. Hooks of the optimizer read
them, so that any loop can be watched without changing it.
Source: Karpathy (2019), A Recipe for Training Neural Networks, for the ratio.
"""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn


class Monitor:
    """Keep a number a step: for each weight matrix, and the rate.

    Args:
        model: whose matrices are watched, each under its name.
        rows: inputs on which dead units are looked for, if any; the model
            must then have its layers in a row.

    >>> line = nn.Linear(2, 1)
    >>> monitor = Monitor(line)
    >>> sgd = monitor.watch(torch.optim.SGD(line.parameters(), lr=0.5))
    >>> line(torch.ones(1, 2)).sum().backward()
    >>> sgd.step()
    >>> round(monitor.gradient["weight"][0], 4), monitor.rate
    (1.4142, [0.5])
    """

    def __init__(
        self, model: nn.Module, rows: Float[Tensor, "N I"] | None = None
    ) -> None:
        self.model, self.rows = model, rows
        self.dead: list[list[float]] = []
        self.weights = {k: w for k, w in model.named_parameters() if w.ndim > 1}
        self.rate: list[float] = []
        self.gradient: dict[str, list[float]] = {k: [] for k in self.weights}
        self.ratio: dict[str, list[float]] = {k: [] for k in self.weights}
        self.before: dict[str, Tensor] = {}

    def watch(self, optimizer: torch.optim.Optimizer) -> torch.optim.Optimizer:
        """Read at each of its steps from now on; give it back.

        Args:
            optimizer: of any kind; hooks are added to it.
        """
        optimizer.register_step_pre_hook(self._look_before)
        optimizer.register_step_post_hook(self._look_after)
        return optimizer

    def _look_before(self, optimizer: Any, *_: Any) -> None:
        if self.rows is not None:
            self.dead.append(dead_units(self.model, self.rows))
        self.rate.append(float(optimizer.param_groups[0]["lr"]))
        for name, w in self.weights.items():
            norm = 0.0 if w.grad is None else w.grad.norm().item()
            self.gradient[name].append(norm)
            self.before[name] = w.detach().clone()

    def _look_after(self, *_: Any) -> None:
        for name, w in self.weights.items():
            old = self.before[name]
            size = old.norm().item()
            moved = (w.detach() - old).norm().item()
            self.ratio[name].append(moved / size if size else np.inf)


@torch.no_grad()
def dead_units(model: nn.Sequential, x: Float[Tensor, "N I"]) -> list[float]:
    """Give, for each ReLU layer, the fraction of dead units: 0 on every row.

    Args:
        model: layers in a row, ReLU as modules.
        x: the rows tried.
    """
    shares = []
    for layer in model:
        x = layer(x)
        if isinstance(layer, nn.ReLU):
            shares.append((x == 0).all(0).double().mean().item())
    return shares
