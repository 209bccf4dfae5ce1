"""The derivations and errata of the chapter on normalization, gathered."""

from dlf.derive.normalization.batch import (
    batch_norm_gradient,
    folding,
    norm_growth,
    normalized_variance,
    relu_growth,
    scaled_weights,
)
from dlf.derive.normalization.errata import E50, E51, E52, E53, E54, E55
from dlf.derive.normalization.inputs import (
    raw_curvature,
    standardized_condition,
)
from dlf.derive.normalization.others import (
    rms_norm_gradient,
    spectral_norm_gradient,
    weight_norm_gradient,
)

__all__ = [
    "E50",
    "E51",
    "E52",
    "E53",
    "E54",
    "E55",
    "batch_norm_gradient",
    "folding",
    "norm_growth",
    "normalized_variance",
    "raw_curvature",
    "relu_growth",
    "rms_norm_gradient",
    "scaled_weights",
    "spectral_norm_gradient",
    "standardized_condition",
    "weight_norm_gradient",
]
