"""The derivations and the erratum of the chapter on residual networks."""

from dlf.derive.residual.blocks import (
    bottleneck_cost,
    dense_count,
    highway_jacobian,
    zero_branch,
)
from dlf.derive.residual.errata import E70
from dlf.derive.residual.paths import (
    all_paths,
    norm_growth,
    path_length,
    unrolled,
)

__all__ = [
    "E70",
    "all_paths",
    "bottleneck_cost",
    "dense_count",
    "highway_jacobian",
    "norm_growth",
    "path_length",
    "unrolled",
    "zero_branch",
]
