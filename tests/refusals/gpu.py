"""Tiles without a side, and a cache without a line."""

import numpy as np

from dlf.scratch.gpu import blocked_matmul

REFUSES = [
    (
        blocked_matmul.tiles,
        lambda: list(blocked_matmul.tiles((2, 2, 2), 0)),
        "`side` must be 1 or more",
    ),
    (
        blocked_matmul.traffic,
        lambda: blocked_matmul.traffic((2, 2, 2), 0),
        "`side` must be 1 or more",
    ),
    (
        blocked_matmul.memory_trace,
        lambda: blocked_matmul.memory_trace(2, 0),
        "`side` must be 1 or more",
    ),
    (
        blocked_matmul.cache_misses,
        lambda: blocked_matmul.cache_misses(np.arange(4), 1, 2),
        "cache_misses: `words` must hold one `line`",
    ),
]
