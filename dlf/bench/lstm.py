"""An LSTM, forward and backward, three ways after they agree.

One step of 64 sequences, 128 features and 128 units, and a layer of 32 steps of
32 sequences, float32. PyTorch's cell is a chain of calls, as ours is; its layer
is one kernel of oneDNN, which no chain of NumPy calls comes near.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch import nn

from dlf.bench.timing import Timing, compare_gradients
from dlf.scratch.recurrence import lstm

Array = np.ndarray
BATCH, WIDTH = 64, 128
LONG = 32  # steps and sequences of the layer
Grads = tuple[Array, ...]
Call = Callable[[], Grads]


def step_contenders(batch: int = BATCH, width: int = WIDTH) -> dict[str, Call]:
    """Give calls that return the gradients of one step's arguments.

    Args:
        batch: sequences.
        width: features, and units.
    """
    some = _drawing(width)
    x, h, c = some(batch, width), some(batch, width), some(batch, width)
    w, dy = _weights(some, width), some(2, batch, width)
    found = {
        "PyTorch": _torch_step(x, h, c, w, dy),
        "scratch": _scratch_step(x, h, c, w, dy),
    }
    if find_spec("autograd"):
        found["HIPS autograd"] = _hips_step(x, h, c, w, dy)
    return found


def layer_contenders(steps: int = LONG, width: int = WIDTH) -> dict[str, Call]:
    """Give calls that return the gradients of a layer's arguments.

    Args:
        steps: in time, and sequences.
        width: features, and units.
    """
    some = _drawing(width)
    x, w = some(steps, steps, width), _weights(some, width)
    dy = np.zeros((2, steps, steps, width), np.float32)
    dy[0] = some(steps, steps, width)
    return {
        "PyTorch": _torch_layer(x, w, dy[0]),
        "scratch": _scratch_layer(x, w, dy),
    }


def step(rounds: int = 25, calls: int = 20) -> list[Timing]:
    """Time one step, forward and backward.

    Args:
        rounds: timings a contender.
        calls: calls a timing.
    """
    return compare_gradients(step_contenders(), rounds, calls)


def layer(rounds: int = 25, calls: int = 4) -> list[Timing]:
    """Time a layer over all steps, forward and backward.

    Args:
        rounds: timings a contender.
        calls: calls a timing.
    """
    return compare_gradients(layer_contenders(), rounds, calls)


def _drawing(width: int) -> Callable[..., Array]:
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        return (rng.normal(size=shape) / width**0.5).astype(np.float32)

    return some


def _weights(some: Callable[..., Array], width: int) -> list[Array]:
    G = 4 * width
    return [some(G, width), some(G, width), some(G), some(G)]


def _torch_step(x: Array, h: Array, c: Array, w: list, dy: Array) -> Call:
    cell = nn.LSTMCell(x.shape[1], h.shape[1])
    _load(cell, w, "")
    first = [torch.tensor(a, requires_grad=True) for a in (x, h, c)]
    leaves, back = [*first, *cell.parameters()], list(torch.tensor(dy))

    def call() -> Grads:
        new = cell(first[0], (first[1], first[2]))
        grads = torch.autograd.grad(list(new), leaves, back)
        return tuple(g.numpy() for g in grads)

    return call


def _scratch_step(x: Array, h: Array, c: Array, w: list, dy: Array) -> Call:
    def call() -> Grads:
        _, pull = lstm.lstm_cell(x, h, c, *w)
        return pull(dy)

    return call


def _torch_layer(x: Array, w: list, dy: Array) -> Call:
    module = nn.LSTM(x.shape[-1], dy.shape[-1], batch_first=True)
    _load(module, w, "_l0")
    first, back = torch.tensor(x, requires_grad=True), torch.tensor(dy)
    leaves = [first, *module.parameters()]

    def call() -> Grads:
        grads = torch.autograd.grad(module(first)[0], leaves, back)
        return tuple(g.numpy() for g in grads)

    return call


def _scratch_layer(x: Array, w: list, dy: Array) -> Call:
    zeros = np.zeros((len(x), dy.shape[-1]), x.dtype)

    def call() -> Grads:
        _, pull = lstm.lstm(x, zeros, zeros, *w)
        dx, _, _, *rest = pull(dy)
        return dx, *rest

    return call


def _load(module: nn.Module, w: list, suffix: str) -> None:
    names = "weight_ih", "weight_hh", "bias_ih", "bias_hh"
    module.load_state_dict(
        {n + suffix: torch.tensor(a) for n, a in zip(names, w, strict=True)}
    )


def _hips_step(x: Array, h: Array, c: Array, w: list, dy: Array) -> Call:
    from autograd import grad

    anp: Any = import_module("autograd.numpy")  # whose names have no types
    H = h.shape[1]

    def loss(leaves: Any) -> Any:
        x, h, c, w_ih, w_hh, b_ih, b_hh = leaves
        z = anp.dot(x, w_ih.T) + anp.dot(h, w_hh.T) + (b_ih + b_hh)
        gates = 0.5 * anp.tanh(0.5 * z) + 0.5
        g = anp.tanh(z[:, 2 * H : 3 * H])
        new = gates[:, H : 2 * H] * c + gates[:, :H] * g
        out = gates[:, 3 * H :] * anp.tanh(new)
        return anp.sum(out * dy[0]) + anp.sum(new * dy[1])

    gradient = grad(loss)  # pyright: ignore[reportCallIssue]: a decorator's
    return lambda: gradient((x, h, c, *w))
