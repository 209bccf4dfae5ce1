"""Bad calls of what generates."""

import numpy as np

from dlf.scratch.generative import diffusion, distances, flows

POINTS = np.zeros((3, 2))
REFUSES = [
    (
        diffusion.linear_betas,
        lambda: diffusion.linear_betas(0),
        "linear_betas: `steps` must be positive",
    ),
    (
        diffusion.linear_betas,
        lambda: diffusion.linear_betas(10, 0.02, 0.01),
        "0 < `low` <= `high` < 1",
    ),
    (
        diffusion.alpha_bars,
        lambda: diffusion.alpha_bars(np.array([0.1, 1.0])),
        "alpha_bars: `betas` must lie in .0, 1.",
    ),
    (
        diffusion.posterior_variance,
        lambda: diffusion.posterior_variance(0.6, 0.5),
        "posterior_variance: `alpha_bar_t` must be positive and below",
    ),
    (
        flows.euler,
        lambda: flows.euler(lambda x, t: x, POINTS, 0),
        "euler: `steps` must be positive; got 0",
    ),
    (
        distances.directions,
        lambda: distances.directions(0, 2),
        "directions: `count` and `features` must be positive",
    ),
    (
        distances.coverage,
        lambda: distances.coverage(POINTS, np.zeros((2, 3)), 0.1),
        "coverage: `centers` must have shape",
    ),
    (
        distances.coverage,
        lambda: distances.coverage(POINTS[:0], np.zeros((2, 2)), 0.1),
        "coverage: `x` must have an entry",
    ),
    (
        distances.coverage,
        lambda: distances.coverage(POINTS, np.zeros((0, 2)), 0.1),
        "coverage: `centers` must have an entry",
    ),
    (
        distances.coverage,
        lambda: distances.coverage(POINTS, POINTS, -0.1),
        "coverage: `radius` must be positive",
    ),
    (
        distances.coverage,
        lambda: distances.coverage(POINTS * np.nan, POINTS, 0.1),
        "coverage: `x` must be finite",
    ),
]
