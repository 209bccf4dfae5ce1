"""The recipe of a net that reads sequences, and its training.

Adam with decoupled decay of matrices, a warm-up of a twentieth and then a
cosine down to a tenth, gradients clipped to norm 1: nanoGPT's recipe.
Source: Karpathy (2022), nanoGPT, config/train_shakespeare_char.py.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell
from dlf.experiments.seeds import SCORED

WARM, LAST, DECAY, BETAS, CLIP = 0.05, 0.1, 0.1, (0.9, 0.99), 1.0
PROBE = 512  # training sequences on which the loss is told


@dataclass(frozen=True, kw_only=True)
class Sequences(Cell):
    """A net that reads sequences.

    Args:
        task: a key of `dlf.stacked.transformer_tasks.TASKS`.
        length: of the sequences.
        net: ``transformer``, ``LSTM`` or ``linear``.
        width: of the states.
        layers: of a transformer.
        heads: of a transformer.
        hidden: of an LSTM's state.
        window: of the linear model.
        factor: of the scores.
        positions: whether each place adds a vector of its own.
        steps: of training.
        trial: steps while rates are tried; as many as of training if 0.
        batch: sequences a step.
    """

    task: str
    length: int
    net: str = "transformer"
    width: int = 48
    layers: int = 2
    heads: int = 4
    hidden: int = 96
    window: int = 8
    factor: str = "/ root d"
    positions: bool = True
    steps: int = 600
    trial: int = 0
    batch: int = 32

    def make(self, kind: Any) -> Any:
        """Make the net.

        Args:
            kind: of the task.
        """
        from dlf.stacked import transformer_nets as nets

        if self.net == "LSTM":
            return nets.Recurrent(kind, self.width, self.hidden)
        if self.net == "linear":
            return nets.Linear(kind, self.window)
        shape = self.width, self.layers, self.heads
        return nets.Transformer(kind, *shape, self.factor, self.positions)


def parameters(net: Any) -> int:
    """Count what is trained.

    Args:
        net: any module.
    """
    return sum(p.numel() for p in net.parameters() if p.requires_grad)


def loss(answers: Any, y: Any) -> Any:
    """Cross-entropy of classes, squared error of numbers.

    Args:
        answers: of the net.
        y: right answers.
    """
    import torch.nn.functional as F

    if y.is_floating_point():
        return F.mse_loss(answers[..., 0], y)
    return F.cross_entropy(answers.flatten(0, -2), y.flatten())


def judged(net: Any, part: tuple, limit: int | None = None) -> tuple:
    """Give the loss of a part and how much of it is right.

    Args:
        net: a trained one.
        part: sequences and answers.
        limit: sequences at most, evenly spread; all if None.
    """
    import torch

    n = len(part[0])
    rows = np.arange(0, n, max(1, n // limit) if limit else 1)
    total = right = 0.0
    with torch.no_grad():
        for at in np.array_split(rows, math.ceil(len(rows) / 256)):
            x, y = (torch.tensor(a[at]) for a in part)
            answers = net(x)
            total += loss(answers, y).item() * len(at)
            if not y.is_floating_point():
                hits = answers.argmax(-1) == y
                right += hits.double().mean().item() * len(at)
    return total / len(rows), right / len(rows)


def rate_at(step: int, steps: int) -> float:
    """Give the factor of the rate: a warm-up, then a cosine.

    Args:
        step: from 0.
        steps: of training.
    """
    warm = max(1, round(WARM * steps))
    if step < warm:
        return (step + 1) / (warm + 1)
    done = (step - warm) / max(1, steps - warm)
    return LAST + (1 - LAST) * (1 + math.cos(math.pi * done)) / 2


def fit(cell: Sequences, task: Any, rate: float, seed: int) -> Any:
    """Train one net.

    Args:
        cell: net and training.
        task: the data.
        rate: the highest learning rate.
        seed: of weights and batches.

    Returns:
        The net, and its loss on some training sequences before training.
    """
    import torch

    torch.manual_seed(seed)
    net = cell.make(task.kind)
    before, _ = judged(net, task.train, PROBE)
    trained = [p for p in net.parameters() if p.requires_grad]
    groups = [
        {
            "params": [p for p in trained if (p.ndim > 1) == many],
            "weight_decay": DECAY * many,
        }
        for many in (True, False)
    ]
    adam = torch.optim.AdamW(groups, rate, betas=BETAS)
    rng = np.random.default_rng(seed)
    trial = cell.trial and seed < SCORED
    steps = cell.trial if trial else cell.steps
    for step in range(steps):
        for group in adam.param_groups:
            group["lr"] = rate * rate_at(step, steps)
        at = rng.integers(len(task.train[0]), size=cell.batch)
        x, y = (torch.tensor(a[at]) for a in task.train)
        found = loss(net(x), y)
        adam.zero_grad()
        found.backward()
        torch.nn.utils.clip_grad_norm_(trained, CLIP)
        adam.step()
    return net, before


def constant(y: np.ndarray) -> float:
    """Give the loss of the best constant answer.

    Args:
        y: right answers of the training sequences.
    """
    if y.dtype.kind == "f":
        return float(y.var())
    share = np.bincount(y.ravel()) / y.size
    share = share[share > 0]
    return float(-(share * np.log(share)).sum())


def train(
    cell: Sequences, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train nets one by one, for every rate and seed.

    Args:
        cell: task, net and training.
        settings: learning rates.
        seeds: of weights and batches.

    Returns:
        ``score``, the negative loss in validation; ``loss`` and ``initial``
        of training; ``constant``; and, for scored seeds, ``nats`` (or squared
        error) and ``right`` of the test. Axes setting and seed.
    """
    from dlf.stacked import transformer_tasks

    task = transformer_tasks.TASKS[cell.task](cell.length)
    found: list[list[dict[str, float]]] = []
    for rate in settings:
        found.append([])
        for seed in seeds:
            net, before = fit(cell, task, rate, seed)
            one = {"initial": before, "loss": judged(net, task.train, PROBE)[0]}
            one["score"] = -judged(net, task.validation)[0]
            if seed >= SCORED:
                one["nats"], one["right"] = judged(net, task.test)
            found[-1].append(one)
    names = found[0][0]
    out: dict[str, Any] = {
        k: np.array([[one[k] for one in row] for row in found]) for k in names
    }
    level = constant(np.asarray(task.train[1][:4096]))
    out["constant"] = np.full((len(settings), len(seeds)), level)
    if min(seeds) >= SCORED:
        out["data"] = task.describe()
    return out
