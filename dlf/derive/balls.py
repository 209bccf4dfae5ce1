"""Ball arithmetic: a number is a midpoint and a bound on its error.

An operation on balls returns a ball that holds the exact result, whatever was
rounded on the way. Two sides whose balls are apart differ for certain, and an
order of two balls that are apart is certain. The points drawn are float64
numbers, which are exact binary fractions: as balls they have no radius.

Source: Johansson (2017), Arb: efficient arbitrary-precision midpoint-radius
interval arithmetic.
"""

import numpy as np
from flint import arb, ctx

Array = np.ndarray
PRECISION = 200  # bits
ctx.prec = PRECISION
RADIUS = arb("1e-40")
PI = arb.pi()


def ball(number: object) -> arb:
    """Turn a whole number, a float64 or a ball into a ball.

    Args:
        number: a Python or NumPy number, or a ball, which is returned as it is.

    Raises:
        TypeError: if it is something else.
    """
    if isinstance(number, arb):
        return number
    if isinstance(number, (bool, np.bool_, int, np.integer)):
        return arb(int(number))
    if isinstance(number, (float, np.floating)):
        return arb(float(number))
    raise TypeError(
        f"ball: `number` must be a whole number, a float64 or a ball, whose "
        f"exact value is known, but is a {type(number).__name__}"
    )


def balls(numbers: object) -> Array:
    """Turn an array of numbers into an object array of balls.

    Args:
        numbers: anything that `numpy.asarray` takes.
    """
    numbers = np.asarray(numbers)
    flat = [ball(number) for number in numbers.ravel()]
    return _objects(flat, numbers.shape)


def unrounded(values: object) -> Array:
    """Turn computed values into balls, of which none may be a float64.

    Args:
        values: whole numbers and balls.

    Raises:
        TypeError: if there is a float64 among them, which may be rounded.
    """
    values = np.asarray(values)
    kinds = {type(v) for v in values.ravel() if isinstance(v, (float, complex))}
    if kinds:
        raise TypeError(
            "unrounded: `values` must be whole numbers and balls, since a "
            f"float64 has lost its error, but some are {kinds.pop().__name__}"
        )
    return balls(values)


def exact(point: dict) -> dict:
    """Turn a random draw into exact balls; whole numbers stay what they are.

    Args:
        point: name to a number or an array of numbers.
    """
    return {name: _exact(value) for name, value in point.items()}


def _exact(value: object) -> object:
    if np.asarray(value).dtype.kind != "f":
        return value.item() if isinstance(value, np.generic) else value
    return balls(value) if isinstance(value, np.ndarray) else ball(value)


def holds(relation: str, left: object, right: object) -> bool:
    r"""Say whether a relation is enclosed, entry by entry.

    Equality asks for balls that overlap, each with a radius below 1e-40. An
    order asks that it be certain: no number of one ball is on the wrong side
    of one of the other.

    Args:
        relation: ``=``, ``\\le`` or ``\\ge``.
        left: numbers or balls.
        right: as many, in the same shape.

    Raises:
        ValueError: if the shapes differ.
    """
    left, right = balls(left), balls(right)
    if left.shape != right.shape:
        raise ValueError(
            f"holds: `left` and `right` must have one shape, to be compared "
            f"entry by entry, but have {left.shape} and {right.shape}"
        )
    test = RELATIONS[relation]
    return all(
        test(a, b) for a, b in zip(left.ravel(), right.ravel(), strict=True)
    )


def _equal(a: arb, b: arb) -> bool:
    small = a.rad() < RADIUS and b.rad() < RADIUS
    return bool(small and a.overlaps(b))


RELATIONS = {
    "=": _equal,
    r"\le": lambda a, b: bool(a <= b),
    r"\ge": lambda a, b: bool(a >= b),
}


def _objects(flat: list, shape: tuple[int, ...]) -> Array:
    array = np.empty(len(flat), dtype=object)
    array[:] = flat
    return array.reshape(shape)
