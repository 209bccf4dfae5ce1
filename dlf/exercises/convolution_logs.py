"""An exercise on convolution: what a log says about the net behind it.

Five nets learn 8 × 8 digits in the middle of 12 × 12 pixels, and are scored on
fresh digits, in the middle and moved by two pixels to the right.
"""

import numpy as np
import torch
from torch import nn

from dlf.data import digits
from dlf.exercises.matching import match_exercise
from dlf.nn.convolution import accuracy, shift, train

STEPS = 150
#: what each net is: 1 a small MLP, 2 a CNN with a maximum over positions, 3
#: the same on pixels in another order, 4 the same at a rate far too high, 5
#: convolutions without activation functions, and a mean over positions
NETS = {"A": 3, "B": 1, "C": 5, "D": 2, "E": 4}
CAUSES = "".join(str(cause) for cause in NETS.values())


def images() -> tuple[torch.Tensor, ...]:
    """Give digits with a border of two pixels, and their labels."""
    data = digits.load()
    found = []
    for part in (data.train, data.test):
        x = np.pad(
            part.x.reshape(-1, 1, 8, 8), [(0, 0), (0, 0), (2, 2), (2, 2)]
        )
        found += [torch.tensor(x), torch.tensor(part.y)]
    return tuple(found)


def build(cause: int) -> nn.Sequential:
    """Make the net, its weights drawn from one seed."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        if cause == 1:
            return nn.Sequential(
                nn.Flatten(), nn.Linear(144, 16), nn.ReLU(), nn.Linear(16, 10)
            ).double()
        between: list[nn.Module] = [] if cause == 5 else [nn.ReLU()]
        top = nn.AdaptiveAvgPool2d(1) if cause == 5 else nn.AdaptiveMaxPool2d(1)
        return nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1),
            *between,
            nn.Conv2d(8, 24, 3, stride=2, padding=1),
            *between,
            top,
            nn.Flatten(),
            nn.Linear(24, 10),
        ).double()


def log(cause: int) -> tuple[float, float, float]:
    """Train such a net.

    Returns:
        The mean loss of the last twenty steps, and the accuracies on fresh
        digits where they stood and moved by two pixels.
    """
    x, y, x_test, y_test = images()
    order = torch.arange(144)
    if cause == 3:
        order = torch.tensor(np.random.default_rng(0).permutation(144))

    def ordered(pixels: torch.Tensor) -> torch.Tensor:
        return pixels.flatten(1)[:, order].reshape(pixels.shape)

    net = build(cause)
    rate = 1.0 if cause == 4 else 0.01
    losses = train(net, ordered(x), y, STEPS, rate)
    scores = [
        accuracy(net, ordered(shift(x_test, 0, right)), y_test)
        for right in (0, 2)
    ]
    return float(np.mean(losses[-20:])), scores[0], scores[1]


def print_nets() -> None:
    """Print a line for each of the five nets."""
    print("  training loss   fresh digits   moved by two pixels")
    for name, cause in NETS.items():
        loss, still, moved = log(cause)
        print(
            f"{name} {loss:10.3f} {100 * still:14.1f} % {100 * moved:15.1f} %"
        )


MATCH = match_exercise(
    "convolution-13",
    CAUSES,
    ("12345", "54321", "31254", 13524, 312),
)
