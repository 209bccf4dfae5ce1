"""Plain recurrent network, one step and all steps: `y, vjp = f(x, h, w, …)`.

    h_t = f(W x_t + U h_(t-1) + b + d),  f = tanh or ReLU         (recurrence.1)

The pullback over all steps is backpropagation through time (recurrence.2): it
walks from the last step to the first and adds up, for each weight, what every
step contributes. Weights and biases have the layout of `torch.nn.RNN`.

Source: Elman (1990), for the network; Rumelhart, Hinton & Williams (1986) and
Werbos (1990), for backpropagation through time.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.recurrence import checks
from dlf.scratch.reductions import sum_rows
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def rnn_cell(
    x: Float[Array, "B D"],
    h: Float[Array, "B H"],
    w_ih: Float[Array, "H D"],
    w_hh: Float[Array, "H H"],
    b_ih: Float[Array, " H"],
    b_hh: Float[Array, " H"],
    activation: str = "tanh",
) -> tuple[Float[Array, "B H"], Callable]:
    """Take one step of a plain recurrent network (recurrence.1).

    Args:
        x: the step's inputs, one row an example.
        h: hidden states before the step.
        w_ih: weights from input to hidden.
        w_hh: weights from hidden to hidden.
        b_ih: the first bias; PyTorch has two.
        b_hh: the second.
        activation: ``tanh`` or ``relu``.

    Returns:
        The new hidden states, and ``vjp(dy) -> (dx, dh, dw_ih, dw_hh, db_ih,
        db_hh)``.

    Raises:
        ValueError: no such activation.
    """
    sizes(rnn_cell, x, h, w_ih, w_hh, b_ih, b_hh)
    f = _activation(rnn_cell, activation)
    y = f(x @ w_ih.T + h @ w_hh.T + (b_ih + b_hh))

    def vjp(dy: Float[Array, "B H"]) -> tuple[Array, ...]:
        check_cotangent(rnn_cell, dy, y)
        dz = dy * _derivative(y, activation)
        db = sum_rows(dz)
        return dz @ w_ih, dz @ w_hh, dz.T @ x, dz.T @ h, db, db.copy()

    return y, vjp


def rnn(
    x: Float[Array, "B T D"],
    h0: Float[Array, "B H"],
    w_ih: Float[Array, "H D"],
    w_hh: Float[Array, "H H"],
    b_ih: Float[Array, " H"],
    b_hh: Float[Array, " H"],
    activation: str = "tanh",
    truncate: int | None = None,
) -> tuple[Float[Array, "B T H"], Callable]:
    """Run a plain recurrent network; pull back through time (recurrence.2).

    Args:
        x: sequences, one row an example.
        h0: hidden states before the first step.
        w_ih: weights from input to hidden.
        w_hh: weights from hidden to hidden.
        b_ih: the first bias.
        b_hh: the second.
        activation: ``tanh`` or ``relu``.
        truncate: steps of a chunk; no gradient goes back from one chunk to the
            chunk before. None for a single chunk.

    Returns:
        The hidden states after every step, and ``vjp(dy) -> (dx, dh0, dw_ih,
        dw_hh, db_ih, db_hh)``.

    Raises:
        ValueError: no such activation, or chunks without a step.
    """
    B, T, D, H = sizes(rnn, x, h0, w_ih, w_hh, b_ih, b_hh)
    f = _activation(rnn, activation)
    checks.truncation(rnn, truncate)
    steps = x.swapaxes(0, 1).copy()  # of what is changed in x later, no part
    read = steps @ w_ih.T + (b_ih + b_hh)
    h = np.empty((T + 1, B, H), read.dtype)
    h[0] = h0
    for t in range(T):
        h[t + 1] = f(read[t] + h[t] @ w_hh.T)
    y = h[1:].swapaxes(0, 1).copy()

    def vjp(dy: Float[Array, "B T H"]) -> tuple[Array, ...]:
        check_cotangent(rnn, dy, y)
        dz = np.empty_like(read)
        dh = np.zeros_like(h[0])
        for t in reversed(range(T)):
            dz[t] = (dy[:, t] + dh) * _derivative(h[t + 1], activation)
            dh = dz[t] @ w_hh
            if checks.starts_chunk(t, truncate):
                dh = np.zeros_like(dh)
        flat = dz.reshape(T * B, H)
        dw_ih = flat.T @ steps.reshape(T * B, D)
        dw_hh = flat.T @ h[:-1].reshape(T * B, H)
        db = sum_rows(flat)
        dx = (dz @ w_ih).swapaxes(0, 1)
        return dx, dh, dw_ih, dw_hh, db, db.copy()

    return y, vjp


def _activation(f: Callable, name: str) -> Callable[[Array], Array]:
    """Give tanh or ReLU; refuse any other name."""
    known = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}
    if name not in known:
        raise ValueError(
            f"{f.__name__}: `activation` must be 'tanh' or 'relu', as in "
            f"PyTorch; got {name!r}"
        )
    return known[name]


def _derivative(y: Array, activation: str) -> Array:
    """Give the derivative of tanh or ReLU where its value is y."""
    if activation == "tanh":
        return 1 - y * y
    return np.where(np.isnan(y), y, y > 0).astype(y.dtype)
