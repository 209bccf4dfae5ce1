"""Derivatives without a limit: numbers a + a' t with t² = 0.

A function of such numbers carries its derivative along by the chain rule, so
nothing is lost as in a difference. The parts may be float64, real balls or
complex balls.

Source: Griewank & Walther (2008), Evaluating Derivatives, 3.1.
"""

from collections.abc import Callable

import numpy as np

Array = np.ndarray


class Dual:
    """A number and its derivative.

    Args:
        value: the number.
        derivative: its derivative with respect to whatever is varied.
    """

    __slots__ = ("derivative", "value")

    def __init__(self, value: object, derivative: object = 0) -> None:
        self.value, self.derivative = value, derivative

    def __add__(self, other: object) -> "Dual":
        if isinstance(other, np.ndarray):
            return NotImplemented  # NumPy adds entry by entry
        other = lift(other)
        return Dual(
            self.value + other.value, self.derivative + other.derivative
        )

    def __neg__(self) -> "Dual":
        return Dual(-self.value, -self.derivative)

    def __sub__(self, other: object) -> "Dual":
        return self + -other

    def __rsub__(self, other: object) -> "Dual":
        return -self + other

    def __mul__(self, other: object) -> "Dual":
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = lift(other)
        return Dual(
            self.value * other.value,
            self.derivative * other.value + self.value * other.derivative,
        )

    def __truediv__(self, other: object) -> "Dual":
        if isinstance(other, np.ndarray):
            return NotImplemented
        other = lift(other)
        quotient = self.value / other.value
        rest = self.derivative - quotient * other.derivative
        return Dual(quotient, rest / other.value)

    def __rtruediv__(self, other: object) -> "Dual":
        return lift(other) / self

    def __pow__(self, power: int) -> "Dual":
        factor = power * self.value ** (power - 1)
        return Dual(self.value**power, factor * self.derivative)

    __radd__, __rmul__ = __add__, __mul__

    def __lt__(self, other: object) -> bool:
        return self.value < lift(other).value

    def __gt__(self, other: object) -> bool:
        return self.value > lift(other).value

    def __le__(self, other: object) -> bool:
        return self.value <= lift(other).value

    def __ge__(self, other: object) -> bool:
        return self.value >= lift(other).value

    def exp(self) -> "Dual":
        value = np.exp(self.value)
        return Dual(value, value * self.derivative)

    def log(self) -> "Dual":
        return Dual(np.log(self.value), self.derivative / self.value)

    def sin(self) -> "Dual":
        return Dual(np.sin(self.value), np.cos(self.value) * self.derivative)

    def cos(self) -> "Dual":
        return Dual(np.cos(self.value), -np.sin(self.value) * self.derivative)

    def tanh(self) -> "Dual":
        value = np.tanh(self.value)
        return Dual(value, (1 - value * value) * self.derivative)


def lift(number: object) -> Dual:
    """Take a plain number for a constant.

    Args:
        number: a number, whose derivative is 0, or a `Dual`.
    """
    return number if isinstance(number, Dual) else Dual(number)


def jacobian(f: Callable, x: Array) -> Array:
    """Differentiate a function of an array, entry by entry.

    Args:
        f: takes an array shaped like ``x`` and returns an array or a number.
        x: where the derivatives are taken, float64 or balls.

    Returns:
        An array of f's shape and then x's; for a scalar f, its gradient.
    """
    columns = []
    for i in range(x.size):
        varied = np.empty(x.size, dtype=object)
        varied[:] = [Dual(v, int(i == j)) for j, v in enumerate(x.ravel())]
        y = np.asarray(f(varied.reshape(x.shape)), dtype=object)
        columns.append([lift(entry).derivative for entry in y.ravel()])
    stacked = np.array(columns, dtype=x.dtype).T
    return stacked.reshape(y.shape + x.shape)


def derivative(f: Callable, x: object) -> object:
    """Differentiate a function of one number.

    Args:
        f: built of arithmetic, exp, log, sin, cos and tanh.
        x: where the derivative is taken, a float64 or a ball.
    """
    return lift(f(Dual(x, 1))).derivative
