"""Bad calls of what has no pullback in normalization."""

import numpy as np

from dlf.scratch.normalization import inference, weights

X, ONE, ZERO = np.ones((3, 2)), np.ones(2), np.zeros(2)
REFUSES = [
    (
        inference.update_running,
        lambda: inference.update_running(X[:1], ZERO, ONE),
        "update_running: `x` must have two examples",
    ),
    (
        inference.update_running,
        lambda: inference.update_running(X, ZERO, ONE, 0.0),
        "update_running: `x` must have two examples",
    ),
    (
        inference.fold_batch_norm,
        lambda: inference.fold_batch_norm(X.T, ONE, ONE, ONE, ZERO, -ONE),
        "fold_batch_norm: `running_var` must not be negative",
    ),
    (
        weights.power_iteration,
        lambda: weights.power_iteration(X, np.ones(3), 0),
        "power_iteration: `steps` must be at least 1",
    ),
    (
        weights.power_iteration,
        lambda: weights.power_iteration(0 * X, np.ones(3)),
        "power_iteration: `steps` must be at least 1 and `u`",
    ),
]
