"""A training loop into which one of eight faults can be put.

The net, the data and all seeds are the same in every run; only the fault
differs, and what one sees of it are curves.
Source: Karpathy (2019), A Recipe for Training Neural Networks.
"""

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dlf.nn.monitor import Monitor

FAULTS = (
    "wrong labels",
    "no shuffling",
    "rate too high",
    "rate too low",
    "gradients not zeroed",
    "eval mode forgotten",
    "dead units",
    "layer not in the optimizer",
)
Array = np.ndarray
RATES = {"rate too high": 0.4, "rate too low": 2e-5}


class Curves(NamedTuple):
    """What a run shows of itself.

    Args:
        loss: of every batch.
        accuracy: on validation data after every epoch, measured twice.
        gradient: norm of each layer's gradient, at every step.
        ratio: of each layer's update to its weights, at every step.
    """

    loss: Float[Array, " T"]
    accuracy: Float[Array, "E 2"]
    gradient: Float[Array, "L T"]
    ratio: Float[Array, "L T"]


def net(widths: tuple[int, ...] = (64, 64, 64, 10)) -> nn.Sequential:
    """Make a classifier with ReLU and dropout after each hidden layer.

    Args:
        widths: inputs, hidden units and classes.
    """
    a, b, c, d = widths
    return nn.Sequential(
        nn.Linear(a, b),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(b, c),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(c, d),
    ).double()


def run(
    train: tuple[Tensor, Tensor],
    validation: tuple[Tensor, Tensor],
    fault: str | None = None,
    *,
    epochs: int = 12,
    batch: int = 50,
    rate: float = 0.03,
    seed: int = 0,
) -> Curves:
    """Train with momentum SGD, well or with a fault.

    Args:
        train: inputs, one row an example, and labels.
        validation: likewise.
        fault: one of `FAULTS`, or None.
        epochs: passes over the data.
        batch: examples a step.
        rate: of learning, where it is not the fault.
        seed: fixes weights, shuffling and dropout.

    Raises:
        ValueError: there is no such fault.
    """
    if fault not in (None, *FAULTS):
        raise ValueError(
            f"run: `fault` must be None or one of {', '.join(FAULTS)}; "
            f"got {fault!r}"
        )
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        model = net()
        x, y = train
        if fault == "wrong labels":
            y = y[torch.randperm(len(y))]
        if fault == "no shuffling":
            order = y.argsort(stable=True)
            x, y = x[order], y[order]
        if fault == "dead units":
            nn.init.constant_(model[0].bias, -10.0)
        kept = list(model.parameters())
        if fault == "layer not in the optimizer":
            kept = [*model[0].parameters(), *model[6].parameters()]
        monitor = Monitor(model)
        sgd = monitor.watch(
            torch.optim.SGD(kept, lr=RATES.get(fault, rate), momentum=0.9)
        )
        losses, accuracies = [], []
        for _ in range(epochs):
            shuffled = fault != "no shuffling"
            order = torch.randperm(len(x)) if shuffled else torch.arange(len(x))
            model.train()
            for rows in order.split(batch):
                loss = F.cross_entropy(model(x[rows]), y[rows])
                if fault != "gradients not zeroed":
                    model.zero_grad()
                loss.backward()
                sgd.step()
                losses.append(loss.item())
            model.train(fault == "eval mode forgotten")
            accuracies.append([accuracy(model, *validation) for _ in range(2)])
    series = (list(d.values()) for d in (monitor.gradient, monitor.ratio))
    return Curves(*map(np.array, (losses, accuracies, *series)))


@torch.no_grad()
def accuracy(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """Compute accuracy, in whatever mode the model is.

    Args:
        model: gives logits.
        x: inputs.
        y: labels.
    """
    return (model(x).argmax(-1) == y).double().mean().item()
