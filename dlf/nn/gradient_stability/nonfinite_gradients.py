"""Where a gradient stops being finite on its way back, though the loss is.

Source: the PyTorch documentation of `Tensor.register_hook`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, nn


def first_nonfinite_gradient(
    model: nn.Module, x: Tensor, loss: Callable[[Tensor], Tensor]
) -> str | None:
    """Name the module in which a gradient stops being finite, else None.

    The gradient of each module's output is looked at while it is computed. The
    first that is not finite was spoiled by the module that came before it in
    that order, which is the one that read this output.

    Args:
        model: a chain of modules, whose outputs are tensors.
        x: inputs.
        loss: maps the model's outputs to a number.

    Returns:
        The name and the kind of that module; "the loss" where the gradient of
        the model's own output is not finite.
    """
    passed, found, hooks = ["the loss"], [], []

    def look(name: str, gradient: Tensor) -> None:
        if not gradient.isfinite().all() and not found:
            found.append(passed[-1])
        passed.append(name)

    def watch(name: str, module: nn.Module, _: Any, output: Tensor) -> None:
        if output.requires_grad:
            kind = f"{name} ({type(module).__name__})"
            output.register_hook(partial(look, kind))

    for name, module in model.named_modules():
        if not list(module.children()):
            hooks.append(module.register_forward_hook(partial(watch, name)))
    try:
        y = model(x)
    finally:
        for hook in hooks:
            hook.remove()
    loss(y).backward()
    if found:
        return found[0]
    weights = [p.grad for p in model.parameters() if p.grad is not None]
    if all(g.isfinite().all() for g in weights):
        return None
    return passed[-1]
