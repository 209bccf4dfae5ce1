"""Where a gradient stops being finite on its way back, though the loss is.

Source: the PyTorch documentation of `Tensor.register_hook`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn


def first_nonfinite_gradient(
    model: nn.Module, x: Tensor, loss: Callable[[Tensor], Tensor]
) -> str | None:
    """Name the module in which a gradient stops being finite, else None.

    It is the module whose output has a finite gradient while its input or a
    weight of its own has not; among several, the one nearest to the loss. No
    ``grad`` is read or changed.

    Args:
        model: of modules in a chain, with branches or with skips.
        x: inputs.
        loss: maps the model's outputs to a number.

    Returns:
        The name and the kind of that module; "the loss" where the gradient of
        the model's own output is not finite; "no module" where an operation
        between modules is to blame.

    Raises:
        ValueError: the loss is not finite, so that one looks forward instead.
    """
    inputs, outputs, hooks, leaves = {}, {}, [], {}

    def look(finite: dict, name: str, gradient: Tensor) -> None:
        finite[name] = finite.get(name, True) and all_finite([gradient])

    def follow(finite: dict, name: str, value: Any) -> Any:
        if type(value) is tuple:
            return tuple(follow(finite, name, v) for v in value)
        if not (isinstance(value, Tensor) and value.requires_grad):
            return value
        copy = value.clone()  # of its own, where a skip reads the value too
        copy.register_hook(partial(look, finite, name))
        return copy

    for name, module in model.named_modules():
        if not list(module.children()):
            leaves[name] = module
            enter, leave = partial(follow, inputs), partial(follow, outputs)
            hooks += [
                module.register_forward_pre_hook(
                    lambda _, given, name=name, f=enter: f(name, given)
                ),
                module.register_forward_hook(
                    lambda _, __, made, name=name, f=leave: f(name, made)
                ),
            ]
    try:
        value = loss(follow(outputs, "the loss", model(x)))
    finally:
        for hook in hooks:
            hook.remove()
    if not all_finite([value]):
        raise ValueError(
            "first_nonfinite_gradient: the loss must be finite, since its "
            f"gradient is looked at; got {value.item()}. Look for the first "
            "output that is not finite"
        )
    weights = [p for p in model.parameters() if p.requires_grad]
    found = torch.autograd.grad(value, weights, allow_unused=True)
    gradients = dict(zip(weights, found, strict=True))
    if not outputs.get("the loss", True):
        return "the loss"
    for name, module in reversed(leaves.items()):
        own = [gradients.get(p) for p in module.parameters()]
        if outputs.get(name, True) and not (
            inputs.get(name, True) and all_finite(own)
        ):
            return f"{name} ({type(module).__name__})"
    return None if all_finite(found) else "no module"


def all_finite(tensors: Any) -> bool:
    """Say whether all entries of tensors are finite.

    Args:
        tensors: or None, which has no entry.
    """
    return all(bool(t.isfinite().all()) for t in tensors if t is not None)


def unit_length(x: Tensor) -> Tensor:
    """Divide each row by its length; a row of zeros stays, with gradient 0.

    The zeros are replaced *before* the root, so that no derivative is ever
    infinite, and `where` a second time puts the row back: a double where.

    Args:
        x: rows.
    """
    squares = (x * x).sum(1, keepdim=True)
    empty = squares == 0
    length = torch.where(empty, torch.ones_like(squares), squares).sqrt()
    return torch.where(empty, torch.zeros_like(x), x / length)
