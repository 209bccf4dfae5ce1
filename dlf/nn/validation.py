"""What training refuses before its first step.

A NaN in one example reaches every weight at the next update, and a label that
no output stands for kills a GPU's process. A loss that is not finite later is
the subject of `dlf.nn.nonfinite`.
"""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from numbers import Integral
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

Examples = tuple[np.ndarray | Tensor, np.ndarray | Tensor]


def settings(
    epochs: int | None,
    steps: int | None,
    batch: int,
    seed: int,
    patience: int | None,
    validation: Examples | None,
) -> None:
    """Check the counts that `dlf.nn.training.fit` is given.

    Args:
        epochs: passes over the data, or None.
        steps: optimizer steps, or None.
        batch: examples a step.
        seed: of the order.
        patience: epochs without a better loss, or None.
        validation: what patience looks at, or None.

    Raises:
        ValueError: one is not whole or not positive, or they do not go
            together.
    """
    if (epochs is None) == (steps is None):
        raise ValueError(
            "fit: one of `epochs` and `steps` must be given, because it says "
            f"when to end; got {epochs} and {steps}"
        )
    counts = {"epochs": epochs, "steps": steps, "batch": batch, "seed": seed}
    for name, n in (counts | {"patience": patience}).items():
        if n is not None and not isinstance(n, Integral):
            raise ValueError(
                f"fit: `{name}` must be a whole number, because it counts; "
                f"got {n!r}"
            )
        if n is not None and n < 1 and name != "seed":
            raise ValueError(f"fit: `{name}` must be at least 1; got {n}")
    if patience and not validation:
        raise ValueError(
            "fit: `validation` must be given, because `patience` waits for "
            "its loss; got None"
        )


def path(checkpoint: str | Path | None) -> Path | None:
    """Check the name of a checkpoint.

    Args:
        checkpoint: name of a file, or None.

    Raises:
        ValueError: it names no file.
    """
    if checkpoint is None:
        return None
    if not str(checkpoint) or Path(checkpoint).is_dir():
        raise ValueError(
            "fit: `checkpoint` must name a file, because the run is kept in "
            f"one; got {str(checkpoint)!r}. Give None to keep none"
        )
    return Path(checkpoint)


def optimizer(stepper: torch.optim.Optimizer) -> None:
    """Check an optimizer and its learning rates.

    Args:
        stepper: what makes the steps.

    Raises:
        ValueError: a rate is negative or not finite, or it needs a closure.
    """
    if isinstance(stepper, torch.optim.LBFGS):
        raise ValueError(
            "fit: `optimizer` must step after one backward pass, because a "
            "batch is gone through once; got LBFGS, which goes through it "
            "again and again. Call its step with a closure in a loop of your "
            "own"
        )
    for group in stepper.param_groups:
        if not 0 <= group.get("lr", 0) < math.inf:
            raise ValueError(
                "fit: `optimizer` must have a learning rate that is finite "
                f"and not negative; got {group['lr']}"
            )


