"""Logs of four nets that do not train, each for a reason of its own."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from dlf.scratch.activations.elementwise import identity, relu, sigmoid, tanh
from dlf.scratch.mlp import linear

Row = tuple[float, float, float]
STEPS = (0, 1, 2, 5, 8, 12)
#: activation function, hidden layers, learning rate, offset of the target
NETS: dict[str, tuple[Callable, int, float, float]] = {
    "A": (sigmoid, 10, 0.1, 0.0),
    "B": (tanh, 1, 0.2, 0.0),
    "C": (relu, 1, 0.2, -30.0),
    "D": (identity, 2, 0.01, 0.0),
}


def train(
    activation: Callable, depth: int, rate: float, offset: float
) -> list[Row]:
    """Fit a sine by gradient descent, and log every step.

    Args:
        activation: between the layers.
        depth: hidden layers of 40 units each.
        rate: learning rate.
        offset: is added to the target.

    Returns:
        A step a row: loss, largest entry of the gradient of the first layer's
        weights, fraction of its units that are 0 on every example.
    """
    rng = np.random.default_rng(2)
    x = np.linspace(-1, 1, 128)[:, None]
    y = np.sin(3 * x) + offset
    widths = [1, *[40] * depth, 1]
    layers = [
        [rng.normal(size=(o, i)) / i**0.5, rng.uniform(-1, 1, size=o)]
        for i, o in pairwise(widths)
    ]
    log = []
    for _ in range(STEPS[-1] + 1):
        a, pulls = x, []
        for k, (w, b) in enumerate(layers):
            a, pull = linear(a, w, b)
            pulls.append(pull)
            if k < depth:
                a, pull = activation(a)
                pulls.append(pull)
            if k == 0:
                off = float((a == 0).all(axis=0).mean())
        loss, da = float(((a - y) ** 2).mean()), 2 * (a - y) / len(y)
        for k in range(depth, -1, -1):
            da = pulls.pop()(da) if k < depth else da
            da, dw, db = pulls.pop()(da)
            layers[k][0] = layers[k][0] - rate * dw
            layers[k][1] = layers[k][1] - rate * db
        log.append((loss, float(np.abs(dw).max()), off))
    return log


def four_logs() -> str:
    """Write down the logs of all four nets, a table each."""
    lines = []
    for name, net in NETS.items():
        log = train(*net)
        lines += [f"net {name}", "step      loss  gradient  always 0"]
        lines += [
            f"{s:4} {log[s][0]:9.3g} {log[s][1]:9.2g} {log[s][2]:9.0%}"
            for s in STEPS
        ]
    return "\n".join(lines)
