"""Say in words what a training run is made of, so that runs are told apart.

A part is described by its class, its settings and a hash of its numbers; a
function by its name, its compiled code and the values that it uses. No
description holds an address, so that it is the same in another process.
Source: Git, which knows a content by its hash.
"""

import hashlib
import inspect
from collections.abc import Callable, Mapping
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

LONGEST = 80  # characters; a longer description is cut and its hash appended
DEPTH = 8  # of parts within parts
PLAIN = None | bool | int | float | complex | str | bytes
NAMED = {"torch", "numpy", "builtins", "math"}  # known by name alone
HIDDEN = vars(nn.Module()).keys()  # how a module keeps its parts, its mode


def identity(
    settings: Mapping[str, int | None],
    data: Mapping[str, Tensor | None],
    model: nn.Module,
    loss: Callable,
    optimizer: torch.optim.Optimizer,
) -> dict[str, str]:
    """Describe each part of a run, before its first step.

    Args:
        settings: seed and the like.
        data: inputs and targets.
        model: its weights do not count, only their names, shapes and dtypes.
        loss: any callable.
        optimizer: before a schedule has touched it.

    >>> line = nn.Linear(2, 1)
    >>> sgd = torch.optim.SGD(line.parameters(), lr=0.5)
    >>> found = identity({}, {}, line, nn.functional.mse_loss, sgd)
    >>> found["model.weight"], found["loss"], found["optimizer.lr"]
    ('float32 (1, 2), trained', 'torch.nn.functional.mse_loss', '0.5')
    """
    found = {k: describe(v) for k, v in {**settings, **data}.items()}
    for path, module in model.named_modules():
        place = f"model.{path}".rstrip(".")
        found[place] = _class(module)
        for name, value in vars(module).items():
            if name not in HIDDEN:
                found[f"{place}.{name}"] = describe(value)
    for name, p in model.named_parameters():
        use = "trained" if p.requires_grad else "kept"
        found[f"model.{name}"] = f"{_shape(p)}, {use}"
    for name, b in model.named_buffers():
        found[f"model.{name}"] = _shape(b)
    found["loss"] = describe(loss)
    found["optimizer"] = _class(optimizer)
    names = {id(p): name for name, p in model.named_parameters()}
    groups = optimizer.param_groups
    for n, group in enumerate(groups):
        place = "optimizer" if len(groups) == 1 else f"optimizer.group {n}"
        known = [names.get(id(p), "not of the model") for p in group["params"]]
        for name, value in (group | {"params": known}).items():
            found[f"{place}.{name}"] = describe(value)
    return found


def schedule_identity(schedule: Any) -> dict[str, str]:
    """Describe a scheduler that has just been made, or None.

    Args:
        schedule: a new one, or None.
    """
    found = {"schedule": "None" if schedule is None else _class(schedule)}
    for name, value in vars(schedule).items() if schedule else ():
        found[f"schedule.{name}"] = describe(value)
    return found


