"""Games, coalitions and samples that Shapley values and LIME refuse."""

import numpy as np

from dlf.scratch.interpretability import (
    lime,
    shapley,
)

from . import RNG, X


def linear(v):
    return v @ np.ones((3, 2)), lambda dy: dy @ np.ones((2, 3))


REFUSES = [
    (
        shapley.value_function,
        lambda: shapley.value_function(linear, X, 0, np.array([0, 2, 2])),
        r"value_function: `groups` must use every number from 0.*\[0, 2\]",
    ),
    (
        shapley.value_function,
        lambda: shapley.value_function(linear, X, 0, np.arange(2)),
        r"`groups` must have the shape \(3,\)",
    ),
    (
        shapley.coalitions,
        lambda: shapley.coalitions(21),
        r"coalitions: `players` must lie in 1\.\.20.*got 21\. Sample",
    ),
    (
        shapley.coalitions,
        lambda: shapley.coalitions(0),
        "got 0",
    ),
    (
        shapley.exact_shapley,
        lambda: shapley.exact_shapley(None, 0),
        r"`players` must lie in 1\.\.20",
    ),
    (
        shapley.permutation_shapley,
        lambda: shapley.permutation_shapley(None, 3, 0, RNG),
        "permutation_shapley: `orders` must be at least 1",
    ),
    (
        shapley.kernel_shap,
        lambda: shapley.kernel_shap(None, 1),
        "kernel_shap: `players` must be two or more",
    ),
    (
        shapley.kernel_shap,
        lambda: shapley.kernel_shap(lambda s: s @ np.ones((6, 1)), 6, 8, RNG),
        "kernel_shap: `samples` must be more, because 8 coalitions .* of 6",
    ),
    (
        shapley.value_function,
        lambda: shapley.value_function(linear, X, 0, np.array([0, 1, 1]) == 1),
        "`groups` must have .* and hold integers, .* got bool",
    ),
    (
        shapley.kernel_shap,
        lambda: shapley.kernel_shap(None, 3, 10),
        "`rng` be given",
    ),
    (
        lime.lime,
        lambda: lime.lime(None, 3, 3, RNG),
        "lime: `samples` must exceed the players",
    ),
    (
        lime.lime,
        lambda: lime.lime(None, 3, 9, RNG, 0.0),
        "`width` be positive",
    ),
]
