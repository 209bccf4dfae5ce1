"""The derivations and errata of the chapter on graphs, gathered."""

from dlf.derive.graphs.layers import equivariance, gather_and_sum, invariance
from dlf.derive.graphs.limits import (
    colors_bound_features,
    sampled_mean,
    sensitivity,
    static_ranking,
)
from dlf.derive.graphs.spectrum import (
    filters_are_local,
    first_order,
    smoothing,
    smoothness,
)

__all__ = [
    "colors_bound_features",
    "equivariance",
    "filters_are_local",
    "first_order",
    "gather_and_sum",
    "invariance",
    "sampled_mean",
    "sensitivity",
    "smoothing",
    "smoothness",
    "static_ranking",
]
