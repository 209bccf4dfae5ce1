"""Lion as a PyTorch optimizer: what it takes to write one of your own.

    c = b1 m + (1 - b1) g        w <- w - lr (sign(c) + decay w)
    m <- b2 m + (1 - b2) g

PyTorch has the other optimizers of the chapter, but for the averages of the
path. An `Optimizer` keeps groups of parameters with settings of their own, and
a dict of state for each parameter.
Source: Chen et al. (2023), Symbolic discovery of optimization algorithms,
algorithm 2.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor


class Lion(torch.optim.Optimizer):
    """Lion: step by the sign of a mix of momentum and gradient.

    Args:
        params: parameters, or groups of them, as for every optimizer.
        lr: length of each weight's step.
        betas: share of the momentum in the mix whose sign is taken, and share
            of it that is kept; in [0, 1).
        weight_decay: each step takes lr times this share of the weights.

    Raises:
        ValueError: a setting, of a group too, is out of its range.

    >>> w = torch.zeros(2, requires_grad=True)
    >>> optimizer = Lion([w], lr=0.1)
    >>> w.grad = torch.tensor([3.0, -0.01])
    >>> optimizer.step()
    >>> w.detach()
    tensor([-0.1000,  0.1000])
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
    ) -> None:
        settings = {"lr": lr, "betas": betas, "weight_decay": weight_decay}
        super().__init__(params, settings)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Take in a group of parameters, its settings checked.

        Args:
            param_group: params, and those settings that are not the common.

        Raises:
            ValueError: a setting is out of its range.
        """
        settings = self.defaults | param_group
        lr, betas, decay = (
            settings[k] for k in ("lr", "betas", "weight_decay")
        )
        if not 0 < lr < math.inf:
            raise ValueError(
                "Lion: `lr` must be positive and finite, because it is the "
                f"length of a step; got {lr}"
            )
        if (
            not isinstance(betas, tuple | list)
            or len(betas) != 2
            or not all(0 <= b < 1 for b in betas)
        ):
            raise ValueError(
                "Lion: `betas` must be two numbers in [0, 1), because they "
                f"are shares; got {betas}"
            )
        if not 0 <= decay < math.inf:
            raise ValueError(
                "Lion: `weight_decay` must be finite and not negative, "
                f"because weights would grow; got {decay}"
            )
        super().add_param_group(param_group)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient by one step.

        Args:
            closure: computes the loss and its gradients anew, if given.

        Returns:
            The closure's loss, or None.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for w in group["params"]:
                if w.grad is None:
                    continue
                kept = self.state[w]
                m: Tensor = kept.setdefault("m", torch.zeros_like(w))
                mix = b1 * m + (1 - b1) * w.grad
                w.mul_(1 - group["lr"] * group["weight_decay"])
                sign = torch.where(mix.isnan(), mix, mix.sign())  # NaN stays
                w.add_(sign, alpha=-group["lr"])
                m.mul_(b2).add_(w.grad, alpha=1 - b2)
        return loss
