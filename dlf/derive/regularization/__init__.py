"""The derivations of the chapter on regularization, gathered."""

from dlf.derive.regularization.errata_dropout import E60, E61, E62, E63, E68
from dlf.derive.regularization.errata_penalties import E56, E57, E58, E59, E66
from dlf.derive.regularization.errata_targets import E64, E65, E67
from dlf.derive.regularization.limits import nearest_within
from dlf.derive.regularization.noise import (
    dropout_penalty,
    dropout_variance,
    mixed_loss,
    noise_penalty,
    smoothed_logits,
    softmax_ensemble,
)
from dlf.derive.regularization.penalties import (
    adam_decay,
    early_stopping,
    elastic_step,
    ridge_error,
    shrinkage,
    soft_threshold,
    stopping_bound,
)

__all__ = [
    "E56",
    "E57",
    "E58",
    "E59",
    "E60",
    "E61",
    "E62",
    "E63",
    "E64",
    "E65",
    "E66",
    "E67",
    "E68",
    "adam_decay",
    "dropout_penalty",
    "dropout_variance",
    "early_stopping",
    "elastic_step",
    "mixed_loss",
    "nearest_within",
    "noise_penalty",
    "ridge_error",
    "shrinkage",
    "smoothed_logits",
    "soft_threshold",
    "softmax_ensemble",
    "stopping_bound",
]
