"""Refuse shapes that torch would broadcast where no broadcast is meant."""

import inspect
from collections.abc import Callable
from functools import cache

from torch import Tensor


def sizes(f: Callable, *args: Tensor) -> None:
    """Check the shapes of ``args`` against the annotations of ``f``.

    Predictions of shape (N, 1) and targets of shape (N,) subtract to (N, N)
    without a word, and the loss looks like one. ``*B`` stands for any leading
    axes, the same for all arguments.

    Args:
        f: the function, with its annotations.
        args: its arguments, in order.

    Raises:
        ValueError: naming the argument, the shape expected, and what came.
    """
    found: dict[str, int | tuple] = {}
    for (name, dims), a in zip(_annotated(f), args, strict=False):
        shape = tuple(a.shape)
        if not _fits(shape, dims, found):
            wanted = ", ".join(str(found.get(d, d)) for d in dims)
            raise ValueError(
                f"{f.__name__}: `{name}` must have shape ({wanted}), because "
                f"of the arguments before it; got {shape}"
            )


@cache
def _annotated(f: Callable) -> tuple[tuple[str, list[str]], ...]:
    parameters = inspect.signature(f).parameters.items()
    return tuple(
        (name, p.annotation.dim_str.split())
        for name, p in parameters
        if hasattr(p.annotation, "dim_str")
    )


def _fits(shape: tuple[int, ...], dims: list[str], found: dict) -> bool:
    if dims[0].startswith("*"):
        lead = len(shape) - len(dims) + 1
        if lead < 0 or found.setdefault(dims[0], shape[:lead]) != shape[:lead]:
            return False
        shape, dims = shape[lead:], dims[1:]
    return len(shape) == len(dims) and all(
        n == (int(d) if d.isdigit() else found.setdefault(d, n))
        for n, d in zip(shape, dims, strict=True)
    )
