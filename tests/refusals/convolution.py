"""Bad calls of what has no pullback in convolution, and of its nets."""

import numpy as np

from dlf.scratch.convolution import (
    checks,
    correlation,
    geometry,
    nets,
    windows,
)

RNG = np.random.default_rng(0)
W = np.ones((1, 2, 3, 3))
PARAMS = nets.init(8, 3, RNG)
REFUSES = [
    (
        checks.pair,
        lambda: checks.pair((1, 1, 1), "f: `stride`"),
        r"f: `stride` must be a whole number, or two .*got \(1, 1, 1\)",
    ),
    (
        checks.settings,
        lambda: checks.settings("f", 3, 1, "same", 1),
        "f: `padding` must be a whole number, or two .*got 'same'",
    ),
    (
        checks.settings,
        lambda: checks.settings("f", 3, 1.0, 0, 1),
        r"f: `stride` must be a whole number, or two .*got 1\.0",
    ),
    (
        checks.check_gradient,
        lambda: checks.check_gradient("f", W, (1, 2, 9, 1)),
        r"f: `dy` must have shape \(1, 2, 9, 1\).*got \(1, 2, 3, 3\)",
    ),
    (
        windows.check_windows,
        lambda: windows.check_windows("f", (4, 4), (3, 3), (0, 1), (0, 0)),
        "f: `stride` must be at least 1",
    ),
    (
        correlation.check_groups,
        lambda: correlation.check_groups("f", 3, 6, 4),
        "f: `groups` must divide the channels.*got 3 for 4",
    ),
    (
        correlation.check_groups,
        lambda: correlation.check_groups("f", 1.0, 6, 4),
        r"f: `groups` must be a whole number.*got 1\.0",
    ),
    (
        geometry.receptive_field,
        lambda: geometry.receptive_field([(3, 1, 1, 1), (0, 1, 0, 1)]),
        "receptive_field: `layers` must hold kernels",
    ),
    (
        geometry.receptive_field,
        lambda: geometry.receptive_field([(3, 1, -1, 1)]),
        "receptive_field: `layers` must hold kernels",
    ),
    (
        geometry.receptive_field,
        lambda: geometry.receptive_field([(3.5, 1, 1, 1)]),
        "receptive_field: `layers` must hold kernels.*whole numbers",
    ),
    (
        geometry.convolution_matrix,
        lambda: geometry.convolution_matrix(W, (2, 5)),
        "convolution_matrix: `x` must be no smaller than a window",
    ),
    (
        geometry.convolution_matrix,
        lambda: geometry.convolution_matrix(W[0], (5, 5)),
        "convolution_matrix: `w` must have shape",
    ),
    (
        nets.init,
        lambda: nets.init(10, 3, RNG),
        "init: `side` must be divisible by 4",
    ),
    (
        nets.init,
        lambda: nets.init(4, 3, RNG),
        "init: `side` must be divisible by 4",
    ),
    (
        nets.lenet,
        lambda: nets.lenet(PARAMS, np.ones((2, 3, 8, 8))),
        "lenet: `x` must have shape",
    ),
    (
        nets.lenet,
        lambda: nets.lenet(PARAMS, np.ones((2, 1, 12, 12))),
        "linear: `w` must have shape",
    ),
]
