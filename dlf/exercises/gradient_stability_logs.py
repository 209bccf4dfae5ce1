"""An exercise on gradient stability: what a log says about a net.

Six nets of eight hidden layers read digits. Five have a fault, one has none.
"""

from typing import Any

import numpy as np
import torch

from dlf.data import digits
from dlf.exercises.matching import match_exercise
from dlf.nn.gradient_stability.deep_nets import (
    DeepNets,
    Setting,
    gradients_by_layer,
    losses,
    norms,
)

DEPTH, STEPS, SHOWN = 8, 200, (0, 20, 199)
HE = Setting("relu", gain=2**0.5)
#: letter: setting, learning rate, limit of the norm, frozen layers, number
NETS: dict[str, tuple[Setting, float, float, int, int]] = {
    "A": (HE, 0.03, 1e-3, 0, 3),
    "B": (Setting("sigmoid"), 0.3, np.inf, 0, 1),
    "C": (HE, 0.03, np.inf, 0, 6),
    "D": (Setting("relu", gain=3.0), 0.03, np.inf, 0, 2),
    "E": (HE, 3e-6, np.inf, 0, 5),
    "F": (HE, 0.03, np.inf, 7, 4),
}
CAUSES = "".join(str(row[-1]) for row in NETS.values())


def images() -> tuple[torch.Tensor, torch.Tensor]:
    """Give the training digits, centered and scaled, with their labels."""
    d = digits.load().train
    x = d.flat() - d.flat().mean(axis=0)
    return torch.tensor(x / np.sqrt((x**2).mean())), torch.tensor(d.y)


def log(name: str) -> list[float]:
    """Train one of the nets.

    Args:
        name: its letter.

    Returns:
        The loss at the steps of `SHOWN`; logarithms to base 10 of the first
        and the last hidden layer's gradient and update over weights at the
        second of these steps; and the part of all steps whose gradient was
        longer than the limit.
    """
    setting, rate, limit, frozen, _ = NETS[name]
    x, y = images()
    nets, order = DeepNets(setting, [0], DEPTH), np.random.default_rng(1)
    params = list(nets.parameters())
    shown, rest, over = [], [], 0
    for step in range(STEPS):
        i = order.integers(len(x), size=50)
        loss = losses(nets, x[i], y[i]).sum()
        grads = torch.autograd.grad(loss, params)
        norm = norms(grads).item()
        over += norm > limit
        if step in SHOWN:
            shown.append(loss.item())
        with torch.no_grad():
            if step == SHOWN[1]:
                rest = ratios(nets, x, y, grads, rate, limit / norm, frozen)
            for n, (p, g) in enumerate(zip(params, grads, strict=True)):
                if n % (DEPTH + 1) >= frozen:
                    p -= rate * min(1.0, limit / norm) * g
    return [*shown, *rest, over / STEPS]


def ratios(
    nets: DeepNets,
    x: torch.Tensor,
    y: torch.Tensor,
    grads: Any,
    rate: float,
    factor: float,
    frozen: int,
) -> list[float]:
    """Give gradients, and update over weights, of two layers, as powers."""
    with torch.enable_grad():
        sizes = gradients_by_layer(nets, x[:200], y[:200])[0].numpy()
    found = [sizes[0], sizes[DEPTH - 1]]
    for n in (0, DEPTH - 1):
        w = nets.weights[n].detach()
        step = rate * min(1.0, factor) * (n >= frozen)
        found.append((step * norms([grads[n]]) / norms([w])).item())
    with np.errstate(divide="ignore"):
        return list(np.log10(found))


def print_nets() -> None:
    """Print a line for each of the six nets."""
    print("   loss at step         log10 gradient  log10 update   steps over")
    print("       0      20    199  first   last   first   last    the limit")
    for name in NETS:
        a, b, c, *powers, over = log(name)
        print(f"{name} {a:7.3g} {b:7.3g} {c:6.3g}", end="")
        print("".join(f"{p:7.1f}" for p in powers), end="")
        print(f"{100 * over:10.0f} %")


MATCH = match_exercise(
    "gradient_stability-11",
    CAUSES,
    ("123456", "654321", 612345, 31, 2.5),
)