def differences(saved: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Name what differs, with both descriptions.

    Args:
        saved: part to description, as it was saved.
        now: the same today.

    >>> differences({"seed": "0", "batch": "5"}, {"seed": "1", "batch": "5"})
    ['seed: 0 saved, 1 now']
    """
    return [
        f"{key}: {saved.get(key, 'nothing')} saved, {now.get(key, 'nothing')} "
        "now"
        for key in {**saved, **now}
        if saved.get(key) != now.get(key)
    ]


def describe(value: Any) -> str:
    """Describe a value; equal descriptions mean equal values.

    Args:
        value: anything that a training run may hold.

    >>> describe(np.float64(0.1)), describe(torch.ones(2))
    ('0.1', 'float32 (2,) 80b8fd6d60fa')
    """
    text = _text(value, ())
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 16]}… {_hash(text.encode())}"


def _text(value: Any, around: tuple[int, ...]) -> str:
    """Describe a value that stands within others, given by their ids."""
    if id(value) in around or len(around) == DEPTH:
        return "…"
    within = (*around, id(value))
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, PLAIN):
        return repr(value)
    if isinstance(value, np.ndarray) and value.dtype != object:
        data = np.ascontiguousarray(value).tobytes()
        return f"{value.dtype} {value.shape} {_hash(data)}"
    if isinstance(value, nn.Parameter):
        return _shape(value)
    if isinstance(value, Tensor):
        return f"{_shape(value)} {_hash(_bytes(value))}"
    if isinstance(value, Mapping):
        items = (
            f"{_text(k, within)}: {_text(v, within)}" for k, v in value.items()
        )
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_text(v, within) for v in value)}]"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(_text(v, within) for v in value))}}}"
    if isinstance(value, torch.dtype | torch.device):
        return str(value)
    if isinstance(value, partial):
        return _text((value.func, value.args, value.keywords), within)
    if isinstance(value, MethodType):
        return f"{_text(value.__self__, within)}.{value.__name__}"
    if isinstance(value, FunctionType):
        return _function(inspect.unwrap(value), within)
    if isinstance(value, type | BuiltinFunctionType):
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, nn.Module):
        return _module(value, within)
    if isinstance(value, torch.optim.Optimizer) or not hasattr(
        value, "__dict__"
    ):
        return _class(value)
    return f"{_class(value)}{_text(vars(value), within)}"


def _module(module: nn.Module, within: tuple[int, ...]) -> str:
    """Describe a module: its settings and its parts.

    Its buffers, too, if it has no weights: those of what learns change.
    """
    settings = {k: v for k, v in vars(module).items() if k not in HIDDEN}
    weights = {k: _shape(p) for k, p in module.named_parameters()}
    buffers = {} if weights else dict(module.named_buffers(recurse=False))
    parts = {**settings, **weights, **buffers, **dict(module.named_children())}
    return f"{_class(module)}{_text(parts, within)}"


def _function(function: Callable, within: tuple[int, ...]) -> str:
    """Describe a function by its name.

    If it is not known by that, by its code and the values that this uses.
    """
    if not isinstance(function, FunctionType):
        return _text(function, within)
    name = f"{function.__module__}.{function.__qualname__}"
    if (function.__module__ or "").split(".")[0] in NAMED:
        return name
    code, known = function.__code__, function.__globals__
    uses = {
        "defaults": function.__defaults__,
        "keywords": function.__kwdefaults__,
        "closure": inspect.getclosurevars(function).nonlocals,
        "globals": {
            n: known[n]
            for n in code.co_names
            if n in known and not inspect.ismodule(known[n])
        },
    }
    used = {k: v for k, v in uses.items() if v}
    text = f"{name} {_hash(_code(code))}"
    return f"{text} {_text(used, within)}" if used else text


def _code(code: CodeType) -> bytes:
    """Give what decides what compiled code does."""
    constants = [
        _code(c) if isinstance(c, CodeType) else _text(c, ()).encode()
        for c in code.co_consts
    ]
    names = repr((code.co_names, code.co_varnames)).encode()
    return b"\n".join([code.co_code, names, *constants])


def _class(value: Any) -> str:
    """Name the class of a value; one of torch by its short name."""
    kind = type(value)
    torchs = kind.__module__.split(".")[0] == "torch"
    return kind.__name__ if torchs else f"{kind.__module__}.{kind.__qualname__}"


def _shape(tensor: Tensor) -> str:
    """Give dtype and shape."""
    return f"{str(tensor.dtype).removeprefix('torch.')} {tuple(tensor.shape)}"


def _bytes(tensor: Tensor) -> bytes:
    """Give the numbers of a tensor as bytes, whatever its dtype."""
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().tobytes()


def _hash(data: bytes) -> str:
    """Give the first 12 digits of the SHA-256."""
    return hashlib.sha256(data).hexdigest()[:12]
