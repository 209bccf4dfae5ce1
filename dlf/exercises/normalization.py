"""Exercises of the chapter on normalization, with their solutions."""

from dlf.exercises import (
    normalization_functions,
    normalization_gradients,
    normalization_logs,
    normalization_numbers,
)
from dlf.exercises.normalization_functions import (
    depends_on_batch,
    fold,
    pooled,
    settled_norm,
    weight_standardization,
)
from dlf.exercises.normalization_gradients import (
    layer_norm_backward,
    rms_norm_backward,
)
from dlf.exercises.normalization_logs import print_modes
from dlf.exercises.normalization_numbers import (
    count_means,
    five_values,
    folded,
    gradient_by_hand,
)

__all__ = [
    "EXERCISES",
    "count_means",
    "depends_on_batch",
    "five_values",
    "fold",
    "folded",
    "gradient_by_hand",
    "layer_norm_backward",
    "pooled",
    "print_modes",
    "rms_norm_backward",
    "settled_norm",
    "weight_standardization",
]

EXERCISES = (
    normalization_numbers.FIVE,
    normalization_numbers.HAND,
    normalization_numbers.COUNT,
    normalization_numbers.FOLDED,
    normalization_gradients.BACKWARD,
    normalization_functions.FOLD,
    normalization_functions.POOLED,
    normalization_gradients.RMS,
    normalization_numbers.SCALED,
    normalization_functions.SETTLED,
    normalization_logs.MATCH,
    normalization_functions.FILTERS,
    normalization_functions.DEPENDS,
)
