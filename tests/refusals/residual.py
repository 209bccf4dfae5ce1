"""Bad calls of residual nets."""

import numpy as np

from dlf.nn.residual import surfaces
from dlf.scratch.residual import nets

RNG = np.random.default_rng(0)
PARAMS = nets.init(2, 3, 2, 4, RNG)
REFUSES = [
    (
        nets.init,
        lambda: nets.init(2, 3, 0, 4, RNG),
        "init: `inputs`, `width`, `blocks` and `classes` must be positive",
    ),
    (
        nets.residual_net,
        lambda: nets.residual_net(PARAMS, np.ones((1, 2)), (2,)),
        "residual_net: `cut` must name blocks from 0 to 1; got .2,",
    ),
    (
        nets.residual_net,
        lambda: nets.residual_net(PARAMS, np.ones((1, 3))),
        "linear: `w` must have shape",
    ),
    (
        surfaces.loss_slice,
        lambda: surfaces.loss_slice(None, None, None, [], [0.0]),
        "loss_slice: `directions` must be one or two",
    ),
]
