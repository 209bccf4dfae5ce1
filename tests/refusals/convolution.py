"""Bad calls of what has no pullback in convolution, and of its nets."""

import numpy as np

from dlf.scratch.convolution import correlation, geometry, nets, windows

RNG = np.random.default_rng(0)
W = np.ones((1, 2, 3, 3))
PARAMS = nets.init(8, 3, RNG)
REFUSES = [
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
