"""An exercise on regularization: what is wrong in five logs of real runs.

A net of 64 hidden units learns 300 digits, a fifth of them with a label drawn
anew, by Adam. Shown are accuracies on training and on validation data.
"""

import numpy as np
import torch
import torch.nn.functional as F

from dlf.data import digits
from dlf.exercises.matching import match_exercise

SHOWN = (1, 3, 6, 12, 25, 50)
NUMBERS = {
    "as meant": 1,
    "nothing": 2,
    "too strong": 3,
    "turned": 4,
    "train mode": 5,
}
LOOPS = {
    "A": "too strong",
    "B": "train mode",
    "C": "as meant",
    "D": "turned",
    "E": "nothing",
}
CAUSES = "".join(str(NUMBERS[cause]) for cause in LOOPS.values())
DECAY = {"as meant": 1.0, "too strong": 30.0, "turned": 1.0}
DROPOUT = {"train mode": 0.5}


def log(cause: str) -> list[tuple[float, ...]]:
    """Train in one way; return accuracies and the norm of the weights.

    Args:
        cause: what is done, or forgotten.
    """
    data, rng = digits.load(), np.random.default_rng(0)
    x, y = torch.tensor(data.train.flat()[:300]) - 0.3, data.train.y[:300]
    y = np.where(rng.random(300) < 0.2, rng.integers(0, 10, 300), y)
    y = torch.tensor(y)
    new = torch.tensor(data.validation.flat()) - 0.3
    truth = torch.tensor(data.validation.y)
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Linear(64, 64),
        torch.nn.ReLU(),
        torch.nn.Dropout(DROPOUT.get(cause, 0.0)),
        torch.nn.Linear(64, 10),
    ).double()
    adam = torch.optim.AdamW(
        net.parameters(), 5e-3, weight_decay=DECAY.get(cause, 0.0)
    )
    found = []
    for epoch in range(1, max(SHOWN) + 1):
        net.train()
        for rows in torch.randperm(300).split(30):
            seen = x[rows]
            if cause == "turned" and epoch % 2:
                seen = seen.reshape(-1, 8, 8).flip(1, 2).reshape(-1, 64)
            loss = F.cross_entropy(net(seen), y[rows])
            adam.zero_grad()
            loss.backward()
            adam.step()
        net.train(cause == "train mode")
        with torch.no_grad():
            train, test, again = (
                (net(a).argmax(1) == b).double().mean().item()
                for a, b in ((x, y), (new, truth), (new, truth))
            )
            size = net[0].weight.norm().item()
        found.append((train, test, again, size))
    return [found[epoch - 1] for epoch in SHOWN]


def print_logs() -> None:
    """Print the five logs: accuracies, and the norm of the first layer."""
    print("epoch           ", *(f"{epoch:5d}" for epoch in SHOWN))
    for name, cause in LOOPS.items():
        columns = zip(*log(cause), strict=True)
        rows = ("training", "validation", "and again", "‖W‖")
        for row, values in zip(rows, columns, strict=True):
            print(f"{name} {row:14}", *(f"{v:5.2f}" for v in values))


LOGS = match_exercise(
    "regularization-12",
    CAUSES,
    ("12345", 31542, 351, {"A": 3, "B": 5}),
    also=(
        tuple(float(c) for c in CAUSES),
        {name: NUMBERS[cause] for name, cause in LOOPS.items()},
        torch.tensor([int(c) for c in CAUSES]),
        "A3 B5 C1 D4 E2",
    ),
)
