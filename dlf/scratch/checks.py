"""What several functions refuse in the same words; integers made floats.

Shapes and kinds of arrays are checked by `dlf.scratch.shapes.sizes`; here are
the values: labels, empty batches, ranges of hyperparameters, distributions.
"""

from collections.abc import Callable

import numpy as np

Array = np.ndarray


def floats(x: Array) -> Array:
    """Give integers as float64; what is floating point passes as it is.

    Without it NumPy computes the exponential of int8 in float16.

    Args:
        x: any array of numbers.

    >>> floats(np.array([1, 2], np.int8)).dtype, floats(np.ones(1, "f4")).dtype
    (dtype('float64'), dtype('float32'))
    """
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def floating(operation: str, **given: Array) -> None:
    """Refuse integers where a part of the input is changed or followed.

    Args:
        operation: its name, for errors.
        given: one argument, by its name.

    Raises:
        ValueError: naming the argument and its type.
    """
    [(name, x)] = given.items()
    if x.dtype.kind != "f":
        raise ValueError(
            f"{operation}: `{name}` must hold floating-point numbers, because "
            f"small changes of it matter; got {x.dtype}. Convert it with "
            f"{name}.astype(float)"
        )


def entries(f: Callable, **first: Array) -> None:
    """Refuse an empty batch.

    Args:
        f: the operation, for errors.
        first: the argument that is averaged over, by its name.

    Raises:
        ValueError: it has no entry.
    """
    [(name, a)] = first.items()
    if a.size == 0:
        raise ValueError(
            f"{f.__name__}: `{name}` must have an entry to average, because "
            f"the mean of nothing is 0/0; got shape {a.shape}"
        )


def classes(f: Callable, labels: Array, C: int) -> None:
    """Refuse labels that name no class.

    Args:
        f: the operation, for errors.
        labels: integers of any kind.
        C: how many classes there are.

    Raises:
        ValueError: naming the first label outside 0..C-1.
    """
    outside = (labels < 0) | (labels >= C)
    if outside.any():
        n = int(outside.argmax())
        raise ValueError(
            f"{f.__name__}: `labels` must lie in 0..{C - 1}, because logits "
            f"has {C} columns; got {labels[n]} at position {n}"
        )


def is_whole(n: object) -> bool:
    """Tell whether something is a whole number, and not True or False.

    Args:
        n: a count, a stride, an index.

    >>> is_whole(np.int64(2)), is_whole(2.0), is_whole(True)
    (True, False, False)
    """
    return isinstance(n, int | np.integer) and not isinstance(n, bool)


def check_positive(
    operation: str, argument: str, value: float, why: str
) -> None:
    """Refuse what is not above 0, NaN included.

    Args:
        operation: its name, for errors.
        argument: its name.
        value: what came.
        why: the reason, for errors.

    Raises:
        ValueError: giving the reason ``why``.
    """
    if not value > 0:
        raise ValueError(
            f"{operation}: `{argument}` must be positive, because {why}; got "
            f"{value}"
        )


def kept(operation: str, **fractions: float) -> None:
    """Refuse fractions of the past that do not lie in [0, 1).

    Args:
        operation: its name, for errors.
        fractions: hyperparameters by name.

    Raises:
        ValueError: naming the first that does not.
    """
    for argument, value in fractions.items():
        if not 0 <= value < 1:
            raise ValueError(
                f"{operation}: `{argument}` must lie in [0, 1), because it is "
                f"the share of the past that is kept; got {value}"
            )


def distributions(f: Callable, name: str, given: Array, p: Array) -> None:
    """Refuse rows of probabilities that are negative or do not sum to 1.

    The sum is held to four digits, or to three of a float16.

    Args:
        f: the operation, for errors.
        name: of the argument.
        given: the argument, which is ``p`` itself or its logarithm.
        p: the probabilities.

    Raises:
        ValueError: showing the first row that is no distribution.
    """
    total = p.sum(axis=-1)
    tolerance = max(1e-4, 4 * float(np.finfo(p.dtype).eps))
    off = (np.abs(total - 1) > tolerance) | (p < 0).any(axis=-1)
    if off.any():
        what = "shares" if given is p else "logarithms of shares"
        raise ValueError(
            f"{f.__name__}: `{name}` must hold {what} that are not negative "
            "and sum to 1, because they are probabilities; got "
            f"{given[off][0]}, which sums to {total[off][0]:.6g}"
        )


def alike(operation: str, argument: str, given: dict, wanted: dict) -> None:
    """Refuse arrays that NumPy would stretch to the shapes they belong to.

    Args:
        operation: for errors.
        argument: name of what is given.
        given: arrays by name.
        wanted: arrays of the shapes that they must have, under the same names.

    Raises:
        ValueError: naming the first that is missing or has another shape.
    """
    for name, a in wanted.items():
        shape = given[name].shape if name in given else "nothing"
        if shape != a.shape:
            raise ValueError(
                f"{operation}: `{argument}` must hold {name} of shape "
                f"{a.shape}, because the weights have it; got {shape}"
            )
