"""What recurrent layers refuse in the same words."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray


def gates(f: Callable, count: int, G: int, H: int) -> None:
    """Refuse weights whose rows are not those of so many gates.

    Args:
        f: the operation, for errors.
        count: blocks of rows that a cell has, one a gate.
        G: rows of the weights.
        H: units of the hidden state.

    Raises:
        ValueError: naming both numbers.
    """
    if count * H != G:
        raise ValueError(
            f"{f.__name__}: `w_ih` must have {count} × {H} rows, because each "
            f"of {count} blocks has one for each unit of the hidden state; got "
            f"{G}"
        )


def truncation(f: Callable, truncate: int | None) -> None:
    """Refuse chunks without a step.

    Args:
        f: the operation, for errors.
        truncate: steps of a chunk, None for a single one.

    Raises:
        ValueError: it is not a positive whole number.
    """
    whole = isinstance(truncate, int | np.integer)
    if truncate is not None and (not whole or truncate < 1):
        raise ValueError(
            f"{f.__name__}: `truncate` must be a whole number of steps, 1 or "
            f"more, or None for all, because gradients go back so far; got "
            f"{truncate}"
        )


def starts_chunk(t: int, truncate: int | None) -> bool:
    """Say whether no gradient goes back from step t to the one before.

    Args:
        t: step, from 0.
        truncate: steps of a chunk, None for a single one.
    """
    return truncate is not None and t > 0 and t % truncate == 0


def lengths_of(f: Callable, lengths: Array, T: int) -> None:
    """Refuse lengths that no sequence of T steps has.

    Args:
        f: the operation, for errors.
        lengths: of each sequence.
        T: steps of the padded batch.

    Raises:
        ValueError: naming the first that is out of range.
    """
    outside = (lengths < 1) | (lengths > T)
    if outside.any():
        n = int(outside.argmax())
        raise ValueError(
            f"{f.__name__}: `lengths` must lie in 1..{T}, because the batch "
            f"has {T} steps; got {lengths[n]} for sequence {n}"
        )
