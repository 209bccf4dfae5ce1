"""Bad calls of residual nets."""

import numpy as np

from dlf.scratch.residual import nets

RNG = np.random.default_rng(0)
PARAMS = nets.init(2, 3, 2, 4, RNG)
LACKING = {k: v for k, v in PARAMS.items() if k != "blocks.1.first.bias"}


def pulled(f, args, shape):
    """Call the pullback of a function with a cotangent of some shape."""
    return lambda: f(*args)[1](np.ones(shape))


REFUSES = [
    (
        nets.init,
        lambda: nets.init(2, 3, 0, 4, RNG),
        "init: `inputs`, `width`, `blocks` and `classes` must be whole numbers",
    ),
    *(
        (
            nets.init,
            lambda n=n: nets.init(n, 3, 2, 4, RNG),
            "init: .* must be whole numbers from 1",
        )
        for n in (4.5, float("nan"), -1)
    ),
    (
        nets.init,
        lambda: nets.init(2, 3, 2, 4, RNG, int),
        "init: `dtype` must be one of floating-point numbers",
    ),
    *(
        (
            nets.residual_net,
            lambda cut=cut: nets.residual_net(PARAMS, np.ones((1, 2)), (cut,)),
            "residual_net: `cut` must name blocks by whole numbers from 0 to 1",
        )
        for cut in (0.5, -1, 1.0)
    ),
    *(
        (
            nets.residual_net,
            lambda p=p: nets.residual_net(p, np.ones((1, 2))),
            "residual_net: `params` must have the names .*blocks.1.first.bias",
        )
        for p in (LACKING, LACKING | {"blocks.1.third.bias": np.ones(3)})
    ),
    (
        nets.residual_net,
        pulled(nets.residual_net, (PARAMS, np.ones((2, 2))), (1, 4)),
        "residual_net: `vjp` must be given a cotangent of shape",
    ),
]