def last_batch(model: nn.Module, x: Tensor, batch: int, total: int) -> None:
    """Check that batch norm never meets a batch of one number a channel.

    A copy of the model is tried on one row, if one row will come.

    Args:
        model: what will be trained.
        x: inputs.
        batch: examples a step.
        total: steps to come.

    Raises:
        ValueError: it cannot be normalized.
    """
    N, B = len(x), min(batch, len(x))
    alone = B == 1 or (N % B == 1 and total > N // B)
    norm = nn.modules.batchnorm._BatchNorm
    if not alone or not any(isinstance(m, norm) for m in model.modules()):
        return
    try:
        with torch.no_grad(), torch.random.fork_rng([]):
            deepcopy(model).train()(x[:1])
    except ValueError as error:
        raise ValueError(
            f"fit: `batch` must leave no batch of one row, because batch norm "
            f"needs two numbers a channel; got {batch} for {N} rows. Choose "
            f"another, or leave out {'some rows' if B == 1 else 'a row'}"
        ) from error


@contextmanager
def one_shape(name: str) -> Iterator[None]:
    """Refuse a loss of torch's that broadcasts outputs against targets.

    Args:
        name: operation, for errors.

    Raises:
        ValueError: torch warns of it.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "Using a target size", UserWarning)
        try:
            yield
        except UserWarning as warning:
            raise ValueError(
                f"{name}: `loss` must be given targets of the outputs' shape, "
                "because each is compared with its own; torch would compare "
                f"each with others too. {warning}"
            ) from warning


def tensors(
    model: nn.Module, examples: Examples, name: str
) -> tuple[Tensor, Tensor]:
    """Check examples; give them where the model is, floats in its dtype.

    Args:
        model: shown one example, to count its outputs; left in eval mode.
        examples: inputs and targets.
        name: operation and argument, for errors.

    Raises:
        ValueError: there are none, some lack a target, one is not finite, a
            label names no output, or a loss would broadcast targets.
    """
    like = next(model.parameters(), torch.empty(0))
    x, y = (
        a.to(like.device, like.dtype if a.is_floating_point() else torch.int64)
        for a in map(_tensor, examples)
    )
    if len(x) == 0 or len(x) != len(y):
        raise ValueError(
            f"{name} must have rows and a target for each, because losses are "
            f"averaged over them; got {len(x)} rows of x and {len(y)} of y"
        )
    for letter, a in (("x", x), ("y", y)):
        bad = ~torch.isfinite(a).reshape(len(a), -1)
        if bad.any():
            row = int(bad.any(dim=1).nonzero()[0])
            value = a[row].reshape(-1)[bad[row]][0].item()
            raise ValueError(
                f"{name} must be finite, because one NaN reaches every weight; "
                f"got {value} in row {row} of {letter}"
            )
    model.eval()
    with torch.no_grad():
        output = model(x[:1])
    if not isinstance(output, Tensor):
        return x, y
    if y.shape[1:] == output.shape[1:]:  # numbers, whole ones too
        return x, y if y.is_floating_point() else y.to(output.dtype)
    _same_shape(output, y, name)
    C = output.shape[-1] if classifies(output, y[:1]) else None
    if C and ((y < 0) | (y >= C)).any():
        raise ValueError(
            f"{name} must have labels in 0..{C - 1}, because the model has "
            f"{C} outputs; got {y.min()}..{y.max()}"
        )
    return x, y


def _tensor(a: np.ndarray | Tensor) -> Tensor:
    """Give an array as a tensor, which shares its memory where torch can."""
    if isinstance(a, np.ndarray):
        shared = a.flags.writeable and min(a.strides, default=0) >= 0
        return torch.as_tensor(a if shared else a.copy())
    return torch.as_tensor(a)


def _same_shape(output: Tensor, y: Tensor, name: str) -> None:
    """Refuse targets that a loss would broadcast, or not know how to take.

    Raises:
        ValueError: there are as many numbers as outputs in another shape, or
            labels where there is one output.
    """
    made = [f"(N, {str(list(a.shape[1:]))[1:-1]})" for a in (output, y)]
    labels = classifies(output, y[:1])
    if labels and output.shape[-1] == 1:
        raise ValueError(
            f"{name} must have floats of the outputs' shape, because the model "
            f"has one output and labels choose among several; got {y.dtype} of "
            f"shape {tuple(y.shape)}. For regression or for "
            "`binary_cross_entropy_with_logits` give targets as a column of "
            "floats, y[:, None]; for `cross_entropy` give the model an output "
            "a class"
        )
    if not labels and output[0].numel() == y[0].numel():
        raise ValueError(
            f"{name} must have targets of the outputs' shape {made[0]}, "
            f"because a loss would compare each with every other; got "
            f"{made[1]}. Reshape one of them"
        )


def classifies(output: Tensor, y: Tensor) -> bool:
    """Tell whether the targets are labels of the output's last axis.

    Args:
        output: the model's.
        y: targets.
    """
    return not y.is_floating_point() and output.shape[:-1] == y.shape
