"""Exercises of the chapter on generative models, with their solutions."""

from dlf.exercises import (
    generative_functions,
    generative_logs,
    generative_maps,
    generative_numbers,
    generative_tests,
)
from dlf.exercises.generative_functions import (
    best_denoiser,
    divergence,
    onward,
    settles,
    skipped_variance,
)
from dlf.exercises.generative_logs import print_models
from dlf.exercises.generative_maps import sliced_gradient, uncouple
from dlf.exercises.generative_numbers import (
    best_discriminator,
    one_code,
    point_distances,
    step_back,
)
from dlf.exercises.generative_tests import is_divergence

__all__ = [
    "EXERCISES",
    "best_denoiser",
    "best_discriminator",
    "divergence",
    "is_divergence",
    "one_code",
    "onward",
    "point_distances",
    "print_models",
    "settles",
    "skipped_variance",
    "sliced_gradient",
    "step_back",
    "uncouple",
]

EXERCISES = (
    generative_numbers.STEP,
    generative_numbers.CODE,
    generative_numbers.POINTS,
    generative_numbers.BEST,
    generative_functions.DIVERGENCE,
    generative_functions.ONWARD,
    generative_functions.SKIPPED,
    generative_functions.DENOISER,
    generative_maps.COUPLING,
    generative_maps.SLICED,
    generative_functions.SETTLES,
    generative_tests.KL_TEST,
    generative_logs.MATCH,
)
