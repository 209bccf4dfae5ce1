"""An exercise on initial weights: what a log says about how they were drawn.

Six tanh nets of six layers are trained on two rings of points. Five have a
fault in their start, one has none.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn import init

from dlf.exercises.matching import match_exercise

DEPTH, WIDTH = 6, 32
SHOWN = (0, 30, 200)


def zero(w: torch.Tensor) -> None:
    """Set all weights to 0."""
    init.zeros_(w)


def constant(w: torch.Tensor) -> None:
    """Set all weights to 1 over the fan-in."""
    init.constant_(w, 1 / w.shape[1])


def too_small(w: torch.Tensor) -> None:
    """Draw weights that lose the signal layer by layer."""
    init.normal_(w, std=0.01)


def too_large(w: torch.Tensor) -> None:
    """Draw weights that saturate every unit."""
    init.normal_(w, std=1.0)


def glorot(w: torch.Tensor) -> None:
    """Draw weights as tanh needs them."""
    init.xavier_normal_(w)


def shared(w: torch.Tensor) -> None:
    """Draw one row and repeat it, as a seed set inside a loop would."""
    init.xavier_normal_(w)
    if len(w) == WIDTH:
        with torch.no_grad():
            w[1::2] = w[::2]
            w[:, 1::2] = w[:, ::2] if w.shape[1] == WIDTH else w[:, 1::2]


STARTS: dict[str, Callable] = {
    "A": too_small,
    "B": glorot,
    "C": constant,
    "D": zero,
    "E": too_large,
    "F": shared,
}
NUMBERS = {
    zero: 1, constant: 2, too_small: 3, too_large: 4, shared: 5, glorot: 6,
}  # fmt: skip
CAUSES = "".join(str(NUMBERS[start]) for start in STARTS.values())


def rings() -> tuple[torch.Tensor, torch.Tensor]:
    """Draw 200 points on two rings, with their labels."""
    rng = np.random.default_rng(0)
    y = np.arange(200) % 2
    turn = rng.uniform(0, 2 * np.pi, 200)
    radius = 0.6 + 0.9 * y + 0.1 * rng.normal(size=200)
    x = radius[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1)
    return torch.tensor(x), torch.tensor(y)


def log(start: Callable) -> list[float]:
    """Train a net from that start.

    Returns:
        The loss at the steps of `SHOWN`; then, at the second, the size of
        the first layer's gradient and of the last's; then how many units of
        the second layer differ at the end.
    """
    x, y = rings()
    widths = [2, *[WIDTH] * DEPTH, 2]
    with torch.random.fork_rng():
        torch.manual_seed(0)
        layers = [torch.nn.Linear(i, o).double() for i, o in pairwise(widths)]
        for layer in layers:
            start(layer.weight)
            init.zeros_(layer.bias)
    optimizer = torch.optim.SGD(
        [p for layer in layers for p in layer.parameters()], 0.1
    )
    losses, sizes = [], []
    for step in range(SHOWN[-1] + 1):
        h = x
        for layer in layers[:-1]:
            h = torch.tanh(layer(h))
        loss = F.cross_entropy(layers[-1](h), y)
        if step in SHOWN:
            losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        if step == SHOWN[1]:
            sizes = [layers[k].weight.grad.norm().item() for k in (0, -1)]  # pyright: ignore[reportOptionalMemberAccess]
        optimizer.step()
    rows = layers[1].weight.detach().numpy().round(6)
    return [*losses, *sizes, len(np.unique(rows, axis=0))]


def print_starts() -> None:
    """Print a line for each of the six nets."""
    print("   loss at step              gradient at step 30  units that")
    print("        0       30      200      first     last       differ")
    for name, start in STARTS.items():
        a, b, c, first, last, units = log(start)
        print(f"{name} {a:8.3f} {b:8.3f} {c:8.3f}", end="")
        print(f" {first:10.1e} {last:8.1e} {units:12d}")


MATCH = match_exercise(
    "initialization-11",
    CAUSES,
    ("123456", "361245", "326145", 612345, 362),
)
