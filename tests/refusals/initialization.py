"""Bad calls of initial weights: shapes without fans, gains below zero."""

import numpy as np

from dlf.scratch import initialization as init

RNG = np.random.default_rng(0)
REFUSES = [
    (
        init.gain,
        lambda: init.gain(lambda x: (0 * x, None)),
        "gain: `f` must leave a finite mean square",
    ),
    (init.fans, lambda: init.fans((3,)), "fans: `shape` must have two axes"),
    (
        init.lecun_normal,
        lambda: init.lecun_normal((3, 0), RNG),
        "fans: `shape` must have two axes",
    ),
    *[
        (f, lambda f=f: f((3, 4), RNG, 0.0), f"{f.__name__}: `gain` must be")
        for f in (
            init.xavier_normal,
            init.xavier_uniform,
            init.he_normal,
            init.he_uniform,
            init.orthogonal,
        )
    ],
    (
        init.orthogonal,
        lambda: init.orthogonal((3,), RNG),
        "fans: `shape` must have two axes",
    ),
    (
        init.truncated_normal,
        lambda: init.truncated_normal((3,), RNG, -1.0),
        "truncated_normal: `scale`",
    ),
    (
        init.truncated_normal,
        lambda: init.truncated_normal((3,), RNG, 1.0, 0.0),
        "truncated_normal: `cut`",
    ),
    (
        init.lsuv,
        lambda: init.lsuv(np.ones((2, 3)), np.zeros((4, 3)), lambda x, w: x),
        "lsuv: `x` must give outputs whose variance",
    ),
    (
        init.fixup_scale,
        lambda: init.fixup_scale(3, 1),
        "fixup_scale: `branches` must be at least 1",
    ),
]
