"""SymPy expressions, evaluated in ball arithmetic."""

from functools import reduce

import sympy as sp
from flint import arb

from dlf.derive.balls import ball

CONSTANTS = {sp.pi: arb.pi, sp.E: arb.const_e}
FUNCTIONS = {
    sp.exp: arb.exp,
    sp.log: arb.log,
    sp.sin: arb.sin,
    sp.cos: arb.cos,
    sp.sinh: arb.sinh,
    sp.cosh: arb.cosh,
    sp.tanh: arb.tanh,
    sp.erf: arb.erf,
    sp.erfc: arb.erfc,
    sp.Abs: abs,
    sp.LambertW: arb.lambertw,
    sp.Add: lambda *terms: sum(terms, arb(0)),
    sp.Mul: lambda *factors: reduce(arb.__mul__, factors),
    sp.Max: lambda *numbers: reduce(arb.max, numbers),
    sp.Min: lambda *numbers: reduce(arb.min, numbers),
}
ORDERS = {
    sp.StrictLessThan: arb.__lt__,
    sp.StrictGreaterThan: arb.__gt__,
    sp.LessThan: arb.__le__,
    sp.GreaterThan: arb.__ge__,
}


def enclose(expression: sp.Expr, point: dict) -> arb:
    """Evaluate an expression, as a ball that holds its exact value.

    Args:
        expression: without derivatives or integrals that are yet to be done.
        point: the value of each of its symbols, by name.

    Raises:
        TypeError: if it has a part for which there is no ball arithmetic.
        ArithmeticError: if it depends on an order that is not certain.
    """
    if expression.is_Symbol:
        return ball(point[expression.name])
    if expression.is_Rational:
        return arb(int(expression.p)) / int(expression.q)
    if expression in CONSTANTS:
        return CONSTANTS[expression]()
    if isinstance(expression, sp.Piecewise):
        return _piece(expression, point)
    arguments = [enclose(part, point) for part in expression.args]
    if isinstance(expression, sp.Pow):
        return _power(expression.exp, *arguments)
    if expression.func not in FUNCTIONS:
        raise TypeError(
            f"enclose: `expression` must be made of functions that have a "
            f"ball arithmetic, but has {expression.func.__name__}"
        )
    return FUNCTIONS[expression.func](*arguments)


def _power(exponent: sp.Expr, base: arb, power: arb) -> arb:
    if exponent.is_Integer:
        return base ** int(exponent)
    if exponent == sp.Rational(1, 2):
        return base.sqrt()
    return base**power


def _piece(expression: sp.Expr, point: dict) -> arb:
    """Take the first piece whose condition certainly holds."""
    for value, condition in expression.args:
        if condition == sp.true:
            return enclose(value, point)
        left, right = (enclose(side, point) for side in condition.args)
        if ORDERS[condition.func](left, right):
            return enclose(value, point)
        if left.overlaps(right):
            raise ArithmeticError(f"enclose: is {condition} at {point}?")
    raise ArithmeticError(f"enclose: no piece of {expression} at {point}")
