"""Tell which modules answer otherwise in training than in evaluation.

A module can do so only by asking for its ``training``, so its compiled code is
searched for that name: this finds dropout, batch norm and every other module of
torch that does, and modules of the reader's own.
Source: the PyTorch documentation of `Module.train`.
"""

import inspect
from collections.abc import Callable, Iterator
from types import CodeType

from torch import nn

ALWAYS = nn.FractionalMaxPool2d, nn.FractionalMaxPool3d
FASTER = nn.TransformerEncoder, nn.TransformerEncoderLayer  # else the same
DROPS = nn.MultiheadAttention, nn.modules.rnn.RNNBase


def unsteady(module: nn.Module) -> bool:
    """Tell whether the module itself, its parts apart, may answer otherwise.

    Args:
        module: what to ask about.

    >>> unsteady(nn.Dropout(0.5)), unsteady(nn.Dropout(0.5).eval())
    (True, False)
    >>> unsteady(nn.Linear(1, 1)), unsteady(nn.RReLU())
    (False, True)
    """
    if isinstance(module, ALWAYS):
        return True
    if not module.training or isinstance(module, FASTER):
        return False
    if isinstance(module, DROPS):
        return module.dropout > 0
    if isinstance(module, nn.modules.instancenorm._InstanceNorm):
        return module.track_running_stats
    return any(_asks(f) for f in _code_of(module))


def _code_of(module: nn.Module) -> Iterator[Callable]:
    """Give the methods below `nn.Module`, and what is called before or after.

    Old spectral norm is such a call.
    """
    for kind in type(module).__mro__:
        if kind is nn.Module:
            break
        yield from filter(inspect.isfunction, vars(kind).values())
    for hooks in (module._forward_pre_hooks, module._forward_hooks):
        for hook in hooks.values():
            yield hook if inspect.isfunction(hook) else type(hook).__call__


def _asks(function: Callable) -> bool:
    """Tell whether the code of a function names the training mode."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code is not None and "training" in _names(code)


def _names(code: CodeType) -> set[str]:
    """Give the attributes and globals that code names, inner code too."""
    inner = (c for c in code.co_consts if isinstance(c, CodeType))
    return set(code.co_names).union(*map(_names, inner))
