"""Sequences of different lengths in one batch, and both directions of time.

    hidden states past a sequence's end are 0, as
    `torch.nn.utils.rnn.pad_packed_sequence` returns them     (recurrence.16)

A recurrent net that reads forward never carries padding into what stands before
it, so that a mask on the results is enough. Reading backward it would begin
with the padding; each sequence is therefore reversed within its own length.
What stands in the padding is set to 0 first, so that not even NaN comes through
it into a gradient.

Source: Schuster & Paliwal (1997), for bidirectional networks.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.recurrence import checks
from dlf.scratch.recurrence.rnn import rnn
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def mask_padding(
    y: Float[Array, "B T H"], lengths: Int[Array, " B"]
) -> tuple[Float[Array, "B T H"], Callable]:
    """Mask padding: zeros past the end of each sequence (recurrence.16).

    Args:
        y: hidden states of a padded batch.
        lengths: steps of each sequence.

    Returns:
        The states, zero from step ``lengths`` on, and ``vjp(dy) -> dy``
        likewise masked.

    Raises:
        ValueError: a length is below 1 or above T.
    """
    _, T, _ = sizes(mask_padding, y, lengths)
    checks.lengths_of(mask_padding, lengths, T)
    inside = (np.arange(T) < lengths[:, None])[..., None]

    def vjp(dy: Float[Array, "B T H"]) -> Array:
        check_cotangent(mask_padding, dy, y)
        return np.where(inside, dy, 0)

    return np.where(inside, y, 0), vjp


def last_state(
    y: Float[Array, "B T H"], lengths: Int[Array, " B"]
) -> tuple[Float[Array, "B H"], Callable]:
    """Take the state at the end of each sequence, not of the padding.

    Args:
        y: hidden states of a padded batch.
        lengths: steps of each sequence.

    Returns:
        One state a sequence, and ``vjp(dy) -> dy`` put back in its place.

    Raises:
        ValueError: a length is below 1 or above T.
    """
    B, T, _ = sizes(last_state, y, lengths)
    checks.lengths_of(last_state, lengths, T)
    rows = np.arange(B)
    found = y[rows, lengths - 1]

    def vjp(dy: Float[Array, "B H"]) -> Array:
        check_cotangent(last_state, dy, found)
        whole = np.zeros_like(y)
        whole[rows, lengths - 1] = dy
        return whole

    return found, vjp


def reverse_sequences(
    x: Float[Array, "B T D"], lengths: Int[Array, " B"]
) -> tuple[Float[Array, "B T D"], Callable]:
    """Reverse each sequence within its own length; padding stays behind.

    Args:
        x: a padded batch.
        lengths: steps of each sequence.

    Returns:
        The reversed batch, and ``vjp(dy) -> dx``, which is the same reversal.

    Raises:
        ValueError: a length is below 1 or above T.
    """
    B, T, _ = sizes(reverse_sequences, x, lengths)
    checks.lengths_of(reverse_sequences, lengths, T)
    t, end = np.arange(T), lengths[:, None].astype(np.int64)
    order = np.where(t < end, end - 1 - t, t)
    rows = np.arange(B)[:, None]

    def vjp(dy: Float[Array, "B T D"]) -> Array:
        check_cotangent(reverse_sequences, dy, x)
        return dy[rows, order]

    return x[rows, order], vjp


def bidirectional_rnn(
    x: Float[Array, "B T D"],
    w_ih: Float[Array, "2 H D"],
    w_hh: Float[Array, "2 H H"],
    b_ih: Float[Array, "2 H"],
    b_hh: Float[Array, "2 H"],
    lengths: Int[Array, " B"],
) -> tuple[Float[Array, "B T E"], Callable]:
    """Bidirectional recurrent network: one reads forward, one backward.

    Args:
        x: a padded batch.
        w_ih: weights from input to hidden; row 0 of every weight is of the net
            that reads forward, row 1 of the other.
        w_hh: weights from hidden to hidden.
        b_ih: the first biases.
        b_hh: the second.
        lengths: steps of each sequence.

    Returns:
        Both hidden states of every step side by side, 2 H, zero in the
        padding, and ``vjp(dy) -> (dx, dw_ih, dw_hh, db_ih, db_hh)``.

    Raises:
        ValueError: a length is below 1 or above T.
    """
    B, _, _, H = sizes(bidirectional_rnn, x, w_ih, w_hh, b_ih, b_hh, lengths)
    h0 = np.zeros((B, H), x.dtype)
    weights = list(zip(w_ih, w_hh, b_ih, b_hh, strict=True))
    x, pull_x = mask_padding(x, lengths)
    flipped, flip_x = reverse_sequences(x, lengths)
    ahead, pull_ahead = rnn(x, h0, *weights[0])
    back, pull_back = rnn(flipped, h0, *weights[1])
    back, flip_back = reverse_sequences(back, lengths)
    both = np.concatenate([ahead, back], axis=-1)
    y, pull_mask = mask_padding(both, lengths)

    def vjp(dy: Float[Array, "B T E"]) -> tuple[Array, ...]:
        dy = pull_mask(dy)
        dx, _, *one = pull_ahead(dy[..., :H])
        dflipped, _, *two = pull_back(flip_back(dy[..., H:]))
        pairs = zip(one, two, strict=True)
        dx = pull_x(dx + flip_x(dflipped))
        return dx, *(np.stack(pair) for pair in pairs)

    return y, vjp
