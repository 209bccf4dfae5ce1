"""Self-attention's heads, forward and backward, after all agree.

Eight sequences of 256 places, four heads of width 32, float32: 8 × 4 × 256 × 32
queries, keys and values. PyTorch computes the weights explicitly; its one
kernel, `scaled_dot_product_attention`, is timed beside it.
"""

import math
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from dlf.bench.timing import Timing, compare_gradients
from dlf.nn.gpu import attention_explicit
from dlf.scratch.attention import dot_product

Array = np.ndarray
BATCH, HEADS, PLACES, WIDTH = 8, 4, 256, 32
Grads = tuple[Array, ...]
Call = Callable[[], Grads]


def contenders(places: int = PLACES) -> dict[str, Call]:
    """Give calls that return the gradients of queries, keys and values.

    Args:
        places: of a sequence.
    """
    rng = np.random.default_rng(0)
    q, k, v, dy = (
        rng.normal(size=(BATCH, HEADS, places, WIDTH)).astype(np.float32)
        for _ in range(4)
    )
    found = {
        "PyTorch": _torch(attention_explicit, q, k, v, dy),
        "one kernel (SDPA)": _torch(
            F.scaled_dot_product_attention, q, k, v, dy
        ),
        "scratch": _scratch(q, k, v, dy),
    }
    if find_spec("autograd"):
        found["HIPS autograd"] = _hips(q, k, v, dy)
    return found


def heads(rounds: int = 25, calls: int = 2) -> list[Timing]:
    """Time attention, forward and backward.

    Args:
        rounds: timings a contender.
        calls: calls a timing.
    """
    return compare_gradients(contenders(), rounds, calls)


def _torch(f: Callable, q: Array, k: Array, v: Array, dy: Array) -> Call:
    leaves = [torch.tensor(a, requires_grad=True) for a in (q, k, v)]
    back = torch.tensor(dy)

    def call() -> Grads:
        grads = torch.autograd.grad(f(*leaves), leaves, back)
        return tuple(g.numpy() for g in grads)

    return call


def _scratch(q: Array, k: Array, v: Array, dy: Array) -> Call:
    def call() -> Grads:
        _, pull = dot_product.attention(q, k, v)
        return pull(dy)

    return call


def _hips(q: Array, k: Array, v: Array, dy: Array) -> Call:
    from autograd import grad

    anp: Any = import_module("autograd.numpy")  # whose names have no types
    factor = 1 / math.sqrt(WIDTH)

    def loss(leaves: Any) -> Any:
        a, b, c = leaves
        scores = anp.matmul(a, anp.swapaxes(b, -1, -2)) * factor
        e = anp.exp(scores - anp.max(scores, axis=-1, keepdims=True))
        p = e / anp.sum(e, axis=-1, keepdims=True)
        return anp.sum(anp.matmul(p, c) * dy)

    gradient = grad(loss)  # pyright: ignore[reportCallIssue]: a decorator's
    return lambda: gradient((q, k, v))
