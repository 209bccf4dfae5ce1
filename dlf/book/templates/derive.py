"""The derivative of the square (replace this).

    dy/dx = 2 x                 (SLUG.2)

Source: name the paper or book and its equation here.
"""

import sympy as sp

from dlf.derive.derivation import Derivation, Step


def derivative() -> Derivation:
    """Derive the derivative of the square from its difference quotient."""
    x, h = sp.symbols("x h", real=True)
    return Derivation(
        label="SLUG.2",
        lhs=r"\frac{dy}{dx}",
        steps=(
            Step(
                value=sp.Limit(((x + h) ** 2 - x**2) / h, h, 0),
                why="The definition of a derivative",
            ),
            Step(
                value=sp.Limit(2 * x + h, h, 0),
                why="Multiply out and divide by h",
            ),
            Step(value=2 * x, why="Let h go to zero"),
        ),
        draw=lambda rng: {"x": rng.normal()},
    )
