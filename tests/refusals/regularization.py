"""Bad calls of what has no pullback in regularization."""

import numpy as np

from dlf.scratch.regularization import dropout, penalties, targets

RNG = np.random.default_rng(0)
X, T = np.ones((3, 2)), np.eye(3)
REFUSES = [
    (
        penalties.max_norm,
        lambda: penalties.max_norm(X, 0.0),
        "max_norm: `limit` must be positive",
    ),
    (
        dropout.mask,
        lambda: dropout.mask((3,), 1.0, RNG),
        r"mask: `p` must lie in \[0, 1\)",
    ),
    (
        dropout.mask,
        lambda: dropout.mask((3,), 0.5, RNG, shared=[5]),
        "mask: `dtype` must be a floating-point type and `shared`",
    ),
    (
        dropout.mask,
        lambda: dropout.mask((3,), 0.5, RNG, dtype=np.int64),
        "mask: `dtype` must be a floating-point type",
    ),
    (
        targets.mixup,
        lambda: targets.mixup(X, np.array([0, 1, 1]), 0.5, RNG),
        "mixup: `targets` must hold floating-point numbers",
    ),
    (
        targets.cutmix,
        lambda: targets.cutmix(np.ones((3, 1, 0, 2)), T, 1.0, RNG),
        "cutmix: `x` must have examples that are not empty",
    ),
    (
        targets.mixup,
        lambda: targets.mixup(X, T, np.inf, RNG),
        "mixup: `alpha` must be finite",
    ),
    (
        targets.mixup,
        lambda: targets.mixup(X, 4 * T - 1, 1.0, RNG),
        "mixup: `targets` must hold shares",
    ),
    (
        targets.cutmix,
        lambda: targets.cutmix(np.ones((3, 1, 2, 2)), 4 * T - 1, 1.0, RNG),
        "cutmix: `targets` must hold shares",
    ),
    (
        targets.smooth_labels,
        lambda: targets.smooth_labels(np.array([0]), 2.0),
        "smooth_labels: `C` must be an integer",
    ),
    (
        penalties.max_norm,
        lambda: penalties.max_norm(np.array([[np.inf, 1.0]]), 1.0),
        "max_norm: `w` must be finite",
    ),
    (
        dropout.mask,
        lambda: dropout.mask(4, 0.5, RNG),
        "mask: `shape` must list sizes",
    ),
    (
        dropout.mask,
        lambda: dropout.mask((4,), 1 - 1e-8, RNG, dtype=np.float16),
        "mask: `p` must be smaller for float16",
    ),
    (
        dropout.gaussian_noise,
        lambda: dropout.gaussian_noise((3,), -0.1, RNG),
        r"gaussian_noise: `p` must lie in \[0, 1\)",
    ),
    (
        targets.smooth_labels,
        lambda: targets.smooth_labels(np.array([3]), 3),
        r"smooth_labels: `labels` must lie in 0\.\.2",
    ),
    (
        targets.smooth_labels,
        lambda: targets.smooth_labels(np.array([2]), 3, 1.0),
        r"smooth_labels: `smoothing` must lie in \[0, 1\)",
    ),
    (
        targets.mixup,
        lambda: targets.mixup(X, T[:2], 0.5, RNG),
        "mixup: `targets` must have a row of prob",
    ),
    (
        targets.mixup,
        lambda: targets.mixup(X, T, 0.0, RNG),
        "mixup: `alpha` must be positive",
    ),
    (
        targets.cutmix,
        lambda: targets.cutmix(np.ones((3, 1, 2, 2)), T[:2], 1.0, RNG),
        "cutmix: `targets` must have shape",
    ),
]
