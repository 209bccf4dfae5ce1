"""Gated recurrent unit, one step and all steps: `y, vjp = f(x, h, w, …)`.

    r, z = sigmoid of W x_t + U h_(t-1) + b + d, in blocks of rows
    n    = tanh(W x_t + b + r (U h_(t-1) + d)), the last block
    h_t  = (1 - z) n + z h_(t-1)                                  (recurrence.8)

As in `torch.nn.GRU` the reset gate r acts behind the product with U, bias d
included. Cho et al. (2014) have it in front, U (r h); their z keeps the old, as
here. Chung et al. (2014) print z and 1 - z the other way round: their z lets
the new in.

Source: Cho et al. (2014), equations 5 to 8.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.recurrence import checks
from dlf.scratch.reductions import sum_rows
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def gru_cell(
    x: Float[Array, "B D"],
    h: Float[Array, "B H"],
    w_ih: Float[Array, "G D"],
    w_hh: Float[Array, "G H"],
    b_ih: Float[Array, " G"],
    b_hh: Float[Array, " G"],
) -> tuple[Float[Array, "B H"], Callable]:
    """Take one step of a GRU (recurrence.8).

    Args:
        x: the step's inputs, one row an example.
        h: hidden states before the step.
        w_ih: weights from input to the gates, in the order r, z, n.
        w_hh: weights from hidden state to the gates.
        b_ih: the first bias.
        b_hh: the second, which in block n stands inside the reset gate.

    Returns:
        The new hidden states, and ``vjp(dy) -> (dx, dh, dw_ih, dw_hh, db_ih,
        db_hh)``.

    Raises:
        ValueError: the rows are not those of three blocks.
    """
    _, _, H, G = sizes(gru_cell, x, h, w_ih, w_hh, b_ih, b_hh)
    checks.gates(gru_cell, 3, G, H)
    read, held = x @ w_ih.T + b_ih, h @ w_hh.T + b_hh
    y, r, z, n = _step(read, held, h)

    def vjp(dy: Float[Array, "B H"]) -> tuple[Array, ...]:
        check_cotangent(gru_cell, dy, y)
        dread, dheld = np.empty_like(read), np.empty_like(held)
        dh = _pull_step(dy, h, held, (r, z, n), dread, dheld)
        dh = dh + dheld @ w_hh
        dw_ih, dw_hh = dread.T @ x, dheld.T @ h
        return dread @ w_ih, dh, dw_ih, dw_hh, sum_rows(dread), sum_rows(dheld)

    return y, vjp


def gru(
    x: Float[Array, "B T D"],
    h0: Float[Array, "B H"],
    w_ih: Float[Array, "G D"],
    w_hh: Float[Array, "G H"],
    b_ih: Float[Array, " G"],
    b_hh: Float[Array, " G"],
    truncate: int | None = None,
) -> tuple[Float[Array, "B T H"], Callable]:
    """Run a GRU over sequences; pull back through time (recurrence.8).

    Args:
        x: sequences, one row an example.
        h0: hidden states before the first step.
        w_ih: weights from input to the gates, in the order r, z, n.
        w_hh: weights from hidden state to the gates.
        b_ih: the first bias.
        b_hh: the second, which in block n stands inside the reset gate.
        truncate: steps of a chunk; no gradient goes back from one chunk to the
            chunk before. None for a single chunk.

    Returns:
        The hidden states after every step, and ``vjp(dy) -> (dx, dh0, dw_ih,
        dw_hh, db_ih, db_hh)``.

    Raises:
        ValueError: the rows are not those of three blocks, or chunks have no
            step.
    """
    B, T, D, H, G = sizes(gru, x, h0, w_ih, w_hh, b_ih, b_hh)
    checks.gates(gru, 3, G, H)
    checks.truncation(gru, truncate)
    steps = np.ascontiguousarray(x.swapaxes(0, 1)).reshape(T * B, D)
    read = (steps @ w_ih.T + b_ih).reshape(T, B, G)
    held = np.empty_like(read)
    h = np.empty((T + 1, B, H), read.dtype)
    h[0], values = h0, []
    for t in range(T):
        held[t] = h[t] @ w_hh.T + b_hh
        h[t + 1], *gates = _step(read[t], held[t], h[t])
        values.append(tuple(gates))
    y = h[1:].swapaxes(0, 1).copy()

    def vjp(dy: Float[Array, "B T H"]) -> tuple[Array, ...]:
        check_cotangent(gru, dy, y)
        dread, dheld = np.empty_like(read), np.empty_like(held)
        dh = np.zeros_like(h[0])
        for t in reversed(range(T)):
            new = dh + dy[:, t]
            dh = _pull_step(new, h[t], held[t], values[t], dread[t], dheld[t])
            dh += dheld[t] @ w_hh
            if checks.starts_chunk(t, truncate):
                dh = np.zeros_like(dh)
        into, out = dread.reshape(T * B, G), dheld.reshape(T * B, G)
        dw_ih, dw_hh = into.T @ steps, out.T @ h[:-1].reshape(T * B, H)
        dx = (into @ w_ih).reshape(T, B, D).swapaxes(0, 1)
        return dx, dh, dw_ih, dw_hh, sum_rows(into), sum_rows(out)

    return y, vjp


def _step(read: Array, held: Array, h: Array) -> tuple[Array, ...]:
    """Give the new state, and the values of both gates and the candidate."""
    H = h.shape[1]
    gates = 0.5 * np.tanh(0.5 * (read[:, : 2 * H] + held[:, : 2 * H])) + 0.5
    r, z = gates[:, :H], gates[:, H:]
    n = np.tanh(read[:, 2 * H :] + r * held[:, 2 * H :])
    return n + z * (h - n), r, z, n


def _pull_step(
    dy: Array, h: Array, held: Array, values: tuple, dread: Array, dheld: Array
) -> Array:
    """Write the cotangents of both products; return what passes z directly."""
    H = h.shape[1]
    r, z, n = values
    dn = dy * (1 - z) * (1 - n * n)
    dread[:, :H] = dn * held[:, 2 * H :] * r * (1 - r)
    dread[:, H : 2 * H] = dy * (h - n) * z * (1 - z)
    dread[:, 2 * H :] = dn
    dheld[:, : 2 * H] = dread[:, : 2 * H]
    dheld[:, 2 * H :] = dn * r
    return dy * z
