"""Exercises: initialization (replace these; ten are due)."""

import numpy as np

from dlf.exercises.core import Exercise


def cube_derivative(x: np.ndarray) -> np.ndarray:
    """Differentiate the cube of each element.

    Args:
        x: any numbers.
    """
    return 3 * x**2


EXERCISES = (
    Exercise(
        "initialization-1",
        cube_derivative,
        draw=lambda rng: (rng.normal(size=5),),
        wrong=(lambda x: 3 * x, lambda x: x**2, lambda x: x**3),
        right=(lambda x: [3 * v * v for v in x],),
    ),
)
