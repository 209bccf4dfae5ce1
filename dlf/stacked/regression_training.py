"""Train stacked nets on targets of any shape: curves, label sets, images.

Each seed has its own examples, dealt in its own order; a net a rate and seed.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlf.experiments.cells import Cell
from dlf.stacked import training
from dlf.stacked.nets import Stack

Loss = Callable[[Tensor, Tensor], Tensor]


def each(values: Tensor) -> Float[Tensor, " K"]:
    """Average what each net has over all but the first axis.

    Args:
        values: a number for every entry, nets on axis 0.
    """
    return values.flatten(1).mean(1)


def copied(t: Tensor, copies: int) -> Tensor:
    """Repeat every seed's examples for each setting.

    Args:
        t: examples, seeds on axis 0.
        copies: how many settings there are.
    """
    return t.repeat(copies, *(1 for _ in t.shape[1:]))


def fit(
    net: Stack,
    x: Float[Tensor, "R N ..."],
    y: Tensor,
    rates: Sequence[float],
    *,
    steps: int,
    loss: Loss,
    batch: int = 0,
    optimizer: str = "adam",
    watch: Callable[[int, Tensor, Tensor], None] | None = None,
) -> dict[str, np.ndarray]:
    """Train; return the loss on all examples after and before.

    Args:
        net: as many copies as there are rates.
        x: examples of each seed, on axis 1.
        y: their targets.
        rates: learning rates, one a copy.
        steps: of every net.
        loss: of each net, from outputs and targets.
        batch: examples a step; 0 for all.
        optimizer: ``adam`` or ``sgd``.
        watch: called before every step with its number, outputs and targets.
    """
    S, R = len(rates), len(net.seeds)
    params = list(net.parameters())
    speeds = torch.tensor(list(rates), dtype=net.dtype).repeat_interleave(R)
    update = training.OPTIMIZERS[optimizer](params, speeds)
    every = torch.arange(x.shape[1]).expand(R, -1)
    seat = torch.arange(R)[:, None]
    whole = copied(x, S), copied(y, S)

    @torch.no_grad()
    def level() -> np.ndarray:
        value = loss(net(whole[0]), whole[1])
        return value.view(S, R).double().numpy()

    before = level()
    deals = training.batches(every, net.seeds, steps, batch or x.shape[1])
    for step, rows in enumerate(deals):
        at, to = whole
        if batch:
            at, to = (copied(t[seat, rows], S) for t in (x, y))
        out = net(at)
        if watch:
            watch(step, out.detach(), to)
        grads = torch.autograd.grad(loss(out, to).sum(), params)
        update(grads)
    return {"loss": level(), "initial": before}


@torch.no_grad()
def outputs(net: Stack, x: Float[Tensor, "R N ..."]) -> Tensor:
    """Give every net's outputs for its seed's examples, setting by seed.

    Args:
        net: stacked nets of R seeds.
        x: N examples of each seed.
    """
    out = net(copied(x, net.copies))
    return out.view(net.copies, len(net.seeds), *out.shape[1:])


def dtype_of(cell: Cell) -> torch.dtype:
    """Read a cell's number format.

    Args:
        cell: its ``dtype`` names one of torch's.
    """
    return getattr(torch, cell.dtype)
