"""An exercise on residual nets: what a log says about the net behind it.

Five nets of width 32 learn MNIST-1D for a few hundred steps, all at one rate.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from dlf.data import mnist1d
from dlf.exercises.core import Exercise
from dlf.exercises.matching import match
from dlf.nn.residual.nets import DeepNet, gradient_norms, train

STEPS, RATE, DEEP = 200, 0.02, 16
#: what each net is: 1 plain, 4 layers; 2 plain, 32 layers; 3 skips, 32 layers,
#: He's start; 4 the same with branches that start smaller; 5 the same with
#: branches whose second layer starts at 0
NETS = {"A": 4, "B": 2, "C": 5, "D": 1, "E": 3}
CAUSES = "".join(str(cause) for cause in NETS.values())


def build(cause: int) -> DeepNet:
    """Make the net, its weights drawn from one seed."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        blocks = 2 if cause == 1 else DEEP
        net = DeepNet(
            40, 32, blocks, 10, skips=cause > 2, scaled=cause > 3
        ).double()
    if cause == 5:
        for name, p in net.named_parameters():
            if name.endswith("second.weight"):
                nn.init.zeros_(p)
    return net


def log(cause: int) -> tuple[float, float, float, float]:
    """Train such a net.

    Returns:
        The loss before training; the gradient's norm behind the stem over that
        behind the last block; the norm of the gradient of the first block's
        first layer; the mean loss of the last twenty steps.
    """
    data = mnist1d.load()
    x, y = (torch.tensor(a) for a in (data.train.flat(), data.train.y))
    net, x = build(cause), x.double()
    norms = gradient_norms(net, x[:200], y[:200])
    loss = F.cross_entropy(net(x[:200]), y[:200])
    weight = next(
        p
        for name, p in net.named_parameters()
        if name == "blocks.0.first.weight"
    )
    (g,) = torch.autograd.grad(loss, weight)
    losses = train(net, x, y, STEPS, RATE, batch=50)
    end = float(np.mean(losses[-20:]))
    return loss.item(), norms[0] / norms[-1], g.norm().item(), end


def print_nets() -> None:
    """Print a line for each of the five nets."""
    print("  first     gradient, stem   gradient of block     mean of")
    print("  loss      ÷ last block     1, first layer        last 20 losses")
    for name, cause in NETS.items():
        first, ratio, layer, last = log(cause)
        end = f"{last:.3f}" if last < 1e3 else "NaN"
        print(f"{name} {first:<9.3g} {ratio:<16.3g} {layer:<21.2g} {end}")


MATCH = Exercise(
    "residual-13",
    CAUSES,
    wrong=("12345", "54321", "24513", 13524, 312, CAUSES[::-1], "", 3.5),
    right=(
        CAUSES,
        int(CAUSES),
        [int(c) for c in CAUSES],
        ", ".join(CAUSES),
        dict(NETS),
    ),
    judge=match(CAUSES),
)
