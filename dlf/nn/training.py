"""The training loop: for every epoch, for every batch, five lines that learn.

Around them stands what a run needs besides: a shuffle that a seed fixes,
validation, early stopping, and checkpoints from which a killed run resumes to
the same bits.
Source: Goodfellow, Bengio & Courville (2016), Deep Learning, algorithms 7.1 and
8.1.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Shaped
from torch import Tensor, nn
from tqdm import tqdm

from dlf.nn import nonfinite
from dlf.nn import validation as nn_validation
from dlf.nn.checkpoint import Run, plain, save
from dlf.nn.checkpoint_identity import identity, schedule_identity

Examples = tuple[np.ndarray | Tensor, np.ndarray | Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]
ROWS = 1000  # at once, where nothing is learned


class Score(NamedTuple):
    """A mean loss, and the accuracy where there are labels."""

    loss: float
    accuracy: float | None


@dataclass
class History:
    """What a run went through: one entry an epoch, or none at all.

    Args:
        step: updates made by the end of the epoch.
        train_loss: mean over the epoch's batches, each before its update.
        validation_loss: at the end of the epoch.
        validation_accuracy: likewise, where there are labels.
        stopped: whether patience ended the run.
    """

    step: list[int] = field(default_factory=list)
    train_loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    stopped: bool = False

    @property
    def best(self) -> int:
        """Index of the epoch with the lowest validation loss."""
        return int(np.argmin(self.validation_loss))

    def arrays(self) -> dict[str, Shaped[np.ndarray, " E"]]:
        """Give each list that has entries as an array, ready to plot."""
        lists = ((k, v) for k, v in vars(self).items() if isinstance(v, list))
        return {k: np.array(v) for k, v in lists if v}

    def __repr__(self) -> str:
        last = (f"{k} {v[-1]:.3g}" for k, v in self.arrays().items())
        return f"History({', '.join([f'{len(self.step)} epochs', *last])})"


def fit(
    model: nn.Module,
    train: Examples,
    validation: Examples | None = None,
    *,
    optimizer: Callable[[Iterable], torch.optim.Optimizer],
    loss: Loss = F.cross_entropy,
    epochs: int | None = None,
    steps: int | None = None,
    batch: int = 100,
    seed: int = 0,
    schedule: Callable[[torch.optim.Optimizer], Any] | None = None,
    patience: int | None = None,
    device: str | torch.device | None = None,
    checkpoint: str | Path | None = None,
) -> History:
    """Train the model in place, and leave it in eval mode.

    Args:
        model: its initial weights are the caller's.
        train: inputs and targets, arrays or tensors; floats take the dtype of
            the model, and so do targets of the outputs' shape. Other whole
            numbers are labels.
        validation: likewise; scored after each epoch.
        optimizer: makes one from parameters: ``partial(SGD, lr=0.1)``.
        loss: maps outputs and targets to the mean over rows.
        epochs: passes over the data; give these or ``steps``.
        steps: updates; the last epoch may be cut short.
        batch: rows an update; the last of an epoch has those that are left,
            more than one where batch norm needs them.
        seed: fixes shuffling and dropout; the global generators keep theirs.
        schedule: makes a learning-rate scheduler, stepped at each update.
        patience: epochs without a lower validation loss before the run stops;
            it then, and at its end, takes the best weights back.
        device: "cuda", "auto" for an accelerator if there is one, or None for
            where the model is.
        checkpoint: a file, written at the start and after each epoch. If it
            exists the run resumes from it, to the same bits, also where it
            ended within an epoch; what it is made of must be the same.

    Returns:
        The history, with that from before a resume.

    Raises:
        ValueError: the data or the settings make no sense or do not go
            together, or the checkpoint is not of this run.
        FloatingPointError: a loss is not finite; the message names the step
            and the first module whose output is not.

    >>> from functools import partial
    >>> x = torch.linspace(-1, 1, 8)[:, None].double()
    >>> line, sgd = nn.Linear(1, 1).double(), partial(torch.optim.SGD, lr=0.5)
    >>> fitted = fit(line, (x, 3 * x), optimizer=sgd, loss=F.mse_loss, steps=99)
    >>> fitted.step[-1], round(line.weight.item(), 6)
    (99, 3.0)
    """
    nn_validation.settings(epochs, steps, batch, seed, patience, validation)
    path = nn_validation.path(checkpoint)
    device = _place(model, device)
    x, y = nn_validation.tensors(model, train, "fit: `train`")
    if validation:
        validation = nn_validation.tensors(
            model, validation, "fit: `validation`"
        )
    batch, seed = int(batch), int(seed)
    total = int(steps or epochs * math.ceil(len(x) / batch))
    nn_validation.last_batch(model, x, batch, total)
    stepper = optimizer(model.parameters())
    nn_validation.optimizer(stepper)
    for group in stepper.param_groups:
        group.update(plain(group))

    parts = {}
    if path:
        settings = {"seed": seed, "batch": batch, "patience": patience}
        vx, vy = validation or (None, None)
        data = {"train x": x, "train y": y}
        data |= {"validation x": vx, "validation y": vy}
        parts = identity(settings, data, model, loss, stepper)
    scheduler = schedule(stepper) if schedule else None
    if path:
        parts |= schedule_identity(scheduler)

    history = History()
    shuffle = torch.Generator().manual_seed(seed + 1)
    run = Run(parts, model, stepper, scheduler, history, shuffle)
    with (
        nn_validation.one_shape("fit"),
        torch.random.fork_rng([device] if device.type == "cuda" else []),
        tqdm(total=total, unit="step", disable=None) as bar,
    ):
        torch.manual_seed(seed)  # dropout draws from the global generator
        if path and path.exists():
            run.resume(path, total)
        elif path:
            save(path, run.state())
        bar.update(run.step)

        while (run.step < total or run.seen) and not history.stopped:
            model.train()
            run.began = shuffle.get_state()
            order = torch.randperm(len(x), generator=shuffle)[run.seen :]
            for rows in order.split(batch)[: total - run.step]:
                inputs = x[rows]
                value = loss(model(inputs), y[rows])
                number = value.item()
                nonfinite.finite(number, model, inputs, run.step + 1)
                stepper.zero_grad()
                value.backward()
                stepper.step()
                if scheduler:
                    scheduler.step()
                run.step, run.seen = run.step + 1, run.seen + len(rows)
                run.losses += number * len(rows)
                bar.update()

            whole = run.seen == len(x)
            if path and not whole:
                save(path, run.state())  # a longer run ends the epoch first
            history.step.append(run.step)
            history.train_loss.append(run.losses / run.seen)
            run.seen, run.losses = 0, 0.0
            if validation:
                score = _score(model, *validation, loss)
                nonfinite.finite(score.loss, model, validation[0], run.step)
                history.validation_loss.append(score.loss)
                if score.accuracy is not None:
                    history.validation_accuracy.append(score.accuracy)
            if patience:
                waited = len(history.step) - 1 - history.best
                if waited == 0:
                    weights = model.state_dict().items()
                    run.best = {k: w.clone() for k, w in weights}
                history.stopped = waited >= patience
            if path and whole:
                save(path, run.state())
            bar.set_postfix(loss=history.train_loss[-1])
    if patience:
        model.load_state_dict(run.best)
    model.eval()
    return history


def evaluate(
    model: nn.Module, examples: Examples, *, loss: Loss = F.cross_entropy
) -> Score:
    """Score the model, which is left in eval mode, on examples.

    Args:
        model: left in eval mode.
        examples: inputs and targets.
        loss: maps outputs and targets to their mean loss.

    Raises:
        ValueError: the examples make no sense.
    """
    x, y = nn_validation.tensors(model, examples, "evaluate: `examples`")
    with nn_validation.one_shape("evaluate"):
        return _score(model, x, y, loss)


def _score(model: nn.Module, x: Tensor, y: Tensor, loss: Loss) -> Score:
    """Average loss and hits over the rows."""
    model.eval()
    losses, hits = 0.0, None
    with torch.no_grad():
        for some, targets in zip(x.split(ROWS), y.split(ROWS), strict=True):
            output = model(some)
            losses += loss(output, targets).item() * len(some)
            if nn_validation.classifies(output, targets):
                right = (output.argmax(dim=-1) == targets).sum().item()
                hits = (hits or 0) + right
    accuracy = None if hits is None else hits / y.numel()
    return Score(losses / len(x), accuracy)


def _place(model: nn.Module, device: str | torch.device | None) -> torch.device:
    """Move the model if it is told to; say where it is."""
    if device == "auto":
        found = torch.accelerator.is_available()
        device = torch.accelerator.current_accelerator() if found else "cpu"
    if device is not None:
        model.to(device)
    return next(model.parameters(), torch.empty(0)).device
