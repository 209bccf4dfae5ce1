"""Long short-term memory, one step and all steps: `y, vjp = f(x, h, c, w, …)`.

    i, f, o = sigmoid of W x_t + U h_(t-1) + b + d, in blocks of rows
    g       = tanh of it, the block between f and o
    c_t = f c_(t-1) + i g,  h_t = o tanh c_t                      (recurrence.6)

sigmoid(z) = (1 + tanh(z/2)) / 2, so that one tanh serves all four blocks, and
overflows nowhere. The order of the blocks, i f g o, is that of `torch.nn.LSTM`.

Source: Hochreiter & Schmidhuber (1997); Gers, Schmidhuber & Cummins (2000), for
the forget gate.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.recurrence import checks
from dlf.scratch.reductions import sum_rows
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def lstm_cell(
    x: Float[Array, "B D"],
    h: Float[Array, "B H"],
    c: Float[Array, "B H"],
    w_ih: Float[Array, "G D"],
    w_hh: Float[Array, "G H"],
    b_ih: Float[Array, " G"],
    b_hh: Float[Array, " G"],
) -> tuple[Float[Array, "2 B H"], Callable]:
    """Take one step of an LSTM (recurrence.6).

    Args:
        x: the step's inputs, one row an example.
        h: hidden states before the step.
        c: cell states before the step.
        w_ih: weights from input to the gates, in the order i, f, g, o.
        w_hh: weights from hidden state to the gates.
        b_ih: the first bias; PyTorch has two.
        b_hh: the second.

    Returns:
        The new hidden states and the new cell states, in one array, and
        ``vjp(dy) -> (dx, dh, dc, dw_ih, dw_hh, db_ih, db_hh)``.

    Raises:
        ValueError: the rows are not those of four gates.
    """
    _, _, H, G = sizes(lstm_cell, x, h, c, w_ih, w_hh, b_ih, b_hh)
    checks.gates(lstm_cell, 4, G, H)
    a = _gate_values(x @ w_ih.T + h @ w_hh.T + (b_ih + b_hh))
    new = np.empty((2, *h.shape), a.dtype)
    thin = _step(a, c, new[0], new[1])

    def vjp(dy: Float[Array, "2 B H"]) -> tuple[Array, ...]:
        check_cotangent(lstm_cell, dy, new)
        dz = np.empty_like(a)
        dc = _pull_step(dy[0], dy[1], a, c, thin, dz)
        db = sum_rows(dz)
        dx, dh = dz @ w_ih, dz @ w_hh
        return dx, dh, dc, dz.T @ x, dz.T @ h, db, db.copy()

    return new, vjp


def lstm(
    x: Float[Array, "B T D"],
    h0: Float[Array, "B H"],
    c0: Float[Array, "B H"],
    w_ih: Float[Array, "G D"],
    w_hh: Float[Array, "G H"],
    b_ih: Float[Array, " G"],
    b_hh: Float[Array, " G"],
    truncate: int | None = None,
) -> tuple[Float[Array, "2 B T H"], Callable]:
    """Run an LSTM over sequences; pull back through time (recurrence.6).

    Args:
        x: sequences, one row an example.
        h0: hidden states before the first step.
        c0: cell states before the first step.
        w_ih: weights from input to the gates, in the order i, f, g, o.
        w_hh: weights from hidden state to the gates.
        b_ih: the first bias.
        b_hh: the second.
        truncate: steps of a chunk; no gradient goes back from one chunk to the
            chunk before. None for a single chunk.

    Returns:
        Hidden and cell states after every step, in one array, so that
        ``(h, c), vjp = lstm(…)``, and ``vjp(dy) -> (dx, dh0, dc0, dw_ih,
        dw_hh, db_ih, db_hh)``.

    Raises:
        ValueError: the rows are not those of four gates, or chunks have no
            step.
    """
    B, T, D, H, G = sizes(lstm, x, h0, c0, w_ih, w_hh, b_ih, b_hh)
    checks.gates(lstm, 4, G, H)
    checks.truncation(lstm, truncate)
    steps = np.ascontiguousarray(x.swapaxes(0, 1)).reshape(T * B, D)
    a = (steps @ w_ih.T + (b_ih + b_hh)).reshape(T, B, G)
    h = np.empty((T + 1, B, H), a.dtype)
    c, thin = np.empty_like(h), np.empty((T, B, H), a.dtype)
    h[0], c[0] = h0, c0
    for t in range(T):
        a[t] = _gate_values(a[t] + h[t] @ w_hh.T)
        thin[t] = _step(a[t], c[t], h[t + 1], c[t + 1])
    y = np.stack([h[1:], c[1:]]).swapaxes(1, 2)

    def vjp(dy: Float[Array, "2 B T H"]) -> tuple[Array, ...]:
        check_cotangent(lstm, dy, y)
        dz = np.empty_like(a)
        dh, dc = np.zeros_like(h[0]), np.zeros_like(c[0])
        for t in reversed(range(T)):
            dh, dc = dh + dy[0, :, t], dc + dy[1, :, t]
            dc = _pull_step(dh, dc, a[t], c[t], thin[t], dz[t])
            dh = dz[t] @ w_hh
            if checks.starts_chunk(t, truncate):
                dh, dc = np.zeros_like(dh), np.zeros_like(dc)
        flat = dz.reshape(T * B, G)
        dw_ih, dw_hh = flat.T @ steps, flat.T @ h[:-1].reshape(T * B, H)
        db = sum_rows(flat)
        dx = (flat @ w_ih).reshape(T, B, D).swapaxes(0, 1)
        return dx, dh, dc, dw_ih, dw_hh, db, db.copy()

    return y, vjp


def _gate_values(z: Float[Array, "B G"]) -> Float[Array, "B G"]:
    """Apply sigmoid to the blocks i, f and o of z in place, tanh to g."""
    H = z.shape[1] // 4
    i_f, o = z[:, : 2 * H], z[:, 3 * H :]
    for block in (i_f, o):
        block *= 0.5
    np.tanh(z, out=z)
    for block in (i_f, o):
        block *= 0.5
        block += 0.5
    return z


def _step(a: Array, c: Array, new_h: Array, new_c: Array) -> Array:
    """Write the states that the gates' values make; return tanh of the cell."""
    i, f, g, o = _blocks(a)
    np.multiply(f, c, out=new_c)
    new_c += i * g
    thin = np.tanh(new_c)
    np.multiply(o, thin, out=new_h)
    return thin


def _pull_step(
    dh: Array, dc: Array, a: Array, c: Array, thin: Array, dz: Array
) -> Array:
    """Write the cotangent of the pre-activations; return the old cell's."""
    i, f, g, o = _blocks(a)
    di, df, dg, do = _blocks(dz)
    dc = dc + dh * o * (1 - thin * thin)
    np.multiply(dc, g, out=di)
    np.multiply(dc, c, out=df)
    np.multiply(dc, i, out=dg)
    np.multiply(dh, thin, out=do)
    derivative = a - a * a  # of the sigmoids
    _blocks(derivative)[2][...] = 1 - g * g
    dz *= derivative
    return dc * f


def _blocks(a: Array) -> tuple[Array, Array, Array, Array]:
    """Give views of the four blocks of columns: i, f, g, o."""
    H = a.shape[1] // 4
    return a[:, :H], a[:, H : 2 * H], a[:, 2 * H : 3 * H], a[:, 3 * H :]
