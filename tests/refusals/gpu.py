"""Tiles without a side, and a cache without a line."""

import numpy as np

from dlf.scratch import tiling

REFUSES = [
    (
        tiling.tiles,
        lambda: list(tiling.tiles((2, 2, 2), 0)),
        "`side` must be 1 or more",
    ),
    (
        tiling.traffic,
        lambda: tiling.traffic((2, 2, 2), 0),
        "`side` must be 1 or more",
    ),
    (
        tiling.addresses,
        lambda: tiling.addresses(2, 0),
        "`side` must be 1 or more",
    ),
    (
        tiling.misses,
        lambda: tiling.misses(np.arange(4), 1, 2),
        "misses: `words` must hold one `line`",
    ),
]
