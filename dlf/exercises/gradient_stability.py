"""Exercises of the chapter on gradient stability, with their solutions."""

from dlf.exercises import (
    gradient_stability_clipping,
    gradient_stability_functions,
    gradient_stability_logs,
    gradient_stability_numbers,
)
from dlf.exercises.gradient_stability_clipping import (
    clip_units,
    cosine_by_layer,
    half_norm,
    limit_from_log,
)
from dlf.exercises.gradient_stability_functions import (
    explode,
    first_cotangent,
    where_it_broke,
)
from dlf.exercises.gradient_stability_logs import print_nets
from dlf.exercises.gradient_stability_numbers import (
    blocks_to_a_tenth,
    cosine_by_value,
    recovery,
    steps_to_a_tenth,
    wrong_way,
)

__all__ = [
    "EXERCISES",
    "blocks_to_a_tenth",
    "clip_units",
    "cosine_by_layer",
    "cosine_by_value",
    "explode",
    "first_cotangent",
    "half_norm",
    "limit_from_log",
    "print_nets",
    "recovery",
    "steps_to_a_tenth",
    "where_it_broke",
    "wrong_way",
]

EXERCISES = (
    gradient_stability_numbers.BLOCKS,
    gradient_stability_numbers.TENTH,
    gradient_stability_numbers.COSINE,
    gradient_stability_numbers.TURNED,
    gradient_stability_functions.COTANGENT,
    gradient_stability_functions.EXPLOSION,
    gradient_stability_clipping.NORM,
    gradient_stability_numbers.RECOVERY,
    gradient_stability_clipping.BY_LAYER,
    gradient_stability_clipping.UNITS,
    gradient_stability_logs.MATCH,
    gradient_stability_functions.BROKE,
    gradient_stability_clipping.LIMIT,
)
