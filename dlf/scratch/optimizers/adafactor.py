"""Adafactor: the mean square of a matrix, kept as one row and one column.

    r <- b r + (1 - b) mean over columns of g²        b = 1 - t^decay_power
    c <- b c + (1 - b) mean over rows of g²
    s = r cᵀ / mean(r)                                u = g / √s
    w <- w - a u / max(1, rms(u) / d)
    a = max(eps, rms(w)) min(lr, 1/√t)

Of a matrix with R rows and C columns it remembers R + C numbers where Adam
remembers 2 R C. A vector keeps its mean square whole.
Source: Shazeer & Stern (2018), algorithms 4 and 5, as `torch.optim` has it.
"""

import numpy as np

from dlf.scratch.checks import check_positive
from dlf.scratch.optimizers.pairs import (
    Array,
    Pair,
    Params,
    Rate,
    fitted,
    rate,
)


def adafactor(
    lr: Rate = 0.01,
    decay_power: float = -0.8,
    eps: float = 0.001,
    d: float = 1.0,
) -> Pair:
    """Make Adafactor: Adam's quotient from the means of rows and of columns.

    Args:
        lr: largest relative step, positive: the step is at most this share of
            the weights' root mean square.
        decay_power: the mean square forgets 1 - t to this power; negative.
        eps: least root mean square that weights are taken to have, positive.
        d: steps whose root mean square exceeds it are scaled down to it.

    Raises:
        ValueError: a setting is out of its range; in ``update``, a gradient
            has another shape than its weights.
    """
    eta = rate("adafactor", lr)
    check_positive("adafactor", "eps", eps, "a step must be possible from 0")
    check_positive("adafactor", "d", d, "it bounds the size of a step")
    if not decay_power < 0:
        raise ValueError(
            "adafactor: `decay_power` must be negative, because the mean "
            f"must forget less and less; got {decay_power}"
        )
    power, least, d = float(decay_power), float(eps), float(d)

    def init(params: Params) -> tuple[int, dict]:
        return 0, {k: _means(np.zeros_like(w)) for k, w in params.items()}

    def update(params: Params, grads: Params, state: tuple) -> tuple:
        grads = fitted("adafactor", grads, params, state[1])
        t, memory = state[0] + 1, {}
        b, moved = 1 - t**power, {}
        for k, w in params.items():
            g = grads[k]
            fresh = _means(g * g)
            memory[k] = tuple(
                b * old + (1 - b) * new
                for old, new in zip(state[1][k], fresh, strict=True)
            )
            u = g / np.sqrt(_square(memory[k], w.dtype))
            a = max(least, _rms(w)) * min(eta(t), t**-0.5)
            moved[k] = w - a / max(1.0, _rms(u) / d) * u
        return moved, (t, memory)

    return init, update


def _means(square: Array) -> tuple:
    """Give what is kept of squares: means of rows and columns, or all."""
    if square.ndim < 2:
        return (square,)
    return square.mean(-1, keepdims=True), square.mean(-2, keepdims=True)


def _square(memory: tuple, dtype: np.dtype) -> Array:
    """Give the mean square of every entry from what is kept."""
    tiny = float(np.finfo(dtype).eps)
    if len(memory) == 1:
        return np.maximum(memory[0], tiny**2)
    rows, columns = memory
    scale = np.maximum(rows.mean(-2, keepdims=True), tiny)
    return np.maximum(rows @ columns / scale, tiny**2)


def _rms(x: Array) -> float:
    return float(np.sqrt((x * x).mean()))
