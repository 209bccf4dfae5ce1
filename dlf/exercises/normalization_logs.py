"""An exercise on batch norm: what a log says about how it was used.

The same net is trained on two rings of points five times, four times with a
fault, and scored in training and in evaluation mode.
"""

import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from dlf.exercises.matching import match_exercise

WIDTH, STEPS = 32, 200
#: what each net has wrong: 1 batches of two, 2 momentum too small, 3 batches
#: of one class, 4 other units of measurement in use, 5 nothing
NETS = {"A": 2, "B": 5, "C": 3, "D": 1, "E": 4}
CAUSES = "".join(str(cause) for cause in NETS.values())


def rings(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw 400 points on two rings, with their labels."""
    rng = np.random.default_rng(seed)
    y = np.arange(400) % 2
    turn = rng.uniform(0, 2 * np.pi, 400)
    radius = 0.6 + 0.9 * y + 0.15 * rng.normal(size=400)
    x = radius[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1)
    return torch.tensor(x), torch.tensor(y)


def batches(cause: int) -> list[np.ndarray]:
    """Draw the examples of every step."""
    rng = np.random.default_rng(1)
    if cause == 3:
        return [
            2 * rng.integers(200, size=40) + step % 2 for step in range(STEPS)
        ]
    size = 2 if cause == 1 else 40
    return [rng.integers(400, size=size) for _ in range(STEPS)]


def recomputed(net: nn.Module, x: torch.Tensor) -> nn.Module:
    """Give a copy whose stored statistics are those of the data."""
    net = copy.deepcopy(net)
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm1d):
            layer.momentum = 1.0
    net.train()(x)
    return net.eval()


def log(cause: int) -> tuple[float, float, float, float]:
    """Train a net with that fault.

    Returns:
        The mean loss of the last twenty steps, and the accuracies on fresh
        points in training mode, 40 at a time, in evaluation mode, and once
        stored statistics have been recomputed from the training data.
    """
    x, y = rings(0)
    momentum = 0.0005 if cause == 2 else 0.1
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = nn.Sequential(
            nn.Linear(2, WIDTH),
            nn.BatchNorm1d(WIDTH, momentum=momentum),
            nn.ReLU(),
            nn.Linear(WIDTH, WIDTH),
            nn.BatchNorm1d(WIDTH, momentum=momentum),
            nn.ReLU(),
            nn.Linear(WIDTH, 2),
        ).double()
    optimizer, losses = torch.optim.SGD(net.parameters(), 0.1), []
    for i in batches(cause):
        loss = F.cross_entropy(net(x[i]), y[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    test, labels = rings(1)
    test = 10 * test if cause == 4 else test
    scores = []
    with torch.no_grad():
        state = copy.deepcopy(net.state_dict())
        mixed = torch.cat([net(part) for part in test.split(40)])
        net.load_state_dict(state)
        again = recomputed(net, x)(test)
        for z in (mixed, net.eval()(test), again):
            scores.append((z.argmax(1) == labels).double().mean().item())
    return float(np.mean(losses[-20:])), scores[0], scores[1], scores[2]


def print_modes() -> None:
    """Print a line for each of the five nets."""
    print("  training  test: training  evaluation  the same, statistics")
    print("  loss      mode            mode        recomputed")
    for name, cause in NETS.items():
        loss, mixed, used, again = log(cause)
        print(f"{name} {loss:.3f} {100 * mixed:12.1f} %", end="")
        print(f" {100 * used:13.1f} % {100 * again:11.1f} %")


MATCH = match_exercise(
    "normalization-11",
    CAUSES,
    ("12345", "52314", "25134", 45312, 253),
)
