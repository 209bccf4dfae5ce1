"""The first module whose output is NaN or infinite, when a loss is not finite.

It is found by a second forward pass, with a hook on each module.
Source: the PyTorch documentation of `Module.register_forward_hook`.
"""

import math
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn


def finite(value: float, model: nn.Module, x: Tensor, step: int) -> None:
    """Check a loss.

    Args:
        value: of the loss.
        model: what gave it.
        x: inputs that gave it.
        step: its number.

    Raises:
        FloatingPointError: it is not finite; the message names the step, and
            the first module at fault on the inputs x.
    """
    if not math.isfinite(value):
        raise FloatingPointError(
            f"fit: the loss must be finite; got {value} at step {step}. "
            f"{first_nonfinite_module(model, x)}"
        )


def first_nonfinite_module(model: nn.Module, x: Tensor) -> str:
    """Say which module's output is the first that is not finite, and why.

    Args:
        model: what to look through.
        x: inputs.

    >>> class Log(nn.Module):
    ...     def forward(self, x):
    ...         return x.log()
    >>> model = nn.Sequential(nn.Identity(), Log())
    >>> first_nonfinite_module(model, torch.zeros(1))
    'The first output that is not is that of module 1 (Log); its inputs reach \
0, its weights 0'
    """
    found = []

    def look(name: str, module: nn.Module, inputs: Any, output: Any) -> None:
        if found or math.isfinite(_peak(output)):
            return
        x, w = _peak(inputs), _peak(list(module.parameters()))
        if not math.isfinite(w):
            why = "nor are its weights: the update before broke them"
        elif not math.isfinite(x):
            why = "nor is its input, which no module made"
        else:
            why = f"its inputs reach {x:.2g}, its weights {w:.2g}"
        kind = type(module).__name__
        found.append(
            f"The first output that is not is that of "
            f"{f'module {name}' if name else 'the model'} ({kind}); {why}"
        )

    hooks = [
        module.register_forward_hook(partial(look, name))
        for name, module in model.named_modules()
    ]
    with torch.no_grad():
        model(x)
    for hook in hooks:
        hook.remove()
    return (
        found[0]
        if found
        else "Every output of the model is, so look at the loss"
    )


def _peak(value: Any) -> float:
    """Give the largest magnitude in nested tuples and lists of tensors."""
    if isinstance(value, tuple | list):
        return max(map(_peak, value), key=_nan_last, default=0.0)
    if not isinstance(value, Tensor) or value.numel() == 0:
        return 0.0
    return value.detach().double().abs().max().item()


def _nan_last(value: float) -> float:
    """Rank NaN above all numbers, which `max` alone does not."""
    return math.inf if math.isnan(value) else value
